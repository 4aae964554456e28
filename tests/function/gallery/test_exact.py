"""Search is exact, however large the gallery is and however little of it is read in full."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lookalike.arrays import Array, Index
from lookalike.gallery import exact as nearest
from lookalike.gallery.exact import Nearest


def brute_force(rows: Array, first_rows: Index, probe: Array, k: int) -> list[tuple[int, int]]:
    """(person, row) of the nearest, by distances in double precision, ties to the person that comes first."""
    squared = np.square(rows.astype(np.float64) - probe).sum(axis=1)
    ends = [*first_rows[1:].tolist(), len(rows)]
    best = [int(start + np.argmin(squared[start:end])) for start, end in zip(first_rows.tolist(), ends, strict=True)]
    order = sorted(range(len(best)), key=lambda person: (squared[best[person]], person))
    return [(person, best[person]) for person in order[:k]]


@pytest.fixture(params=["in full", "in bytes first"])
def size_of_large(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nearest, "LARGE", 10**12 if request.param == "in full" else 0)


@pytest.mark.usefixtures("size_of_large")
@pytest.mark.parametrize(
    ("people", "width", "k"), [(1, 4, 5), (75, 128, 5), (3000, 16, 50), (5000, 32, 5), (40, 512, 40)]
)
def test_finds_what_comparing_everything_finds(people: int, width: int, k: int) -> None:
    random = np.random.default_rng(people)
    counts = random.integers(1, 4, people)
    first_rows = np.concatenate([[0], np.cumsum(counts)[:-1]]).astype(np.intp)
    # As embeddings lie: not about zero, and of unequal length.
    rows = (random.normal(0.1, 0.1, (counts.sum(), width)) * random.uniform(0.5, 2, (counts.sum(), 1))).astype(
        np.float32
    )
    search = Nearest(rows, first_rows)
    for probe in [*random.normal(0.1, 0.1, (5, width)).astype(np.float32), rows[-1], np.zeros(width, np.float32)]:
        found, chosen, squared = search.people(probe, k)
        expected = brute_force(rows, first_rows, probe, k)
        assert list(zip(found.tolist(), chosen.tolist(), strict=True)) == expected
        exact = np.square(rows[chosen] - probe).sum(axis=1)
        assert np.allclose(squared, exact, atol=1e-5)


@pytest.mark.usefixtures("size_of_large")
def test_equal_people_come_in_the_gallerys_order() -> None:
    rows = np.tile(np.array([[1, 0], [0, 1]], np.float32), (6000, 1))
    found, _, squared = Nearest(rows, np.arange(12_000)).people(np.array([1, 0], np.float32), 5)
    assert found.tolist() == [0, 2, 4, 6, 8]
    assert squared.tolist() == [0, 0, 0, 0, 0]


@pytest.mark.usefixtures("size_of_large")
def test_rows_of_nothing_but_zeros_are_found_too() -> None:
    rows = np.array([[0, 0], [3, 4]], np.float32)
    found, _, squared = Nearest(rows, np.arange(2)).people(np.array([0, 0.5], np.float32), 2)
    assert found.tolist() == [0, 1]
    assert np.allclose(squared, [0.25, 9 + 3.5**2])


@settings(max_examples=60)
@given(seed=st.integers(0, 2**32 - 1), scale=st.floats(1e-3, 1e3), spread=st.floats(0, 10))
def test_the_bound_on_bytes_holds(seed: int, scale: float, spread: float) -> None:
    random = np.random.default_rng(seed)
    rows = (random.normal(spread, 1, (200, 24)) * scale).astype(np.float32)
    probe = random.normal(0, 1, 24).astype(np.float32)
    coarse = nearest._Coarse.of(rows)
    products, slack = coarse.products(probe)
    exact = rows.astype(np.float64) @ probe.astype(np.float64)
    assert (np.abs(products - exact) <= slack + 1e-6 * scale).all()


def test_bytes_and_how_far_they_are_off() -> None:
    """127 is a byte as it is, and 50.4 is 0.4 away from one; a probe of length 5 sees no more than five times that."""
    coarse = nearest._Coarse.of(np.array([[127, -50.4], [0, 0]], np.float32))
    assert coarse.values.tolist() == [[127, -50], [0, 0]]
    assert coarse.errors.tolist() == pytest.approx([0.4, 0], abs=1e-5)
    products, slack = coarse.products(np.array([3, 4], np.float32))
    assert products.tolist() == pytest.approx([127 * 3 - 50 * 4, 0])
    assert slack.tolist() == pytest.approx([5 * 0.4 * 1.01, 0], abs=1e-4)


@pytest.mark.usefixtures("size_of_large")
def test_nothing_is_nearer_than_the_very_same() -> None:
    rows = np.random.default_rng(9).normal(10, 3, (60, 64)).astype(np.float32)
    search = Nearest(rows, np.arange(60))
    for number, row in enumerate(rows):
        found, _, squared = search.people(row, 2)
        assert found[0] == number and squared[0] >= 0 and squared[0] < squared[1]
