"""The gallery: people, one embedding a photo, and how alike the gallery's own people are to each other."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from lookalike.errors import DamagedFile, GalleryMismatch, MissingFile
from lookalike.faces.detector import Array
from lookalike.faces.embedder import similarity_from
from lookalike.faces.manifest import EmbedderEntry, check_file
from lookalike.gallery.exact import Nearest

FILE = "gallery.json"
VERSION = 1
REBUILD = "lookalike gallery build PHOTOS --out {}"
# What reading meets in a file that is not as it should be.
UNEXPECTED = (
    LookupError,
    TypeError,
    ValueError,
    AttributeError,
    EOFError,
    ArithmeticError,
    MemoryError,
    RecursionError,
)
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_PLAIN = re.compile(r"\w[\w-]*(\.[\w-]+)*", re.ASCII)


@dataclass(frozen=True, slots=True)
class Portrait:
    """One photo of a person: its thumbnail under portraits/, and where it came from."""

    portrait: str
    source: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Person:
    id: str
    name: str
    department: str
    photos: tuple[Portrait, ...]
    metadata: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Match:
    """A person and how alike they are to the probe: similarity −1…1, rank from 1."""

    rank: int
    person: Person
    portrait: str  # of the photo that is most alike
    similarity: float
    closer_than: float  # percent of all pairs of different people in the gallery that are less alike
    strong: bool
    embedding: Array  # [width], of that photo

    @property
    def percent(self) -> float:
        return percent(self.similarity)


@dataclass(frozen=True, slots=True)
class Scale:
    """What a similarity means among the gallery's own people: quantiles of the pairs' similarities, ascending."""

    quantiles: Array
    threshold: float

    def closer_than(self, similarity: float) -> float:
        """Percent 0…100 of all pairs of different people that are less alike than this."""
        if len(self.quantiles) < 2:
            return 0.0
        return float(np.interp(similarity, self.quantiles, np.linspace(0, 100, len(self.quantiles))))


class Gallery(Protocol):
    """What the finder needs of a gallery, wherever it is kept."""

    people: tuple[Person, ...]  # none where they are too many to hold
    count: int  # of people
    scale: Scale
    fingerprint: str
    rows: int

    def search(self, probe: Array, k: int) -> list[Match]:
        """The `k` most similar people, each once, best first, for an embedding [width]."""
        ...


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
        self._first_rows = np.concatenate([[0], np.cumsum(counts)[:-1]]).astype(np.intp)
        self._nearest = Nearest(embeddings, self._first_rows)

    def search(self, probe: Array, k: int) -> list[Match]:
        if not self.people:
            return []
        people, rows, squared = self._nearest.people(probe, k)
        similarities = similarity_from(squared, self._radius)
        photos = rows - self._first_rows[people]
        return [
            self._match(rank, int(person), int(photo), float(similarity))
            for rank, (person, photo, similarity) in enumerate(zip(people, photos, similarities, strict=True), start=1)
        ]

    def _match(self, rank: int, index: int, photo: int, similarity: float) -> Match:
        person = self.people[index]
        return Match(
            rank=rank,
            person=person,
            portrait=person.photos[photo].portrait,
            similarity=similarity,
            closer_than=self.scale.closer_than(similarity),
            strong=similarity >= self.scale.threshold,
            embedding=self.embeddings[self._first_rows[index] + photo],
        )


def percent(similarity: float) -> float:
    """((1 + similarity) / 2) · 100."""
    return (1 + similarity) * 50


def open_gallery(directory: Path, entry: EmbedderEntry, verify: str = "hash") -> LocalGallery:
    """Open and check a gallery directory for the network in use.

    Raises MissingFile, DamagedFile, or GalleryMismatch when another network made it.
    """
    people, embeddings, scale = read_gallery(directory, entry, verify)
    return LocalGallery(people, embeddings, entry, scale)


def read_gallery(
    directory: Path, entry: EmbedderEntry, verify: str = "hash", mapped: bool = False
) -> tuple[tuple[Person, ...], Array, Scale]:
    """People, embeddings [rows,width] and scale; `mapped` embeddings are read from disk when they are used."""
    command = REBUILD.format(directory)
    index = read_index(directory, entry)
    try:
        people_path, rows_path = (directory / index[part]["file"] for part in ("people", "embeddings"))
        hashed = verify == "hash"
        check_file(people_path, index["people"]["sha256"] if hashed else None, command)
        check_file(rows_path, index["embeddings"]["sha256"] if hashed else None, command)
        people = tuple(_person(data) for data in _read_json(people_path, command))
        embeddings = _read_embeddings(rows_path, mapped)
        rows = sum(len(person.photos) for person in people)
        if embeddings.shape != (rows, entry.width) or embeddings.dtype != np.float32:
            raise ValueError(f"embeddings {embeddings.shape} for {rows} photos")
        if any(not person.photos for person in people) or not (mapped or np.isfinite(embeddings).all()):
            raise ValueError("a person without a photo, or an embedding that is not a number")
        scale = scale_of(index)
    except UNEXPECTED as error:
        raise DamagedFile(path=directory / FILE, reason=f"unexpected content: {error}", command=command) from None
    return people, embeddings, scale


def read_index(directory: Path, entry: EmbedderEntry) -> dict[str, Any]:
    """gallery.json, which can be read without the files it names. Raises as open_gallery does."""
    path = directory / FILE
    index: dict[str, Any] = _read_json(path, REBUILD.format(directory))
    try:
        if index["version"] != VERSION:
            raise ValueError(f"version {index['version']}, not {VERSION}")
        if index["fingerprint"] != entry.fingerprint:
            raise GalleryMismatch(path=directory, theirs=str(index["model"]), ours=entry.model)
        for part in ("people", "embeddings"):
            _plain(index[part]["file"])
    except UNEXPECTED as error:
        raise DamagedFile(path=path, reason=f"unexpected content: {error}", command=REBUILD.format(directory)) from None
    return index


def scale_of(index: dict[str, Any]) -> Scale:
    """Raises one of UNEXPECTED when gallery.json does not say it."""
    quantiles, threshold = np.asarray(index["pairs"]["quantiles"], np.float32), float(index["threshold"])
    if quantiles.ndim != 1 or not np.isfinite(quantiles).all() or (np.diff(quantiles) < 0).any():
        raise ValueError("quantiles that do not ascend")
    if not -1 <= threshold <= 1:
        raise ValueError(f"the threshold {threshold}")
    return Scale(quantiles, threshold)


def _read_embeddings(path: Path, mapped: bool) -> Array:
    """Not by np.load, which would open archives and pickles as well. Raises ValueError."""
    try:
        if mapped:
            embeddings: Array = np.lib.format.open_memmap(path, mode="r")
            return embeddings
        with path.open("rb") as file:
            return np.lib.format.read_array(file, allow_pickle=False)
    except Exception as error:
        # The header is read as Python's own text, with whatever its tokeniser and parser raise.
        raise ValueError(f"{path.name} holds no embeddings") from error


def _read_json(path: Path, command: str) -> Any:
    try:
        return json.loads(path.read_bytes())
    except FileNotFoundError:
        raise MissingFile(path=path, command=command) from None
    except (ValueError, RecursionError, OSError) as error:
        raise DamagedFile(path=path, reason=error, command=command) from None


def _person(data: dict[str, Any]) -> Person:
    photos = tuple(Portrait(_plain(p["portrait"]), str(p["source"]), str(p["sha256"])) for p in data["photos"])
    metadata = {_text(key): _text(value) for key, value in data.get("metadata", {}).items()}
    return Person(_text(data["id"]), _text(data["name"]), _text(data["department"]), photos, metadata)


def _text(value: object) -> str:
    """JSON can spell halves of characters, which no answer could carry, and control codes, which drive a terminal."""
    text = str(value)
    text.encode()
    if _CONTROL.search(text):
        raise ValueError("a control character")
    return text


def _plain(name: str) -> str:
    """A file name without a way out of its directory."""
    if not _PLAIN.fullmatch(name):
        raise ValueError(f"file name {name!r}")
    return name
