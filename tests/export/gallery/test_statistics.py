"""How alike a gallery's people are, against the plain definition; what is probably one person counts nowhere."""

from __future__ import annotations

import dataclasses
from itertools import combinations

import numpy as np
import numpy.typing as npt
import pytest

from export.gallery import likeness
from export.gallery.statistics import _drawn, statistics
from lookalike.faces.embedder import Embedder
from lookalike.faces.manifest import EmbedderEntry

Array = npt.NDArray[np.float32]


@pytest.fixture
def entry(embedder: Embedder) -> EmbedderEntry:
    """A rule that no two of these people reach."""
    return dataclasses.replace(embedder.entry, same_person=0.97)


def group(counts: list[int], width: int = 16, seed: int = 3) -> tuple[Array, npt.NDArray[np.intp]]:
    random = np.random.default_rng(seed)
    rows = random.normal(size=(sum(counts), width), scale=0.12).astype(np.float32)
    return rows, np.array(counts, np.intp)


def by_hand(rows: Array, counts: npt.NDArray[np.intp], radius: float) -> npt.NDArray[np.float64]:
    """[people,people]: the plain definition, a pair at a time."""
    people = np.split(rows.astype(np.float64), np.cumsum(counts)[:-1])
    alike = np.full((len(people), len(people)), np.nan)
    for one, other in combinations(range(len(people)), 2):
        nearest = min(float(np.sum((a - b) ** 2)) for a in people[one] for b in people[other])
        alike[one, other] = alike[other, one] = np.clip(1 - nearest / (2 * radius**2), -1, 1)
    return alike


@pytest.mark.parametrize("counts", [[1] * 12, [3, 1, 2, 5, 1, 1, 4, 2, 1, 1, 2]])
def test_equal_to_the_definition(entry: EmbedderEntry, counts: list[int]) -> None:
    rows, numbers = group(counts)
    found = statistics(rows, numbers, entry)
    alike = by_hand(rows, numbers, entry.radius)
    pairs = alike[np.triu_indices(len(counts), 1)]
    shares = np.linspace(0, 1, 1001)
    assert found.pairs == len(pairs) == len(counts) * (len(counts) - 1) // 2
    np.testing.assert_allclose(found.quantiles, np.quantile(pairs, shares), atol=1e-5)
    np.testing.assert_allclose(found.nearest, np.quantile(np.nanmax(alike, axis=1), shares), atol=1e-5)
    assert (np.diff(found.quantiles) >= 0).all() and found.stands_out is None


def test_how_far_the_nearest_stand_out(entry: EmbedderEntry) -> None:
    # A few directions with far more weight than others: as of real faces, some people have a very near other.
    rows, numbers = group([1] * 200, width=3, seed=9)
    alike = by_hand(rows, numbers, entry.radius)
    expected = []
    for row in alike:
        low, middle, high = np.nanquantile(row, (0.1, 0.5, 0.9))
        expected.append((np.nanmax(row) - middle) / ((high - low) / 2.5631))
    found = statistics(rows, numbers, dataclasses.replace(entry, same_person=2.0)).stands_out
    assert found == pytest.approx(max(2.9, np.quantile(expected, 0.95)), abs=1e-4)


@pytest.mark.parametrize(("people", "known"), [(29, False), (30, True)])
def test_of_too_few_people_it_cannot_be_told_what_stands_out(entry: EmbedderEntry, people: int, known: bool) -> None:
    assert (statistics(*group([1] * people), entry).stands_out is not None) == known


def test_blocks_give_what_the_whole_gives(entry: EmbedderEntry, monkeypatch: pytest.MonkeyPatch) -> None:
    rows, numbers = group([3, 1, 20, 5, 1, 1, 4, 2, 1, 1, 2])
    whole = statistics(rows, numbers, entry)
    monkeypatch.setattr(likeness, "_BLOCK", len(rows) * 4)  # four rows at a time: people are cut in two
    blocks = statistics(rows, numbers, entry)
    np.testing.assert_allclose(blocks.quantiles, whole.quantiles, atol=1e-6)
    np.testing.assert_allclose(blocks.nearest, whole.nearest, atol=1e-6)


def test_a_draw_of_many_people_comes_close_and_is_the_same_every_time(entry: EmbedderEntry) -> None:
    rows, numbers = group([1, 2] * 400)
    whole, drawn = statistics(rows, numbers, entry), statistics(rows, numbers, entry, limit=80_000)
    assert whole.pairs == 800 * 799 // 2
    assert drawn.pairs == 100 * 799
    assert np.abs(drawn.quantiles[50:-50] - whole.quantiles[50:-50]).max() < 0.04
    assert np.abs(drawn.nearest[100:-100] - whole.nearest[100:-100]).max() < 0.05
    assert np.array_equal(drawn.quantiles, statistics(rows, numbers, entry, limit=80_000).quantiles)


def test_everybody_is_compared_up_to_the_limit_and_beyond_it_as_many_as_give_that_many_pairs() -> None:
    """Ten people are 45 pairs; each one drawn is compared with ten, and one is drawn in any case."""
    assert _drawn(10, 45).tolist() == list(range(10))
    assert [len(set(_drawn(10, limit).tolist())) for limit in (44, 20, 19, 3)] == [4, 2, 1, 1]
    drawn = _drawn(1000, 300_000)
    assert drawn.tolist() == sorted(drawn.tolist()) and len(drawn) == 300 and drawn[-1] > 900


@pytest.mark.parametrize("doubles", [1, 2, 3])
@pytest.mark.parametrize("people", [3, 10, 60])
def test_people_enrolled_twice_change_nothing(entry: EmbedderEntry, people: int, doubles: int) -> None:
    rows, _ = group([1] * people)
    before = statistics(rows, np.ones(people, np.intp), entry)
    doubled = np.concatenate([rows, rows[:doubles] + np.float32(0.001)])
    after = statistics(doubled, np.ones(people + doubles, np.intp), entry)
    # Whoever is there twice weighs twice as much; nobody is compared with themselves.
    assert after.quantiles[-1] == pytest.approx(before.quantiles[-1], abs=0.01)
    assert after.nearest[-1] == pytest.approx(before.nearest[-1], abs=0.01)
    assert after.pairs == (people + doubles) * (people + doubles - 1) // 2 - doubles


def test_where_most_reach_the_rule_it_is_not_meant_and_all_are_different_people(entry: EmbedderEntry) -> None:
    rows, numbers = group([1] * 12)
    dense = statistics(rows * np.float32(0.1), numbers, entry)
    assert dense.pairs == 66 and dense.quantiles[0] > entry.same_person


@pytest.mark.parametrize(("people", "quantiles"), [(0, 0), (1, 0), (2, 1001), (9, 1001)])
def test_nobody_to_compare_with(entry: EmbedderEntry, people: int, quantiles: int) -> None:
    found = statistics(*group([2] * people), entry)
    assert (len(found.quantiles), len(found.nearest), found.stands_out) == (quantiles, quantiles, None)
