"""A gallery that is held in memory: people, one embedding a photo, searched exactly."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from lookalike.arrays import Array
from lookalike.faces.embedder import similarity_from
from lookalike.faces.manifest import EmbedderEntry
from lookalike.gallery.cohort import Cohort
from lookalike.gallery.directory import read_gallery
from lookalike.gallery.exact import Nearest
from lookalike.gallery.people import Match, Person
from lookalike.gallery.ranking import match
from lookalike.gallery.scale import Scale


class LocalGallery:
    """A gallery directory, searched exactly. `embeddings` [rows,width] in the order of people and their photos."""

    def __init__(self, people: tuple[Person, ...], embeddings: Array, entry: EmbedderEntry, scale: Scale) -> None:
        self.people = people
        self.count = len(people)
        self.scale = scale
        self.fingerprint = entry.fingerprint
        self.rows = len(embeddings)
        self.embeddings = embeddings
        self._radius = entry.radius
        counts = np.array([len(person.photos) for person in people], np.intp)
        self._first_rows = np.cumsum(counts) - counts
        self._nearest = Nearest(embeddings, self._first_rows)
        self._cohort = Cohort(embeddings, self._first_rows, entry.radius)

    def search(self, probe: Array, k: int, spread: float = 0.0) -> list[Match]:
        if not self.people:
            return []
        people, rows, squared = self._nearest.people(probe, k)
        similarities = similarity_from(squared + np.float32(spread), self._radius)
        photos = rows - self._first_rows[people]
        least = self.scale.strong_from(self._cohort.similarities(probe, spread))
        return [
            self._match(rank, int(person), int(photo), float(similarity), least)
            for rank, (person, photo, similarity) in enumerate(zip(people, photos, similarities, strict=True), start=1)
        ]

    def _match(self, rank: int, number: int, photo: int, similarity: float, least: float) -> Match:
        person = self.people[number]
        embedding = self.embeddings[self._first_rows[number] + photo]
        return match(rank, person, person.photos[photo].portrait, embedding, similarity, self.scale, least)


def open_gallery(directory: Path, entry: EmbedderEntry, verify: str = "hash") -> LocalGallery:
    """Open and check a gallery directory for the network in use.

    Raises MissingFile, DamagedFile, OlderGallery, or GalleryMismatch when another network made it.
    """
    people, embeddings, scale = read_gallery(directory, entry, verify)
    return LocalGallery(people, embeddings, entry, scale)
