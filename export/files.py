"""Files that are whole or not there at all, and used by one process at a time."""

import fcntl
import hashlib
import math
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path

_IN_THE_CHECKOUT = Path(__file__).parents[1] / ".cache" / "lookalike"


def cache_directory() -> Path:
    """Where downloads are kept: $LOOKALIKE_CACHE, or ~/.cache/lookalike. Created when missing.

    Where the home directory cannot be written, or there is none, .cache/lookalike in the checkout.
    """
    if chosen := os.environ.get("LOOKALIKE_CACHE"):
        return _made(chosen)
    base = os.environ.get("XDG_CACHE_HOME") or "~/.cache"
    try:
        directory = _made(f"{base}/lookalike")
    except (OSError, RuntimeError):
        return _instead_of(base)
    return directory if os.access(directory, os.W_OK) else _instead_of(base)


def _made(path: str) -> Path:
    directory = Path(path).expanduser()
    directory.mkdir(parents=True, exist_ok=True)
    return directory


@cache
def _instead_of(base: str) -> Path:
    """Says so once, to whoever looks for the downloads."""
    print(f"{base} cannot be written: downloads are kept in {_IN_THE_CHECKOUT}.", file=sys.stderr)
    return _made(str(_IN_THE_CHECKOUT))


def sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def write_atomically(path: Path, data: bytes) -> None:
    """Replace `path` in one step: whoever reads it, and whenever this is killed, finds the old or the new content."""
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
            os.fchmod(file.fileno(), 0o666 & ~_umask())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


@contextmanager
def exclusive(directory: Path, seconds: float = math.inf) -> Iterator[None]:
    """Wait until no other process is inside for the same directory. Raises BlockingIOError when that takes longer.

    The lock is on the directory itself, so that nothing of it ever lies there, and the system lets go however a process
    ends. filelock needs a file for its lock, and leaves it there even when nobody is killed.
    """
    descriptor = os.open(directory, os.O_RDONLY)
    deadline = time.monotonic() + seconds
    try:
        if not _locked(descriptor):
            print(f"Waiting for another process that is at work in {directory} …", file=sys.stderr)
            while not _locked(descriptor):
                if time.monotonic() > deadline:
                    raise BlockingIOError
                time.sleep(0.1)
        yield
    finally:
        os.close(descriptor)


def _locked(descriptor: int) -> bool:
    with suppress(BlockingIOError):
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return True
    return False


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
