"""What a similarity means in a gallery, in percent of its pairs and of its people, and never rounded up."""

from __future__ import annotations

import numpy as np
import pytest

from lookalike.gallery.people import percent
from lookalike.gallery.scale import Scale, rounded_down, scale_of, standing_out

PAIRS = np.array([-0.2, 0.0, 0.4], np.float32)
NEAREST = np.array([0.1, 0.5, 0.7], np.float32)


def test_percent_is_half_of_one_and_the_similarity() -> None:
    assert [percent(value) for value in (-1, 0, 1)] == [0, 50, 100]


def test_a_similarity_is_compared_with_all_pairs_and_with_the_nearest() -> None:
    scale = Scale(PAIRS, 0.3, NEAREST)
    assert [round(scale.closer_than(value), 3) for value in (-0.5, -0.2, 0.0, 0.2, 0.9)] == [0, 0, 50, 75, 100]
    assert [round(scale.closer_than_nearest(value), 3) for value in (0.1, 0.3, 0.5, 0.9)] == [0, 25, 50, 100]


def test_a_gallery_of_one_person_has_no_scale() -> None:
    scale = Scale(np.empty(0, np.float32), 0.3)
    assert scale.closer_than(0.9) == scale.closer_than_nearest(0.9) == 0


@pytest.mark.parametrize(("value", "shown"), [(0, 0), (64.1, 64.1), (97.19, 97.1), (99.999, 99.9), (100, 100)])
def test_percents_are_rounded_down_to_one_digit(value: float, shown: float) -> None:
    assert rounded_down(value) == shown


def test_whole_percents_are_rounded_down_too() -> None:
    assert (rounded_down(99.99, 0), rounded_down(100, 0), rounded_down(0.29 * 100, 0)) == (99, 100, 29)


def test_the_middle_of_pairs_and_of_the_nearest() -> None:
    scale = Scale(PAIRS, 0.3, NEAREST)
    assert (scale.median_pair, scale.median_nearest) == (0.0, 0.5)
    nobody = Scale(np.empty(0, np.float32), 0.3)
    assert (nobody.median_pair, nobody.median_nearest) == (None, None)


@pytest.mark.parametrize("broken", [{"pairs": {"quantiles": [0.4, 0.3]}}, {"nearest": {"quantiles": [0.4, 0.3]}}])
def test_quantiles_that_do_not_ascend_are_refused(broken: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="ascend"):
        scale_of(
            {"pairs": {"quantiles": [-0.2, 0.4]}, "nearest": {"quantiles": [0.3]}, "stands_out": None} | broken, 0.52
        )


@pytest.mark.parametrize("told", [0, -1, float("inf"), float("nan"), "far", [3]])
def test_standing_out_is_a_number_above_nothing(told: object) -> None:
    index = {"pairs": {"quantiles": []}, "nearest": {"quantiles": []}, "stands_out": told}
    with pytest.raises((ValueError, TypeError)):
        scale_of(index, 0.52)
    assert scale_of(index | {"stands_out": 1e-9}, 0.52).stands_out == 1e-9
    assert scale_of(index | {"stands_out": None}, 0.52).stands_out is None


def test_equal_quantiles_ascend_and_what_is_no_row_of_numbers_does_not() -> None:
    index: dict[str, object] = {"nearest": {"quantiles": [0.1]}, "stands_out": None}
    assert scale_of(index | {"pairs": {"quantiles": [0.25, 0.25]}}, 0.5).quantiles.tolist() == [0.25, 0.25]
    for broken in (0.25, [[0.25]], [0.25, float("nan")], [float("inf")]):
        with pytest.raises(ValueError, match="ascend"):
            scale_of(index | {"pairs": {"quantiles": broken}}, 0.5)


def test_two_quantiles_are_a_scale_and_one_is_none() -> None:
    assert Scale(np.array([0.0, 0.5], np.float32), 0.3).closer_than(0.25) == 50
    assert Scale(np.array([0.1], np.float32), 0.3).closer_than(0.9) == 0
    assert Scale(np.array([0.1], np.float32), 0.3).median_pair == pytest.approx(0.1)


def test_standing_out_is_counted_in_deviations_from_the_middle() -> None:
    """Of 0.00, 0.01 … 0.10 the middle is 0.05, and from the tenth to the ninetieth percentile it is 0.08."""
    cohort = np.arange(11, dtype=np.float32)[::-1] / np.float32(100)
    assert standing_out(0.13, cohort) == pytest.approx(0.08 / (0.08 / 2.5631), rel=1e-4)
    assert standing_out(0.05, cohort) == pytest.approx(0, abs=1e-5)
    assert standing_out(0.13, np.full(11, 0.05, np.float32)) == 0.0
