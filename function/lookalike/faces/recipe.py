"""How a network wants its faces and how two of its embeddings are compared: all they depend on besides its weights."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from PIL import Image

from lookalike.arrays import Array, Pixels
from lookalike.faces.align import align_face, crop_face
from lookalike.faces.detector import Face

Template = tuple[tuple[float, float], ...]

# The mean face of dlib's own aligner, reduced to MTCNN's five points, in a chip of 150×150 pixels.
DLIB_TEMPLATE: Template = (
    (47.549, 46.599),
    (100.476, 46.599),
    (74.013, 76.562),
    (50.415, 103.023),
    (97.610, 103.023),
)
LARGEST_FACE = 1024  # pixels a side


@dataclass(frozen=True, slots=True)
class Recipe:
    """A face is cut as "box", with `margin` pixels of the result around it, or "aligned", its five landmarks fitted to
    `template`; `size` pixels square. Input is (pixel − mean) / scale, with channels, and `mean`, in the order of `colour`.

    Similarity is 1 − d² / (2·radius²) for the distance d of two embeddings of `width` numbers: for unit vectors and
    radius 1, the cosine.
    """

    cut: Literal["box", "aligned"]
    size: int
    mean: tuple[float, float, float]
    scale: float
    width: int
    unit_length: bool
    radius: float
    margin: int = 0
    template: Template | None = None  # left eye, right eye, nose, left and right corner of the mouth; centres at +0.5
    colour: Literal["rgb", "bgr"] = "rgb"

    def __post_init__(self) -> None:
        """Raises ValueError for what cannot be cut or calculated with."""
        numbers = (*self.mean, self.scale, self.radius, *(value for point in self.template or () for value in point))
        if not all(map(math.isfinite, numbers)) or min(self.scale, self.radius, self.width) <= 0:
            raise ValueError("numbers that cannot be calculated with")
        if not 0 <= self.margin < self.size <= LARGEST_FACE:
            raise ValueError(f"faces of {self.size} pixels with a margin of {self.margin}")
        if self.cut not in ("box", "aligned") or self.colour not in ("rgb", "bgr"):
            raise ValueError(f"faces cut as {self.cut!r}, with colours as {self.colour!r}")
        if self.cut == "aligned" and not _is_face(self.template):
            raise ValueError("a template that is no face: two eyes, a nose and the corners of a mouth")

    def chip(self, picture: Image.Image, face: Face) -> Pixels:
        """The face as the network sees it: [size,size,3], RGB."""
        if self.cut == "box":
            return crop_face(picture, face.box, self.size, self.margin)
        return align_face(picture, face.landmarks, np.array(self.template, np.float64), self.size)

    def normalised(self, chips: Pixels) -> Array:
        """What the network takes, float32 [n,3,size,size], of chips [n,size,size,3] in RGB."""
        ordered = chips if self.colour == "rgb" else chips[..., ::-1]
        pixels = (ordered.astype(np.float32) - np.array(self.mean, np.float32)) / np.float32(self.scale)
        return np.ascontiguousarray(pixels.transpose(0, 3, 1, 2))

    def to_json(self) -> dict[str, Any]:
        """As the manifest states it."""
        template = [list(point) for point in self.template] if self.template else None
        return dataclasses.asdict(self) | {"mean": list(self.mean), "template": template}

    @classmethod
    def from_json(cls, entry: Mapping[str, Any]) -> Recipe:
        """Raises KeyError, TypeError or ValueError for anything but a recipe."""
        red, green, blue = (float(value) for value in entry["mean"])
        # The first manifests stated neither template nor colours: dlib's was the only network that is aligned.
        template = entry.get("template") or (DLIB_TEMPLATE if entry["cut"] == "aligned" else None)
        return cls(
            cut=entry["cut"],
            size=int(entry["size"]),
            mean=(red, green, blue),
            scale=float(entry["scale"]),
            width=int(entry["width"]),
            unit_length=bool(entry["unit_length"]),
            radius=float(entry["radius"]),
            margin=int(entry["margin"]),
            template=tuple((float(x), float(y)) for x, y in template) if template else None,
            colour=entry.get("colour", "rgb"),
        )


def _is_face(template: Template | None) -> bool:
    """Whether the points lie to each other as in an upright face; a swapped pair would turn every face over."""
    if template is None or len(template) != 5:
        return False
    left_eye, right_eye, _, left_mouth, right_mouth = template
    eyes_above = max(left_eye[1], right_eye[1]) < min(left_mouth[1], right_mouth[1])
    return eyes_above and left_eye[0] < right_eye[0] and left_mouth[0] < right_mouth[0]
