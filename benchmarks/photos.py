"""The photos everything is measured on: two public-domain portraits, whole and cropped, and a scene with six faces."""

from __future__ import annotations

import importlib
import io
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
import numpy.typing as npt
from matplotlib import cbook
from PIL import Image

from export.networks.pictures import astronaut


@dataclass(frozen=True)
class Photo:
    name: str
    people: int
    image: Image.Image

    @property
    def rgb(self) -> npt.NDArray[np.uint8]:
        return np.asarray(self.image)

    @property
    def size(self) -> str:
        return f"{self.image.width}×{self.image.height}"

    def jpeg(self) -> bytes:
        buffer = io.BytesIO()
        self.image.save(buffer, "JPEG", quality=90)
        return buffer.getvalue()

    def written(self, directory: Path, kind: Literal["png", "jpg"]) -> Path:
        """The photo in a file: as it is, or as a JPEG."""
        path = directory / f"{self.name}-{self.size}.{kind}"
        if kind == "jpg":
            path.write_bytes(self.jpeg())
        else:
            self.image.save(path, compress_level=1)
        return path


def photos(side: int) -> list[Photo]:
    """All four with their longer side at `side` pixels."""
    collins, hopper = _collins(), _hopper()
    pictures = [
        ("Collins, square", 1, collins),
        ("Collins, landscape", 1, collins.crop((0, 0, 512, 341))),
        ("Hopper, portrait", 1, hopper),
        ("six faces", 6, _six_faces(collins, hopper)),
    ]
    return [Photo(name, people, _sized(image, side)) for name, people, image in pictures]


def twelve_megapixels() -> Photo:
    """One face, as a phone takes it: 4000×3000."""
    image = _collins().crop((0, 0, 512, 384)).resize((4000, 3000), Image.Resampling.BICUBIC)
    return Photo("Collins, 12 megapixels", 1, image)


def _collins() -> Image.Image:
    picture = astronaut()
    assert picture is not None, "scikit-image is not installed"
    return picture


def _hopper() -> Image.Image:
    """Grace Hopper, U.S. Navy, public domain."""
    with Image.open(Path(str(cbook.get_sample_data("grace_hopper.jpg", asfileobj=False)))) as image:
        return image.convert("RGB")


def _six_faces(collins: Image.Image, hopper: Image.Image) -> Image.Image:
    """Both portraits three times each, at several sizes and angles, on a photo of a table (coffee, CC0)."""
    table = importlib.import_module("skimage.data").coffee()
    scene = Image.fromarray(table).resize((1280, 853), Image.Resampling.BICUBIC)
    for portrait, x, y, width, angle in (
        (collins, 20, 30, 380, 0),
        (hopper, 420, 10, 330, 10),
        (collins, 800, 60, 200, -15),
        (hopper, 1010, 300, 260, 5),
        (collins, 60, 480, 300, 0),
        (hopper, 560, 480, 200, 0),
    ):
        scaled = portrait.resize((width, portrait.height * width // portrait.width)).convert("RGBA")
        turned = scaled.rotate(angle, expand=True)
        scene.paste(turned, (x, y), turned)
    return scene


def _sized(image: Image.Image, side: int) -> Image.Image:
    scale = side / max(image.size)
    return image.resize((round(image.width * scale), round(image.height * scale)), Image.Resampling.BICUBIC)
