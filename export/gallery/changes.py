"""Single people into a gallery and out of it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from export.gallery.build import merge, summarise
from export.gallery.doubts import doubts
from export.gallery.errors import NobodyEnrolled, NoSuchPerson, SeveralPeople
from export.gallery.intake import embed_missing, hash_photos, known_enrolments
from export.gallery.names import clean, person_id, person_name
from export.gallery.outcome import Report
from export.gallery.people import EnrolledPerson
from export.gallery.photo_files import PhotoFile
from export.gallery.store import writing
from lookalike.errors import MissingFile
from lookalike.faces.manifest import read_manifest
from lookalike.gallery.directory import GALLERY_FILE
from lookalike.settings import Settings


def add(photos: Sequence[Path], name: str, department: str | None, directory: Path, settings: Settings) -> Report:
    """Photos of one person, into the gallery in `directory` (a new one, if there is none).

    Without a department, the person of that name who is there already is meant. Raises InvalidName, SeveralPeople,
    NobodyEnrolled when no photo can be used, or what open_gallery raises.
    """
    name = person_name(name)
    report = Report()
    entry = read_manifest(settings.models, settings.verify).embedder
    with writing(directory, entry) as store:
        before = store.read() if store.exists() else []
        place = clean(department) if department is not None else _department_of(name, before, directory)
        files = [PhotoFile(photo, photo.name, name, place) for photo in photos]
        hashed = hash_photos(files, report)
        known = known_enrolments(store, before)
        embed_missing(hashed, known, store, settings, report, journal=False)
        if not any(digest in known for _, digest in hashed):
            raise NobodyEnrolled(report, source=", ".join(photo.name for photo in photos), path=directory)
        people = merge(hashed, known, before, "add", report)
        summarise(people, before, report)
        report.doubtful += doubts(people, entry, {person_id(name, place)})
        report.changed = store.write(people)
    return report


def remove(person: str, directory: Path, settings: Settings) -> tuple[EnrolledPerson, int]:
    """Take out whoever has this name or id: row, portrait, share in the statistics, traces of unfinished builds.

    Gives the person and how many people remain. Raises NoSuchPerson, SeveralPeople, or what open_gallery raises.
    """
    entry = read_manifest(settings.models, settings.verify).embedder
    if not directory.is_dir():
        raise MissingFile(path=directory / GALLERY_FILE, command="lookalike gallery build PHOTOS")
    with writing(directory, entry) as store:
        # First, for it may know the person, too; killed after the gallery was written, it would be left.
        store.forget_unfinished()
        people = store.read()
        found = _called(person, people)
        if not found:
            raise NoSuchPerson(path=directory, person=person)
        if len(found) > 1:
            raise SeveralPeople(path=directory, person=person, which=_choices(found))
        (gone,) = found
        rest = [other for other in people if other is not gone]
        store.write(rest)
    return gone, len(rest)


def _called(person: str, people: Sequence[EnrolledPerson]) -> list[EnrolledPerson]:
    name = clean(person)
    for matches in (
        [other for other in people if other.id == person],
        [other for other in people if other.name == name],
        [other for other in people if other.name.casefold() == name.casefold()],
    ):
        if matches:
            return matches
    return []


def _department_of(name: str, people: Sequence[EnrolledPerson], directory: Path) -> str:
    same = [person for person in people if person.name == name]
    if len(same) > 1:
        departments = " or ".join(f"--department {person.department!r}" for person in same)
        raise SeveralPeople(path=directory, person=name, which=departments)
    return same[0].department if same else ""


def _choices(people: Sequence[EnrolledPerson]) -> str:
    return " or ".join(f"{person.id} ({person.department or 'no department'})" for person in people)
