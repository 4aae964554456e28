"""Four drawn people on three photos each, in LFW's layout."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image, ImageEnhance

PEOPLE = ("Ada_One", "Ben_Two", "Cho_Three", "Dee_Four")


@pytest.fixture(scope="session")
def lfw(tmp_path_factory: pytest.TempPathFactory, demo_photos: list[Path]) -> Path:
    """The folder of the people's folders."""
    root = tmp_path_factory.mktemp("lfw")
    for name, path in zip(PEOPLE, demo_photos[3:], strict=False):
        portrait = Image.open(path).resize((288, 300))
        changed = [
            portrait,
            ImageEnhance.Brightness(portrait).enhance(0.6),
            portrait.rotate(6, Image.Resampling.BICUBIC, fillcolor=(120, 120, 120)),
        ]
        (root / name).mkdir()
        for number, photo in enumerate(changed, start=1):
            photo.save(root / name / f"{name}_{number:04d}.jpg", quality=90)
    return root
