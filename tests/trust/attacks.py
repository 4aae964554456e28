"""Photos made to harm: a few bytes that ask for gigabytes, hours, or another decoder's confusion. Written by hand."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from PIL import Image

LIMIT = 4_400_000  # bytes of an upload


def small(kind: str = "JPEG", side: int = 64, **options: Any) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (side, side), (90, 80, 70)).save(buffer, kind, **options)
    return buffer.getvalue()


# JPEG


def segment(marker: int, content: bytes) -> bytes:
    return bytes([0xFF, marker]) + struct.pack(">H", len(content) + 2) + content


def jpeg_with(segments: bytes) -> bytes:
    jpeg = small()
    return jpeg[:2] + segments + jpeg[2:]


def jpeg_of_scans(count: int) -> bytes:
    """A progressive picture whose last scan comes again and again."""
    buffer = io.BytesIO()
    Image.new("L", (640, 480), 128).save(buffer, "JPEG", progressive=True)
    jpeg = buffer.getvalue()
    end, scan = jpeg.rindex(b"\xff\xd9"), jpeg.rindex(b"\xff\xda")
    header = jpeg[scan : scan + 2 + int.from_bytes(jpeg[scan + 2 : scan + 4], "big")]
    return jpeg[:end] + header * count + jpeg[end:]


def arithmetic_jpeg() -> bytes:
    """Says that it is coded arithmetically, which is all that is looked at."""
    return small().replace(b"\xff\xc0", b"\xff\xc9", 1)


# TIFF and EXIF


def directory(entries: list[tuple[int, int, int, int]], body: bytes = b"") -> bytes:
    """A little-endian TIFF with entries (tag, type, count, value) behind `body`, which begins at byte 8."""
    packed = b"".join(struct.pack("<HHII", *entry) for entry in sorted(entries))
    return b"II*\0" + struct.pack("<I", 8 + len(body)) + body + struct.pack("<H", len(entries)) + packed + bytes(4)


def overlapping_exif(size: int, entries: int) -> bytes:
    """Every entry claims nearly all of the block as its value."""
    exif = directory([(tag, 7, size - 16, 8) for tag in range(1, entries + 1)])
    return exif + bytes(size - len(exif))


GREY = [(258, 3, 1, 8), (262, 3, 1, 1), (277, 3, 1, 1)]


def tiff(width: int, height: int, *extra: tuple[int, int, int, int], body: bytes = b"") -> bytes:
    return directory([(256, 4, 1, width), (257, 4, 1, height), *GREY, *extra], body)


def tiff_of_tile(side: int, compression: int) -> bytes:
    tile = zlib.compress(bytes(100))
    tags = [(259, 3, 1, compression), (322, 4, 1, side), (323, 4, 1, side), (324, 4, 1, 8), (325, 4, 1, len(tile))]
    return tiff(64, 64, *tags, body=tile)


def tiff_of_strips(count: int) -> bytes:
    """All strips lie at the same place."""
    offsets, sizes = struct.pack("<I", 8) * count, struct.pack("<I", 8) * count
    tags = [(259, 3, 1, 1), (273, 4, count, 16), (278, 4, 1, 1), (279, 4, count, 16 + len(offsets))]
    return tiff(8, 60_000, *tags, body=bytes(8) + offsets + sizes)


def tiff_of_tags(count: int) -> bytes:
    """A grey picture with so many tags, most of which nobody knows: libtiff would write a line about each."""
    known = [(258, 3, 1, 8), (259, 3, 1, 8), (262, 3, 1, 1), (273, 4, 1, 8), (277, 3, 1, 1), (278, 4, 1, 8)]
    strip = zlib.compress(bytes(64))
    known += [(256, 4, 1, 8), (257, 4, 1, 8), (279, 4, 1, len(strip))]
    return directory(known + [(1_000 + tag, 0, 1, 0) for tag in range(count - len(known))], strip)


# PNG


def chunk(kind: bytes, content: bytes = b"") -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def png_with(chunks: bytes) -> bytes:
    png = small("PNG")
    return png[:33] + chunks + png[33:]


def png_of(width: int, height: int) -> bytes:
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = zlib.compress(bytes(min((width + 1) * height, 60_000_000)), 1)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND")


# BMP and GIF


def bmp(width: int, height: int, body: bytes, bits: int = 8, *, coded: bool = True) -> bytes:
    """With `coded`, of runs, whose coding has the number 1 for 8 bits a pixel and 2 for 4."""
    colours = 2**bits if bits <= 8 else 0
    palette = b"".join(bytes((level, level, level, 0)) for level in range(colours))
    start = 14 + 40 + len(palette)
    info = struct.pack(
        "<IiiHHIIiiII", 40, width, height, 1, bits, 8 // bits if coded else 0, len(body), 0, 0, colours, 0
    )
    return b"BM" + struct.pack("<IHHI", start + len(body), 0, 0, start) + info + palette + body


def with_comments(gif: bytes, count: int) -> bytes:
    """A comment of so many blocks of a byte before the picture."""
    start = 13 + 3 * 2 ** ((gif[10] & 7) + 1)
    return gif[:start] + b"\x21\xfe" + b"\x01x" * count + b"\0" + gif[start:]


def gif_beyond_its_screen() -> bytes:
    frame = b"," + struct.pack("<HHHHB", 0, 0, 65535, 65535, 0) + b"\x08\x01\0\0"
    return b"GIF89a" + struct.pack("<HHBBB", 1, 1, 0x80, 0, 0) + bytes(6) + frame + b";"


def webp_of_268_megapixels() -> bytes:
    """Lossless WebP says width and height, each less one, in 14 bits behind its signature."""
    webp = small("WEBP", lossless=True)
    start = webp.index(b"VP8L") + 9
    return webp[:start] + b"\xff\xff\xff" + bytes([webp[start + 3] | 0x0F]) + webp[start + 4 :]


# HEIF: pictures made of pictures


def box(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I4s", len(content) + 8, kind) + content


def full_box(kind: bytes, content: bytes, version: int = 0) -> bytes:
    return box(kind, bytes([version, 0, 0, 0]) + content)


def boxes(data: bytes, start: int = 0, end: int | None = None) -> Iterator[tuple[bytes, int, int]]:
    """Kind, and where the content begins and ends."""
    while start < (len(data) if end is None else end):
        size, kind = struct.unpack_from(">I4s", data, start)
        yield kind, start + 8, start + size
        start += size


def _taken_apart(heif: bytes) -> tuple[bytes, bytes]:
    """The decoder's configuration and the coded picture of a file with one picture."""
    places = {kind: (start, end) for kind, start, end in boxes(heif)}
    meta = {kind: (start, end) for kind, start, end in boxes(heif, places[b"meta"][0] + 4, places[b"meta"][1])}
    ((_, start, end),) = [found for found in boxes(heif, *meta[b"iprp"]) if found[0] == b"ipco"]
    ((config, first, last),) = [found for found in boxes(heif, start, end) if found[0] in (b"hvcC", b"av1C")]
    return box(config, heif[first:last]), heif[slice(*places[b"mdat"])]


