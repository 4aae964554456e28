"""Everyone compared with everyone, a block of people at a time: memory grows with the people, not with their pairs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from export.gallery.likeness import Index, between, person_similarities
from export.gallery.report.person_photo import PersonPhoto, photo_of
from lookalike.arrays import Array
from lookalike.faces.manifest import EmbedderEntry
from lookalike.gallery.local import LocalGallery
from lookalike.gallery.scale import rounded_down

BINS = 200  # of 0.01, which is half a percent
_BLOCK = 4_000_000  # similarities held at once: 16 MB

Counts = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Comparison:
    """`medians` and `nearest` [people]: of each person's similarities to everyone else (none where alone)."""

    pairs: int
    histogram: Counts  # [BINS] pairs
    nearest_histogram: Counts  # [BINS] people
    medians: Array
    nearest: Array
    beyond: tuple[int, ...]  # pairs at or beyond each of the similarities asked for
    closest: list[tuple[float, int, int]]  # similarity and two people, most alike first


@dataclass(frozen=True, slots=True)
class Pair:
    """Two people by their most alike photos. `closer_than`: percent 0…100 of all pairs that are less alike."""

    first: PersonPhoto
    second: PersonPhoto
    similarity: float
    closer_than: float
    same_photo: bool


def compare(embeddings: Array, counts: Index, entry: EmbedderEntry, bars: tuple[float, ...], most: int) -> Comparison:
    """For embeddings [rows,width] in order of the people, and how many rows each has [people]; `most` closest pairs."""
    people = len(counts)
    histogram = np.zeros(BINS, np.int64)
    medians, nearest = np.empty(0, np.float32), np.empty(0, np.float32)
    beyond = np.zeros(len(bars), np.int64)
    closest: list[tuple[float, int, int]] = []
    step = max(1, _BLOCK // max(1, people))
    for start in range(0, people if people > 1 else 0, step):
        block = np.arange(start, min(people, start + step))
        alike = person_similarities(embeddings, counts, block, entry.radius)
        alike[np.arange(len(block)), block] = np.inf
        medians = np.append(medians, _medians_but_greatest(alike))
        alike[np.arange(len(block)), block] = -np.inf
        nearest = np.append(nearest, alike.max(axis=1))
        alike[np.arange(people) < block[:, None]] = -np.inf  # each pair once
        values = alike[np.isfinite(alike)]
        histogram += _binned(values)
        beyond += [int((values >= bar).sum()) for bar in bars]
        least = closest[-1][0] if len(closest) == most else -np.inf
        found = _closest(alike, start, most, least)
        closest = sorted(closest + found, key=lambda pair: (-pair[0], *pair[1:]))[:most]
    return Comparison(
        people * (people - 1) // 2, histogram, _binned(nearest), medians, nearest, tuple(beyond.tolist()), closest
    )


def closest_pairs(gallery: LocalGallery, closest: Sequence[tuple[float, int, int]], entry: EmbedderEntry) -> list[Pair]:
    """Of similarities and the two people each: who they are, and by which photos."""
    ends = np.cumsum([len(person.photos) for person in gallery.people])
    rows = [gallery.embeddings[end - len(p.photos) : end] for p, end in zip(gallery.people, ends, strict=True)]
    pairs = []
    for similarity, a, b in closest:
        alike = between(rows[a], rows[b], entry.radius)
        i, j = np.unravel_index(int(alike.argmax()), alike.shape)
        first, second = gallery.people[a], gallery.people[b]
        hashes = {photo.sha256 for photo in first.photos} & {photo.sha256 for photo in second.photos}
        pairs.append(
            Pair(
                photo_of(first, int(i)),
                photo_of(second, int(j)),
                round(similarity, 5),
                rounded_down(gallery.scale.closer_than(similarity)),
                bool(hashes - {""}),
            )
        )
    return pairs


def _medians_but_greatest(alike: Array) -> Array:
    """Each row's [rows,people] median without its greatest value, which stands for the person themselves."""
    others = alike.shape[1] - 1
    low, high = (others - 1) // 2, others // 2
    ordered = np.partition(alike, (low, high), axis=1)
    middle: Array = (ordered[:, low] + ordered[:, high]) / np.float32(2)
    return middle


def _binned(values: Array) -> Counts:
    bins = np.clip(((values + 1) * (BINS / 2)).astype(np.intp), 0, BINS - 1)
    return np.bincount(bins, minlength=BINS).astype(np.int64)


def _closest(alike: Array, start: int, most: int, least: float) -> list[tuple[float, int, int]]:
    """The `most` greatest values above `least` of a block [rows,people] whose first row is person `start`."""
    flat = alike.ravel()
    above = np.flatnonzero(flat > least)
    if len(above) > most:
        above = above[np.argpartition(flat[above], -most)[-most:]]
    found = ((float(flat[where]), *divmod(int(where), alike.shape[1])) for where in above)
    return [(similarity, start + row, person) for similarity, row, person in found]
