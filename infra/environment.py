"""The folders with Python environments that make sets up: made, and made anew where one cannot serve.

This runs before anything is installed, so it needs the standard library alone; and on any Python, to say what it wants.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

# What make takes for "this is set up"; see there.
STAMPS = (".run", ".deploy", ".test", ".done")


def main(arguments: list[str]) -> str | None:
    """`make FOLDER…`: each serves afterwards. `check FOLDER…`: forget that those were set up which do not serve.

    Returns what to tell people where it cannot be done.
    """
    task, folders = arguments[0], [Path(name) for name in arguments[1:]]
    if task == "check":
        for folder in folders:
            if folder.exists() and not serves(folder):
                forget(folder)
        return None
    if sys.version_info < (3, 11):  # noqa: UP036 - make runs this before anything asked for a version
        return "Lookalike needs Python 3.11 or newer: make PYTHON=python3.13 run"
    for folder in folders:
        if not serves(folder) and not make(folder):
            return "No Python environment can be made. On Debian and Ubuntu: sudo apt install python3-venv"
    return None


def serves(folder: Path) -> bool:
    """Whether its Python and its pip start, here: commands in it name the folder that they were installed to."""
    programs = folder.resolve() / "bin"
    try:
        if str(programs) not in (programs / "pip").read_text(encoding="utf-8"):
            return False
        started = subprocess.run([programs / "python", "-c", "import pip"], capture_output=True)  # noqa: S603
    except (OSError, UnicodeDecodeError):
        return False
    return started.returncode == 0


def make(folder: Path) -> bool:
    """A new environment in place of whatever is there. Of one that was not finished, nothing stays."""
    place = folder.resolve()
    shutil.rmtree(place, ignore_errors=True)
    if subprocess.run([sys.executable, "-m", "venv", place]).returncode == 0:  # noqa: S603
        return True
    shutil.rmtree(place, ignore_errors=True)
    return False


def forget(folder: Path) -> None:
    """What stands in it is left to `make`: somebody may only be looking."""
    for stamp in STAMPS:
        (folder / stamp).unlink(missing_ok=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
