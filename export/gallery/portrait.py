"""Portraits: a square thumbnail of head and shoulders, with nothing in the file but its pixels."""

from __future__ import annotations

import io

from PIL import Image

from lookalike.faces.probe import Probe
from lookalike.faces.turning import quarter_turned
from lookalike.photo.decode import Photo

SIDE = 192  # pixels
QUALITY = 80
# The portrait's side, in sides of the face's box, which reaches from the forehead to the chin only.
ROOM = 2.4


def portrait(picture: Photo, probe: Probe) -> bytes:
    """A JPEG of a face of the photo, upright."""
    rgb = quarter_turned(picture.rgb, probe.turns)
    height, width = rgb.shape[:2]
    left, top, right, bottom = probe.upright.box
    side = min(ROOM * max(right - left, bottom - top), width, height)
    x = _inside((left + right) / 2, side, width)
    y = _inside((top + bottom) / 2, side, height)
    square = Image.fromarray(rgb).resize(
        (SIDE, SIDE), Image.Resampling.LANCZOS, (x, y, x + side, y + side), reducing_gap=3.0
    )
    return jpeg(square)


def jpeg(image: Image.Image) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=QUALITY, optimize=True)
    return buffer.getvalue()


def _inside(middle: float, side: float, limit: int) -> float:
    """Where a stretch of `side` around `middle` starts, moved so that it lies within 0…limit."""
    return float(min(max(middle - side / 2, 0), limit - side))
