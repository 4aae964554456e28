"""A person as the report shows them: one of their photos, and who they are."""

from __future__ import annotations

from dataclasses import dataclass

from lookalike.gallery.people import Person


@dataclass(frozen=True, slots=True)
class Shown:
    id: str
    name: str
    department: str
    portrait: str  # a file under portraits/
    source: str


def shown(person: Person, photo: int) -> Shown:
    portrait = person.photos[photo]
    return Shown(person.id, person.name, person.department, portrait.portrait, portrait.source)
