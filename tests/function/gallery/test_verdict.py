"""One word for what the first matches amount to."""

from __future__ import annotations

import numpy as np
import pytest

from lookalike.gallery.people import Match, Person
from lookalike.gallery.verdict import verdict


def match(similarity: float, strong: bool = False) -> Match:
    return Match(1, Person("a", "A", "", ()), "a.jpg", similarity, 50.0, 50.0, strong, np.zeros(4, np.float32))


@pytest.mark.parametrize(
    ("matches", "word"),
    [
        ([], "none"),
        ([match(0.8, strong=True), match(0.8)], "strong"),
        ([match(0.4), match(0.3801)], "close"),  # 70.0 and 69.005 percent
        ([match(0.4), match(0.3799)], "clear"),  # 70.0 and 68.995 percent
        ([match(0.5), match(0.48)], "clear"),  # 75 and 74 percent: a whole point apart
        ([match(0.4)], "clear"),
        ([match(0.001)], "clear"),
        ([match(0.0), match(-0.5)], "none"),
        ([match(-0.1), match(-0.1)], "none"),
        ([match(-0.1, strong=True)], "strong"),
    ],
)
def test_the_verdict_follows_the_first_two(matches: list[Match], word: str) -> None:
    assert verdict(matches) == word
