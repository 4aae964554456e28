"""A gallery's directory: gallery.json, and the people and embeddings it names, read and checked."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from lookalike.arrays import Array
from lookalike.errors import DamagedFile, GalleryMismatch, MissingFile, OlderGallery
from lookalike.faces.manifest import EmbedderEntry, check_file
from lookalike.gallery.people import Person, Portrait
from lookalike.gallery.scale import Scale, scale_of

GALLERY_FILE = "gallery.json"
GALLERY_VERSION = 2
REBUILD_GALLERY = "lookalike gallery build PHOTOS --out {}"
# What reading meets in a file that is not as it should be.
_WRONG = (LookupError, TypeError, ValueError, AttributeError, EOFError, ArithmeticError, MemoryError, RecursionError)
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_PLAIN = re.compile(r"\w[\w-]*(\.[\w-]+)*", re.ASCII)

Json = dict[str, Any]


def read_gallery(
    directory: Path, entry: EmbedderEntry, verify: str = "hash", mapped: bool = False
) -> tuple[tuple[Person, ...], Array, Scale]:
    """People, embeddings [rows,width] and scale; `mapped` embeddings are read from disk when they are used."""
    header = read_header(directory, entry)
    people, embeddings = read_rows(directory, header, entry, verify, mapped)
    return people, embeddings, read_scale(directory, header, entry)


def read_rows(
    directory: Path, header: Json, entry: EmbedderEntry, verify: str = "hash", mapped: bool = False
) -> tuple[tuple[Person, ...], Array]:
    """People and embeddings [rows,width] that `header` names. Raises MissingFile or DamagedFile."""
    with unexpected_content_is_damage(directory):
        hashed = verify == "hash"
        people = tuple(_person(data) for data in read_entries(directory, header, hashed))
        path = _checked(directory, header["embeddings"], hashed)
        embeddings = _read_embeddings(path, mapped)
        rows = sum(len(person.photos) for person in people)
        if embeddings.shape != (rows, entry.width) or embeddings.dtype != np.float32:
            raise ValueError(f"embeddings {embeddings.shape} for {rows} photos")
        if any(not person.photos for person in people) or not (mapped or np.isfinite(embeddings).all()):
            raise ValueError("a person without a photo, or an embedding that is not a number")
    return people, embeddings


def read_entries(directory: Path, header: Json, hashed: bool = True) -> list[Json]:
    """What the people file that `header` names says of each person, as it stands there. Raises as read_rows does."""
    with unexpected_content_is_damage(directory):
        entries: list[Json] = _read_json(_checked(directory, header["people"], hashed), directory)
    return entries


def read_scale(directory: Path, header: Json, entry: EmbedderEntry) -> Scale:
    """Raises DamagedFile when `header` does not say how alike the people are."""
    with unexpected_content_is_damage(directory):
        return scale_of(header, entry.same_person)


def read_header(directory: Path, entry: EmbedderEntry | None, oldest: int = GALLERY_VERSION) -> Json:
    """gallery.json, which can be read without the files it names; of earlier versions too, from `oldest` on.

    Without an `entry`, of whichever network and version. Raises as open_gallery does.
    """
    header: Json = _read_json(directory / GALLERY_FILE, directory)
    with unexpected_content_is_damage(directory):
        if entry is not None:
            _check_usable(directory, header, entry, oldest)
        for part in ("people", "embeddings"):
            _plain(header[part]["file"])
    return header


@contextmanager
def unexpected_content_is_damage(directory: Path) -> Iterator[None]:
    """Raises DamagedFile for whatever is met in a gallery's files that are not as they should be."""
    try:
        yield
    except _WRONG as error:
        command = REBUILD_GALLERY.format(directory)
        raise DamagedFile(
            path=directory / GALLERY_FILE, reason=f"unexpected content: {error}", command=command
        ) from None


def _check_usable(directory: Path, header: Json, entry: EmbedderEntry, oldest: int) -> None:
    if 1 <= header["version"] < oldest:
        raise OlderGallery(path=directory)
    if header["version"] not in range(oldest, GALLERY_VERSION + 1):
        raise ValueError(f"version {header['version']}, not {GALLERY_VERSION}")
    if header["fingerprint"] != entry.fingerprint:
        raise GalleryMismatch(path=directory, theirs=str(header["model"]), ours=entry.model)


def _checked(directory: Path, part: Json, hashed: bool) -> Path:
    path: Path = directory / part["file"]
    check_file(path, part["sha256"] if hashed else None, REBUILD_GALLERY.format(directory))
    return path


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


def _read_json(path: Path, directory: Path) -> Any:
    command = REBUILD_GALLERY.format(directory)
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
