"""Photos of many people under one name: what is asked, whom it names, and what mends it."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Collection
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from export.gallery.build import build
from export.gallery.crowds import crowd
from export.gallery.doubts import doubts
from export.gallery.likeness import Flags
from export.gallery.people import EnrolledPerson, Enrolment, Origin, Row
from lookalike.arrays import Array
from lookalike.faces.manifest import EmbedderEntry
from lookalike.settings import Settings
from tests.support import encoded


def person(
    sources: Collection[str], name: str = "Physics", department: str = "", origin: Origin = "build"
) -> EnrolledPerson:
    rows = [Row(Enrolment(source, "portrait.jpg", (), np.zeros(2, np.float32)), source, origin) for source in sources]
    return EnrolledPerson(name, department, rows)


def numbered(count: int, folder: str = "Physics") -> list[str]:
    return [f"{folder}/{number}.jpg" for number in range(count)]


def linked(count: int, *pairs: tuple[int, int]) -> Flags:
    links = np.zeros((count, count), np.bool_)
    for first, second in pairs:
        links[first, second] = links[second, first] = True
    return links


def asked(someone: EnrolledPerson, links: Flags) -> str:
    remark = crowd(someone, links)
    assert remark is not None
    return f"{remark.source}: {remark.text}"


def test_a_department_s_photos_are_all_named_with_the_layouts_that_mend_it() -> None:
    assert asked(person(numbered(3)), linked(3)) == (
        "Physics: Is this a department? Its 3 photos show 3 different people: 0.jpg; 1.jpg; 2.jpg. If so: call each photo "
        "after whom it shows, Physics/Name.jpg, or put each person's into a folder, Physics/Name/photo.jpg, then lookalike "
        "gallery build PHOTOS"
    )


def test_photos_of_one_of_them_are_named_together_though_a_chain_is_not_one_person() -> None:
    text = asked(person(numbered(6)), linked(6, (1, 3), (3, 4)))
    assert "Its 6 photos show 5 different people: 0.jpg; 1.jpg, 3.jpg; 2.jpg; 4.jpg; 5.jpg. If so" in text


@pytest.mark.parametrize(("count", "end"), [(12, "11.jpg. If"), (13, "11.jpg; and 1 more. If")])
def test_twelve_people_are_named(count: int, end: str) -> None:
    assert end in asked(person(numbered(count)), linked(count))


EACH_WITH_ONE = [(0, other) for other in range(1, 8)]


@pytest.mark.parametrize(
    ("count", "pairs", "many"),
    [
        (2, [], False),
        (3, [(0, 1)], False),
        (4, [(0, 1)], True),
        (8, EACH_WITH_ONE, True),
        (8, [*EACH_WITH_ONE, (1, 2)], False),
    ],
)
def test_it_is_asked_of_three_photos_where_a_quarter_of_the_pairs_or_less_is_one_person(
    count: int, pairs: list[tuple[int, int]], many: bool
) -> None:
    assert (crowd(person(numbered(count)), linked(count, *pairs)) is not None) is many


@pytest.mark.parametrize(
    ("someone", "start", "mend"),
    [
        (
            person(numbered(3, "Science/Lab"), "Lab", "Science"),
            "Science/Lab: Is this one person?",
            "put each person's into a folder, Science/Name/photo.jpg, then lookalike gallery build PHOTOS",
        ),
        (
            person(numbered(3, "pictures"), "Kim"),
            "Kim: Is this one person?",
            "give each person a name of their own in the CSV, then lookalike gallery build PHOTOS",
        ),
        (
            person(["a/Kim/1.jpg", "b/Kim/1.jpg", "b/Kim/2.jpg"], "Kim"),
            "Kim: Is this one person?",
            "give each person a name of their own in the CSV, then lookalike gallery build PHOTOS",
        ),
        (
            person(["1.jpg", "2.jpg", "3.jpg"], "Kim", origin="add"),
            "Kim: Is this one person?",
            "lookalike gallery remove kim-",
        ),
        (person(numbered(3, "학과"), "학과"), "학과: Is this a department?", "학과/Name.jpg"),
    ],
)
def test_what_mends_it_is_what_brought_it(someone: EnrolledPerson, start: str, mend: str) -> None:
    text = asked(someone, linked(3))
    assert text.startswith(start) and mend in text


@pytest.mark.parametrize("rule", [True, False])
def test_each_photo_is_not_called_odd_as_well(entry: EmbedderEntry, rule: bool) -> None:
    """And nothing is said with a network that has no rule for what one person is."""
    apart: Array = np.eye(4, entry.width, dtype=np.float32) * entry.radius * 2
    rows = [Row(Enrolment(str(n), "p.jpg", (), apart[n]), f"Physics/{n}.jpg", "build") for n in range(4)]
    asking = entry if rule else dataclasses.replace(entry, same_person=math.inf)
    found = doubts([EnrolledPerson("Physics", "", rows)], asking)
    assert [remark.source for remark in found] == ["Physics"] * rule


def test_a_folder_of_numbered_photos_of_three_people(
    tmp_path: Path, networks: Settings, astronaut: Image.Image, hopper: Image.Image, drawn: Callable[[int], bytes]
) -> None:
    folder = tmp_path / "photos" / "Space"
    folder.mkdir(parents=True)
    for name, photo in {"1.jpg": encoded(astronaut), "2.jpg": encoded(hopper), "3.jpg": drawn(0)}.items():
        (folder / name).write_bytes(photo)
    report = build(tmp_path / "photos", tmp_path / "gallery", networks)
    assert report.layouts == {"Name/photo": 1}
    (remark,) = report.doubtful
    assert remark.source == "Space" and "3 photos show 3 different people: 1.jpg; 2.jpg; 3.jpg." in remark.text
    for number, name in enumerate(["Collins", "Hopper", "Drawn"], 1):
        (folder / f"{number}.jpg").rename(folder / f"{name}.jpg")
    report = build(tmp_path / "photos", tmp_path / "gallery", networks)
    assert (report.layouts, report.people, report.doubtful) == ({"Department/Name.jpg": 3}, 3, [])
