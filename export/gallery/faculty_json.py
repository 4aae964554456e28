"""faculty_emb.json, the format of the original project: one JSON object, name → list of numbers.

It has one embedding a name. Of a person with several photos that is the average (for networks of unit length scaled
back to length 1), which stands for all of them better than any one does; the gallery itself keeps every photo.
"""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from export.files import write_atomically
from export.gallery.build import summarise
from export.gallery.contents import read_people
from export.gallery.doubts import doubts
from export.gallery.errors import InvalidName, NobodyEnrolled, UnusableFaculty
from export.gallery.names import clean, person_name
from export.gallery.outcome import Report
from export.gallery.people import EnrolledPerson, Enrolment, Row, ordered
from export.gallery.photo_files import Remark
from export.gallery.placeholder import placeholder
from export.gallery.store import writing
from lookalike.arrays import Array
from lookalike.faces.manifest import EmbedderEntry, read_manifest
from lookalike.settings import Settings

_MAX_BYTES = 2_000_000_000
_UNIT = 1e-3  # how far from 1 a unit length may be, after a file's rounding
_LONGEST = 10  # radii: strangers lie about √2 of them apart, so no face is farther from zero than a few


def export_faculty(directory: Path, file: Path, settings: Settings) -> int:
    """Write the gallery in `directory` to `file`; gives how many people. People of one name get their department."""
    entry = read_manifest(settings.models, settings.verify).embedder
    people = read_people(directory, entry)
    names = Counter(person.name for person in people)
    # Nine digits are what it takes to bring back the same float32.
    faculty = {
        person.name if names[person.name] == 1 else f"{person.name} ({person.department})": [
            float(f"{value:.9g}") for value in _average(person, entry)
        ]
        for person in people
    }
    write_atomically(file, json.dumps(faculty, ensure_ascii=False).encode())
    return len(faculty)


def import_faculty(file: Path, directory: Path, settings: Settings) -> Report:
    """Add a file's people to the gallery in `directory` (a new one, if there is none), with drawn portraits.

    Names that are there already, and unusable entries, are left out. Raises UnusableFaculty, NobodyEnrolled, or what
    open_gallery raises.
    """
    entry = read_manifest(settings.models, settings.verify).embedder
    faculty = _read(file, entry)
    report = Report()
    with writing(directory, entry) as store:
        before = store.read() if store.exists() else []
        taken = {person.name for person in before}
        people = list(before)
        for given, numbers in faculty:
            name, embedding, reason = _entry(given, numbers, entry, taken)
            if embedding is None:
                report.left_out.append(Remark(clean(given)[:80], reason))
                continue
            taken.add(name)
            enrolment = Enrolment("", store.keep_portrait(placeholder(name)), (), embedding)
            people.append(EnrolledPerson(name, "", [Row(enrolment, file.name, "import")]))
            report.new += 1
        if not people:
            raise NobodyEnrolled(report, source=file, path=directory)
        summarise(people, before, report)
        report.doubtful += doubts(people, entry, {person.id for person in people} - {person.id for person in before})
        report.changed = store.write(ordered(people))
    return report


def _average(person: EnrolledPerson, entry: EmbedderEntry) -> Array:
    mean: Array = np.mean([row.enrolment.embedding for row in person.rows], axis=0, dtype=np.float32)
    return mean / np.linalg.norm(mean) if entry.unit_length and len(person.rows) > 1 else mean


def _read(file: Path, entry: EmbedderEntry) -> Sequence[tuple[str, Any]]:
    """Pairs of name and what the file gives for it. Raises UnusableFaculty when it is not such a file at all."""
    try:
        if file.stat().st_size > _MAX_BYTES:
            raise UnusableFaculty(path=file, reason=f"it is larger than {_MAX_BYTES // 1_000_000_000} GB")
        # As pairs, because of a name that is there twice an object would keep only the last one.
        faculty = json.loads(file.read_bytes(), object_pairs_hook=lambda pairs: pairs)
    except OSError as error:
        raise UnusableFaculty(path=file, reason=error.strerror) from None
    except (ValueError, RecursionError) as error:
        raise UnusableFaculty(path=file, reason=f"it is not JSON: {error}") from None
    if not isinstance(faculty, list) or not all(isinstance(pair, tuple) for pair in faculty):
        raise UnusableFaculty(path=file, reason="it is not an object of names and lists of numbers")
    widths = {len(numbers) for _, numbers in faculty if isinstance(numbers, list)}
    if widths and entry.width not in widths:
        raise UnusableFaculty(
            path=file,
            reason=f"it has {min(widths)} numbers for a person, but the network in use ({entry.model}) gives {entry.width}",
        )
    return faculty


def _entry(given: str, numbers: Any, entry: EmbedderEntry, taken: set[str]) -> tuple[str, Array | None, str]:
    """Name, embedding [width], and why it cannot be used, if it cannot."""
    try:
        name = person_name(given)
    except InvalidName as error:
        return given, None, str(error)
    if name in taken:
        return name, None, "that name is in the gallery already"
    if not isinstance(numbers, list) or not all(type(number) in (int, float) for number in numbers):
        return name, None, "it is not a list of numbers"
    if len(numbers) != entry.width:
        return name, None, f"it has {len(numbers)} numbers, not {entry.width}"
    if not all(abs(number) <= float(np.finfo(np.float32).max) for number in numbers):
        return name, None, "one of its numbers is not finite"
    length = math.hypot(*numbers)
    if entry.unit_length and abs(length - 1) > _UNIT:
        return name, None, f"its length is {length:.4g}, not 1"
    if not 0 < length <= _LONGEST * entry.radius:
        return name, None, f"its length is {length:.4g}, which no face has"
    return name, np.array(numbers, np.float32), ""
