"""The page's limits and its types are what the API declares now."""

from __future__ import annotations

import pytest

from infra.page_contract import CONVERTER, LIMITS, TYPES, limits, types

AGAIN = "write it anew: python -m infra.page_contract"


def test_the_page_has_the_limits_of_the_api() -> None:
    assert LIMITS.read_text() == limits(), AGAIN


def test_a_small_face_has_less_than_three_fifths_of_dlib_s_input_of_150_pixels() -> None:
    assert "\nexport const SMALL_FACE = 90;\n" in limits()


@pytest.mark.skipif(not CONVERTER.exists(), reason="npm's packages are not installed")
def test_the_page_has_the_types_of_the_answers() -> None:
    assert TYPES.read_text() == types(), AGAIN
