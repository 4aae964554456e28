"""Photos of many people under one name, as when a folder of a department's photos was read as one person's."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from pathlib import PurePosixPath

import numpy as np

from export.gallery.likeness import Flags
from export.gallery.names import clean
from export.gallery.people import EnrolledPerson
from export.gallery.photo_files import Remark

# Of two photos of one person 95 in 100 are linked, of two people's hardly any.
LINKED_AT_MOST = 1 / 4
MOST_NAMED = 12


def crowd(person: EnrolledPerson, linked: Flags) -> Remark | None:
    """What to do where three or more photos of a person [n,n linked: taken for one person] are of many people."""
    pairs = np.triu_indices(len(linked), 1)
    if len(linked) < 3 or linked[pairs].mean() > LINKED_AT_MOST:
        return None
    sources = [PurePosixPath(row.source) for row in person.rows]
    people = [", ".join(sources[photo].name for photo in photos) for photos in _people(linked)]
    more = f"; and {len(people) - MOST_NAMED:,} more" if len(people) > MOST_NAMED else ""
    shown = f"{'; '.join(people[:MOST_NAMED])}{more}"
    question, mend = _mend(person, sources)
    text = f"{question} Its {len(sources):,} photos show {len(people):,} different people: {shown}. {mend}"
    return Remark(f"{person.department}/{person.name}" if person.department else person.name, text)


def _people(linked: Flags) -> list[list[int]]:
    """Photos by whom they show: each is with the first before it that it is linked to, as chains of links prove little."""
    people: dict[int, list[int]] = {}
    for photo, links in enumerate(linked):
        own = next((first for first in people if links[first]), photo)
        people.setdefault(own, []).append(photo)
    return list(people.values())


def _mend(person: EnrolledPerson, sources: Sequence[PurePosixPath]) -> tuple[str, str]:
    if any(row.origin != "build" for row in person.rows):
        return "Is this one person?", (
            f"If not: lookalike gallery remove {shlex.quote(person.id)}, then add each photo under a name of its own"
        )
    folders = {source.parent for source in sources}
    folder = folders.pop() if len(folders) == 1 else PurePosixPath()
    rebuild = "then lookalike gallery build PHOTOS"
    if clean(folder.name) != person.name:
        return "Is this one person?", f"If not: give each person a name of their own in the CSV, {rebuild}"
    if person.department:
        return (
            "Is this one person?",
            f"If not: put each person's into a folder, {folder.parent}/Name/photo.jpg, {rebuild}",
        )
    return "Is this a department?", (
        f"If so: call each photo after whom it shows, {folder}/Name.jpg, or put each person's into a folder, "
        f"{folder}/Name/photo.jpg, {rebuild}"
    )
