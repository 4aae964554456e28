"""The people of the demo gallery: invented, so that nobody needs to be asked."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from importlib import resources

from export.demo.traits import Look


@dataclass(frozen=True)
class DrawnPerson:
    """A fictional professor. `name` reads in Korean and English; metadata is shown beside it."""

    id: str
    name: str
    department: str
    metadata: dict[str, str]
    look: Look


def demo_people() -> tuple[DrawnPerson, ...]:
    """The 75 of them, 15 in each of five departments."""
    table = resources.files("export.demo").joinpath("people.csv").read_text(encoding="utf-8")
    return tuple(_person(row) for row in csv.DictReader(table.splitlines()))


def _person(row: dict[str, str]) -> DrawnPerson:
    look = Look(
        presents=row["presents"],
        age=int(row["age"]),
        skin=row["skin"],
        eyes=row["eyes"],
        hair=row["hair"],
        hair_colour=row["hair_colour"],
        beard=row["beard"],
        glasses=row["glasses"],
        clothes=row["clothes"],
        mood=row["mood"],
        seed=int(row["seed"]),
    )
    return DrawnPerson(
        id="".join(letter if letter.isascii() and letter.isalpha() else "-" for letter in row["english"].lower()),
        name=f"{row['korean']} ({row['english']})",
        department=row["department"],
        metadata={
            "title": _title(look.age),
            "research": f"{row['research_korean']} ({row['research_english']})",
        },
        look=look,
    )


def _title(age: int) -> str:
    if age >= 50:
        return "교수 (Professor)"
    return "부교수 (Associate Professor)" if age >= 38 else "조교수 (Assistant Professor)"
