"""A gallery directory of very many faces on one machine: the nearest photos come from an index on disk, opened by memory
map, and are then measured exactly. `lookalike gallery index` makes the index beside the embeddings.
"""

from __future__ import annotations

from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from lookalike.arrays import Array
from lookalike.errors import DamagedFile
from lookalike.faces.manifest import EmbedderEntry, check_file
from lookalike.gallery.cohort import Cohort
from lookalike.gallery.directory import read_gallery, read_header
from lookalike.gallery.people import Match, Person
from lookalike.gallery.ranking import Candidate, best_of_each, ranked
from lookalike.gallery.scale import Scale
from lookalike.settings import Settings

CANDIDATES = 100
# HNSW's M, efConstruction and ef. So many missed none of the five nearest people in our measurements (100,000 faces, and
# galleries with up to a hundred photos a person); usearch's defaults missed one in ten of a stranger's.
CONNECTIVITY, EXPANSION_ADD, EXPANSION = 32, 256, 512
REINDEX = "lookalike gallery index {}"


def open_mapped(settings: Settings, entry: EmbedderEntry) -> MappedGallery | None:
    """The gallery with its index, or None where there is no index, or no usearch to read it.

    Raises DamagedFile for an index that is not this gallery's, or what open_gallery raises.
    """
    paths = index_paths(settings.gallery, read_header(settings.gallery, entry))
    if not paths or find_spec("usearch") is None:
        return None
    people, embeddings, scale = read_gallery(settings.gallery, entry, settings.verify, mapped=True)
    return MappedGallery(people, embeddings, _open_index(paths[0], embeddings.shape, settings.verify), entry, scale)


def index_paths(directory: Path, header: dict[str, Any]) -> list[Path]:
    """Indexes of the embeddings there are now: one, or the old and the new where a process was killed between them."""
    return sorted(directory.glob(index_file(header, "*")))


def index_file(header: dict[str, Any], sha256: str) -> str:
    """Named like the embeddings it is made of, and by its own hash: usearch believes whatever it reads."""
    return f"{Path(header['embeddings']['file']).stem}.{sha256}.usearch"


def new_index(width: int, expansion: int = EXPANSION) -> Any:
    """An empty index for embeddings [width]: HNSW (arXiv:1603.09320) over float16 copies; `expansion` of searches."""
    from usearch.index import Index

    return Index(
        ndim=width,
        metric="l2sq",
        dtype="f16",
        connectivity=CONNECTIVITY,
        expansion_add=EXPANSION_ADD,
        expansion_search=expansion,
    )


class MappedGallery:
    """As LocalGallery, but that neither embeddings nor index are read before they are needed."""

    def __init__(
        self, people: tuple[Person, ...], embeddings: Array, index: Any, entry: EmbedderEntry, scale: Scale
    ) -> None:
        self.people = people
        self.count = len(people)
        self.scale = scale
        self.fingerprint = entry.fingerprint
        self.rows = len(embeddings)
        self._embeddings = embeddings
        self._index = index
        self._radius = entry.radius
        counts = np.array([len(person.photos) for person in people], np.intp)
        self._first_rows = np.cumsum(counts) - counts

    def search(self, probe: Array, k: int, spread: float = 0.0) -> list[Match]:
        """As Gallery.search says; a person may be missed, if rarely."""
        photos = min(CANDIDATES, self.rows)
        candidates = self._near(probe, photos, spread)
        # A few people with many photos may fill the list: then a longer one is needed.
        while photos < self.rows and len(best_of_each(candidates)) < k:
            photos = min(4 * photos, self.rows)
            candidates = self._near(probe, photos, spread)
        least = self.scale.strong_from(self._cohort.similarities(probe, spread))
        return ranked(candidates, k, self._radius, self.scale, least)

    @cached_property
    def _cohort(self) -> Cohort:
        return Cohort(self._embeddings, self._first_rows, self._radius)

    def _near(self, probe: Array, photos: int, spread: float) -> list[Candidate]:
        rows = self._index.search(probe, photos).keys.astype(np.intp)
        embeddings = self._embeddings[rows]
        squared = np.square(embeddings - probe).sum(axis=1) + spread
        return [
            self._candidate(int(row), embedding, float(distance))
            for row, embedding, distance in zip(rows, embeddings, squared, strict=True)
        ]

    def _candidate(self, row: int, embedding: Array, squared: float) -> Candidate:
        number = int(np.searchsorted(self._first_rows, row, side="right")) - 1
        person = self.people[number]
        return Candidate(person, person.photos[row - int(self._first_rows[number])].portrait, embedding, squared)


def _open_index(path: Path, shape: tuple[int, ...], verify: str) -> Any:
    command = REINDEX.format(path.parent)
    check_file(path, path.name.split(".")[-2] if verify == "hash" else None, command)
    index = new_index(shape[1])
    try:
        # An empty file makes usearch close descriptor 0, whatever that is, as it gives up.
        if path.stat().st_size == 0:
            raise ValueError("it is empty")
        index.view(path)
    except (RuntimeError, ValueError) as error:
        raise DamagedFile(path=path, reason=error, command=command) from None
    if (len(index), index.ndim) != shape:
        raise DamagedFile(path=path, reason=f"it does not hold {shape[0]} embeddings", command=command)
    return index
