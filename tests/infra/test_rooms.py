"""No room imports one that stands above it: the contracts in pyproject.toml, by import-linter."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def test_the_rooms_keep_their_order() -> None:
    pytest.importorskip("importlinter")
    code = "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(no_cache=True, no_logo=True))"
    # The function's folder is on the path where the project is installed, but not for whoever runs the tests in place.
    environment = {"PYTHONPATH": f"{ROOT}:{ROOT / 'function'}"}
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
