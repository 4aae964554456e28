"""Who is in a gallery, and how alike one of them is to a probe."""

from __future__ import annotations

from dataclasses import dataclass, field

from lookalike.arrays import Array


@dataclass(frozen=True, slots=True)
class Portrait:
    """One photo of a person: its thumbnail under portraits/, and where it came from."""

    portrait: str
    source: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody in the gallery, with every photo there is of them."""

    id: str
    name: str
    department: str
    photos: tuple[Portrait, ...]
    metadata: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Match:
    """A person and how alike they are to the probe: similarity −1…1, rank from 1."""

    rank: int
    person: Person
    portrait: str  # of the photo that is most alike
    similarity: float
    closer_than: float  # percent of all pairs of different people in the gallery that are less alike
    closer_than_nearest: float  # percent of the gallery's people whose nearest other person is less alike to them
    strong: bool
    embedding: Array  # [width], of that photo

    @property
    def percent(self) -> float:
        return percent(self.similarity)


def percent(similarity: float) -> float:
    """((1 + similarity) / 2) · 100."""
    return (1 + similarity) * 50
