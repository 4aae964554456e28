"""Another photo of the same drawn person: other light, sharpness, tilt, size and compression, always the same few."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageEnhance, ImageFilter

from lookalike.faces.detector import Detector
from lookalike.faces.recipe import Recipe

Chips = NDArray[np.uint8]

_VARIANTS: list[Callable[[Image.Image], Image.Image]] = [
    lambda photo: photo,
    lambda photo: _compressed(ImageEnhance.Brightness(photo).enhance(0.55), 45),
    lambda photo: ImageEnhance.Contrast(photo.rotate(7, Image.Resampling.BICUBIC, fillcolor=(128, 128, 128))).enhance(
        0.7
    ),
    lambda photo: _noisy(photo.resize((photo.width // 2, photo.height // 2)).filter(ImageFilter.GaussianBlur(0.8))),
]


def variants(photos: Iterable[Image.Image], detector: Detector, recipe: Recipe) -> tuple[Chips, list[int]]:
    """Faces [n,size,size,3] cut out of four variants of each photo, and whose each is: the photo's place."""
    chips: list[Chips] = []
    owners: list[int] = []
    for owner, photo in enumerate(photos):
        for vary in _VARIANTS:
            picture = vary(photo.convert("RGB"))
            faces = detector.detect(np.asarray(picture), max(20.0, max(picture.size) / 10))
            if not faces:
                continue
            chips.append(recipe.chip(picture, faces[0]))
            owners.append(owner)
    return np.stack(chips), owners


def _compressed(photo: Image.Image, quality: int) -> Image.Image:
    buffer = io.BytesIO()
    photo.save(buffer, "JPEG", quality=quality)
    return Image.open(buffer).convert("RGB")


def _noisy(photo: Image.Image) -> Image.Image:
    grain = np.random.default_rng(8).normal(0, 6, (photo.height, photo.width, 3))
    return Image.fromarray(np.clip(np.asarray(photo) + grain, 0, 255).astype(np.uint8))
