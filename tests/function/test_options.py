"""Each option is held to its range where it is declared, at its bounds and one step past them."""

from __future__ import annotations

from typing import Any

import pytest

from lookalike.errors import InvalidParameter
from lookalike.options import CompareOptions, FindOptions, check_face, check_photos


@pytest.mark.parametrize(
    "allowed",
    [
        {"k": 1},
        {"k": 50},
        {"min_face_size": 20},
        {"min_face_size": 10_000},
        {"min_probability": 0},
        {"min_probability": 1},
        {"include": ("crop", "embedding", "mirror", "explanation")},
    ],
)
def test_options_at_their_bounds_are_taken(allowed: dict[str, Any]) -> None:
    assert FindOptions.of(allowed).model_dump(include=set(allowed)) == allowed


@pytest.mark.parametrize(
    ("wrong", "rule"),
    [
        ({"k": 0}, "1–50"),
        ({"k": 51}, "1–50"),
        ({"k": 2.5}, "1–50"),
        ({"k": True}, "1–50"),
        ({"k": "many"}, "1–50"),
        ({"k": [1, 2]}, "1–50"),
        ({"min_face_size": float("nan")}, "20–10000"),
        ({"min_face_size": True}, "20–10000"),
        ({"min_face_size": 19.9}, "20–10000"),
        ({"min_face_size": 10_001}, "20–10000"),
        ({"min_probability": -0.01}, "0–1"),
        ({"min_probability": 1.01}, "0–1"),
        ({"include": ("crop", "everything")}, "crop, embedding, mirror, explanation"),
        ({"include": 3}, "crop, embedding, mirror, explanation"),
        ({"include": [3]}, "crop, embedding, mirror, explanation"),
    ],
)
def test_options_past_their_bounds_are_named_with_the_rule(wrong: dict[str, Any], rule: str) -> None:
    with pytest.raises(InvalidParameter, match=next(iter(wrong))) as caught:
        FindOptions.of(wrong)
    assert rule in caught.value.sentence("en") and rule in caught.value.sentence("ko")


def test_what_is_empty_or_unknown_was_not_given() -> None:
    assert FindOptions.of({"k": "", "min_face_size": None, "other": 3}) == FindOptions()


def test_names_come_in_a_list_or_with_commas() -> None:
    for given in ("crop, mirror", ["crop", "mirror"], ["crop,mirror"], ("crop", "mirror")):
        assert FindOptions.of({"include": given}).include == ("crop", "mirror")


def test_the_rule_is_told_in_the_readers_language() -> None:
    with pytest.raises(InvalidParameter) as caught:
        FindOptions.of({"k": 0})
    assert caught.value.sentence("en") == "“k” must be a whole number, 1–50."
    assert caught.value.sentence("ko") == "“k” 값이 올바르지 않습니다 (조건: 1–50 사이의 정수)."


def test_takes_one_to_five_photos() -> None:
    for count in (1, 5):
        check_photos(count)
    for count in (0, 6):
        with pytest.raises(InvalidParameter, match="1–5 photos"):
            check_photos(count)


def test_faces_to_compare_are_numbered_from_nought_to_ninety_nine() -> None:
    assert CompareOptions.of({}) == CompareOptions(a_face=0, b_face=0)
    assert CompareOptions.of({"a_face": 99, "b_face": 0}).a_face == 99
    for wrong in (-1, 100, 1.5, True):
        with pytest.raises(InvalidParameter, match="0–99"):
            CompareOptions.of({"b_face": wrong})


def test_a_face_is_one_of_those_found() -> None:
    check_face("a_face", 3, 4)
    with pytest.raises(InvalidParameter, match="“a_face” must be less than 4"):
        check_face("a_face", 4, 4)


def test_what_was_asked_does_not_change() -> None:
    with pytest.raises(ValueError, match="frozen"):
        FindOptions().k = 3


def test_by_default_five_people_and_nothing_more() -> None:
    assert FindOptions().model_dump() == {"k": 5, "min_face_size": None, "min_probability": None, "include": ()}


@pytest.mark.parametrize("given", ["", ",", " , ", [], [" "]])
def test_no_names_are_no_parts(given: Any) -> None:
    assert FindOptions.of({"include": given}).include == ()
