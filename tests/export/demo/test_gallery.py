"""The demo's machinery, with two of its people; that all 75 are found and distinct is tested with the drawings."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from export.demo import demo_people
from export.demo import gallery as demo
from export.demo import photos as drawn_photos
from export.demo.gallery import build_demo
from export.gallery.changes import add, remove
from export.gallery.errors import NotTheDemo
from lookalike.settings import Settings
from tests.export.gallery.disk import files, index, names, people


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(autouse=True)
def two_people(monkeypatch: pytest.MonkeyPatch, cache: Path) -> None:
    two = demo_people()[:20:19]
    for module in (demo, drawn_photos):
        monkeypatch.setattr(module, "demo_people", lambda: two)
    monkeypatch.setenv("LOOKALIKE_CACHE", str(cache))


def test_it_is_made_once_and_a_second_time_does_nothing(tmp_path: Path, cache: Path, networks: Settings) -> None:
    report = build_demo(tmp_path / "demo", networks)
    assert (report.people, report.new, report.left_out) == (2, 2, [])
    # Two drawn people alone are more alike than two photos of a real one.
    assert ["one person" in remark.text for remark in report.doubtful] == [True]
    made = {path: path.stat().st_mtime_ns for path in (*tmp_path.rglob("*"), *cache.rglob("*"))}
    again = build_demo(tmp_path / "demo", networks)
    assert (again.people, again.new, again.changed) == (2, 0, False)
    assert {path: path.stat().st_mtime_ns for path in (*tmp_path.rglob("*"), *cache.rglob("*"))} == made


def test_people_have_departments_and_metadata(tmp_path: Path, networks: Settings) -> None:
    build_demo(tmp_path / "demo", networks)
    for person in people(tmp_path / "demo"):
        assert person["department"]
        assert person["metadata"]["research"]


def test_photos_half_drawn_or_of_an_older_version_are_drawn_anew(
    tmp_path: Path, cache: Path, networks: Settings
) -> None:
    build_demo(tmp_path / "demo", networks)
    (table,) = cache.glob("drawn-*/people.csv")
    table.unlink()
    (cache / "drawn-000000000000").mkdir()
    build_demo(tmp_path / "demo", networks)
    assert list(cache.glob("drawn-*/people.csv")) == [table]
    assert [path.name for path in cache.glob("drawn-*")] == [table.parent.name]


def test_someone_s_own_gallery_is_never_replaced(gallery: Path, networks: Settings) -> None:
    before = files(gallery)
    with pytest.raises(NotTheDemo, match="Alan Turing"):
        build_demo(gallery, networks)
    assert files(gallery) == before


@pytest.mark.parametrize("change", [{"version": 99}, {"fingerprint": "0" * 16}, {"embeddings": {"file": "gone.npy"}}])
def test_not_even_where_only_its_people_can_be_read(gallery: Path, networks: Settings, change: dict[str, Any]) -> None:
    (gallery / "gallery.json").write_text(json.dumps(index(gallery) | change))
    before = files(gallery)
    with pytest.raises(NotTheDemo, match="Alan Turing"):
        build_demo(gallery, networks)
    assert files(gallery) == before


def test_a_demo_with_guests_is_still_the_demo(tmp_path: Path, photos: Path, networks: Settings) -> None:
    build_demo(tmp_path / "demo", networks)
    shutil.copy(photos / "Alan Turing.jpg", tmp_path / "guest.jpg")
    add([tmp_path / "guest.jpg"], "Guest", None, tmp_path / "demo", networks)
    assert build_demo(tmp_path / "demo", networks).kept == ["Guest"]
    remove(names(tmp_path / "demo")[-1], tmp_path / "demo", networks)
    assert build_demo(tmp_path / "demo", networks).people == 3
