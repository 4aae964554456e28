"""Portraits: a square thumbnail of head and shoulders, with nothing in the file but its pixels."""

from __future__ import annotations

import io

import numpy as np
from PIL import Image

from lookalike.faces.detector import Array, Face
from lookalike.photo.decode import Photo

SIDE = 192  # pixels
QUALITY = 80
# The portrait's side, in sides of the face's box, which reaches from the forehead to the chin only.
ROOM = 2.4


def portrait(picture: Photo, face: Face) -> bytes:
    """A JPEG of the face (in pixels of the photo as given), turned by quarters until it is upright."""
    face = face.scaled(picture.scale)
    turns = quarter_turns(face.landmarks)
    rgb = np.ascontiguousarray(np.rot90(picture.rgb, turns))
    height, width = rgb.shape[:2]
    left, top, right, bottom = face.turned_back(-turns % 4, width, height).box
    side = min(ROOM * max(right - left, bottom - top), width, height)
    x = _inside((left + right) / 2, side, width)
    y = _inside((top + bottom) / 2, side, height)
    square = Image.fromarray(rgb).resize(
        (SIDE, SIDE), Image.Resampling.LANCZOS, (x, y, x + side, y + side), reducing_gap=3.0
    )
    return jpeg(square)


def quarter_turns(landmarks: Array) -> int:
    """How often np.rot90 must turn the picture for the mouth to lie below the eyes, from landmarks [5,2]."""
    right, down = landmarks[3:].mean(axis=0) - landmarks[:2].mean(axis=0)
    if abs(down) >= abs(right):
        return 0 if down >= 0 else 2
    return 3 if right > 0 else 1


def jpeg(image: Image.Image) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=QUALITY, optimize=True)
    return buffer.getvalue()


def _inside(middle: float, side: float, limit: int) -> float:
    """Where a stretch of `side` around `middle` starts, moved so that it lies within 0…limit."""
    return float(min(max(middle - side / 2, 0), limit - side))
