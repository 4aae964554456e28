"""An audit says what is vulnerable, and never takes silence for health."""

from __future__ import annotations

import json
import shlex
import sys
from pathlib import Path

import pytest

from infra.audit import audit, main, sorted_out

SOUND = {"name": "a", "version": "1", "vulns": []}
HOLE = {"id": "PYSEC-2026-1", "fix_versions": ["2.1"], "aliases": [], "description": "x"}
VULNERABLE = {"name": "b", "version": "2", "vulns": [HOLE, HOLE | {"id": "GHSA-x", "fix_versions": []}]}
SKIPPED = {"name": "c", "skip_reason": "Dependency not found on PyPI and could not be audited: c (3)"}


def stand_in(path: Path, output: str, errors: str = "") -> Path:
    """A pip-audit that says this."""
    code = f"import sys; print({output!r}); sys.stderr.write({errors!r})"
    path.write_text(f"#!/bin/sh\nexec {shlex.join([sys.executable, '-c', code])}\n")
    path.chmod(0o755)
    return path


def test_packages_are_told_apart_by_outcome() -> None:
    found = sorted_out([SOUND, VULNERABLE, SKIPPED])
    assert (found.sound, found.unanswered) == (["a"], ["c"])
    assert found.vulnerable == ["b 2: PYSEC-2026-1, mended in 2.1", "b 2: GHSA-x, mended in no version yet"]


@pytest.mark.parametrize(
    ("dependencies", "status"), [([SOUND], 0), ([SOUND, SKIPPED], 2), ([SKIPPED], 2), ([SOUND, VULNERABLE, SKIPPED], 1)]
)
def test_the_status_is_zero_only_when_everything_was_audited(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, dependencies: list[dict[str, object]], status: int
) -> None:
    program = stand_in(tmp_path / "pip-audit", json.dumps({"dependencies": dependencies, "fixes": []}))
    monkeypatch.setattr(sys, "argv", ["audit", str(program)])
    assert main() == status


def test_a_pip_audit_that_fails_is_no_audit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = stand_in(tmp_path / "pip-audit", "", "ERROR: no network\n")
    with pytest.raises(RuntimeError, match="no network"):
        audit(program)
    for path in (program, tmp_path / "none"):
        monkeypatch.setattr(sys, "argv", ["audit", str(path)])
        assert main() == 2
