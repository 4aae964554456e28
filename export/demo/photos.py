"""The portraits as files, in the layout that a gallery is built from."""

from __future__ import annotations

import csv
import io
import multiprocessing
import signal
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from PIL import Image

from export.demo.people import DrawnPerson, demo_people
from export.demo.portrait import paint

# The list of everybody: what a gallery is built from.
TABLE = "people.csv"


def draw_portrait(person: DrawnPerson) -> Image.Image:
    """The person's portrait, RGB, 750×780 pixels; the same every time."""
    return paint(person.look)


def write_demo_photos(directory: Path, people: Sequence[DrawnPerson] | None = None) -> Path:
    """Draws the people (all, unless given) into `directory`, on all cores, and returns the CSV that lists them.

    Its columns are name, department, photo and what is known beside; photos are Department/id.jpg. Each file appears
    complete or not at all, and the list comes last.
    """
    people = demo_people() if people is None else people
    for person, photo in zip(people, _drawn(people), strict=True):
        _write(directory / _path(person), photo)
    table = directory / TABLE
    _write(table, _listing(people).encode())
    return table


def _drawn(people: Sequence[DrawnPerson]) -> Iterator[bytes]:
    # spawn, not fork: a forked child would inherit threads' locks. Ending the drawing is left to the parent.
    spawn = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(mp_context=spawn, initializer=signal.signal, initargs=(signal.SIGINT, signal.SIG_IGN))
    try:
        yield from pool.map(_photo, people)
    finally:
        pool.shutdown(cancel_futures=True)


def _photo(person: DrawnPerson) -> bytes:
    data = io.BytesIO()
    draw_portrait(person).save(data, "JPEG", quality=92, subsampling=0)
    return data.getvalue()


def _path(person: DrawnPerson) -> Path:
    return Path(person.department) / f"{person.id}.jpg"


def _listing(people: Sequence[DrawnPerson]) -> str:
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(["name", "department", "photo", *people[0].metadata])
    for person in people:
        rows.writerow([person.name, person.department, _path(person).as_posix(), *person.metadata.values()])
    return text.getvalue()


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    part.write_bytes(data)
    part.replace(path)
