"""A person as the report shows them: one of their photos, and who they are."""

from __future__ import annotations

from dataclasses import dataclass

from lookalike.gallery.people import Person


@dataclass(frozen=True, slots=True)
class PersonPhoto:
    id: str
    name: str
    department: str
    portrait: str  # a file under portraits/
    source: str


def photo_of(person: Person, number: int) -> PersonPhoto:
    portrait = person.photos[number]
    return PersonPhoto(person.id, person.name, person.department, portrait.portrait, portrait.source)
