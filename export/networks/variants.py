"""Another photo of the same drawn person: other light, sharpness, tilt, size and compression, always the same few."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageEnhance, ImageFilter, ImageOps

from export.networks.mtcnn import BUILDERS, load_weights, nms
from lookalike.faces.detector import Detector, Face
from lookalike.faces.recipe import Recipe
from lookalike.faces.sessions import open_session

Chips = NDArray[np.uint8]

_VARIANTS: list[Callable[[Image.Image], Image.Image]] = [
    lambda photo: photo,
    lambda photo: _compressed(ImageEnhance.Brightness(photo).enhance(0.55), 45),
    lambda photo: ImageEnhance.Contrast(photo.rotate(7, Image.Resampling.BICUBIC, fillcolor=(128, 128, 128))).enhance(
        0.7
    ),
    lambda photo: _noisy(photo.resize((photo.width // 2, photo.height // 2)).filter(ImageFilter.GaussianBlur(0.8))),
]


@dataclass(frozen=True)
class Sighting:
    """A face found in a variant of a photo; `owner` is the photo's place."""

    owner: int
    picture: Image.Image
    face: Face


def sightings(photos: Iterable[Image.Image], detector: Detector, mirrored: bool = False) -> Iterator[Sighting]:
    """The largest face of four variants of each photo, of its mirror image as well where asked; none where none is found."""
    for owner, photo in enumerate(photos):
        for vary in (*_VARIANTS, *([ImageOps.mirror] if mirrored else [])):
            picture = vary(photo.convert("RGB"))
            if faces := detector.detect(np.asarray(picture), max(20.0, max(picture.size) / 10)):
                yield Sighting(owner, picture, faces[0])


def variants(photos: Iterable[Image.Image], detector: Detector, recipe: Recipe) -> tuple[Chips, list[int]]:
    """Faces [n,size,size,3] cut out of four variants of each photo, and whose each is: the photo's place."""
    seen = list(sightings(photos, detector))
    return np.stack([recipe.chip(one.picture, one.face) for one in seen]), [one.owner for one in seen]


def open_detector() -> Detector:
    """MTCNN as it would be exported, without a file."""
    graphs = {name: build(load_weights(name)) for name, build in BUILDERS.items()} | {"nms": nms()}
    return Detector({name: open_session(graph.SerializeToString()) for name, graph in graphs.items()})


def _compressed(photo: Image.Image, quality: int) -> Image.Image:
    buffer = io.BytesIO()
    photo.save(buffer, "JPEG", quality=quality)
    return Image.open(buffer).convert("RGB")


def _noisy(photo: Image.Image) -> Image.Image:
    grain = np.random.default_rng(8).normal(0, 6, (photo.height, photo.width, 3))
    return Image.fromarray(np.clip(np.asarray(photo) + grain, 0, 255).astype(np.uint8))
