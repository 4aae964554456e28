"""Who is most like whom, counted the slow way."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from export.evaluation.ranks import nearest_rows, own_person_first, same_winner, strangers_strong, winner_agreement
from lookalike.faces.embedder import Embedder
from tests.support import with_recipe


def test_ranks() -> None:
    people = ["a", "a", "b", "b", "c"]
    rows = np.array([[0, 0], [1, 0], [9, 0], [2, 0], [8, 0]], np.float32)
    # Of a's photos both find each other; b's find c and a.
    assert own_person_first(rows, people) == 0.5
    assert own_person_first(rows[[0, 2, 4]], ["a", "b", "c"]) is None
    assert nearest_rows(rows, np.array([0, 0, 1, 1, 2])).tolist() == [3, 3, 4, 1, 2]
    assert same_winner(rows, rows, people) == 1
    moved = rows.copy()
    moved[0] = [7.5, 0]  # a's first photo now has c beside it; and c has a
    assert same_winner(moved, rows, people) == pytest.approx(3 / 5)


def test_blocks_do_not_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    random = np.random.default_rng(1)
    rows, owners = random.normal(0, 1, (100, 8)).astype(np.float32), random.integers(0, 30, 100)
    whole = nearest_rows(rows, owners)
    monkeypatch.setattr("export.evaluation.ranks.BLOCK", 7)
    assert np.array_equal(nearest_rows(rows, owners), whole)


def test_photos_of_one_person_vote_for_the_same_stranger() -> None:
    people = ["a", "a", "a", "b", "c"]
    # a's photos: two have b beside them, one c; of their three pairs, one agrees.
    rows = np.array([[0, 0], [1, 0], [9, 0], [2, 0], [10, 0]], np.float32)
    assert winner_agreement(rows, people) == pytest.approx(1 / 3)
    assert winner_agreement(rows[[0, 1, 3, 4]], ["a", "a", "b", "c"]) == 1
    assert winner_agreement(rows[[0, 3, 4]], ["a", "b", "c"]) is None  # nobody has two photos
    assert winner_agreement(rows[[0, 1, 3]], ["a", "a", "b"]) is None  # nobody else to find


def test_everybody_s_photos_count_alike() -> None:
    # a's four photos agree; b's two do not.
    people = ["a"] * 4 + ["b"] * 2 + ["c", "d"]
    rows = np.array([[0, 0]] * 4 + [[20, 0], [40, 0]] + [[10, 0], [50, 0]], np.float32)
    assert winner_agreement(rows, people) == 0.5


def test_strangers_are_strong_as_the_product_would_call_them(embedder: Embedder) -> None:
    entry = dataclasses.replace(with_recipe(embedder.entry, width=2, radius=1.0), same_person=0.5)
    # Squared distances below 1 reach the rule: a and b are 0.95 apart at the nearest, c is far from everybody.
    rows = np.array([[0, 0], [0.1, 0], [1.05, 0], [5, 5]], np.float32)
    assert strangers_strong(rows, ["a", "a", "b", "c"], entry) == 0.5  # a's second photo, and b's
    assert strangers_strong(rows[::-1].copy(), ["c", "b", "a", "a"], entry) == 0.5
