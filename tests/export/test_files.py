"""Downloads are kept where the user's things are kept, and in the checkout where that cannot be."""

from __future__ import annotations

from pathlib import Path

import pytest

from export import files
from export.files import cache_directory


@pytest.fixture(autouse=True)
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The place in the checkout, and a user who has chosen none."""
    place = tmp_path / "checkout" / ".cache" / "lookalike"
    monkeypatch.setattr(files, "_IN_THE_CHECKOUT", place)
    for name in ("LOOKALIKE_CACHE", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    return place


def test_downloads_are_kept_in_the_home_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    assert cache_directory() == tmp_path / ".cache" / "lookalike"
    assert cache_directory().is_dir()


def test_the_desktop_may_name_another_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg"))
    assert cache_directory() == tmp_path / "xdg" / "lookalike"


def test_a_place_that_was_chosen_is_the_only_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("LOOKALIKE_CACHE", "~/mine")
    assert cache_directory() == tmp_path / "mine"
    (tmp_path / "mine").rmdir()
    (tmp_path / "mine").touch()
    with pytest.raises(OSError):
        cache_directory()


def test_without_a_home_directory_to_write_in_they_are_kept_in_the_checkout(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, checkout: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "nobody").touch()
    monkeypatch.setenv("HOME", str(tmp_path / "nobody"))
    assert cache_directory() == cache_directory() == checkout
    assert checkout.is_dir()
    assert capsys.readouterr().err == f"~/.cache cannot be written: downloads are kept in {checkout}.\n"


def test_so_they_are_where_the_folder_is_there_and_belongs_to_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, checkout: Path
) -> None:
    base = tmp_path / "of another"
    (base / "lookalike").mkdir(parents=True)
    monkeypatch.setenv("XDG_CACHE_HOME", str(base))
    monkeypatch.setattr("os.access", lambda *_: False)  # permissions say nothing to root
    assert cache_directory() == checkout
