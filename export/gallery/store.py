"""A gallery directory on disk, changed by one process at a time, whole at every moment.

New files are written beside the old ones and read back through the function's own open_gallery; then one rename of
gallery.json makes them the gallery, and what it no longer names is deleted. Killed before the rename, the old gallery
stands; killed after it, the next command that writes deletes what was left over.
"""

from __future__ import annotations

import fcntl
import hashlib
import io
import json
import os
import re
import shutil
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import numpy as np

from export.files import write_atomically
from export.gallery.errors import InUse, NotWritable
from export.gallery.journal import Journal
from export.gallery.people import EnrolledPerson, Enrolment, from_json, to_json
from export.gallery.statistics import statistics
from lookalike.errors import DamagedFile
from lookalike.gallery import FILE, REBUILD, VERSION, open_gallery
from lookalike.manifest import EmbedderEntry

PORTRAITS = "portraits"
_JOURNAL = ".journal"
_STAGING = ".new"
# Only what is ours is ever deleted: someone may well choose a directory that holds other things.
_OUR_FILE = re.compile(r"(embeddings-[0-9a-f]{12}\.npy|people-[0-9a-f]{12}\.json)")
_OUR_PORTRAIT = re.compile(r"[0-9a-f]{32}\.jpg")
_PATIENCE = 5.0  # seconds


@contextmanager
def writing(directory: Path, entry: EmbedderEntry) -> Iterator[Store]:
    """The directory, made if need be and locked. Raises InUse when another process keeps it, or NotWritable."""
    with _named(directory):
        directory.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(directory, os.O_RDONLY)
    try:
        _lock(descriptor, directory)
        store = Store(directory, entry)
        store.sweep()
        try:
            yield store
        except BaseException:
            # What was begun shall not lie about until the next command; on a broken disk it has to.
            with suppress(NotWritable):
                store.sweep()
            raise
    finally:
        os.close(descriptor)


class Store:
    """A locked gallery directory for the network in use."""

    def __init__(self, directory: Path, entry: EmbedderEntry) -> None:
        self.directory = directory
        self.entry = entry
        self.journal = Journal(directory / _JOURNAL, entry)

    def exists(self) -> bool:
        return (self.directory / FILE).exists()

    def read(self) -> list[EnrolledPerson]:
        """Everyone in the gallery. Raises what open_gallery raises."""
        return read_people(self.directory, self.entry)

    def keep_portrait(self, jpeg: bytes) -> str:
        """Store a portrait under the name of its content."""
        name = f"{hashlib.sha256(jpeg).hexdigest()[:32]}.jpg"
        path = self.directory / PORTRAITS / name
        if not path.exists():
            with _named(self.directory):
                path.parent.mkdir(exist_ok=True)
                write_atomically(path, jpeg)
        return name

    def has_portrait(self, name: str) -> bool:
        return _OUR_PORTRAIT.fullmatch(name) is not None and (self.directory / PORTRAITS / name).is_file()

    def note_finished(self, enrolment: Enrolment) -> None:
        """Keep a build's finished work, should it be interrupted."""
        with _named(self.directory):
            self.journal.append(enrolment)

    def forget_unfinished(self) -> None:
        """Delete what an interrupted build has left: embeddings and portraits of people who may not be wanted."""
        with _named(self.directory):
            self.journal.delete()
        self.sweep()

    def write(self, people: Sequence[EnrolledPerson]) -> bool:
        """Make these people the gallery, with all of what was there before deleted; False when they already were."""
        files = _contents(people, self.entry)
        changed = not self._holds(files)
        with _named(self.directory):
            if changed:
                self._replace(files)
        self.sweep()
        return changed

    def sweep(self) -> None:
        """Delete what neither the gallery nor an unfinished build names."""
        with _named(self.directory):
            shutil.rmtree(self.directory / _STAGING, ignore_errors=True)
            named = self._named_files()
            if named is None:
                return
            named |= {enrolment.portrait for enrolment in self.journal.read().values()}
            _delete(self.directory, _OUR_FILE, named)
            _delete(self.directory / PORTRAITS, _OUR_PORTRAIT, named)

    def _holds(self, files: dict[str, bytes]) -> bool:
        try:
            return all((self.directory / name).read_bytes() == data for name, data in files.items())
        except OSError:
            return False

    def _replace(self, files: dict[str, bytes]) -> None:
        staging = self.directory / _STAGING
        staging.mkdir()
        for name, data in files.items():
            write_atomically(staging / name, data)
        open_gallery(staging, self.entry)
        for name in sorted(files, key=lambda name: name == FILE):
            if name == FILE:
                _sync(self.directory)
            (staging / name).replace(self.directory / name)
        _sync(self.directory)

    def _named_files(self) -> set[str] | None:
        """Files and portraits that gallery.json and its people name; None when that cannot be told."""
        try:
            index = json.loads((self.directory / FILE).read_bytes())
            names = {str(index[part]["file"]) for part in ("people", "embeddings")}
            people = json.loads((self.directory / index["people"]["file"]).read_bytes())
            return names | {str(photo["portrait"]) for person in people for photo in person["photos"]}
        except FileNotFoundError as error:
            return set() if Path(error.filename).name == FILE else None
        except (OSError, ValueError, KeyError, TypeError, RecursionError):
            return None


