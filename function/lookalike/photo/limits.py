"""What a photo may ask of its decoder, told from its header: pixels, passes over them, and bytes for them.

Limits grow with the pixels that are allowed. At 50 megapixels a photo takes at most about 2 seconds and 450 MB; what
`python -m tests.trust.bounds` finds the worst for each format.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from typing import Any

from PIL import Image

from lookalike.errors import DamagedPhoto, TooLarge, UnusualPhoto
from lookalike.photo.heif_items import has_track, pixels_to_decode
from lookalike.photo.jpeg_segments import Jpeg

# What JPEG can hold; a picture of 1 × 50 million pixels is an attack on whoever resizes it.
LONGEST_SIDE = 65_535
# Decoders that take twice the time or memory for a pixel read half the pixels, and four times, a quarter.
_SHARE: Mapping[str, float] = {"WEBP": 1 / 2, "AVIF": 1 / 2, "HEIF": 1 / 2}
_ANIMATED_SHARE = 1 / 4  # two canvases, and a frame in two copies
# A HEIF picture's tiles reach beyond its edges, and a camera adds maps of depth and brightness.
HEIF_OVERHEAD = 1.5
# Bytes that a decoder may hold for each pixel of the limit.
_BYTES = 8
# Passes that a JPEG may take over all samples of the limit: cameras take 3, libjpeg's own progressive pictures 14. Of a
# picture in several passes, all coefficients are kept, two bytes each; those of four colours have 24 passes.
_PASSES = 20
_RUN_LENGTH_BMP = 4_000_000  # pixels: Pillow goes through them in Python
_MOST_STRIPS = 100_000  # of a TIFF
MOST_TAGS = 500  # of a TIFF; cameras write some eighty

_RUNS = (1, 2)  # BMP's compression: 8 bits, 4 bits
_WIDTH_TAG, _BITS_TAG, _COLOUR_TAG, _STRIPS_TAG, _SAMPLES_TAG, _ROWS_TAG = 256, 258, 262, 273, 277, 278
_PLANES_TAG, _TILE_WIDTH_TAG, _TILE_LENGTH_TAG, _YCBCR = 284, 322, 323, 6
# Bytes of a pixel in memory; other modes have four.
_STORAGE = {"1": 1, "L": 1, "P": 1, "I;16": 2, "I;16L": 2, "I;16B": 2, "I;16N": 2}


def check_file(kind: str, data: bytes, max_pixels: int) -> float:
    """Before a decoder sees the file at all: what it asks for, as far as that is known, as in check_picture.

    Raises DamagedPhoto, UnusualPhoto or TooLarge, or what its parser stumbles over.
    """
    if kind == "TIFF" and _tags(data) > MOST_TAGS:
        raise DamagedPhoto()
    if kind == "AVIF" and has_track(data):
        raise UnusualPhoto(kind="AVIF sequence")
    if kind not in ("AVIF", "HEIF"):
        return 0.0
    inside, most = pixels_to_decode(data), max_pixels * _SHARE[kind] * HEIF_OVERHEAD
    if inside > most:
        raise TooLarge(size=f"{_megapixels(inside)} megapixels in all parts", limit=_megapixels(most))
    return max_pixels * inside / most


def check_picture(kind: str, image: Image.Image, max_pixels: int, jpeg: Jpeg | None = None) -> float:
    """Before the opened `image` is loaded: what it asks for, in pixels of those formats that cost least.

    A photo that asks for as much as any may counts as `max_pixels`. Raises TooLarge, or ValueError for what no real
    photo has.
    """
    width, height = image.size
    most = max_pixels * (_ANIMATED_SHARE if _animated_webp(kind, image) else _SHARE.get(kind, 1.0))
    if kind == "BMP" and image.info.get("compression") in _RUNS:
        most = min(most, _RUN_LENGTH_BMP)
    if kind == "TIFF":
        most = min(most, max_pixels * _BYTES / _bytes_a_pixel(image))
    if width * height > most:
        raise TooLarge(size=f"{width}×{height} pixels", limit=f"{_megapixels(most)} megapixels")
    if max(width, height) > LONGEST_SIDE:
        raise TooLarge(size=f"{width}×{height} pixels", limit=f"{LONGEST_SIDE} pixels a side")
    work = (jpeg.work if jpeg.whole else 2 * jpeg.work) if jpeg else 0  # without its end, it is decoded twice
    if work > _PASSES * max_pixels:
        size, limit = _megapixels(work), _megapixels(_PASSES * max_pixels)
        raise TooLarge(size=f"{size} megasamples in all scans", limit=limit)
    return max(max_pixels * width * height / most, work / _PASSES)


def _megapixels(pixels: float) -> str:
    return f"{pixels / 1e6:.0f}" if pixels >= 10e6 else f"{pixels / 1e6:.2g}"


def _animated_webp(kind: str, image: Image.Image) -> bool:
    return kind == "WEBP" and bool(getattr(image, "is_animated", False))


def _tags(data: bytes) -> int:
    """How many entries a TIFF's first directory has."""
    order = "<" if data[:1] == b"I" else ">"
    big = data[2:4] in (b"+\0", b"\0+")
    (start,) = struct.unpack_from(f"{order}{'Q' if big else 'I'}", data, 8 if big else 4)
    (count,) = struct.unpack_from(f"{order}{'Q' if big else 'H'}", data, start)
    return int(count)


def _bytes_a_pixel(image: Image.Image) -> float:
    """A TIFF's pixel in memory, and its share of the largest strip or tile, which libtiff holds whole beside the picture.

    Raises ValueError or TypeError for tiles or strips beyond any measure.
    """
    tags: Mapping[int, Any] = getattr(image, "tag_v2", {})
    strips = tags.get(_STRIPS_TAG, ())
    if isinstance(strips, tuple) and len(strips) > _MOST_STRIPS:
        raise ValueError("more strips than any picture has rows")
    width, height = image.size
    planar = tags.get(_PLANES_TAG) == 2
    samples = 1 if planar else int(tags.get(_SAMPLES_TAG, 1))
    bits = samples * max(int(bits) for bits in _numbers(tags.get(_BITS_TAG, 1)))
    if tags.get(_COLOUR_TAG) == _YCBCR:
        bits = max(bits, 32)  # turned into RGBA by libtiff
    rows = min(int(tags.get(_ROWS_TAG, height)), max(height, width))
    piece = float(tags.get(_WIDTH_TAG, width)) * rows
    piece = max(piece, float(tags.get(_TILE_WIDTH_TAG, 0)) * float(tags.get(_TILE_LENGTH_TAG, 0)))
    return _STORAGE.get(image.mode, 4) + piece * bits / 8 / (width * height)


def _numbers(value: Any) -> tuple[Any, ...]:
    return value if isinstance(value, tuple) else (value,)
