"""A gallery from a folder or CSV of photos: what is there already is kept, what is missing is embedded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from export.gallery.contents import read_names
from export.gallery.doubts import doubts
from export.gallery.errors import NobodyEnrolled, OutInsidePhotos
from export.gallery.intake import HashedPhoto, Known, embed_missing, hash_photos, known_enrolments
from export.gallery.outcome import Report
from export.gallery.people import EnrolledPerson, Origin, Row, ordered
from export.gallery.photo_files import PhotoFile, Remark
from export.gallery.sources import find_photos
from export.gallery.store import Store, writing
from lookalike.errors import DamagedFile, GalleryMismatch, MissingFile
from lookalike.faces.manifest import read_manifest
from lookalike.settings import Settings


def build(photos: Path, out: Path, settings: Settings) -> Report:
    """Make the gallery in `out` hold the people in `photos`, and those added by hand before.

    Interrupted or killed, the same call goes on where it was. Raises NoPhotos, UnusableTable, NobodyEnrolled, InUse,
    NotWritable, or SetupError when the networks cannot be used.
    """
    if photos.is_dir() and out.resolve().is_relative_to(photos.resolve()):
        raise OutInsidePhotos(out=out, path=photos)
    found = find_photos(photos)
    report = Report(left_out=found.left_out, layouts=found.layouts)
    entry = read_manifest(settings.models, settings.verify).embedder
    with writing(out, entry) as store:
        before = _before(store, report)
        hashed = hash_photos(found.photos, report)
        known = known_enrolments(store, before)
        embed_missing(hashed, known, store, settings, report, journal=True)
        people = merge(hashed, known, _added_by_hand(before), "build", report)
        summarise(people, before, report)
        report.kept = [person.name for person in people if len(person.rows_by_hand()) == len(person.rows)]
        if not people:
            raise NobodyEnrolled(report, source=photos, path=out)
        report.doubtful += doubts(people, entry)
        report.changed = store.write(people)
        store.forget_unfinished()
    return report


def merge(
    photos: Sequence[HashedPhoto], known: Known, others: Sequence[EnrolledPerson], origin: Origin, report: Report
) -> list[EnrolledPerson]:
    """Photos and `others` as people in the gallery's order; a person's second photo of the same bytes is left out."""
    rows: dict[tuple[str, str], dict[str, Row]] = {}
    metadata: dict[tuple[str, str], dict[str, str]] = {}
    owners: dict[str, str] = {}
    for person in others:
        key = (person.department, person.name)
        rows[key] = {row.content: row for row in person.rows}
        metadata[key] = person.metadata
        owners |= dict.fromkeys(rows[key], person.name)
    for file, digest in photos:
        if digest not in known:
            continue
        key = (file.department, file.name)
        own = rows.setdefault(key, {})
        metadata[key] = metadata.get(key, {}) | file.metadata
        if digest in own:
            report.left_out.append(Remark(file.source, f"it is the same photo as {own[digest].source}"))
            continue
        own[digest] = Row(known[digest], file.source, origin)
        _doubt(own[digest], file, owners, report)
    people = [EnrolledPerson(name, department, list(own.values())) for (department, name), own in rows.items()]
    for person in people:
        person.metadata.update(metadata[person.department, person.name])
    return ordered(people)


def summarise(people: Sequence[EnrolledPerson], before: Sequence[EnrolledPerson], report: Report) -> None:
    report.people = len(people)
    report.photos = sum(len(person.rows) for person in people)
    known = {(person.id, row.content) for person in before for row in person.rows}
    report.added = sum((person.id, row.content) not in known for person in people for row in person.rows)
    remaining = {person.id for person in people}
    report.gone = [person.name for person in before if person.id not in remaining]


def _doubt(row: Row, file: PhotoFile, owners: dict[str, str], report: Report) -> None:
    owner = owners.setdefault(row.enrolment.sha256, file.name)
    if owner != file.name:
        report.doubtful.append(Remark(file.source, f"the same photo is also {owner}"))
    report.doubtful += [Remark(file.source, note) for note in row.enrolment.notes]


def _added_by_hand(people: Sequence[EnrolledPerson]) -> list[EnrolledPerson]:
    return [replace(person, rows=rows) for person in people if (rows := person.rows_by_hand())]


def _before(store: Store, report: Report) -> list[EnrolledPerson]:
    """Who is in the gallery now; one that cannot be used is built anew, with a remark."""
    if not store.exists():
        return []
    try:
        return store.read()
    except GalleryMismatch as error:
        report.remarks.append(f"The gallery was made with {error.facts['theirs']}: all photos are embedded anew.")
        report.remarks += _lost(store.directory)
    except (DamagedFile, MissingFile) as error:
        reason = error.facts.get("reason", "a file is missing")
        report.remarks.append(f"The gallery there was could not be read ({reason}) and is built anew.")
    return []


def _lost(directory: Path) -> list[str]:
    try:
        names = [person.name for person in _added_by_hand(read_names(directory)[1])]
    except (DamagedFile, MissingFile):
        return []
    return [f"Only a photo can be embedded anew, so please add these again: {', '.join(names)}."] if names else []
