"""`lookalike gallery report` as it is typed: the page, the JSON, and errors in one sentence."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from cli.main import main
from lookalike.settings import Settings


def run(monkeypatch: pytest.MonkeyPatch, *arguments: object) -> int | str | None:
    monkeypatch.setattr(sys, "argv", ["lookalike", "gallery", "report", *(str(argument) for argument in arguments)])
    with pytest.raises(SystemExit) as ended:
        main()
    return ended.value.code


def test_it_writes_the_page_and_says_where(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path, settings: Settings
) -> None:
    out = tmp_path / "report.html"
    assert not run(monkeypatch, "--gallery", settings.gallery, "--out", out)
    page = out.read_text()
    assert page.startswith("<!doctype html>")
    assert "Grace Hopper" in page
    assert page.count("data:image/jpeg;base64,") == 2
    assert capsys.readouterr().out.startswith(f"{out}: 2 people. It holds names and portraits")
    assert list(tmp_path.iterdir()) == [out]


def test_without_out_it_lies_where_one_is(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, settings: Settings) -> None:
    monkeypatch.chdir(tmp_path)
    assert not run(monkeypatch, "--gallery", settings.gallery)
    assert (tmp_path / "gallery-report.html").exists()


def test_json_and_nothing_else(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path, settings: Settings
) -> None:
    monkeypatch.chdir(tmp_path)
    assert not run(monkeypatch, "--gallery", settings.gallery, "--json")
    found = json.loads(capsys.readouterr().out)
    assert (found["people"], found["pairs"], len(found["closest"])) == (2, 1, 1)
    assert {found["closest"][0][side]["name"] for side in ("first", "second")} == {"Eileen Collins", "Grace Hopper"}
    assert list(tmp_path.iterdir()) == []


def test_json_beside_a_page(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path, settings: Settings
) -> None:
    assert not run(monkeypatch, "--gallery", settings.gallery, "--json", "--out", tmp_path / "r.html")
    assert json.loads(capsys.readouterr().out)["people"] == 2
    assert (tmp_path / "r.html").exists()


def test_a_page_that_cannot_be_written_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path, settings: Settings
) -> None:
    out = tmp_path / "none" / "report.html"
    assert run(monkeypatch, "--gallery", settings.gallery, "--out", out) == 1
    assert capsys.readouterr().err.splitlines()[-1] == f"lookalike: {out.parent}: There is no such folder"


def test_without_a_gallery_it_says_how_to_make_one(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert run(monkeypatch, "--gallery", tmp_path / "none", "--out", tmp_path / "r.html") == 1
    assert "lookalike gallery build PHOTOS" in capsys.readouterr().err
    assert not (tmp_path / "r.html").exists()
