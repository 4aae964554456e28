"""Lambda's own Python version, where this machine has it: to compile the package and to run it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import mkdtemp

PYTHON_VERSION = "3.13"
_TOOLS = Path(__file__).resolve().parents[1] / ".tools"


def find_python(version: str = PYTHON_VERSION) -> Path | None:
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


def environment(name: str, package: str) -> Path | None:
    """The Python of a virtual environment that holds this package and what it needs; made once, None without PYTHON_VERSION.

    Raises subprocess.CalledProcessError, with what pip said, when the package cannot be installed.
    """
    python = find_python()
    if python is None:
        return None
    folder = _TOOLS / f"{name}-{package.rpartition('=')[2]}-python{PYTHON_VERSION}"
    if not folder.is_dir():
        folder.parent.mkdir(exist_ok=True)
        fresh = Path(mkdtemp(dir=folder.parent))
        try:
            _run([str(python), "-m", "venv", "--without-pip", str(fresh)])
            pip = [sys.executable, "-m", "pip", "--python", str(fresh / "bin" / "python")]
            _run([*pip, "install", "--quiet", "--disable-pip-version-check", "--only-binary=:all:", package])
            fresh.rename(folder)
        except OSError:  # another process was quicker
            shutil.rmtree(fresh)
        except subprocess.CalledProcessError:
            shutil.rmtree(fresh)
            raise
    return folder / "bin" / "python"


def _run(command: list[str]) -> None:
    subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603
