"""Photo files to enrolments: each content is embedded once, and not at all when that was done before."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

from rich.console import Console
from rich.progress import track

from export.files import sha256
from export.gallery.enrolment import MAX_BYTES, Refused
from export.gallery.outcome import Report
from export.gallery.people import EnrolledPerson, Enrolment
from export.gallery.photo_files import PhotoFile, Remark
from export.gallery.store import Store
from export.gallery.workers import enrol_files
from lookalike.settings import Settings

Known = dict[str, Enrolment]
HashedPhoto = tuple[PhotoFile, str]  # and the sha256 of its bytes
T = TypeVar("T")


def known_enrolments(store: Store, people: Sequence[EnrolledPerson]) -> Known:
    """What need not be embedded again, by the photo's sha256: the gallery's rows and an interrupted build's."""
    enrolments = [row.enrolment for person in people for row in person.rows] + list(store.journal.read().values())
    return {done.sha256: done for done in enrolments if done.sha256 and store.has_portrait(done.portrait)}


def hash_photos(files: Sequence[PhotoFile], report: Report) -> list[HashedPhoto]:
    """The files that can be read; the others are left out."""
    hashed = []
    with ThreadPoolExecutor() as threads:
        digests = threads.map(_hash, [file.path for file in files])
        for file, digest in _tracked(zip(files, digests, strict=True), "Reading", len(files)):
            if isinstance(digest, Refused):
                report.left_out.append(Remark(file.source, digest.reason))
            else:
                hashed.append((file, digest))
    return hashed


def embed_missing(
    photos: Sequence[HashedPhoto], known: Known, store: Store, settings: Settings, report: Report, *, journal: bool
) -> None:
    """Embed what is not `known` yet, and add it there; photos without a usable face are left out."""
    missing: dict[str, Path] = {}
    for file, digest in photos:
        if digest not in known:
            missing.setdefault(digest, file.path)
    refused: dict[str, str] = {}
    outcomes = enrol_files(list(missing.values()), settings)
    for digest, outcome in _tracked(zip(missing, outcomes, strict=True), "Embedding", len(missing)):
        if isinstance(outcome, Refused):
            refused[digest] = outcome.reason
            continue
        enrolment, jpeg = outcome
        if enrolment.sha256 != digest:
            refused[digest] = "it changed while it was read"
            continue
        store.keep_portrait(jpeg)
        known[digest] = enrolment
        report.new += 1
        if journal:
            store.note_finished(enrolment)
    report.left_out += [Remark(file.source, refused[digest]) for file, digest in photos if digest in refused]


def _tracked(steps: Iterable[T], doing: str, total: int) -> Iterator[T]:
    """With a progress bar on standard error, where there is something to wait for."""
    console = Console(stderr=True)
    if total and console.is_terminal:
        steps = track(steps, doing, total=total, console=console, transient=True)
    yield from steps


def _hash(path: Path) -> str | Refused:
    try:
        if path.stat().st_size > MAX_BYTES:
            return Refused(f"it is larger than {MAX_BYTES // 1_000_000} MB")
        return sha256(path)
    except OSError as error:
        return Refused(f"it cannot be read ({error.strerror})")
