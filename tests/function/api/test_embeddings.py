"""Embeddings and spreads are taken at their bounds and refused a step past them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from lookalike.api.embeddings import read_embeddings, read_spreads
from lookalike.errors import InvalidParameter, OtherNetwork
from lookalike.faces.manifest import EmbedderEntry, read_manifest
from lookalike.settings import Settings
from tests.support import with_recipe


@pytest.fixture(scope="module")
def entry() -> EmbedderEntry:
    return with_recipe(read_manifest(Settings().models, "size").embedder, width=3)


def given(entry: EmbedderEntry, rows: Any) -> dict[str, Any]:
    return {"fingerprint": entry.fingerprint, "embeddings": rows}


@pytest.mark.parametrize("rows", [[[0, -1000, 1000]], [[0.5, 1, 2]] * 100])
def test_as_much_as_is_allowed_is_taken(entry: EmbedderEntry, rows: Any) -> None:
    found = read_embeddings(given(entry, rows), entry)
    assert found.dtype == np.float32 and found.tolist() == rows


@pytest.mark.parametrize(
    "rows",
    [[], [[0.5, 1, 2]] * 101, [[0, 0]], [[0] * 4], [[0, 0, 1001]], [[0, 0, -1001]], [[0, 0, True]], [[0, 0, "0"]], [3]],
    ids=str,
)
def test_a_step_more_is_refused(entry: EmbedderEntry, rows: Any) -> None:
    with pytest.raises(InvalidParameter, match=r"1–100 rows of 3 numbers from −1000 to 1000") as caught:
        read_embeddings(given(entry, rows), entry)
    assert "−1000부터 1000까지의 수 3개씩 1–100줄" in caught.value.sentence("ko")


def test_another_networks_are_refused_before_they_are_looked_at(entry: EmbedderEntry) -> None:
    with pytest.raises(OtherNetwork):
        read_embeddings({"fingerprint": "other", "embeddings": 3}, entry)


def test_spreads_are_none_unless_given() -> None:
    assert read_spreads({}, 2) == [0, 0]
    assert read_spreads({"spreads": [0, 1000]}, 2) == [0, 1000]
    assert read_spreads({"spreads": []}, 0) == []


@pytest.mark.parametrize(
    "spreads", [[0], [0, 0, 0], [0, 1000.5], [0, -1e-9], [0, True], [0, None], (0, 0), "00"], ids=str
)
def test_a_spread_is_a_number_from_nought_to_a_thousand_for_each(spreads: Any) -> None:
    with pytest.raises(InvalidParameter, match="one number from 0 to 1000 for each embedding"):
        read_spreads({"spreads": spreads}, 2)
