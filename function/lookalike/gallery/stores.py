"""What a gallery is to the finder, and where its faces are kept: the one place that chooses."""

from __future__ import annotations

from typing import Protocol

from lookalike.arrays import Array
from lookalike.faces.manifest import EmbedderEntry
from lookalike.gallery.local import open_gallery
from lookalike.gallery.mapped import open_mapped
from lookalike.gallery.people import Match, Person
from lookalike.gallery.scale import Scale
from lookalike.settings import Settings


class Gallery(Protocol):
    """What the finder needs of a gallery, wherever it is kept."""

    people: tuple[Person, ...]  # none where they are too many to hold
    count: int  # of people
    scale: Scale
    fingerprint: str
    rows: int

    def search(self, probe: Array, k: int, spread: float = 0.0) -> list[Match]:
        """The `k` most similar people, each once, best first, for an embedding [width].

        `spread` goes with the mean of several embeddings: see Embedder.average.
        """
        ...


def open_store(settings: Settings, entry: EmbedderEntry) -> Gallery:
    """The gallery that the settings name, for the network in use. Raises SetupError when it cannot be used."""
    if settings.vector_index:
        from lookalike.gallery.s3_vectors import open_vectors  # needs boto3, which most installations do without

        return open_vectors(settings, entry)
    return open_mapped(settings, entry) or open_gallery(settings.gallery, entry, settings.verify)
