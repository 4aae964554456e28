"""Steps are timed in milliseconds to two digits, each by itself, and the whole from the start on."""

from __future__ import annotations

import time

import pytest

from lookalike.stopwatch import Stopwatch


def test_times_each_step_and_the_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    now = iter([100.0, 101.0, 101.25, 102.0, 102.5, 103.0, 103.001234, 105.0])
    monkeypatch.setattr(time, "perf_counter", lambda: next(now))
    clock = Stopwatch()
    for step in ("detect", "detect", "search"):  # a step that comes twice adds up
        with clock.measure(step):
            pass
    assert clock.timings_ms() == {"decode": 0, "detect": 750, "embed": 0, "search": 1.23, "total": 5000}
