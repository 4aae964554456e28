"""The release's hash changes with what the function is made of, and with nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from infra import template
from infra.release import release


@pytest.fixture
def built(tmp_path: Path) -> Path:
    for name in ("Function/a.py", "GalleryLayer/gallery/gallery.json"):
        (tmp_path / name).parent.mkdir(parents=True)
        (tmp_path / name).write_text("1")
    return tmp_path


def test_the_same_is_the_same_whether_said_or_left_out(built: Path) -> None:
    declared = template.load()
    said = release(built, declared, {"MemorySize": "1769", "Release": "abc", "AlarmEmail": "a@b.org"})
    assert release(built, declared, {}) == said and len(said) == 64
    (built / "template.yaml").write_text("of no matter")
    assert release(built, declared, {}) == said


@pytest.mark.parametrize("name", ["Function/a.py", "GalleryLayer/gallery/gallery.json"])
def test_other_files_are_another(built: Path, name: str) -> None:
    before = release(built, template.load(), {})
    (built / name).write_text("2")
    changed = release(built, template.load(), {})
    (built / name).rename(built / f"{name}2")
    assert len({before, changed, release(built, template.load(), {})}) == 3


@pytest.mark.parametrize(
    "parameters",
    [
        {"MemorySize": "2048"},
        {"SnapStart": "PublishedVersions"},
        {"AllowedOrigins": "https://x.org"},
        {"OriginSecret": "testing"},
    ],
)
def test_what_the_function_is_told_is_another(built: Path, parameters: dict[str, str]) -> None:
    assert release(built, template.load(), parameters) != release(built, template.load(), {})
