"""Portraits: head and shoulders in a square, the eyes level and always in the same place, nothing in the file but pixels.

So two portraits side by side compare themselves. The page cuts a visitor's photo by the same measures (js/frame.js).
"""

from __future__ import annotations

import io

import numpy as np
from PIL import Image

from lookalike.arrays import Array, Index, Pixels
from lookalike.faces.probe import Probe
from lookalike.photo.decode import Photo

SIDE = 512  # pixels
SMALL_SIDE = 192
QUALITY = 72
# All in sides of the portrait: the point between the eyes, and how far they are apart.
_BETWEEN_EYES = (0.5, 0.42)
_APART = 0.2
# A head that is turned shows its eyes too close together: they count as at least this share of eyes to mouth.
_LEAST_APART = 0.8


def portrait(picture: Photo, probe: Probe) -> bytes:
    """A JPEG of a face of the photo, upright however the photo lies."""
    origin, across, down = _square(probe.face.landmarks * picture.scale)
    corners = np.array([origin, origin + across, origin + down, origin + across + down])
    rgb, offset = _part(picture.rgb, corners.min(axis=0), corners.max(axis=0))
    image = Image.fromarray(rgb)
    factor = max(int(np.hypot(*across) / SIDE), 1)
    if factor > 1:
        image = image.reduce(factor)
    x, y = (origin - offset) / factor
    (a, d), (b, e) = across / factor / SIDE, down / factor / SIDE
    return jpeg(image.transform((SIDE, SIDE), Image.Transform.AFFINE, (a, b, x, d, e, y), Image.Resampling.BICUBIC))


def small(large: bytes) -> bytes:
    """The same portrait for a list of people, from its JPEG."""
    with Image.open(io.BytesIO(large)) as image:
        return jpeg(image.resize((SMALL_SIDE, SMALL_SIDE), Image.Resampling.LANCZOS, reducing_gap=3.0))


def jpeg(image: Image.Image) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=QUALITY, optimize=True)
    return buffer.getvalue()


def _square(landmarks: Array) -> tuple[Array, Array, Array]:
    """The portrait's upper left corner, upper side and left side in the photo, from landmarks [5,2] in its pixels."""
    left, right = landmarks[:2]
    middle = (left + right) / 2
    apart = np.hypot(*(right - left))
    to_mouth = np.hypot(*(landmarks[3:].mean(axis=0) - middle))
    across = (right - left) / max(apart, 1e-6) * max(apart, _LEAST_APART * to_mouth, 1.0) / _APART
    down = np.array([-across[1], across[0]])
    return middle - _BETWEEN_EYES[0] * across - _BETWEEN_EYES[1] * down, across, down


def _part(rgb: Pixels, low: Array, high: Array) -> tuple[Pixels, Index]:
    """The pixels of [H,W,3] between two points, and where they start; its border goes on where the photo ends."""
    start, stop = np.floor(low).astype(int) - 2, np.ceil(high).astype(int) + 3
    size = np.array(rgb.shape[1::-1])
    first, last = np.clip(start, 0, size - 1), np.clip(stop, 1, size)
    before, after = np.maximum(first - start, 0), np.maximum(stop - last, 0)
    inside = rgb[first[1] : last[1], first[0] : last[0]]
    return np.pad(inside, ((before[1], after[1]), (before[0], after[0]), (0, 0)), mode="edge"), start
