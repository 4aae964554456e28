"""Everybody's similarity to a probe, by their most alike photo; of very many people, a thousand of them."""

from __future__ import annotations

import numpy as np
import pytest

from lookalike.faces.embedder import similarity_from
from lookalike.gallery.cohort import MOST_PEOPLE, Cohort

RADIUS = 0.61


def people(counts: list[int], width: int = 8) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    random = np.random.default_rng(4)
    rows = random.normal(0, 0.2, (sum(counts), width)).astype(np.float32)
    return rows, np.cumsum(counts) - counts, random.normal(0, 0.2, width).astype(np.float32)


@pytest.mark.parametrize("spread", [0.0, 0.05])
def test_everybody_counts_by_their_most_alike_photo(spread: float) -> None:
    counts = [1, 3, 2, 5]
    rows, first_rows, probe = people(counts)
    squared = np.square(rows - probe).sum(axis=1) + spread
    owners = np.repeat(range(4), counts)
    expected = [float(similarity_from(squared[owners == person].min(), RADIUS)) for person in range(4)]
    found = Cohort(rows, first_rows, RADIUS).similarities(probe, spread)
    assert found.tolist() == pytest.approx(expected, abs=1e-6)


def test_of_many_people_as_many_from_every_part_of_the_gallery() -> None:
    counts = [1 + number % 3 for number in range(2 * MOST_PEOPLE)]
    rows, first_rows, probe = people(counts)
    everybody = np.array(
        [
            similarity_from(np.square(rows[first : first + count] - probe).sum(axis=1).min(), RADIUS)
            for first, count in zip(first_rows, counts, strict=True)
        ]
    )
    found = Cohort(rows, first_rows, RADIUS).similarities(probe)
    assert found.tolist() == pytest.approx(everybody[::2].tolist(), abs=1e-6)
    assert len(Cohort(rows[: first_rows[MOST_PEOPLE]], first_rows[:MOST_PEOPLE], RADIUS).similarities(probe)) == 1000
    assert len(Cohort(rows[: first_rows[1001]], first_rows[:1001], RADIUS).similarities(probe)) == MOST_PEOPLE


def test_nobody_is_like_anybody() -> None:
    rows, first_rows, probe = people([])
    assert len(Cohort(rows, first_rows.astype(np.intp), RADIUS).similarities(probe)) == 0
