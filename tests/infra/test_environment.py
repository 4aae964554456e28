"""What make takes for set up is so: an environment that cannot serve is forgotten, and made anew."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from infra import environment


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment in a folder with a space in its name, said to be set up."""
    folder = tmp_path_factory.mktemp("a checkout") / ".venv"
    assert environment.main(["make", str(folder)]) is None
    (folder / ".run").touch()
    return folder


def test_one_that_was_made_serves(made: Path) -> None:
    environment.main(["check", str(made)])
    assert environment.serves(made)
    assert (made / ".run").exists()


def test_making_it_again_leaves_it_alone(made: Path) -> None:
    (made / "kept").touch()
    environment.main(["make", str(made)])
    assert (made / "kept").exists()


def test_in_a_checkout_that_was_moved_it_is_forgotten_and_made_anew(made: Path, tmp_path: Path) -> None:
    moved = tmp_path / "moved" / ".venv"
    shutil.copytree(made, moved, symlinks=True)
    environment.main(["check", str(moved)])
    assert not (moved / ".run").exists()
    assert (moved / "bin" / "python").exists()
    environment.main(["make", str(moved)])
    assert str(moved) in (moved / "bin" / "pip").read_text()


def test_one_without_pip_does_not_serve(made: Path, tmp_path: Path) -> None:
    half = tmp_path / ".venv"
    subprocess.run([made / "bin" / "python", "-m", "venv", "--without-pip", half], check=True)
    assert not environment.serves(half)


def test_where_none_can_be_made_nothing_stays_and_it_says_what_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on Debian without python3-venv: the folder is begun, and then it fails."""
    python = tmp_path / "python"
    python.write_text('#!/bin/sh\nmkdir -p "$3/bin"\nexit 1\n')
    python.chmod(0o755)
    monkeypatch.setattr("sys.executable", str(python))
    said = environment.main(["make", str(tmp_path / ".venv")])
    assert said and "python3-venv" in said
    assert not (tmp_path / ".venv").exists()


def test_what_is_not_there_is_no_trouble_to_check(tmp_path: Path) -> None:
    assert environment.main(["check", str(tmp_path / "none")]) is None
