"""For a server that runs on and on: the gallery is opened anew once another one is in its directory."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from anyio import Lock, to_thread

from lookalike.errors import SetupError
from lookalike.gallery.directory import GALLERY_FILE

RETRY_SECONDS = 1.0


class Following:
    """Looks whether gallery.json in `directory` is still the one that was there when this was made.

    `open_anew` reads the gallery that is there, and puts it in the place of the one before only when all of it is whole;
    else it raises SetupError or OSError.
    """

    def __init__(self, directory: Path, open_anew: Callable[[], None]) -> None:
        self._path = directory / GALLERY_FILE
        self._open_anew = open_anew
        self._seen = _identity(self._path)
        self._retry_from = 0.0
        self._told = ""
        self._opening = Lock()

    async def look(self) -> None:
        """Behind this, the gallery that is there is shown, or, while that cannot be read, the one before."""
        if self._is_due():
            async with self._opening:
                if self._is_due():
                    await self._follow()

    def _is_due(self) -> bool:
        return _identity(self._path) != self._seen and time.monotonic() >= self._retry_from

    async def _follow(self) -> None:
        # Taken first: what changes while it is read is one more change.
        identity = _identity(self._path)
        try:
            await to_thread.run_sync(self._open_anew)
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