def heif_of_tiles(
    heif: bytes, tile_side: int, rows: int, columns: int, size: tuple[int, int], *, shared: bool = True
) -> bytes:
    """A grid of pictures, each an item of its own; with `shared`, all of them are the same bytes of the file."""
    configuration, coded = _taken_apart(heif)
    kind, brand = (b"hvc1", b"heic") if b"hvcC" in configuration else (b"av01", b"avif")
    tiles = range(2, 2 + rows * columns)
    grid = struct.pack(">BBBBII", 0, 1, rows - 1, columns - 1, *size)

    def size_box(width: int, height: int) -> bytes:
        return full_box(b"ispe", struct.pack(">II", width, height))

    def info(item: int, type_: bytes) -> bytes:
        return full_box(b"infe", struct.pack(">HH", item, 0) + type_ + b"\0", version=2)

    def location(item: int, start: int, length: int) -> bytes:
        return struct.pack(">HHHII", item, 0, 1, start, length)

    def meta(data_start: int) -> bytes:
        first = data_start + len(grid)
        places = [first + (0 if shared else number * len(coded)) for number in range(len(tiles))]
        locations = b"".join(location(tile, place, len(coded)) for tile, place in zip(tiles, places, strict=True))
        properties = configuration + size_box(tile_side, tile_side) + size_box(*size)
        properties += full_box(b"pixi", bytes([3, 8, 8, 8]))
        uses = struct.pack(">HBBB", 1, 2, 3, 4)
        uses += b"".join(struct.pack(">HBBBB", tile, 3, 0x81, 2, 4) for tile in tiles)
        references = struct.pack(f">HH{len(tiles)}H", 1, len(tiles), *tiles)
        return full_box(
            b"meta",
            full_box(b"hdlr", bytes(4) + b"pict" + bytes(13))
            + full_box(b"pitm", struct.pack(">H", 1))
            + full_box(
                b"iloc", struct.pack(">BBH", 0x44, 0, 1 + len(tiles)) + location(1, data_start, len(grid)) + locations
            )
            + full_box(
                b"iinf", struct.pack(">H", 1 + len(tiles)) + info(1, b"grid") + b"".join(info(t, kind) for t in tiles)
            )
            + box(b"iprp", box(b"ipco", properties) + full_box(b"ipma", struct.pack(">I", 1 + len(tiles)) + uses))
            + full_box(b"iref", box(b"dimg", references)),
        )

    kinds = box(b"ftyp", brand + bytes(4) + b"mif1" + brand)
    start = len(kinds) + len(meta(0)) + 8
    return kinds + meta(start) + box(b"mdat", grid + coded * (1 if shared else len(tiles)))


