"""What a similarity means in a gallery: how alike its own people are to each other."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from lookalike.arrays import Array


def _unknown() -> Array:
    return np.empty(0, np.float32)


@dataclass(frozen=True, slots=True)
class Scale:
    """Quantiles of the similarities of all pairs of different people, and of each one to their nearest, ascending."""

    quantiles: Array
    threshold: float
    nearest: Array = field(default_factory=_unknown)

    def closer_than(self, similarity: float) -> float:
        """Percent 0…100 of all pairs of different people that are less alike than this."""
        return _share_below(self.quantiles, similarity)

    def closer_than_nearest(self, similarity: float) -> float:
        """Percent 0…100 of the people whose nearest other person is less alike to them; 0 where that is not known."""
        return _share_below(self.nearest, similarity)

    @property
    def median_pair(self) -> float | None:
        """The similarity that half of all pairs of different people reach; None where there are no pairs."""
        return float(np.median(self.quantiles)) if len(self.quantiles) else None

    @property
    def median_nearest(self) -> float | None:
        """The similarity to their nearest other that half of the people reach; None where that is not known."""
        return float(np.median(self.nearest)) if len(self.nearest) else None


def rounded_down(percent: float) -> float:
    """To one digit, never up: 100 % is said only where nobody is more alike."""
    # A thousandth of a digit makes up for what binary fractions lose: 64.1 · 10 is a little less than 641.
    return math.floor(percent * 10 + 1e-3) / 10


def scale_of(index: dict[str, Any]) -> Scale:
    """Raises KeyError, TypeError or ValueError when gallery.json does not say it."""
    threshold = float(index["threshold"])
    if not -1 <= threshold <= 1:
        raise ValueError(f"the threshold {threshold}")
    nearest = index.get("nearest", {"quantiles": []})
    return Scale(_ascending(index["pairs"]["quantiles"]), threshold, _ascending(nearest["quantiles"]))


def _ascending(values: Any) -> Array:
    quantiles = np.asarray(values, np.float32)
    if quantiles.ndim != 1 or not np.isfinite(quantiles).all() or (np.diff(quantiles) < 0).any():
        raise ValueError("quantiles that do not ascend")
    return quantiles


def _share_below(quantiles: Array, similarity: float) -> float:
    if len(quantiles) < 2:
        return 0.0
    return float(np.interp(similarity, quantiles, np.linspace(0, 100, len(quantiles))))
