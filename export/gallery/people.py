"""Enrolled people: what the builder keeps of each photo, and its form in the gallery's people file."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from export.gallery.names import person_id
from lookalike.arrays import Array

Origin = Literal["build", "add", "import"]
_ORIGINS: dict[str, Origin] = {"build": "build", "add": "add", "import": "import"}


@dataclass(frozen=True, slots=True, eq=False)
class Enrolment:
    """What a photo gave, whoever it shows. `sha256` of the photo's bytes; `portrait` is a file under portraits/."""

    sha256: str
    portrait: str
    notes: tuple[str, ...]
    embedding: Array  # [width]


@dataclass(frozen=True, slots=True, eq=False)
class Row:
    """A photo of a person. `source`: its path where it was found; a build replaces what builds before it brought."""

    enrolment: Enrolment
    source: str
    origin: Origin

    @property
    def content(self) -> str:
        """What tells the photo from others of the person: its bytes, or where there is none, its drawn portrait."""
        return self.enrolment.sha256 or self.enrolment.portrait


@dataclass(frozen=True, slots=True, eq=False)
class EnrolledPerson:
    name: str
    department: str
    rows: list[Row]
    metadata: dict[str, str] = field(default_factory=dict)

    def rows_by_hand(self) -> list[Row]:
        """Those that no build brought, and none takes away."""
        return [row for row in self.rows if row.origin != "build"]

    @property
    def id(self) -> str:
        return person_id(self.name, self.department)


def ordered(people: Sequence[EnrolledPerson]) -> list[EnrolledPerson]:
    return sorted(people, key=lambda person: (person.department, person.name))


def to_json(people: Sequence[EnrolledPerson]) -> bytes:
    """The people file. The function ignores `origin` and `notes`."""
    data = [
        {
            "id": person.id,
            "name": person.name,
            "department": person.department,
            "metadata": person.metadata,
            "photos": [
                {
                    "portrait": row.enrolment.portrait,
                    "source": row.source,
                    "sha256": row.enrolment.sha256,
                    "origin": row.origin,
                    "notes": list(row.enrolment.notes),
                }
                for row in person.rows
            ],
        }
        for person in people
    ]
    return json.dumps(data, ensure_ascii=False, indent=1).encode()


def from_json(data: list[dict[str, Any]], embeddings: Iterable[Array]) -> list[EnrolledPerson]:
    """People of a people file and the embedding [width] of each row. Raises KeyError, TypeError, ValueError or such."""
    remaining = iter(embeddings)
    people = []
    for person in data:
        rows = [
            Row(
                Enrolment(
                    str(photo["sha256"]),
                    str(photo["portrait"]),
                    tuple(str(note) for note in photo.get("notes", ())),
                    next(remaining),
                ),
                str(photo["source"]),
                _ORIGINS[photo.get("origin", "build")],
            )
            for photo in person["photos"]
        ]
        metadata = {str(key): str(value) for key, value in person.get("metadata", {}).items()}
        people.append(EnrolledPerson(str(person["name"]), str(person["department"]), rows, metadata))
    return people
