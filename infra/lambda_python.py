"""Lambda's own Python version, where this machine has it: to compile the package and to run it."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

VERSION = "3.13"


def find_python(version: str = VERSION) -> Path | None:
    """The first interpreter of that version which really runs, or None."""
    return next((path for path in _candidates(version) if _runs(path, version)), None)


def _candidates(version: str) -> Iterator[Path]:
    name = f"python{version}"
    for folder in map(Path, os.get_exec_path()):
        if (folder / name).is_file():
            yield folder / name
            # pyenv's shim is there for every version installed, but runs only where a project selects that version.
            if folder.name == "shims":
                yield from sorted(folder.parent.glob(f"versions/{version}.*/bin/{name}"))


def _runs(path: Path, version: str) -> bool:
    code = "import sys; print('%d.%d' % sys.version_info[:2])"
    try:
        done = subprocess.run([path, "-I", "-c", code], capture_output=True, text=True, timeout=20)  # noqa: S603
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0 and done.stdout.strip() == version
