"""What may be chosen of a photo of each format: tests/trust/bounds.py tries every choice, and then climbs at random."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from tests.trust import worst
from tests.trust.worst import Pixel

Maker = Callable[..., bytes]
Choices = Mapping[str, Sequence[Any]]

FLAGS = (False, True)
# Pixels of 1,280, with a good deal of what is around the face: small enough for a second decoding, or none.
FACES = (120, 0, 60, 90, 160, 200)
TIFF_PIXELS = tuple(
    Pixel(*values)
    for values in (
        *((8, 2, 3), (16, 2, 3), (8, 2, 4, 1), (16, 2, 4, 1), (8, 5, 4), (16, 5, 4), (8, 8, 3), (8, 3, 1), (1, 1, 1)),
        *((16, 1, 1), (8, 1, 2, 1), (32, 1, 1), (32, 1, 1, 0, True)),
    )
)
# For each format, its maker and what may be chosen; the first of each choice is where the search begins.
FORMATS: Mapping[str, tuple[Maker, Choices]] = {
    "Faces": (
        worst.crowd,
        {"face": range(24, 128), "turn": (20, 0, 45, 90, 180), "gap": (0, 30, 60), "quality": range(20, 60)},
    ),
    "JPEG, MPO": (
        worst.jpeg,
        {
            "face": FACES,
            "mode": ("RGB", "CMYK", "L"),
            "progressive": (True, False),
            "grain": (24, 0, 12, 48),
            "quality": range(15, 60),
            "subsampling": (0, 1, 2),
            "ends": (True, False),
            "kind": ("JPEG", "MPO"),
        },
    ),
    "JPEG, refined": (
        worst.jpeg_refined,
        {"face": FACES, "scans": range(1, 30), "full": FLAGS, "mode": ("L", "RGB", "CMYK"), "ends": (True, False)},
    ),
    "PNG": (
        worst.png,
        {
            "colours": (2, 0, 3, 4, 6),
            "depth": (8, 16, 1),
            "transparent": FLAGS,
            "interlaced": FLAGS,
            "noisy": (True, False),
            "more": ("", "text", "chunks", "frames"),
        },
    ),
    "PNG of faces": (worst.png_by_pillow, {"face": FACES, "mode": ("RGB", "L"), "grain": (48, 0, 24)}),
    "TIFF": (
        worst.tiff,
        {"pixel": TIFF_PIXELS, "coding": (8, 32773), "rows": range(512), "planar": FLAGS, "tiled": FLAGS},
    ),
    "TIFF, other codings": (
        worst.tiff_by_pillow,
        {
            "face": FACES,
            "mode": ("RGB", "1", "L", "RGBA", "CMYK", "LAB", "YCbCr"),
            "coding": (
                *(
                    "tiff_lzw",
                    "raw",
                    "jpeg",
                    "packbits",
                    "tiff_adobe_deflate",
                    "group3",
                    "group4",
                    "zstd",
                    "lzma",
                    "webp",
                ),
            ),
            "grain": (0, 48),
        },
    ),
    "BMP": (worst.bmp, {"coding": ("runs8", "runs4", "1", "4", "8", "16", "24", "32")}),
    "GIF": (
        worst.gif,
        {
            "interlaced": FLAGS,
            "transparent": FLAGS,
            "frames": (1, 2),
            "grain": (0, 24, 48),
            "comments": (0, 400_000, 1_800_000),
        },
    ),
    "WebP": (
        worst.webp,
        {"face": FACES, "alpha": FLAGS, "lossless": FLAGS, "frames": (1, 2), "grain": (12, 0, 24)},
    ),
    "AVIF": (
        worst.avif,
        {
            "face": FACES,
            "alpha": FLAGS,
            "subsampling": ("4:4:4", "4:2:0"),
            "grain": (12, 0, 6, 48),
            "quality": range(50, 90),
            "film": FLAGS,
        },
    ),
    "HEIC": (
        worst.heif,
        {"face": FACES, "alpha": FLAGS, "deep": FLAGS, "chroma": (444, 420), "grain": (24, 0, 12, 48)},
    ),
    "AVIF and HEIC, tiles": (
        worst.tiles,
        {
            "coded": ("HEIF", "AVIF"),
            "side": (512, 256, 1024, 2048),
            "grain": (48, 0, 24),
            "subsampling": ("4:4:4", "4:2:0"),
        },
    ),
}
