"""Each option is held to its range where it is declared, at its bounds and one step past them."""

from __future__ import annotations

from typing import Any

import pytest

from lookalike.errors import InvalidParameter
from lookalike.options import FindOptions, check_photos


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
    FindOptions(**allowed)


@pytest.mark.parametrize(
    ("wrong", "rule"),
    [
        ({"k": 0}, "1–50"),
        ({"k": 51}, "1–50"),
        ({"min_face_size": 19.9}, "20–10000"),
        ({"min_face_size": 10_001}, "20–10000"),
        ({"min_probability": -0.01}, "0–1"),
        ({"min_probability": 1.01}, "0–1"),
        ({"include": ("crop", "everything")}, "crop, embedding, mirror, explanation"),
    ],
)
def test_options_past_their_bounds_are_named_with_the_rule(wrong: dict[str, Any], rule: str) -> None:
    with pytest.raises(InvalidParameter, match=next(iter(wrong))) as caught:
        FindOptions(**wrong)
    assert caught.value.facts["rule"] == rule


def test_takes_one_to_five_photos() -> None:
    for count in (1, 5):
        check_photos(count)
    for count in (0, 6):
        with pytest.raises(InvalidParameter, match="1–5 photos"):
            check_photos(count)
