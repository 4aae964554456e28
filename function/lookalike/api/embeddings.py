"""The body of POST /api/search: embeddings that a device measured itself, taken for what they claim to be or refused."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from lookalike.arrays import Array
from lookalike.errors import InvalidParameter, OtherNetwork
from lookalike.faces.manifest import EmbedderEntry
from lookalike.options import MAX_FACES

LARGEST = 1000  # many times what any network gives; squares of it are still far from infinite


def read_embeddings(given: Mapping[str, Any], entry: EmbedderEntry) -> Array:
    """Embeddings [n,width] float32 of 1 to MAX_FACES faces. Raises OtherNetwork or InvalidParameter."""
    if given.get("fingerprint") != entry.fingerprint:
        raise OtherNetwork()
    rows = given.get("embeddings")
    if not isinstance(rows, list) or not 1 <= len(rows) <= MAX_FACES or not all(map(_is_row(entry.width), rows)):
        raise InvalidParameter(
            name="embeddings",
            rule=f"1–{MAX_FACES} rows of {entry.width} numbers from −{LARGEST} to {LARGEST}",
            rule_ko=f"−{LARGEST}부터 {LARGEST}까지의 수 {entry.width}개씩 1–{MAX_FACES}줄",
        )
    return np.array(rows, np.float32)


def read_spreads(given: Mapping[str, Any], count: int) -> list[float]:
    """Of each embedding: 0, or the spread of several photos' (see Embedder.average). Raises InvalidParameter."""
    spreads = given.get("spreads", [0.0] * count)
    fits = isinstance(spreads, list) and len(spreads) == count
    if not fits or not all(_is_number(value) and value >= 0 for value in spreads):
        raise InvalidParameter(
            name="spreads",
            rule=f"one number from 0 to {LARGEST} for each embedding",
            rule_ko=f"줄마다 0부터 {LARGEST}까지의 수 하나",
        )
    return [float(value) for value in spreads]


def _is_row(width: int) -> Any:
    def check(row: Any) -> bool:
        return isinstance(row, list) and len(row) == width and all(map(_is_number, row))

    return check


def _is_number(value: Any) -> bool:
    """Neither a truth nor one of JSON's NaN and Infinity, which Python reads."""
    return isinstance(value, int | float) and not isinstance(value, bool) and -LARGEST <= value <= LARGEST
