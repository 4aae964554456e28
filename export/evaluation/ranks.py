"""Who is most like whom: the questions that the product answers, asked of photos of which is known who is on them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from export.gallery.statistics import statistics
from lookalike.arrays import Array
from lookalike.faces.embedder import similarity_from
from lookalike.faces.manifest import EmbedderEntry
from lookalike.gallery.scale import Scale

Index = NDArray[np.intp]

# Rows compared with all others at a time.
BLOCK = 512


def own_person_first(embeddings: Array, people: Sequence[str]) -> float | None:
    """How often the nearest other photo shows the same person, of photos whose person has another; None without such."""
    owners = _numbered(people)
    asked = np.bincount(owners)[owners] > 1
    if not asked.any():
        return None
    nearest = nearest_rows(embeddings, np.arange(len(owners)))
    return float((owners[nearest] == owners)[asked].mean())


def same_winner(embeddings: Array, reference: Array, people: Sequence[str]) -> float:
    """How often two networks name the same person as most like a photo's own: the question that the product answers."""
    owners = _numbered(people)
    winners = [owners[nearest_rows(rows, owners)] for rows in (embeddings, reference)]
    return float((winners[0] == winners[1]).mean())


def winner_agreement(embeddings: Array, people: Sequence[str]) -> float | None:
    """How often two photos of one person find the same other person first; each person's share counts once.

    None where nobody has two photos, or where there are fewer than three people to choose from.
    """
    owners = _numbered(people)
    if owners.max() < 2:
        return None
    winners = owners[nearest_rows(embeddings, owners)]
    shares = []
    for person in np.flatnonzero(np.bincount(owners) > 1):
        votes = np.bincount(winners[owners == person])
        photos = votes.sum()
        shares.append((votes * (votes - 1)).sum() / (photos * (photos - 1)))
    return float(np.mean(shares)) if shares else None


def strangers_strong(embeddings: Array, people: Sequence[str], entry: EmbedderEntry) -> float:
    """How often a photo's best match is called strong in the gallery of everybody else's photos."""
    owners = _numbered(people)
    order = np.argsort(owners, kind="stable")
    stands_out = statistics(embeddings[order], np.bincount(owners), entry).stands_out
    scale = Scale(np.empty(0, np.float32), entry.same_person, stands_out=stands_out)
    strong = sum(
        float(alike.max()) >= scale.strong_from(alike)
        for alike in _person_similarities(embeddings, owners, entry.radius)
    )
    return strong / len(owners)


def nearest_rows(embeddings: Array, owners: Index) -> Index:
    """For each row of `embeddings` [n,width], the nearest row of another owner [n]."""
    half_squares = np.einsum("ij,ij->i", embeddings, embeddings) / 2
    nearest = np.empty(len(embeddings), np.intp)
    for start in range(0, len(embeddings), BLOCK):
        part = slice(start, start + BLOCK)
        closeness = embeddings[part] @ embeddings.T - half_squares
        closeness[owners[part, None] == owners[None]] = -np.inf
        nearest[part] = closeness.argmax(axis=1)
    return nearest


def _person_similarities(embeddings: Array, owners: Index, radius: float) -> Iterator[Array]:
    """For each photo, its similarities to everybody but its own person, each by their most alike photo."""
    order = np.argsort(owners, kind="stable")
    rows, sorted_owners = embeddings[order], owners[order]
    first_rows = np.flatnonzero(np.diff(sorted_owners, prepend=-1))
    squares = np.einsum("ij,ij->i", rows, rows)
    for start in range(0, len(rows), BLOCK):
        part = slice(start, start + BLOCK)
        squared = np.maximum(0, squares[part, None] + squares - 2 * (rows[part] @ rows.T))
        nearest = np.minimum.reduceat(squared, first_rows, axis=1)
        for own, distances in zip(sorted_owners[part], nearest, strict=True):
            yield similarity_from(np.delete(distances, own), radius)


def _numbered(people: Sequence[str]) -> Index:
    return np.unique(people, return_inverse=True)[1].astype(np.intp)
