"""The people that a probe's matches are seen beside: everybody, or of a large gallery a thousand."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from lookalike.arrays import Array
from lookalike.faces.embedder import similarity_from

Index = npt.NDArray[np.intp]

# Beyond, the spread of the similarities does not change any more, and reading all of them takes time.
MOST_PEOPLE = 1000


def cohort_of(people: int) -> Index:
    """Which of so many people are in the cohort, evenly spaced: of 2,500 those numbered 0, 2, 5, 7, 10, …"""
    most = min(people, MOST_PEOPLE)
    chosen: Index = np.arange(most) * people // max(1, most)
    return chosen


class Cohort:
    """`embeddings` [rows,width] in the order of people, of which each has some in a row, from `first_rows` [people] on."""

    def __init__(self, embeddings: Array, first_rows: Index, radius: float) -> None:
        people, ends = len(first_rows), np.append(first_rows[1:], len(embeddings))
        chosen = cohort_of(people)
        if len(chosen) < people:
            embeddings = np.concatenate([embeddings[first_rows[who] : ends[who]] for who in chosen])
        counts = (ends - first_rows)[chosen]
        self._first_rows = np.cumsum(counts) - counts
        self._rows = embeddings
        self._half_squares: Array = np.einsum("ij,ij->i", embeddings, embeddings) / 2
        self._radius = radius

    def similarities(self, probe: Array, spread: float = 0.0) -> Array:
        """[n] to each of the people, by their most alike photo; of a probe [width], or of several photos' mean (spread:
        see Embedder.average)."""
        if not len(self._first_rows):
            return np.empty(0, np.float32)
        closeness = np.maximum.reduceat(self._rows @ probe - self._half_squares, self._first_rows)
        return similarity_from(np.maximum(0, probe @ probe - 2 * closeness) + np.float32(spread), self._radius)
