"""How alike a gallery's own people are: the scale on which a match is read.

A similarity says little by itself: strangers may well be at 0.3 with one network and at 0.1 with another, and drawn
people are all a little alike. What it means can be read off the people themselves, who are known to be different:

- Quantiles. Two people are as alike as their most alike photos, the way a search scores a person by their best photo.
  Each pair counts once, however many photos there are of either. A probe has usually one photo, a pair here several by
  several; so "closer than 97% of all pairs" is if anything too modest, never flattering.
- Threshold. Everyone has a nearest other person here, and that is the very thing a search looks for. So a stranger's
  best match is to be expected about where these nearest similarities lie, and means something beyond them. The 90th
  percentile is where 9 of 10 people have nobody else this alike. It grows with the gallery as it should (among more
  people, one is sooner somebody's double), and a few people enrolled twice hardly move it, as they would the maximum.
  With fewer than ten people there is no such percentile, and the network's own rule for "the same person" stands in.

Beyond PAIRS pairs, people are drawn by a fixed seed and compared with everyone: the quantiles are then those of
these pairs, and the threshold that of the people drawn.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from lookalike.arrays import Array
from lookalike.faces.embedder import similarity_from
from lookalike.faces.manifest import EmbedderEntry

QUANTILES = 1001
PAIRS = 20_000_000
FEWEST_PEOPLE = 10
NEAREST_SHARE = 0.9
_SEED = 1
_BLOCK = 4_000_000  # similarities held at once for a block of rows: 16 MB

Index = npt.NDArray[np.intp]


@dataclass(frozen=True, slots=True, eq=False)
class Statistics:
    """`pairs`: how many were looked at; `quantiles` [1001] of their similarities, ascending ([0] without a pair)."""

    pairs: int
    quantiles: Array
    threshold: float


def statistics(embeddings: Array, counts: Index, entry: EmbedderEntry, limit: int = PAIRS) -> Statistics:
    """For embeddings [rows,width], in order of the people, and how many rows each person has [people]."""
    people = len(counts)
    drawn = _drawn(people, limit)
    alike = person_similarities(embeddings, counts, drawn, entry.radius)
    others = np.ones(alike.shape, bool)
    others[np.arange(len(drawn)), drawn] = False
    threshold = entry.same_person
    if people >= FEWEST_PEOPLE:
        nearest = np.where(others, alike, np.float32(-1)).max(axis=1)
        threshold = float(np.quantile(nearest, NEAREST_SHARE))
    once = np.triu(others) if len(drawn) == people else others
    values = np.sort(alike[once])
    return Statistics(len(values), _quantiles(values), threshold)


def _drawn(people: int, limit: int) -> Index:
    """Who is compared with everyone: all, or as many as give `limit` pairs."""
    if people * (people - 1) // 2 <= limit:
        return np.arange(people)
    chosen = np.random.RandomState(_SEED).choice(people, max(1, limit // people), replace=False)
    return np.sort(chosen).astype(np.intp)


def person_similarities(embeddings: Array, counts: Index, drawn: Index, radius: float) -> Array:
    """[drawn,people] similarities of each drawn person to everyone, of their most alike photos."""
    best = np.full((len(drawn), len(counts)), -np.inf, np.float32)
    if not best.size:
        return best
    ends = np.cumsum(counts)
    first_rows = (ends - counts).astype(np.intp)
    half_squares = np.einsum("ij,ij->i", embeddings, embeddings) / 2
    rows = np.concatenate([np.arange(first_rows[person], ends[person]) for person in drawn])
    owners = np.repeat(np.arange(len(drawn)), counts[drawn])
    step = max(1, _BLOCK // len(embeddings))
    for start in range(0, len(rows), step):
        block = rows[start : start + step]
        # −|a − b|² / 2 = a·b − |a|²/2 − |b|²/2, greatest for the most alike.
        closeness = embeddings[block] @ embeddings.T - half_squares
        by_person = np.maximum.reduceat(closeness, first_rows, axis=1) - half_squares[block, None]
        owner, first = np.unique(owners[start : start + step], return_index=True)
        best[owner] = np.maximum(best[owner], np.maximum.reduceat(by_person, first, axis=0))
    return similarity_from(np.maximum(0, -2 * best), radius)


def _quantiles(values: Array) -> Array:
    """QUANTILES of sorted values, evenly spaced from the least to the greatest, interpolated between neighbours."""
    if not len(values):
        return values
    where = np.linspace(0, len(values) - 1, QUANTILES)
    low = np.floor(where).astype(np.intp)
    high = np.ceil(where).astype(np.intp)
    return (values[low] + (values[high] - values[low]) * (where - low)).astype(np.float32)
