"""Timing in turns: what is compared takes a turn in every round, so that a busy minute slows all of it alike.

Work inside this process is measured in CPU time. It runs on one thread, so that on an idle machine this is the time on
the clock, and on a busy one still the time the work took.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

# Runs one turn; returns its seconds.
Turn = Callable[[], float]


@dataclass(frozen=True)
class Ratio:
    """How many times faster: the median of all rounds, and between which values the middle half of them lies."""

    median: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.median:.1f}× ({self.low:.1f}–{self.high:.1f})"

    def to_json(self) -> dict[str, float]:
        return {"median": round(self.median, 3), "low": round(self.low, 3), "high": round(self.high, 3)}


@dataclass(frozen=True)
class Timings:
    """Seconds of each round, by name."""

    seconds: dict[str, list[float]]

    def ms(self, name: str) -> float:
        """Median in milliseconds."""
        return float(np.median(self.seconds[name])) * 1000

    def ratio(self, slower: str, faster: str) -> Ratio:
        ratios = np.array(self.seconds[slower]) / np.array(self.seconds[faster])
        low, median, high = np.percentile(ratios, [25, 50, 75])
        return Ratio(float(median), float(low), float(high))


def cpu(work: Callable[[], object]) -> Turn:
    """A turn of work in this process, measured in CPU time."""

    def turn() -> float:
        start = time.process_time()
        work()
        return time.process_time() - start

    return turn


def in_turns(turns: Mapping[str, Turn], rounds: int) -> Timings:
    """Each takes one turn for warming up, then one in each round."""
    for turn in turns.values():
        turn()
    seconds: dict[str, list[float]] = {name: [] for name in turns}
    # A collection would be charged to whoever's turn it is.
    gc.collect()
    gc.disable()
    try:
        for _ in range(rounds):
            for name, turn in turns.items():
                seconds[name].append(turn())
    finally:
        gc.enable()
    return Timings(seconds)


def geometric_mean(ratios: Sequence[Ratio]) -> Ratio:
    """Of medians and of both ends of the spread."""
    values = np.log([[ratio.median, ratio.low, ratio.high] for ratio in ratios])
    median, low, high = np.exp(values.mean(axis=0))
    return Ratio(float(median), float(low), float(high))
