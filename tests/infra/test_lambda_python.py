"""Finding the Python that Lambda runs."""

from __future__ import annotations

import os
import shlex
import shutil
import sys
from pathlib import Path

import pytest

from infra.lambda_python import PYTHON_VERSION, find_python

OURS = f"{sys.version_info.major}.{sys.version_info.minor}"
REAL = f'#!/bin/sh\nexec {shlex.quote(sys.executable)} "$@"\n'


def test_passes_over_a_python_that_does_not_run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    broken, right = tmp_path / "broken", tmp_path / "right"
    for folder, text in ((broken, "#!/bin/sh\nexit 127\n"), (right, REAL)):
        folder.mkdir()
        (folder / f"python{OURS}").write_text(text)
        (folder / f"python{OURS}").chmod(0o755)
    monkeypatch.setenv("PATH", f"{broken}{os.pathsep}{right}")
    assert find_python(OURS) == right / f"python{OURS}"


def test_looks_behind_pyenvs_shim(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name, text in (
        (f"shims/python{OURS}", "#!/bin/sh\nexit 127\n"),
        (f"versions/{OURS}.9/bin/python{OURS}", REAL),
    ):
        (tmp_path / name).parent.mkdir(parents=True)
        (tmp_path / name).write_text(text)
        (tmp_path / name).chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path / "shims"))
    assert find_python(OURS) == tmp_path / f"versions/{OURS}.9/bin/python{OURS}"


def test_finds_none_where_there_is_none(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    shutil.copy("/bin/sh", tmp_path / f"python{PYTHON_VERSION}")  # the right name on the wrong program
    monkeypatch.setenv("PATH", str(tmp_path))
    assert find_python() is None
