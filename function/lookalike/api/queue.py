"""The admission queue: one request for each processor is worked on, some wait, and the rest are shed with a 503."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TypeVar

from lookalike.errors import Busy
from lookalike.settings import PROCESSORS

T = TypeVar("T")

# How many requests may be arriving for each that may wait: bodies come slowly, and each takes up to its limit of memory.
ARRIVING = 4


class AdmissionQueue:
    """At most `longest` requests are worked on or wait; each of those worked on needs `threads` processors.

    More of them at once would not be done sooner, and each needs hundreds of megabytes for a large photo.
    """

    def __init__(self, longest: int, threads: int) -> None:
        self._longest = longest
        self._inside = 0
        self._arriving = 0
        # Of the standard library: AnyIO's threads would load its sockets and streams on the first request.
        self._workers = ThreadPoolExecutor(max(1, PROCESSORS // threads))

    @property
    def full(self) -> bool:
        """Whether a request that arrives now could not be worked on anyhow."""
        return self._inside >= self._longest or self._arriving >= self._longest * ARRIVING

    @contextmanager
    def arriving(self) -> Iterator[None]:
        """While a request's body is read."""
        self._arriving += 1
        try:
            yield
        finally:
            self._arriving -= 1

    async def run(self, work: Callable[[], T]) -> T:
        """Do the work in a thread when its turn comes. Raises Busy when too many wait already."""
        if self._inside >= self._longest:
            raise Busy()
        self._inside += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._workers, work)
        finally:
            self._inside -= 1
