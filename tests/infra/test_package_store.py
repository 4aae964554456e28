"""The gallery goes beside the package as a layer: whole, or, where S3 Vectors has it, its gallery.json alone."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import pytest

from infra import gallery_layer
from infra.gallery_layer import people_in, people_of

FILES = {
    "gallery.json": json.dumps({"people": {"file": "people-1.json"}}),
    "people-1.json": json.dumps(
        [
            {"id": "kim-1", "photos": [{"portrait": "a.jpg"}, {"portrait": "b.jpg"}]},
            {"id": "lee-2", "photos": [{"portrait": "c.jpg"}]},
        ]
    ),
    "embeddings-1.npy": "x",
    "portraits/a.jpg": "0123456789x",
    ".lock": "",
    "embeddings-1.0.usearch": "x",
}


@pytest.fixture
def gallery(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "gallery"
    for name, text in FILES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    monkeypatch.setattr(gallery_layer, "_GALLERY", folder)
    return folder


@pytest.mark.parametrize(
    ("store", "most", "expected"),
    [
        ("package", 11, ["embeddings-1.npy", "gallery.json", "people-1.json", "portraits/a.jpg"]),
        ("package", 10, ["embeddings-1.npy", "gallery.json", "people-1.json"]),  # many portraits are left to the bucket
        ("s3-vectors", 11, ["gallery.json"]),
    ],
)
def test_what_goes_into_the_layer(
    gallery: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, store: str, most: int, expected: list[str]
) -> None:
    monkeypatch.setattr(gallery_layer, "_PORTRAITS_MOST", most)
    gallery_layer.build(tmp_path / "built", store)
    built = sorted(path.relative_to(tmp_path / "built").as_posix() for path in (tmp_path / "built").rglob("*.*"))
    assert built == [f"gallery/{name}" for name in expected]


def test_who_is_in_it_is_told_of_a_folder_and_of_a_layer_alike(gallery: Path) -> None:
    expected = {"kim-1": {"a.jpg", "a-small.jpg", "b.jpg", "b-small.jpg"}, "lee-2": {"c.jpg", "c-small.jpg"}}
    assert people_in(gallery) == expected
    assert people_of(zipped(FILES)) == expected
    assert people_of(zipped({"gallery.json": FILES["gallery.json"]})) == people_of(None) == {}


def zipped(files: dict[str, str]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, text in files.items():
            archive.writestr(f"gallery/{name}", text)
    return buffer.getvalue()
