"""Errors keep their slugs and statuses, for programs go by them; and say what to do, in both languages."""

from __future__ import annotations

import pytest

from lookalike import errors
from lookalike.errors import LookalikeError, NoFace, SetupError

STATUSES = {
    "bad-request": 400,
    "wrong-address": 403,
    "not-found": 404,
    "method-not-allowed": 405,
    "no-such-range": 416,
    "too-large": 413,
    "unsupported-body": 415,
    "unsupported-photo": 415,
    "damaged-photo": 422,
    "took-too-long": 422,
    "no-face": 422,
    "invalid-parameter": 422,
    "other-network": 409,
    "busy": 503,
    "unavailable": 503,
    "internal": 500,
    "setup": 500,
}


def test_every_kind_has_the_status_that_is_promised() -> None:
    kinds = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, LookalikeError)]
    assert {kind.slug: kind.status for kind in kinds} == STATUSES


def test_a_sentence_in_the_readers_language() -> None:
    error = errors.TooLarge(size="9.3 MB", limit="4.4 MB")
    assert str(error) == "The upload has 9.3 MB, more than the 4.4 MB allowed. Send a smaller photo."
    assert error.sentence("ko") == "업로드한 크기가 9.3 MB로 허용된 4.4 MB를 넘습니다. 더 작은 사진을 보내 주세요."
    assert error.hint is None


@pytest.mark.parametrize(
    ("hint", "english", "korean"),
    [
        ("too-dark", "It is very dark", "너무 어둡습니다"),
        ("blurred", "It is blurred", "흐립니다"),
        ("none-found", "Let the whole face be seen", "정면으로"),
        ("", "Let the whole face be seen", "정면으로"),
    ],
)
def test_no_face_says_what_would_help(hint: str, english: str, korean: str) -> None:
    error = NoFace(hint=hint)
    assert english in error.sentence("en") and error.sentence("en").startswith("No face was found in the photo.")
    assert korean in error.sentence("ko") and error.sentence("ko").startswith("사진에서 얼굴을 찾지 못했습니다.")
    assert error.hint == hint and NoFace().hint == "none-found"


def test_a_rule_of_numbers_alone_needs_no_translation() -> None:
    assert "1, 2" in errors.InvalidParameter(name="x", rule="1, 2").sentence("ko")
    assert "둘" in errors.InvalidParameter(name="x", rule="two", rule_ko="둘").sentence("ko")


def test_what_is_wrong_with_the_installation_is_said_in_english() -> None:
    error: SetupError = errors.MissingFile(path="m", command="make m")
    assert error.sentence("ko") == error.sentence("en") == "m is missing. Make it with: make m"
