"""The purpose of it all: a gallery of altered photos knows the people in the originals."""

from __future__ import annotations

import dataclasses
import io
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image, ImageEnhance, ImageOps

from export.gallery.build import build
from lookalike.finder import Finder
from lookalike.settings import Settings
from tests.support import encoded


def _saved_badly(image: Image.Image) -> Image.Image:
    return Image.open(io.BytesIO(encoded(image, quality=30)))


ALTERATIONS: dict[str, Callable[[Image.Image], Image.Image]] = {
    "flipped": ImageOps.mirror,
    "half size": lambda image: image.resize((image.width // 2, image.height // 2)),
    "JPEG quality 30": _saved_badly,
    "rotated 10°": lambda image: image.rotate(10, Image.Resampling.BICUBIC, fillcolor=(120, 120, 120)),
    "darker": lambda image: ImageEnhance.Brightness(image).enhance(0.5),
}


@pytest.fixture(scope="module")
def originals(astronaut: Image.Image, hopper: Image.Image) -> dict[str, Image.Image]:
    return {"Eileen Collins": astronaut, "Grace Hopper": hopper}


@pytest.fixture(scope="module")
def altered(
    tmp_path_factory: pytest.TempPathFactory, originals: dict[str, Image.Image], drawn: Callable[[int], bytes]
) -> Path:
    """Altered copies only, and seven drawn people."""
    root = tmp_path_factory.mktemp("altered")
    for name, image in originals.items():
        (root / "Real" / name).mkdir(parents=True)
        for alteration, alter in ALTERATIONS.items():
            (root / "Real" / name / f"{alteration}.png").write_bytes(encoded(alter(image), "PNG"))
    for number in range(7):
        (root / f"Drawn {number}.jpg").write_bytes(drawn(number))
    return root


@pytest.fixture(scope="module")
def gallery_of_all(tmp_path_factory: pytest.TempPathFactory, altered: Path, networks: Settings) -> Path:
    gallery = tmp_path_factory.mktemp("recognition") / "gallery"
    report = build(altered, gallery, networks)
    assert (report.people, report.photos, report.left_out) == (9, 17, [])
    return gallery


@pytest.mark.parametrize("alteration", ["all", *ALTERATIONS])
def test_the_right_person_comes_first(
    tmp_path: Path,
    altered: Path,
    gallery_of_all: Path,
    originals: dict[str, Image.Image],
    networks: Settings,
    alteration: str,
) -> None:
    photos = Path(shutil.copytree(altered, tmp_path / "photos"))
    for photo in photos.rglob("*.png"):
        if alteration not in ("all", photo.stem):
            photo.unlink()
    gallery = Path(shutil.copytree(gallery_of_all, tmp_path / "gallery"))
    report = build(photos, gallery, networks)
    assert (report.people, report.photos, report.new) == (9, 17 if alteration == "all" else 9, 0)
    finder = Finder.open(dataclasses.replace(networks, gallery=gallery))
    for name, image in originals.items():
        first, second = finder.find([encoded(image, "PNG")]).faces[0].matches[:2]
        assert first.person.name == name
        assert first.similarity > second.similarity + 0.2
        assert first.strong
        assert first.closer_than > 99
