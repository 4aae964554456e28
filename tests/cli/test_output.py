"""Commands that write a file refuse a name that cannot be written before they work, in one sentence."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from cli.main import main

# What a command would read is not there: whoever looks at the file to write first, says so first.
COMMANDS = [
    (["find", "{none}/me.jpg", "--draw"], "jpg"),
    (["evaluate", "{none}/pairs.txt", "--plot"], "svg"),
    (["gallery", "report", "--gallery", "{none}", "--out"], "html"),
    (["gallery", "export", "--gallery", "{none}"], "json"),
]


def refused(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    monkeypatch.setattr(sys, "argv", ["lookalike", *arguments])
    with pytest.raises(SystemExit) as stopped:
        main()
    assert stopped.value.code == 1
    (said,) = capsys.readouterr().err.splitlines()
    return said


@pytest.mark.parametrize(
    ("command", "ending"), COMMANDS, ids=lambda value: value[-1] if isinstance(value, list) else ""
)
def test_a_folder_that_is_not_there(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path, command: list[str], ending: str
) -> None:
    none = tmp_path / "none"
    arguments = [part.format(none=none) for part in command]
    said = refused(monkeypatch, capsys, *arguments, str(none / f"out.{ending}"))
    assert said == f"lookalike: {none}: There is no such folder"


@pytest.mark.parametrize(
    ("command", "ending"), COMMANDS, ids=lambda value: value[-1] if isinstance(value, list) else ""
)
def test_a_folder_in_place_of_a_file(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path, command: list[str], ending: str
) -> None:
    arguments = [part.format(none=tmp_path / "none") for part in command]
    said = refused(monkeypatch, capsys, *arguments, str(tmp_path))
    assert said == f"lookalike: {tmp_path}: This is a folder: name a file in it"


def test_a_picture_of_a_kind_that_is_not_written(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    out = tmp_path / "out.xyz"
    said = refused(monkeypatch, capsys, "find", str(tmp_path / "me.jpg"), "--draw", str(out))
    assert said == f"lookalike: {out}: The name has to end in .jpg or .jpeg or .png or .webp"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_may_not_be_written(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    tmp_path.chmod(0o500)
    said = refused(monkeypatch, capsys, "gallery", "export", str(tmp_path / "faculty.json"))
    assert said == f"lookalike: {tmp_path}: Nothing may be written to this folder"
