"""How long one request may keep a processor: looked at between steps, so that no photo holds up everyone behind it."""

from __future__ import annotations

import math
import time

from lookalike.errors import TookTooLong

SECONDS = 8.0


class Deadline:
    """Processor time left to the thread that made it. A busy machine takes nothing from it, nor do other requests."""

    def __init__(self, seconds: float = math.inf) -> None:
        self._seconds = seconds
        self._end = time.thread_time() + seconds

    @property
    def left(self) -> float:
        """Seconds."""
        return self._end - time.thread_time()

    def check(self) -> None:
        """Raises TookTooLong once the time is over."""
        if self.left < 0:
            raise TookTooLong(limit=f"{self._seconds:.0f}")
