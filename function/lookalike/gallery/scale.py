"""What a similarity means in a gallery: beside its own people, and beside everybody that one probe was compared with."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from lookalike.arrays import Array

# Standard deviations between the 10th and the 90th percentile of a normal distribution.
TENTH_TO_NINETIETH = 2.5631


def _unknown() -> Array:
    return np.empty(0, np.float32)


@dataclass(frozen=True, slots=True)
class Scale:
    """Quantiles of the similarities of all pairs of different people, and of each one to their nearest, ascending.

    `same_person` is the network's own rule: the similarity from which it takes two photos for one person. `stands_out`:
    how far a match must stand out to be strong below it, in standard deviations; None where people are too few to tell.
    """

    quantiles: Array
    same_person: float
    nearest: Array = field(default_factory=_unknown)
    stands_out: float | None = None

    def strong_from(self, cohort: Array) -> float:
        """The similarity from which a match of one probe is a strong likeness.

        It is when the network takes both for one person. It also is when it stands out from how alike the probe is to
        everybody here, farther than the nearest other person does for nineteen of twenty of the gallery's own people.

        `cohort` [n]: the probe's similarities to everybody in the gallery, each by their most alike photo, or to a
        thousand of them (cohort.py); empty where they are not known. In steps, for whoever writes it in another language:

        1. Without a cohort or `stands_out` (gallery.json: null), it is `same_person` (models/manifest.json).
        2. low, middle, high: the 10th, 50th and 90th percentile of the cohort: of the sorted similarities s[0…n−1], at
           position (n − 1) · share, interpolated linearly between the two beside it.
        3. deviation = (high − low) / 2.5631, as for a normal distribution.
        4. The lesser of `same_person` and middle + stands_out · deviation.
        """
        if self.stands_out is None or not len(cohort):
            return self.same_person
        middle, deviation = _middle_and_deviation(cohort)
        return min(self.same_person, middle + self.stands_out * deviation)

    def closer_than(self, similarity: float) -> float:
        """Percent 0…100 of all pairs of different people that are less alike than this."""
        return _share_below(self.quantiles, similarity)

    def closer_than_nearest(self, similarity: float) -> float:
        """Percent 0…100 of the people whose nearest other person is less alike to them; 0 where that is not known."""
        return _share_below(self.nearest, similarity)

    @property
    def median_pair(self) -> float | None:
        """The similarity that half of all pairs of different people reach; None where there are no pairs."""
        return _median(self.quantiles)

    @property
    def median_nearest(self) -> float | None:
        """The similarity to their nearest other that half of the people reach; None where that is not known."""
        return _median(self.nearest)


def standing_out(similarity: float, cohort: Array) -> float:
    """How far a probe's similarity to somebody stands out from those to everybody: in standard deviations.

    The T-norm of speaker verification (Auckenthaler 2000), with mean and deviation estimated from percentiles, which
    neither the match itself nor people enrolled twice move.
    """
    middle, deviation = _middle_and_deviation(cohort)
    return (similarity - middle) / deviation if deviation > 0 else 0.0


def rounded_down(percent: float, digits: int = 1) -> float:
    """Never up: 100 % is said only where nobody is more alike."""
    # A thousandth of a digit makes up for what binary fractions lose: 64.1 · 10 is a little less than 641.
    power: int = 10**digits
    return math.floor(percent * power + 1e-3) / float(power)


def scale_of(header: dict[str, Any], same_person: float) -> Scale:
    """Raises KeyError, TypeError or ValueError when gallery.json does not say it."""
    pairs, nearest = (_ascending(header[part]["quantiles"]) for part in ("pairs", "nearest"))
    stands_out = header["stands_out"]
    if stands_out is not None and not 0 < float(stands_out) < math.inf:
        raise ValueError(f"{stands_out} standard deviations")
    return Scale(pairs, same_person, nearest, None if stands_out is None else float(stands_out))


def _ascending(values: Any) -> Array:
    quantiles = np.asarray(values, np.float32)
    if quantiles.ndim != 1 or not np.isfinite(quantiles).all() or (np.diff(quantiles) < 0).any():
        raise ValueError("quantiles that do not ascend")
    return quantiles


def _middle_and_deviation(values: Array) -> tuple[float, float]:
    low, middle, high = _quantiles(values, (0.1, 0.5, 0.9))
    return middle, (high - low) / TENTH_TO_NINETIETH


def _share_below(quantiles: Array, similarity: float) -> float:
    if len(quantiles) < 2:
        return 0.0
    return float(np.interp(similarity, quantiles, np.linspace(0, 100, len(quantiles))))


def _median(quantiles: Array) -> float | None:
    return _quantiles(quantiles, (0.5,))[0] if len(quantiles) else None


def _quantiles(values: Array, shares: Sequence[float]) -> list[float]:
    """Interpolated linearly. Not by numpy.quantile or numpy.median, which load numpy.ma: 10 ms of each cold start."""
    places = np.array(shares) * (len(values) - 1)
    found: list[float] = np.interp(places, np.arange(len(values)), np.sort(values)).tolist()
    return found
