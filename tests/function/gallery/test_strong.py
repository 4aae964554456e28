"""From where on a likeness is strong: the network's rule, or what stands out from everybody; no double moves it."""

from __future__ import annotations

import numpy as np
import pytest

from lookalike.arrays import Array
from lookalike.gallery.scale import Scale, standing_out

RULE = 0.52
NOTHING = np.empty(0, np.float32)


def scale(stands_out: float | None = 2.9, rule: float = RULE) -> Scale:
    return Scale(NOTHING, rule, NOTHING, stands_out)


def strangers(people: int, mean: float = 0.0, deviation: float = 0.1) -> Array:
    return np.random.default_rng(people).normal(mean, deviation, people).astype(np.float32)


def test_it_is_so_many_deviations_beyond_the_middle() -> None:
    # 101 values from −0.2 to 0.2: 10th, 50th and 90th percentile are −0.16, 0 and 0.16.
    cohort = np.linspace(-0.2, 0.2, 101).astype(np.float32)
    assert scale(2.9).strong_from(cohort) == pytest.approx(2.9 * 0.32 / 2.5631, abs=1e-6)
    assert scale(3.5).strong_from(cohort) == pytest.approx(3.5 * 0.32 / 2.5631, abs=1e-6)
    assert standing_out(0.32 / 2.5631, cohort) == pytest.approx(1, abs=1e-5)
    assert standing_out(-0.64 / 2.5631, cohort) == pytest.approx(-2, abs=1e-5)


def test_it_is_interpolated_between_neighbours() -> None:
    # At (n − 1) · share: 3.1, 15.5 and 27.9 of 0 … 31.
    cohort = np.linspace(0, 0.31, 32).astype(np.float32)
    assert scale(2.9, rule=9).strong_from(cohort) == pytest.approx(0.155 + 2.9 * (0.279 - 0.031) / 2.5631, abs=1e-6)


def test_where_nobody_can_be_compared_with_only_the_network_s_rule_counts() -> None:
    assert scale(None).strong_from(strangers(12)) == RULE
    assert scale(2.9).strong_from(NOTHING) == RULE


def test_it_is_never_above_the_network_s_rule() -> None:
    assert scale().strong_from(strangers(50, mean=0.6)) == RULE
    assert scale().strong_from(strangers(50)) < RULE


@pytest.mark.parametrize("doubles", [0, 1, 2, 3])
def test_people_enrolled_twice_hardly_move_it(doubles: int) -> None:
    # Someone seen in another light than all others: alike by 0.45 only, where nobody else is by 0.2.
    cohort = np.append(strangers(60, deviation=0.07), [0.45] * (1 + doubles)).astype(np.float32)
    assert 0.15 < scale().strong_from(cohort) < 0.35


def test_only_what_stands_out_counts_and_not_how_alike_everybody_is() -> None:
    here = strangers(75)
    assert scale(rule=9).strong_from(here - 0.2) == pytest.approx(scale(rule=9).strong_from(here) - 0.2, abs=1e-5)


def test_from_people_who_are_all_the_same_nobody_stands_out() -> None:
    assert standing_out(0.3, np.full(40, 0.3, np.float32)) == 0
