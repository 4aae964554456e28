"""How long the steps of an answer take."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from lookalike import schemas


class Stopwatch:
    """Milliseconds of named steps and of everything since the start."""

    def __init__(self) -> None:
        self._start = time.perf_counter()
        self._steps = dict.fromkeys(("decode", "detect", "embed", "search"), 0.0)

    @contextmanager
    def measure(self, step: str) -> Iterator[None]:
        start = time.perf_counter()
        yield
        self._steps[step] += time.perf_counter() - start

    def timings_ms(self) -> schemas.Timings:
        decode, detect, embed, search = (self._milliseconds(seconds) for seconds in self._steps.values())
        total = self._milliseconds(time.perf_counter() - self._start)
        return {"decode": decode, "detect": detect, "embed": embed, "search": search, "total": total}

    @staticmethod
    def _milliseconds(seconds: float) -> float:
        return round(seconds * 1000, 2)
