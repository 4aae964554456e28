"""No room imports one that stands above it (the contracts in pyproject.toml, by import-linter), no function is long."""

from __future__ import annotations

import ast
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


def test_no_function_is_longer_than_forty_lines() -> None:
    rooms = ("function/lookalike", "export", "infra", "cli", "benchmarks")
    files = [path for room in rooms for path in (ROOT / room).rglob("*.py")]
    lengths = {
        f"{path.relative_to(ROOT)}: {node.name}": (node.end_lineno or 0) - node.lineno + 1
        for path in files
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }
    assert len(lengths) > 1000
    assert {name: lines for name, lines in lengths.items() if lines > 40} == {}
