"""A gallery in the package goes there whole; one in S3 Vectors leaves only its gallery.json."""

from __future__ import annotations

from pathlib import Path

import pytest

from infra import package


@pytest.fixture
def function(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A function's folder, without the libraries that pip would bring."""
    folder = tmp_path / "function"
    gallery = [
        "gallery.json",
        "embeddings-1.npy",
        "people-1.json",
        "portraits/a.jpg",
        ".lock",
        "embeddings-1.0.usearch",
    ]
    for name in [
        "lookalike/a.py",
        "lookalike/__pycache__/a.pyc",
        "models/manifest.json",
        *(f"gallery/{n}" for n in gallery),
    ]:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(name)
    monkeypatch.setattr(package, "_FUNCTION", folder)
    monkeypatch.setattr(package, "_install", lambda target, architecture: None)
    monkeypatch.setattr(package, "_compile", lambda target: None)
    monkeypatch.setattr(package, "_make_ready", lambda models, architecture: None)
    return folder


def test_many_portraits_are_left_to_the_bucket(function: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(package, "_PORTRAITS_MOST", 10)
    package.build(tmp_path / "built")
    assert sorted(path.name for path in (tmp_path / "built" / "gallery").iterdir()) == [
        "embeddings-1.npy",
        "gallery.json",
        "people-1.json",
    ]


@pytest.mark.parametrize(
    ("store", "gallery"),
    [
        ("package", ["embeddings-1.npy", "gallery.json", "people-1.json", "portraits/a.jpg"]),
        ("s3-vectors", ["gallery.json"]),
    ],
)
def test_what_goes_into_the_package(function: Path, tmp_path: Path, store: str, gallery: list[str]) -> None:
    package.build(tmp_path / "built", store=store)
    built = sorted(path.relative_to(tmp_path / "built").as_posix() for path in (tmp_path / "built").rglob("*.*"))
    assert built == [*(f"gallery/{name}" for name in gallery), "lookalike/a.py", "models/manifest.json"]