def read_people(directory: Path, entry: EmbedderEntry) -> list[EnrolledPerson]:
    """Everyone in a gallery that open_gallery accepts, with what only the builder needs. Raises what it raises."""
    open_gallery(directory, entry)
    index = json.loads((directory / FILE).read_bytes())
    people: list[dict[str, Any]] = json.loads((directory / index["people"]["file"]).read_bytes())
    try:
        return from_json(people, np.load(directory / index["embeddings"]["file"], allow_pickle=False))
    except (KeyError, TypeError, ValueError) as error:
        command = REBUILD.format(directory)
        raise DamagedFile(path=directory / FILE, reason=f"unexpected content: {error}", command=command) from None


def _contents(people: Sequence[EnrolledPerson], entry: EmbedderEntry) -> dict[str, bytes]:
    """Names and bytes of the gallery's files, gallery.json among them."""
    embeddings = np.empty((sum(len(person.rows) for person in people), entry.width), np.float32)
    rows = [row.enrolment.embedding for person in people for row in person.rows]
    if rows:
        np.stack(rows, out=embeddings)
    counts = np.array([len(person.rows) for person in people], np.intp)
    scale = statistics(embeddings, counts, entry)
    buffer = io.BytesIO()
    np.save(buffer, embeddings, allow_pickle=False)
    parts = {"embeddings": (buffer.getvalue(), "npy"), "people": (to_json(people), "json")}
    hashes = {part: hashlib.sha256(data).hexdigest() for part, (data, _) in parts.items()}
    names = {part: f"{part}-{hashes[part][:12]}.{suffix}" for part, (_, suffix) in parts.items()}
    index = {
        "version": VERSION,
        "fingerprint": entry.fingerprint,
        "model": entry.model,
        "width": entry.width,
        "radius": entry.radius,
        "embeddings": {"file": names["embeddings"], "sha256": hashes["embeddings"], "rows": len(embeddings)},
        "people": {"file": names["people"], "sha256": hashes["people"], "count": len(people)},
        "pairs": {"count": scale.pairs, "quantiles": [round(float(value), 5) for value in scale.quantiles]},
        "threshold": round(scale.threshold, 5),
    }
    return {names[part]: data for part, (data, _) in parts.items()} | {FILE: json.dumps(index).encode()}


def _lock(descriptor: int, directory: Path) -> None:
    """The system lets go of the lock however this process ends."""
    deadline = time.monotonic() + _PATIENCE
    while True:
        try:
            return fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > deadline:
                raise InUse(path=directory) from None
            time.sleep(0.1)


def _delete(directory: Path, ours: re.Pattern[str], keep: set[str]) -> None:
    """Our files but those to keep, and what write_atomically leaves of them when killed (.<name>.<random>)."""
    if not directory.is_dir():
        return
    for path in directory.iterdir():
        if path.name not in keep and (ours.fullmatch(path.name) or _unfinished(path.name, ours)):
            path.unlink(missing_ok=True)


def _unfinished(name: str, ours: re.Pattern[str]) -> bool:
    return name.startswith(".") and ours.fullmatch(name[1:].rpartition(".")[0]) is not None


def _sync(directory: Path) -> None:
    """Renames reach the disk in this order, too."""
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _named(directory: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise NotWritable(path=directory, reason=error.strerror or error) from None
