"""Photos never touch a disk, and nothing is sent anywhere: shown in a process whose kernel would not let it."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from lookalike.settings import Settings

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="seccomp and RLIMIT_FSIZE are Linux's")


def run_confined(settings: Settings, what: str) -> subprocess.CompletedProcess[str]:
    script = Path(__file__).parent / "confined.py"
    command = [sys.executable, "-B", str(script), str(settings.gallery), what]
    return subprocess.run(command, capture_output=True, text=True, timeout=120)


def test_answers_without_writing_a_file_or_opening_a_connection(settings: Settings) -> None:
    finished = run_confined(settings, "answer")
    assert finished.returncode == 0, finished.stderr
    assert "200 Grace Hopper" in finished.stdout and "415" in finished.stdout


def test_the_confinement_does_stop_a_write(settings: Settings) -> None:
    assert run_confined(settings, "write").returncode != 0


def test_the_confinement_does_stop_a_connection(settings: Settings) -> None:
    assert run_confined(settings, "connect").returncode == -signal.SIGSYS
