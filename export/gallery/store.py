"""A gallery directory on disk, changed by one process at a time, whole at every moment.

New files are written beside the old ones and read back through the function's own open_gallery; then one rename of
gallery.json makes them the gallery, and what it no longer names is deleted. Killed before the rename, the old gallery
stands; killed after it, the next command that writes deletes what was left over.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from export.files import exclusive, write_atomically
from export.gallery.contents import gallery_files, read_people
from export.gallery.errors import InUse, NotTidied, NotWritable
from export.gallery.journal import Journal
from export.gallery.leftovers import PORTRAITS, delete_leftovers, is_portrait, portrait_name, small_name
from export.gallery.people import EnrolledPerson, Enrolment
from export.gallery.portrait import small
from lookalike.faces.manifest import EmbedderEntry
from lookalike.gallery.directory import GALLERY_FILE
from lookalike.gallery.local import open_gallery

_JOURNAL = ".journal"
_STAGING = ".new"
_MOST_SECONDS = 5.0  # of waiting for another process


@contextmanager
def writing(directory: Path, entry: EmbedderEntry) -> Iterator[Store]:
    """The directory, made if need be and locked. Raises InUse when another process keeps it, or NotWritable."""
    with ExitStack() as lock:
        with _named(directory):
            directory.mkdir(parents=True, exist_ok=True)
            try:
                lock.enter_context(exclusive(directory, _MOST_SECONDS))
            except BlockingIOError:
                raise InUse(path=directory) from None
        store = Store(directory, entry)
        store.sweep()
        try:
            yield store
        except BaseException:
            # What was begun shall not lie about until the next command; on a broken disk it has to.
            with suppress(NotWritable):
                store.sweep()
            raise


class Store:
    """A locked gallery directory for the network in use."""

    def __init__(self, directory: Path, entry: EmbedderEntry) -> None:
        self.directory = directory
        self.entry = entry
        self.journal = Journal(directory / _JOURNAL, entry)

    def exists(self) -> bool:
        return (self.directory / GALLERY_FILE).exists()

    def read(self) -> list[EnrolledPerson]:
        """Everyone in the gallery. Raises what open_gallery raises."""
        return read_people(self.directory, self.entry)

    def keep_portrait(self, jpeg: bytes) -> str:
        """Store a portrait under the name of its content, and a small one beside it."""
        name = portrait_name(jpeg)
        if not self.has_portrait(name):
            with _named(self.directory):
                folder = self.directory / PORTRAITS
                folder.mkdir(exist_ok=True)
                write_atomically(folder / name, jpeg)
                write_atomically(folder / small_name(name), small(jpeg))
        return name

    def has_portrait(self, name: str) -> bool:
        return is_portrait(name) and all((self.directory / PORTRAITS / n).is_file() for n in (name, small_name(name)))

    def note_finished(self, enrolment: Enrolment) -> None:
        """Keep a build's finished work, should it be interrupted."""
        with _named(self.directory):
            self.journal.append(enrolment)

    def forget_unfinished(self) -> None:
        """Delete what an interrupted build has left: embeddings and portraits of people who may not be wanted."""
        with _named(self.directory, NotTidied):
            self.journal.delete()
        self.sweep(NotTidied)

    def write(self, people: Sequence[EnrolledPerson]) -> bool:
        """Make these people the gallery, with all of what was there before deleted; False when they already were."""
        files = gallery_files(people, self.entry)
        changed = not self._holds(files)
        if changed:
            with _named(self.directory):
                self._replace(files)
            with _named(self.directory, NotTidied):
                _sync(self.directory)
        self.sweep(NotTidied)
        return changed

    def sweep(self, failed: type[NotWritable | NotTidied] = NotWritable) -> None:
        """Delete what neither the gallery nor an unfinished build names. Raises `failed`."""
        with _named(self.directory, failed):
            shutil.rmtree(self.directory / _STAGING, ignore_errors=True)
            delete_leftovers(self.directory, {done.portrait for done in self.journal.read().values()})

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
        for name in sorted(files.keys() - {GALLERY_FILE}):
            (staging / name).replace(self.directory / name)
        _sync(self.directory)
        (staging / GALLERY_FILE).replace(self.directory / GALLERY_FILE)


def _sync(directory: Path) -> None:
    """Renames reach the disk in this order, too."""
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _named(directory: Path, failed: type[NotWritable | NotTidied] = NotWritable) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise failed(path=directory, reason=error.strerror or error) from None
