"""Accuracy, ROC and ranks are what their definitions say, counted the slow way."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from export.evaluation.judge import balanced, best_threshold, roc, shows, similarities, verify
from export.evaluation.labelled import Pair

CASES = st.lists(st.tuples(st.booleans(), st.integers(-20, 20)), min_size=2, max_size=60).filter(
    lambda pairs: len({same for same, _ in pairs}) == 2
)


def arrays(pairs: list[tuple[bool, int]]) -> tuple[np.ndarray, np.ndarray]:
    same, values = zip(*pairs, strict=True)
    return np.array(same), np.array(values, np.float32) / 20


@given(CASES)
def test_no_threshold_is_right_more_often(pairs: list[tuple[bool, int]]) -> None:
    same, values = arrays(pairs)
    accuracy = balanced(same, values.astype(np.float64) >= best_threshold(same, values))
    possible = [-1.1, *np.arange(-21, 22) / 20 + 0.025]
    assert accuracy == pytest.approx(max(balanced(same, values >= threshold) for threshold in possible))


@given(CASES)
def test_roc_holds_every_threshold(pairs: list[tuple[bool, int]]) -> None:
    same, values = arrays(pairs)
    curve = roc(same, values)
    points = {(round(float(f), 9), round(float(t), 9)) for f, t in zip(curve.false, curve.true, strict=True)}
    for threshold in [-2.0, 2.0, *values.tolist()]:
        called = values >= np.float32(threshold)
        assert (round(float(called[~same].mean()), 9), round(float(called[same].mean()), 9)) in points
    # The area is the chance that a pair of one person is more alike than one of different people (Mann and Whitney).
    more = (values[same][:, None] > values[~same]).mean() + (values[same][:, None] == values[~same]).mean() / 2
    assert curve.area == pytest.approx(more)
    assert 0 <= curve.equal_error_rate <= 1
    assert curve.true_at(1.0) == 1


def test_equal_error_rate_of_known_errors() -> None:
    same = np.repeat([True, False], 10)
    # Two of each ten lie on the wrong side of zero.
    values = np.array([1.0] * 8 + [-0.5] * 2 + [-1.0] * 8 + [0.5] * 2, np.float32)
    assert roc(same, values).equal_error_rate == pytest.approx(0.2)
    assert roc(same, values).true_at(0.1) == pytest.approx(0.8)
    assert roc(same, -values).equal_error_rate == pytest.approx(0.8)
    parted = np.where(same, 1, -1).astype(np.float32)
    assert roc(same, parted).equal_error_rate == 0 and roc(same, parted).area == 1


def test_accuracy_is_cross_validated() -> None:
    # Each fold alone is parted well, but by a threshold that is wrong for the other.
    pairs = [Pair(0, 1, same, fold) for fold in (0, 1) for same in (True, False)]
    values = np.array([0.9, 0.5, 0.3, -0.5], np.float32)
    found = verify(pairs, values, rule=0.4)
    assert found.accuracy == 0.5  # thresholds of −0.1 and 0.7
    assert found.threshold == pytest.approx(0.3)
    assert found.rule is not None
    assert (found.rule.same, found.rule.different, found.rule.accuracy) == (0.5, 0.5, 0.5)
    assert found.same.tolist() == pytest.approx([0.9, 0.3]) and found.different.tolist() == pytest.approx([0.5, -0.5])


def test_one_fold_is_judged_by_itself() -> None:
    found = verify([Pair(0, 1, True, 0), Pair(0, 2, False, 0)], np.array([0.6, 0.2], np.float32), rule=0.1)
    assert found.rule is not None and (found.accuracy, found.deviation, found.rule.accuracy) == (1, 0, 0.5)
    assert found.threshold == pytest.approx(0.4)


def test_both_kinds_of_pairs_count_alike() -> None:
    same = np.array([True] + [False] * 99)
    assert balanced(same, np.zeros(100, bool)) == 0.5  # though 99 of 100 are right
    assert balanced(same, np.array([True] * 34 + [False] * 66)) == pytest.approx((1 + 66 / 99) / 2)
    assert balanced(same[1:], np.zeros(99, bool)) == 1


@pytest.mark.parametrize(("different", "shown"), [(999, False), (1000, True)])
def test_a_rate_is_shown_by_as_many_pairs_as_it_takes_for_one_mistake(different: int, shown: bool) -> None:
    assert shows(different, 0.001) == shown


def test_similarities_are_the_products() -> None:
    rows = np.array([[0, 0], [0, 0.61], [1.22, 0]], np.float32)
    pairs = [Pair(0, 0, True, 0), Pair(0, 1, True, 0), Pair(0, 2, False, 0)]
    assert similarities(rows, pairs, 0.61).tolist() == pytest.approx([1, 0.5, -1])
