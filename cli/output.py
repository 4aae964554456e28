"""Files that commands write: name and folder are looked at before the work, not after it."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from pathlib import Path


def to_write(*endings: str) -> Callable[[Path | None], Path | None]:
    """A callback for an option or argument that names a file to write, of one of these kinds (any, where none is given).

    Raises OSError, which says what is wrong with which name.
    """

    def check(path: Path | None) -> Path | None:
        if path is not None:
            _check(path, endings)
        return path

    return check


def _check(path: Path, endings: tuple[str, ...]) -> None:
    if path.is_dir():
        raise IsADirectoryError(errno.EISDIR, "This is a folder: name a file in it", str(path))
    if endings and path.suffix.lower() not in endings:
        raise OSError(errno.EINVAL, f"The name has to end in {' or '.join(endings)}", str(path))
    if not path.parent.is_dir():
        raise FileNotFoundError(errno.ENOENT, "There is no such folder", str(path.parent))
    # A file that is there is replaced, so the folder is what counts.
    if not os.access(path.parent, os.W_OK | os.X_OK):
        raise PermissionError(errno.EACCES, "Nothing may be written to this folder", str(path.parent))
