"""What the embeddings say of a gallery's photos: a photo like none of its person's others, many people under one name,
the same photo saved anew, two names that look like one person. Remarks, each with what mends it; nothing is refused.
"""

from __future__ import annotations

import shlex
from collections.abc import Collection, Iterator, Sequence

import numpy as np

from export.gallery.crowds import crowd
from export.gallery.likeness import between, pairs_reaching, unlinked
from export.gallery.people import EnrolledPerson, Row
from export.gallery.photo_files import Remark
from lookalike.faces.manifest import EmbedderEntry
from lookalike.gallery.people import percent

# Everyone is compared with everyone: beyond this it takes minutes, and is the report's part.
MOST_ROWS = 20_000
# A photo saved anew, at half its size and in another quality, stays at least this alike (18 portraits: 0.94 … 1.00, all
# but the smallest copies); two different photos of one person were 0.89 at most.
SAME_PHOTO = 0.94
_BUILD = "lookalike gallery build PHOTOS"


def doubts(
    people: Sequence[EnrolledPerson], entry: EmbedderEntry, changed: Collection[str] | None = None
) -> list[Remark]:
    """Of everybody, or of what concerns people with these ids: by person, then pairs of people, most alike first."""
    if sum(len(person.rows) for person in people) > MOST_ROWS:
        return []
    asked = {person.id for person in people} if changed is None else set(changed)
    remarks = [remark for person in people if person.id in asked for remark in _of_one(person, entry)]
    return remarks + list(_of_two(people, entry, asked))


def _of_one(person: EnrolledPerson, entry: EmbedderEntry) -> Iterator[Remark]:
    if len(person.rows) < 2:
        return
    rows = np.stack([row.enrolment.embedding for row in person.rows])
    alike = between(rows, rows, entry.radius)
    np.fill_diagonal(alike, -1)
    # Without a rule nobody knows, and all are taken for one person's.
    linked = alike >= (entry.same_person if entry.rule is not None else -np.inf)
    many = crowd(person, linked)
    if many is not None:
        yield many
    for number in np.flatnonzero(unlinked(linked)) if many is None else ():
        row, best = person.rows[number], percent(float(alike[number].max()))
        yield Remark(
            row.source,
            f"it does not look like the other photos of {person.name} ({best:.0f}% alike at most). If it shows somebody "
            f"else: {_mend(row, person, 'put it under their name')}",
        )
    for first, second in zip(*np.nonzero(np.triu(alike >= SAME_PHOTO)), strict=True):
        row = person.rows[second]
        yield Remark(
            row.source,
            f"it seems to be {person.rows[first].source} saved anew, and adds nothing: "
            f"{_mend(row, person, 'delete one of them')}",
        )


def _of_two(people: Sequence[EnrolledPerson], entry: EmbedderEntry, asked: set[str]) -> Iterator[Remark]:
    counts = np.array([len(person.rows) for person in people], np.intp)
    rows = [row.enrolment.embedding for person in people for row in person.rows]
    for similarity, a, b in pairs_reaching(np.array(rows, np.float32), counts, entry) or ():
        first, second = people[a], people[b]
        if not asked & {first.id, second.id}:
            continue
        command = f"lookalike gallery remove {shlex.quote(second.id)}"
        folder = ", and their photos from the folder" if _built(second.rows) else ""
        yield Remark(
            f"{first.name} / {second.name}",
            f"they look like one person ({percent(similarity):.0f}% alike). If they are, keep one name: {command}{folder}",
        )


def _mend(row: Row, person: EnrolledPerson, what: str) -> str:
    if row.origin == "build":
        return f"{what}, then {_BUILD}"
    return f"lookalike gallery remove {shlex.quote(person.id)}, then add the right photos again"


def _built(rows: Sequence[Row]) -> bool:
    return any(row.origin == "build" for row in rows)
