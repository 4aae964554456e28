"""Wilson's interval, against published figures."""

from __future__ import annotations

import pytest

from export.evaluation.intervals import wilson


@pytest.mark.parametrize(
    ("share", "trials", "low", "high"),
    [
        # Newcombe (1998), table I, method 3: 81 of 263, 15 of 148, 0 of 20, 1 of 29.
        (81 / 263, 263, 0.2553, 0.3662),
        (15 / 148, 148, 0.0624, 0.1605),
        (0, 20, 0, 0.1611),
        (1 / 29, 29, 0.0061, 0.1718),
    ],
)
def test_it_is_wilson_s(share: float, trials: int, low: float, high: float) -> None:
    assert wilson(share, trials) == pytest.approx((low, high), abs=5e-5)
    assert wilson(1 - share, trials) == pytest.approx((1 - high, 1 - low), abs=5e-5)


def test_nothing_tried_says_nothing() -> None:
    assert wilson(0.5, 0) == (0, 1)