def avif_sequence() -> bytes:
    """A still picture of 64 × 64 and, for the decoder that prefers it, a track."""
    return small("AVIF") + box(b"moov", bytes(20))


def heic(side: int) -> bytes:
    import pillow_heif

    buffer = io.BytesIO()
    pillow_heif.from_pillow(Image.new("RGB", (side, side), (99, 88, 77))).save(buffer, quality=50)
    return buffer.getvalue()


# Each was measured to take seconds, gigabytes or both before it was refused.
REFUSED: Mapping[str, Callable[[], bytes]] = {
    "jpeg of 300 000 EXIF blocks": lambda: jpeg_with(segment(0xE1, b"Exif\0\0abcd") * 300_000),
    "jpeg of a million empty segments": lambda: jpeg_with(segment(0xE5, b"") * 1_000_000),
    "jpeg of a million comments": lambda: jpeg_with(segment(0xFE, b"") * 1_000_000),
    "jpeg coded arithmetically": arithmetic_jpeg,
    "jpeg of 400 000 scans": lambda: jpeg_of_scans(400_000),
    "tiff of a tile of 1.6 gigapixels": lambda: tiff_of_tile(40_000, 8),
    "tiff of a tile of 3.6 gigapixels": lambda: tiff_of_tile(60_000, 5),
    "tiff of half a million strips": lambda: tiff_of_strips(500_000),
    "tiff of 60 000 tags": lambda: tiff_of_tags(60_000),
    "avif with a track": avif_sequence,
    "heic of one tile a hundred times": lambda: heif_of_tiles(heic(1024), 1024, 10, 10, (64, 64)),
    "heic of 900 tiles behind 64 pixels": lambda: heif_of_tiles(heic(512), 512, 30, 30, (64, 64), shared=False),
    "avif of one tile twenty times": lambda: heif_of_tiles(small("AVIF", 1024), 1024, 4, 5, (5120, 4096)),
    "png of one column": lambda: png_of(1, 50_000_000),
    "bmp of one row": lambda: bmp(50_000_000, 1, b"\0\2\0\xff\0\1"),
    "bmp of runs that skip 12 megapixels": lambda: bmp(4_000, 3_000, b"\0\2\0\xff" * 12 + b"\0\1"),
    "png of 3.6 gigapixels": lambda: png_of(60_000, 60_000),
    "png with a profile of 50 MB": lambda: png_with(chunk(b"iCCP", b"x\0\0" + zlib.compress(bytes(50_000_000), 1))),
    "gif of a frame beyond its screen": gif_beyond_its_screen,
    "webp of 268 megapixels": webp_of_268_megapixels,
}

# Odd, but a decoder gets through them within bounds: what is in them may be answered.
BEARABLE: Mapping[str, Callable[[], bytes]] = {
    "jpeg with one tag a thousand times its EXIF": lambda: small(
        "JPEG", exif=b"Exif\0\0" + overlapping_exif(60_000, 4_000)
    ),
    "png with overlapping EXIF": lambda: png_with(chunk(b"eXIf", overlapping_exif(4_200_000, 3_000))),
    "webp with overlapping EXIF": lambda: small("WEBP", exif=overlapping_exif(4_200_000, 3_000)),
    "jpeg with sixty lists of pictures": lambda: jpeg_with(
        segment(0xE2, b"MPF\0" + overlapping_exif(65_000, 5_000)) * 60
    ),
    "png of 366 000 empty chunks": lambda: png_with(chunk(b"prVt") * ((LIMIT - 200) // 12)),
    "png with 64 MB of text": lambda: png_with(chunk(b"zTXt", b"k\0\0" + zlib.compress(bytes(1_000_000))) * 60),
    "gif of two million comment blocks": lambda: with_comments(small("GIF"), 2_000_000),
    "heic of four tiles": lambda: heif_of_tiles(heic(64), 64, 2, 2, (128, 128), shared=False),
    "avif of four tiles": lambda: heif_of_tiles(small("AVIF"), 64, 2, 2, (128, 128), shared=False),
    "bmp that skips": lambda: bmp(2_000, 1_500, b"\0\2\0\xff" * 12 + b"\0\1"),
    "jpeg with a film behind it": lambda: small() + b"\0\0\0\x20ftypmp42" + b"\xff\xda\xff\xd8" * 200_000,
}
