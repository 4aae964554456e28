"""Photos that cost their decoders the most, of every format and coding that is read: at a size, with every choice left open.

A format's maker takes a size and one of each of its CHOICES; tests/trust/bounds.py measures them, and climbs.
"""

from __future__ import annotations

import io
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from PIL import Image

from tests.trust import attacks

Size = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Pixel:
    """Of a TIFF. `colour` 1 grey, 2 RGB, 3 palette, 5 CMYK, 8 LAB."""

    bits: int
    colour: int
    samples: int
    alpha: int = 0
    floats: bool = False


@cache
def soft(size: Size, grain: int) -> Image.Image:
    """Colours without end: what compresses badly, at so many pixels from one to the next."""
    rng = np.random.default_rng(0)
    small = rng.integers(0, 256, (max(1, size[1] // grain), max(1, size[0] // grain), 3), np.uint8)
    return Image.fromarray(small).resize(size, Image.Resampling.BICUBIC)


@cache
def flat(size: Size) -> Image.Image:
    """A chequerboard: what compresses to next to nothing."""
    x, y = np.arange(size[0]) // 64 % 2, np.arange(size[1]) // 64 % 2
    board = np.zeros((size[1], size[0], 3), np.uint8)
    board[..., 0] = (x[None] ^ y[:, None]) * 200
    return Image.fromarray(board)


def _content(size: Size, grain: int, mode: str) -> Image.Image:
    picture = soft(size, grain) if grain else flat(size)
    return picture if picture.mode == mode else picture.convert(mode)


def saved(image: Image.Image, kind: str, **options: Any) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def jpeg(size: Size, mode: str, progressive: bool, grain: int, quality: int, subsampling: int) -> bytes:
    return saved(_content(size, grain, mode), "JPEG", quality=quality, progressive=progressive, subsampling=subsampling)


def jpeg_refined(size: Size, scans: int, full: bool) -> bytes:
    """A grey picture whose last scan, which refines all coefficients, comes again and again."""
    picture = saved(_content(size, 24 if full else 0, "L"), "JPEG", progressive=True, quality=30)
    end, scan = picture.rindex(b"\xff\xd9"), picture.rindex(b"\xff\xda")
    again = picture[scan:end] if full else picture[scan : scan + 10] + bytes(1)
    return picture[:end] + again * scans + picture[end:]


def png(size: Size, depth: int, colours: int, transparent: bool, interlaced: bool, noisy: bool) -> bytes:
    """`colours` as the format counts them: 0 grey, 2 RGB, 3 palette, 4 grey with alpha, 6 RGB with alpha."""
    width, height = size
    samples = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}[colours]
    body = attacks.chunk(b"IHDR", _ihdr(width, height, depth, colours, interlaced))
    if colours == 3:
        body += attacks.chunk(b"PLTE", bytes(range(3)) * 2**depth)
    if transparent and colours < 4:
        body += attacks.chunk(b"tRNS", bytes({0: 2, 2: 6, 3: 2**depth}[colours]))
    row = bytes([4 if noisy else 0]) + bytes((width * samples * depth + 7) // 8)
    passes = [(width, height)]
    if interlaced:
        starts = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))
        passes = [(-(-(width - x) // dx), -(-(height - y) // dy)) for x, y, dx, dy in starts]
    packer = zlib.compressobj(1)
    parts = []
    for columns, rows in passes:
        line = row[: 1 + (columns * samples * depth + 7) // 8]
        parts += [packer.compress(line * 64) for _ in range(-(-rows // 64))]
    body += attacks.chunk(b"IDAT", b"".join([*parts, packer.flush()]))
    return b"\x89PNG\r\n\x1a\n" + body + attacks.chunk(b"IEND")


def _ihdr(width: int, height: int, depth: int, colours: int, interlaced: bool) -> bytes:
    return width.to_bytes(4, "big") + height.to_bytes(4, "big") + bytes([depth, colours, 0, 0, interlaced])


def tiff(size: Size, pixel: Pixel, coding: int, rows: int, planar: bool) -> bytes:
    """`coding` 8 deflate, 32773 PackBits; `rows` of a strip, 0 for all. All strips are the same bytes of the file."""
    width, height = size
    rows = rows or height
    planes = pixel.samples if planar else 1
    strip = _packed((width * pixel.bits * (pixel.samples // planes) + 7) // 8 * rows, coding)
    strips = -(-height // rows) * planes
    tags = [(256, 4, 1, width), (257, 4, 1, height), (259, 3, 1, coding), (262, 3, 1, pixel.colour)]
    tags += [(277, 3, 1, pixel.samples), (278, 4, 1, rows), (284, 3, 1, 2 if planar else 1)]
    body = strip
    for tag, kind, values in (
        (258, 3, [pixel.bits] * pixel.samples),
        (339, 3, [3 if pixel.floats else 1] * pixel.samples),
        (338, 3, [2] * pixel.alpha),
        (320, 3, [0] * 3 * 2**pixel.bits if pixel.colour == 3 else []),
        (273, 4, [8] * strips),
        (279, 4, [len(strip)] * strips),
    ):
        packed = np.array(values, "<u2" if kind == 3 else "<u4").tobytes()
        if packed:
            inline = len(packed) <= 4
            value = int.from_bytes(packed, "little") if inline else 8 + len(body)
            tags.append((tag, kind, len(values), value))
            body += b"" if inline else packed + bytes(len(packed) % 2)
    return attacks.directory(tags, body)


def _packed(length: int, coding: int) -> bytes:
    """So many zeros, to an even number of bytes."""
    if coding == 32773:
        strip = b"\x81\0" * -(-length // 128)
    else:
        packer = zlib.compressobj(1)
        whole, rest = divmod(length, 1 << 20)
        parts = [packer.compress(bytes(1 << 20)) for _ in range(whole)]
        strip = b"".join([*parts, packer.compress(bytes(rest)), packer.flush()])
    return strip + bytes(len(strip) % 2)


def tiff_by_pillow(size: Size, mode: str, coding: str, grain: int) -> bytes:
    return saved(_content(size, grain, mode), "TIFF", compression=coding)


def bmp(size: Size, runs: bool) -> bytes:
    """Rows that end after a pixel, which Pillow fills up in Python; or one bit a pixel, which is most for its bytes."""
    return attacks.bmp(*size, b"\1\0\0\0" * size[1] + b"\0\1") if runs else saved(_content(size, 0, "1"), "BMP")


def gif(size: Size, interlaced: bool, transparent: bool, frames: int, grain: int) -> bytes:
    options: dict[str, Any] = {"interlace": int(interlaced)} | ({"transparency": 0} if transparent else {})
    picture = _content(size, grain, "P")
    if frames > 1:
        options |= {"save_all": True, "append_images": [picture.rotate(180)] * (frames - 1)}
    return saved(picture, "GIF", **options)


def webp(size: Size, alpha: bool, lossless: bool, frames: int, grain: int) -> bytes:
    options: dict[str, Any] = {"lossless": lossless, "quality": 0 if lossless else 20, "method": 0}
    picture = _content(size, grain, "RGBA" if alpha else "RGB")
    if frames > 1:
        options |= {"save_all": True, "append_images": [picture.transpose(Image.Transpose.ROTATE_180)] * (frames - 1)}
    return saved(picture, "WEBP", **options)


def avif(size: Size, alpha: bool, subsampling: str, grain: int, quality: int) -> bytes:
    picture = _content(size, grain, "RGBA" if alpha else "RGB")
    return saved(picture, "AVIF", quality=quality, subsampling=subsampling, speed=10)


def heif(size: Size, alpha: bool, deep: bool, chroma: int, grain: int, coded: str) -> bytes:
    import pillow_heif

    picture = np.asarray(_content(size, grain, "RGBA" if alpha else "RGB"))
    mode = ("RGBA" if alpha else "RGB") + (";16" if deep else "")
    values = picture.astype(np.uint16) * 257 if deep else picture
    buffer = io.BytesIO()
    file = pillow_heif.from_bytes(mode, size, values.tobytes())
    file.save(buffer, quality=40, chroma=chroma, format=coded)
    return buffer.getvalue()


Maker = Callable[..., bytes]
# For each format, its maker and what may be chosen; the first of each choice is where the search begins.
CHOICES: Mapping[str, tuple[Maker, Mapping[str, tuple[Any, ...]]]] = {
    "JPEG": (
        jpeg,
        {
            "mode": ("RGB", "CMYK", "L"),
            "progressive": (True, False),
            "grain": (24, 0, 12, 48),
            "quality": (15, 4, 40),
            "subsampling": (0, 2),
        },
    ),
    "JPEG, refined": (jpeg_refined, {"scans": (1, 4, 10, 13, 14), "full": (False, True)}),
    "PNG": (
        png,
        {
            "colours": (2, 0, 3, 4, 6),
            "depth": (8, 16, 1),
            "transparent": (False, True),
            "interlaced": (False, True),
            "noisy": (True, False),
        },
    ),
    "TIFF": (
        tiff,
        {
            "pixel": tuple(
                Pixel(*values)
                for values in (
                    (8, 2, 3),
                    (16, 2, 3),
                    (8, 2, 4, 1),
                    (16, 2, 4, 1),
                    (8, 5, 4),
                    (16, 5, 4),
                    (8, 8, 3),
                    (8, 3, 1),
                    (1, 1, 1),
                    (16, 1, 1),
                    (8, 1, 2, 1),
                    (32, 1, 1),
                    (32, 1, 1, 0, True),
                )
            ),
            "coding": (8, 32773),
            "rows": (0, 1, 64),
            "planar": (False, True),
        },
    ),
    "TIFF, other codings": (
        tiff_by_pillow,
        {
            "mode": ("RGB", "1", "L", "RGBA", "CMYK", "LAB", "YCbCr"),
            "coding": (
                "tiff_lzw",
                "jpeg",
                "packbits",
                "tiff_adobe_deflate",
                "group3",
                "group4",
                "zstd",
                "lzma",
                "webp",
            ),
            "grain": (0, 48),
        },
    ),
    "BMP": (bmp, {"runs": (True, False)}),
    "GIF": (
        gif,
        {"interlaced": (False, True), "transparent": (False, True), "frames": (1, 2), "grain": (0, 48)},
    ),
    "WebP": (
        webp,
        {"alpha": (False, True), "lossless": (False, True), "frames": (1, 2), "grain": (12, 0, 24)},
    ),
    "AVIF": (
        avif,
        {"alpha": (False, True), "subsampling": ("4:4:4", "4:2:0"), "grain": (12, 0, 6), "quality": (50, 20, 80)},
    ),
    "HEIC": (
        heif,
        {
            "alpha": (False, True),
            "deep": (False, True),
            "chroma": (444, 420),
            "grain": (12, 0),
            "coded": ("HEIF", "AVIF"),
        },
    ),
}
