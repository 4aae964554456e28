"""The portraits as files, in the layout that a gallery is built from."""

from __future__ import annotations

import csv
import io
import os
from pathlib import Path

from PIL import Image

from export.drawn.people import DrawnPerson, demo_people
from export.drawn.portrait import paint


def draw_portrait(person: DrawnPerson) -> Image.Image:
    """The person's portrait, RGB, 480×600 pixels; the same every time."""
    return paint(person.look)


def write_demo_photos(directory: Path) -> Path:
    """Draws everybody into `directory` and returns the CSV that lists them: name, department, photo, metadata.

    Each file appears complete or not at all, and the list comes last.
    """
    people = demo_people()
    for person in people:
        _write(directory / _photo(person), _jpeg(draw_portrait(person)))
    table = directory / "people.csv"
    _write(table, _listing(people).encode())
    return table


def _photo(person: DrawnPerson) -> Path:
    return Path(person.department) / f"{person.id}.jpg"


def _listing(people: tuple[DrawnPerson, ...]) -> str:
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(["name", "department", "photo", *people[0].metadata])
    for person in people:
        rows.writerow([person.name, person.department, _photo(person).as_posix(), *person.metadata.values()])
    return text.getvalue()


def _jpeg(portrait: Image.Image) -> bytes:
    data = io.BytesIO()
    portrait.save(data, "JPEG", quality=92, subsampling=0, optimize=True)
    return data.getvalue()


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    part.write_bytes(data)
    os.replace(part, path)
