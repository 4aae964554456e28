"""`lookalike gallery index`: made, used, and gone with the gallery that it was made of."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path

import pytest
from usearch.index import Index

from cli.main import main
from lookalike.settings import Settings


@pytest.fixture
def gallery(settings: Settings, tmp_path: Path) -> Path:
    directory = tmp_path / "gallery"
    shutil.copytree(settings.gallery, directory)
    index = json.loads((directory / "gallery.json").read_text())
    for part in ("embeddings", "people"):  # the names that the builder gives
        old = directory / index[part]["file"]
        index[part]["file"] = f"{part}-{index[part]['sha256'][:12]}{old.suffix}"
        old.rename(directory / index[part]["file"])
    (directory / "gallery.json").write_text(json.dumps(index))
    return directory


def run(monkeypatch: pytest.MonkeyPatch, *arguments: object) -> int:
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.setattr(sys, "argv", ["lookalike", *map(str, arguments)])
    with pytest.raises(SystemExit) as ended:
        main()
    return int(ended.value.code or 0)


def test_the_index_is_made_used_and_goes_with_the_gallery(
    gallery: Path, photo_file: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, "gallery", "index", gallery) == 0
    (made,) = gallery.glob("*.usearch")
    assert f"{made}: " in capsys.readouterr().out
    assert run(monkeypatch, "find", photo_file, "--gallery", gallery) == 0
    assert "Eileen Collins" in capsys.readouterr().out
    assert run(monkeypatch, "gallery", "add", photo_file, "--name", "Somebody", "--gallery", gallery) == 0
    assert list(gallery.glob("*.usearch")) == []  # who left the gallery must not stay in its index


def test_what_a_killed_command_left_is_swept_up(
    gallery: Path, photo_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    save = Index.save

    def save_and_die(self: Index, path: Path) -> None:
        save(self, path)
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(Index, "save", save_and_die)
        run(monkeypatch, "gallery", "index", gallery)
    assert len(list(gallery.glob(".embeddings-*.usearch.*"))) == 1
    assert run(monkeypatch, "gallery", "add", photo_file, "--name", "Somebody", "--gallery", gallery) == 0
    assert list(gallery.glob(".embeddings-*.usearch.*")) == []


def test_without_usearch_it_says_how_to_get_it(
    gallery: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "usearch.index", None)
    assert run(monkeypatch, "gallery", "index", gallery) == 1
    (sentence,) = capsys.readouterr().err.splitlines()
    assert "pip install usearch" in sentence
