"""How alike enrolled people and photos are to each other, and which of them are probably one person."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from lookalike.arrays import Array
from lookalike.faces.embedder import similarity_from
from lookalike.faces.manifest import EmbedderEntry

Index = npt.NDArray[np.intp]
Flags = npt.NDArray[np.bool_]

_BLOCK = 4_000_000  # similarities held at once for a block of rows: 16 MB


def person_similarities(embeddings: Array, counts: Index, drawn: Index, radius: float) -> Array:
    """[drawn,people] similarities of each drawn person to everyone, of their most alike photos.

    For embeddings [rows,width] in order of the people, and how many rows each person has [people].
    """
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


def rule_is_meant(reaching: int, people: int) -> bool:
    """Whether pairs of different names that reach the network's same-person rule are probably one person each.

    `reaching` counts each pair from both sides. Somebody may be enrolled twice; but where the people reach the rule with
    more than one other each on average, the rule was not made for such faces: drawn ones, say.
    """
    return reaching <= people


def pairs_reaching(embeddings: Array, counts: Index, entry: EmbedderEntry) -> list[tuple[float, int, int]] | None:
    """Similarity and people of every pair that reaches the network's rule, most alike first; None where it is not meant."""
    people = len(counts)
    found: list[tuple[float, int, int]] = []
    step = max(1, _BLOCK // max(1, people))
    for start in range(0, people, step):
        block = np.arange(start, min(people, start + step))
        alike = person_similarities(embeddings, counts, block, entry.radius)
        later = np.arange(people) > block[:, None]
        for row, other in zip(*np.nonzero((alike >= entry.same_person) & later), strict=True):
            found.append((float(alike[row, other]), start + int(row), int(other)))
        if not rule_is_meant(2 * len(found), people):
            return None
    return sorted(found, key=lambda pair: (-pair[0], *pair[1:]))


def between(first: Array, second: Array, radius: float) -> Array:
    """Similarities [n,m] of embeddings [n,width] and [m,width]."""
    squares = np.einsum("ij,ij->i", first, first)[:, None] + np.einsum("ij,ij->i", second, second)
    return similarity_from(np.maximum(0, squares - 2 * (first @ second.T)), radius)


def unlinked(linked: Flags) -> Flags:
    """Of photos linked [n,n], those in the smaller part [n] where they fall apart; none where all hang together."""
    reached = np.zeros(len(linked), bool)
    reached[0] = True
    while (further := linked[reached].any(axis=0) | reached).sum() > reached.sum():
        reached = further
    if reached.all():
        return ~reached
    return reached if 2 * reached.sum() < len(reached) else ~reached
