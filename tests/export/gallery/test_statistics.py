from __future__ import annotations

import dataclasses
from itertools import combinations

import numpy as np
import numpy.typing as npt
import pytest

from export.gallery import statistics as module
from export.gallery.statistics import QUANTILES, statistics
from lookalike.faces.manifest import EmbedderEntry

Array = npt.NDArray[np.float32]


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
    assert found.pairs == len(pairs) == len(counts) * (len(counts) - 1) // 2
    np.testing.assert_allclose(found.quantiles, np.quantile(pairs, np.linspace(0, 1, QUANTILES)), atol=1e-5)
    assert found.threshold == pytest.approx(np.quantile(np.nanmax(alike, axis=1), 0.9), abs=1e-5)
    assert (np.diff(found.quantiles) >= 0).all()


def test_blocks_give_what_the_whole_gives(entry: EmbedderEntry, monkeypatch: pytest.MonkeyPatch) -> None:
    rows, numbers = group([3, 1, 20, 5, 1, 1, 4, 2, 1, 1, 2])
    whole = statistics(rows, numbers, entry)
    monkeypatch.setattr(module, "_BLOCK", len(rows) * 4)  # four rows at a time: people are cut in two
    blocks = statistics(rows, numbers, entry)
    np.testing.assert_allclose(blocks.quantiles, whole.quantiles, atol=1e-6)
    assert blocks.threshold == pytest.approx(whole.threshold, abs=1e-6)


def test_a_draw_of_many_people_comes_close_and_is_the_same_every_time(entry: EmbedderEntry) -> None:
    rows, numbers = group([1, 2] * 400)
    whole, drawn = statistics(rows, numbers, entry), statistics(rows, numbers, entry, limit=80_000)
    assert whole.pairs == 800 * 799 // 2
    assert drawn.pairs == 100 * 799
    assert np.abs(drawn.quantiles[50:-50] - whole.quantiles[50:-50]).max() < 0.04
    assert drawn.threshold == pytest.approx(whole.threshold, abs=0.03)
    assert np.array_equal(drawn.quantiles, statistics(rows, numbers, entry, limit=80_000).quantiles)


def test_people_enrolled_twice_do_not_set_the_threshold(entry: EmbedderEntry) -> None:
    rows, numbers = group([1] * 60)
    threshold = statistics(rows, numbers, entry).threshold
    doubled = np.concatenate([rows, rows[:1]])
    found = statistics(doubled, np.ones(61, np.intp), entry)
    assert found.quantiles[-1] == pytest.approx(1)
    assert found.threshold == pytest.approx(threshold, abs=0.03)


@pytest.mark.parametrize(("people", "quantiles"), [(0, 0), (1, 0), (2, QUANTILES), (9, QUANTILES)])
def test_few_people_go_by_the_network_s_own_rule(entry: EmbedderEntry, people: int, quantiles: int) -> None:
    rows, numbers = group([2] * people)
    found = statistics(rows, numbers, dataclasses.replace(entry, same_person=0.456))
    assert (found.threshold, len(found.quantiles)) == (0.456, quantiles)
