"""What a server shows of a gallery: made anew once another one is in its directory, for a server that runs on and on."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Generic, TypeVar

from anyio import Lock, to_thread

from lookalike.errors import SetupError
from lookalike.gallery.directory import GALLERY_FILE

RETRY_SECONDS = 1.0

T = TypeVar("T")


class Following(Generic[T]):
    """`make` reads the gallery in `directory`, and raises SetupError or OSError while it is not whole."""

    def __init__(self, directory: Path, make: Callable[[], T]) -> None:
        self._path = directory / GALLERY_FILE
        self._make = make
        self._seen = _identity(self._path)
        self._made = make()
        self._retry_from = 0.0
        self._told = ""
        self._opening = Lock()

    async def now(self) -> T:
        """Of the gallery that is there; of the one before while that cannot be read. Whoever holds it may keep it."""
        if self._is_due():
            async with self._opening:
                if self._is_due():
                    await self._make_anew()
        return self._made

    def _is_due(self) -> bool:
        return _identity(self._path) != self._seen and time.monotonic() >= self._retry_from

    async def _make_anew(self) -> None:
        # Taken first: what changes while it is read is one more change.
        identity = _identity(self._path)
        try:
            self._made = await to_thread.run_sync(self._make)
        except (SetupError, OSError) as error:
            self._retry_from = time.monotonic() + RETRY_SECONDS
            self._tell_once(str(error))
        else:
            self._seen, self._told = identity, ""
            print("The gallery has changed: it is shown as it is now.", flush=True)

    def _tell_once(self, reason: str) -> None:
        """However often it is tried."""
        if reason != self._told:
            print(f"The gallery has changed, but cannot be used; the one before is shown. {reason}", flush=True)
        self._told = reason


def _identity(path: Path) -> tuple[int, int, int] | None:
    """Another one with every rename over it, and with every write into it; None where there is no such file."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_ino, found.st_size
