"""Enrolled people and their form in the people file."""

from __future__ import annotations

import dataclasses
import json

import numpy as np
import pytest

from export.gallery.people import EnrolledPerson, Enrolment, Origin, Row, from_json, ordered, to_json


def row(sha256: str, origin: Origin = "build", notes: tuple[str, ...] = ()) -> Row:
    return Row(Enrolment(sha256, f"{sha256}.jpg", notes, np.array([1, 2], np.float32)), f"from {sha256}", origin)


KIM = EnrolledPerson("김", "Arts", [row("a", "add", ("too small", "turned")), row("b", "import")], {"office": "301"})
LEE = EnrolledPerson("Lee", "", [row("c")])


def told(person: EnrolledPerson) -> object:
    """All that is known of a person, so that two can be compared."""
    rows = [
        (dataclasses.astuple(dataclasses.replace(row.enrolment, embedding=None)), row.source, row.origin)  # type: ignore[arg-type]
        for row in person.rows
    ]
    return person.name, person.department, person.metadata, rows


def test_the_people_file_gives_back_whom_it_was_made_of_each_photo_with_its_own_embedding() -> None:
    numbers = np.arange(3, dtype=np.float32)[:, np.newaxis]
    again = from_json(json.loads(to_json([KIM, LEE])), numbers)
    assert list(map(told, again)) == [told(KIM), told(LEE)]
    assert [photo.enrolment.embedding.tolist() for person in again for photo in person.rows] == [[0], [1], [2]]


def test_names_can_be_read_in_the_people_file() -> None:
    assert '"name": "김"' in to_json([KIM]).decode()


def test_photos_of_a_file_that_does_not_say_were_brought_by_a_build_without_a_note() -> None:
    photo = {"sha256": "a", "portrait": "a.jpg", "source": "a"}
    (person,) = from_json([{"name": "Lee", "department": "", "photos": [photo]}], iter([np.zeros(1, np.float32)]))
    assert (person.rows[0].origin, person.rows[0].enrolment.notes, person.metadata) == ("build", (), {})


def test_nobody_is_in_an_empty_file() -> None:
    assert from_json(json.loads(to_json([])), []) == []


@pytest.mark.parametrize(
    ("person", "by_hand"),
    [(KIM, ["a", "b"]), (LEE, []), (EnrolledPerson("Park", "", [row("d"), row("e", "add")]), ["e"])],
)
def test_what_no_build_brought_was_added_by_hand(person: EnrolledPerson, by_hand: list[str]) -> None:
    assert [photo.content for photo in person.rows_by_hand()] == by_hand


def test_a_photo_is_told_by_its_bytes_or_where_there_are_none_by_its_portrait() -> None:
    drawn = Row(Enrolment("", "drawn.jpg", (), np.zeros(2, np.float32)), "", "import")
    assert (row("a").content, drawn.content) == ("a", "drawn.jpg")


def test_people_stand_by_department_and_name_whichever_came_first() -> None:
    ada, kim = EnrolledPerson("Ada", "Science", []), EnrolledPerson("Kim", "Arts", [])
    assert [(one.department, one.name) for one in ordered([ada, kim, KIM, LEE])] == [
        ("", "Lee"),
        ("Arts", "Kim"),
        ("Arts", "김"),
        ("Science", "Ada"),
    ]
