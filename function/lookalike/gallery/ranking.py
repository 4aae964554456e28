"""From photos that were found near a probe to matches: measured exactly, people merged, best first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from lookalike.arrays import Array
from lookalike.faces.embedder import similarity_from
from lookalike.gallery.people import Match, Person
from lookalike.gallery.scale import Scale


@dataclass(frozen=True, slots=True)
class Candidate:
    """A photo near the probe; `squared` is the Euclidean distance, squared."""

    person: Person
    portrait: str
    embedding: Array
    squared: float


def best_of_each(candidates: Iterable[Candidate]) -> dict[str, Candidate]:
    """By person's id, the photo that is nearest."""
    best: dict[str, Candidate] = {}
    for candidate in candidates:
        known = best.get(candidate.person.id)
        if known is None or candidate.squared < known.squared:
            best[candidate.person.id] = candidate
    return best


def ranked(candidates: Iterable[Candidate], k: int, radius: float, scale: Scale, strong_from: float) -> list[Match]:
    """The `k` people whose photos are nearest, each once."""
    nearest = sorted(best_of_each(candidates).values(), key=lambda candidate: (candidate.squared, candidate.person.id))
    return [_match(rank, candidate, radius, scale, strong_from) for rank, candidate in enumerate(nearest[:k], start=1)]


def _match(rank: int, candidate: Candidate, radius: float, scale: Scale, strong_from: float) -> Match:
    similarity = float(similarity_from(np.asarray(candidate.squared, np.float32), radius))
    return match(rank, candidate.person, candidate.portrait, candidate.embedding, similarity, scale, strong_from)


def match(
    rank: int, person: Person, portrait: str, embedding: Array, similarity: float, scale: Scale, strong_from: float
) -> Match:
    """A match with what its similarity means in the gallery; `embedding` [width] of the photo that is most alike."""
    return Match(
        rank=rank,
        person=person,
        portrait=portrait,
        similarity=similarity,
        closer_than=scale.closer_than(similarity),
        closer_than_nearest=scale.closer_than_nearest(similarity),
        strong=similarity >= strong_from,
        embedding=embedding,
    )
