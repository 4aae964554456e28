"""Photos that cost their decoders the most, of every format and coding that is read: at a size, with every choice left open."""

from __future__ import annotations

import io
import struct
import zlib
from dataclasses import dataclass
from functools import lru_cache
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


@lru_cache(4)
def soft(size: Size, grain: int) -> Image.Image:
    """Colours without end: what compresses badly, at so many pixels from one to the next."""
    rng = np.random.default_rng(0)
    small = rng.integers(0, 256, (max(1, size[1] // grain), max(1, size[0] // grain), 3), np.uint8)
    return Image.fromarray(small).resize(size, Image.Resampling.BICUBIC)


@lru_cache(4)
def flat(size: Size) -> Image.Image:
    """A chequerboard: what compresses to next to nothing."""
    x, y = np.arange(size[0]) // 64 % 2, np.arange(size[1]) // 64 % 2
    board = np.zeros((size[1], size[0], 3), np.uint8)
    board[..., 0] = (x[None] ^ y[:, None]) * 200
    return Image.fromarray(board)


def _content(size: Size, grain: int, mode: str, face: int = 0) -> Image.Image:
    """`face` as `crowd` takes it, 0 for none: a small one is cut from the photo decoded once more."""
    picture = soft(size, grain) if grain else flat(size)
    if face:
        picture = picture.copy()
        picture.paste(_portrait(60).resize((side := round(face * max(size) / 1280), side)))
    return picture if picture.mode == mode else picture.convert(mode)


def saved(image: Image.Image, kind: str, **options: Any) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def jpeg(
    size: Size,
    mode: str,
    progressive: bool,
    grain: int,
    quality: int,
    subsampling: int,
    ends: bool,
    kind: str,
    face: int = 0,
) -> bytes:
    options = {"quality": quality, "progressive": progressive, "subsampling": subsampling}
    more = {"save_all": True, "append_images": [Image.new(mode, (64, 48))]} if kind == "MPO" else {}
    picture = saved(_content(size, grain, mode, face), kind, **options, **more)
    return picture if ends else picture[:-2]


def jpeg_refined(size: Size, scans: int, full: bool, mode: str = "L", ends: bool = True, face: int = 0) -> bytes:
    """A picture whose last scan, which refines all coefficients of a colour, comes again and again."""
    picture = saved(_content(size, 24 if full else 0, mode, face), "JPEG", progressive=True, quality=30)
    end, scan = picture.rindex(b"\xff\xd9"), picture.rindex(b"\xff\xda")
    again = picture[scan:end] if full else picture[scan : scan + 10] + bytes(1)
    return picture[:end] + again * scans + picture[end:] * ends


def png(
    size: Size, depth: int, colours: int, transparent: bool, interlaced: bool, noisy: bool, more: str = ""
) -> bytes:
    """`colours` as the format counts them: 0 grey, 2 RGB, 3 palette, 4 grey with alpha, 6 RGB with alpha."""
    width, height = size
    samples = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}[colours]
    body = attacks.chunk(b"IHDR", _ihdr(width, height, depth, colours, interlaced))
    if colours == 3:
        body += attacks.chunk(b"PLTE", bytes(range(3)) * 2**depth)
    if transparent and colours < 4:
        body += attacks.chunk(b"tRNS", bytes({0: 2, 2: 6, 3: 2**depth}[colours]))
    body += _png_extras(size)[more]
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


def _png_extras(size: Size) -> dict[str, bytes]:
    """What may stand before the pixels: the most text that Pillow takes, chunks of nothing, or that there are two frames."""
    frame = struct.pack(">5I2H2B", 0, *size, 0, 0, 1, 1, 1, 1)
    text = attacks.chunk(b"zTXt", b"k\0\0" + zlib.compress(bytes(1_000_000)))
    return {
        "": b"",
        "text": text * 60,
        "chunks": attacks.chunk(b"prVt") * 200_000,
        "frames": attacks.chunk(b"acTL", bytes([0, 0, 0, 2] + [0] * 4)) + attacks.chunk(b"fcTL", frame),
    }


def _ihdr(width: int, height: int, depth: int, colours: int, interlaced: bool) -> bytes:
    return width.to_bytes(4, "big") + height.to_bytes(4, "big") + bytes([depth, colours, 0, 0, interlaced])


def tiff(size: Size, pixel: Pixel, coding: int, rows: int, planar: bool, tiled: bool = False) -> bytes:
    """`coding` 8 deflate, 32773 PackBits; `rows` of a strip or tile, 0 for all. All of them are the same bytes of the file."""
    width, height = size
    rows = -(-(rows or height) // 16) * 16 if tiled else rows or height
    across = -(-width // 16) * 16 if tiled else width
    planes = pixel.samples if planar else 1
    strip = _packed((across * pixel.bits * (pixel.samples // planes) + 7) // 8 * rows, coding)
    strips = -(-height // rows) * planes
    tags = [(256, 4, 1, width), (257, 4, 1, height), (259, 3, 1, coding), (262, 3, 1, pixel.colour)]
    tags += [(277, 3, 1, pixel.samples), (284, 3, 1, 2 if planar else 1)]
    tags += [(322, 4, 1, across), (323, 4, 1, rows)] if tiled else [(278, 4, 1, rows)]
    body = strip
    for tag, kind, values in (
        (258, 3, [pixel.bits] * pixel.samples),
        (339, 3, [3 if pixel.floats else 1] * pixel.samples),
        (338, 3, [2] * pixel.alpha),
        (320, 3, [0] * 3 * 2**pixel.bits if pixel.colour == 3 else []),
        (324 if tiled else 273, 4, [8] * strips),
        (325 if tiled else 279, 4, [len(strip)] * strips),
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


def tiff_by_pillow(size: Size, mode: str, coding: str, grain: int, face: int = 0) -> bytes:
    return saved(_content(size, grain, mode, face), "TIFF", compression=coding)


def png_by_pillow(size: Size, mode: str, grain: int, face: int) -> bytes:
    return saved(_content(size, grain, mode, face), "PNG", compress_level=1)


def bmp(size: Size, coding: str) -> bytes:
    """`coding` bits of a pixel, of nothing but zeros; or runs: rows that end after a pixel, which Pillow fills up in Python."""
    width, height = size
    if coding.startswith("runs"):
        return attacks.bmp(width, height, b"\1\0\0\0" * height + b"\0\1", int(coding[4:]), coded=True)
    row = -(-width * int(coding) // 32) * 4
    return attacks.bmp(width, height, bytes(min(row * height, attacks.LIMIT)), int(coding), coded=False)


def gif(size: Size, interlaced: bool, transparent: bool, frames: int, grain: int, comments: int = 0) -> bytes:
    options: dict[str, Any] = {"interlace": int(interlaced)} | ({"transparency": 0} if transparent else {})
    picture = _content(size, grain, "P")
    if frames > 1:
        options |= {"save_all": True, "append_images": [picture.rotate(180)] * (frames - 1)}
    return attacks.with_comments(saved(picture, "GIF", **options), comments)


def webp(size: Size, alpha: bool, lossless: bool, frames: int, grain: int, face: int = 0) -> bytes:
    options: dict[str, Any] = {"lossless": lossless, "quality": 0 if lossless else 20, "method": 0}
    picture = _content(size, grain, "RGBA" if alpha else "RGB", face)
    if frames > 1:
        options |= {"save_all": True, "append_images": [picture.transpose(Image.Transpose.ROTATE_180)] * (frames - 1)}
    return saved(picture, "WEBP", **options)


def avif(size: Size, alpha: bool, subsampling: str, grain: int, quality: int, film: bool, face: int = 0) -> bytes:
    """`film`: with grain that the decoder adds."""
    picture = _content(size, grain, "RGBA" if alpha else "RGB", face)
    more = {"advanced": {"film-grain-test": "1"}} if film else {}
    return saved(picture, "AVIF", quality=quality, subsampling=subsampling, speed=10, **more)


def tiles(size: Size, coded: str, side: int, grain: int, subsampling: str) -> bytes:
    """A grid of tiles, each of which is a picture of its own."""
    columns, rows = -(-size[0] // side), -(-size[1] // side)
    tile = (side, side)
    if coded == "AVIF":
        picture = avif(tile, False, subsampling, grain, 50, False)
    else:
        picture = heif(tile, False, False, int(subsampling.replace(":", "")), grain)
    if rows * columns * len(picture) > attacks.LIMIT:
        raise ValueError("more bytes than may be sent")
    return attacks.heif_of_tiles(picture, side, rows, columns, size, shared=False)


def heif(size: Size, alpha: bool, deep: bool, chroma: int, grain: int, face: int = 0) -> bytes:
    import pillow_heif

    picture = np.asarray(_content(size, grain, "RGBA" if alpha else "RGB", face))
    mode = ("RGBA" if alpha else "RGB") + (";16" if deep else "")
    values = picture.astype(np.uint16) * 257 if deep else picture
    buffer = io.BytesIO()
    file = pillow_heif.from_bytes(mode, size, values.tobytes())
    file.save(buffer, quality=40, chroma=chroma, enc_params={"preset": "ultrafast"})
    return buffer.getvalue()


def crowd(size: Size, face: int, turn: int, gap: int, quality: int) -> bytes:
    """Faces of `face` pixels side by side, as they are when a photo is looked at: what takes the networks longest."""
    side = max(1, round(face * max(size) / 1280))
    one = np.asarray(_portrait(gap).resize((side, side)).rotate(turn))
    times = (-(-size[1] // side), -(-size[0] // side), 1)
    return saved(Image.fromarray(np.tile(one, times)[: size[1], : size[0]]), "JPEG", quality=quality)


def _portrait(gap: int) -> Image.Image:
    """A face with so many pixels around it, of a picture of 512."""
    import skimage.data

    return Image.fromarray(skimage.data.astronaut()).crop((170 - gap, 60 - gap, 290 + gap, 200 + gap))
