"""Time and memory for the worst photo that is accepted, by format: `python -m tests.trust.bounds`.

Each is as large as the limit on pixels allows and is read in a process of its own. It ends with status 1 if one takes
more than SECONDS of processor time or MEGABYTES beyond what the process had.
"""

from __future__ import annotations

import io
import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from lookalike.photo.decode import read_photo
from lookalike.settings import Settings

SECONDS = 2.0
MEGABYTES = 500
UPLOAD = Settings().max_upload_bytes
WHOLE = (8660, 5773)  # 50 megapixels
HALF = (6120, 4084)  # 25


@cache
def soft(size: tuple[int, int], grain: int) -> Image.Image:
    """Colours without end: what compresses badly, at so many pixels from one to the next."""
    rng = np.random.default_rng(0)
    small = rng.integers(0, 256, (size[1] // grain, size[0] // grain, 3), np.uint8)
    return Image.fromarray(small).resize(size, Image.Resampling.BICUBIC)


@cache
def flat(size: tuple[int, int]) -> Image.Image:
    """A chequerboard: what compresses to next to nothing."""
    x, y = np.arange(size[0]) // 64 % 2, np.arange(size[1]) // 64 % 2
    board = np.zeros((size[1], size[0], 3), np.uint8)
    board[..., 0] = (x[None] ^ y[:, None]) * 200
    return Image.fromarray(board)


def saved(image: Image.Image, kind: str, **options: Any) -> bytes:
    buffer = io.BytesIO()
    if kind == "HEIF":
        import pillow_heif

        pillow_heif.from_pillow(image).save(buffer, **options)
    else:
        image.save(buffer, kind, **options)
    return buffer.getvalue()


def largest(image: Image.Image, kind: str, qualities: tuple[int, ...], **options: Any) -> bytes:
    """In the best quality that can be uploaded."""
    files = (saved(image, kind, quality=quality, **options) for quality in qualities)
    return next(data for data in files if len(data) <= UPLOAD)


def deep_grey() -> Image.Image:
    return Image.fromarray(np.asarray(flat(WHOLE).convert("L")).astype(np.uint16) * 257)


PHOTOS: Mapping[str, Callable[[], bytes]] = {
    "JPEG": lambda: largest(soft(WHOLE, 24), "JPEG", (40, 20, 10), subsampling=0),
    "JPEG, progressive": lambda: largest(soft(WHOLE, 24), "JPEG", (25, 15, 8), subsampling=0, progressive=True),
    "JPEG, progressive, four colours": lambda: largest(
        soft(WHOLE, 24).convert("CMYK"), "JPEG", (12, 8, 4), subsampling=0, progressive=True
    ),
    "PNG": lambda: saved(flat(WHOLE), "PNG"),
    "PNG, transparent": lambda: saved(flat(WHOLE).convert("RGBA"), "PNG"),
    "PNG, 16 bits": lambda: saved(deep_grey(), "PNG"),
    "GIF": lambda: saved(flat(WHOLE).convert("P"), "GIF"),
    "TIFF": lambda: saved(flat(WHOLE).convert("CMYK"), "TIFF", compression="tiff_adobe_deflate"),
    "TIFF, LAB": lambda: saved(flat(WHOLE).convert("LAB"), "TIFF", compression="tiff_adobe_deflate"),
    "WebP": lambda: largest(soft(HALF, 12), "WEBP", (60, 20, 0), method=0),
    "WebP, lossless": lambda: saved(flat(HALF).convert("RGBA"), "WEBP", lossless=True, quality=0, method=0),
    "AVIF": lambda: largest(soft(HALF, 12), "AVIF", (70, 50, 20), speed=10, subsampling="4:4:4"),
    "HEIC": lambda: largest(soft(HALF, 8), "HEIF", (60, 50, 30, 10), chroma=444),
}


def measured(data: bytes) -> str:
    """Seconds of processor time and megabytes at most, for reading `data` in this process."""
    Path("/proc/self/clear_refs").write_text("5")  # forget the highest memory so far
    before, start = _highest(), time.process_time()
    read_photo(data, working_side=Settings().working_side)
    return f"{time.process_time() - start:.2f} {_highest() - before:.0f}"


def _highest() -> float:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1000 for line in lines if line.startswith("VmHWM"))


def main() -> int:
    if sys.argv[1:] == ["--inside"]:
        print(measured(sys.stdin.buffer.read()))
        return 0
    worst = 0
    for name, make in PHOTOS.items():
        data = make()
        command = [sys.executable, "-m", "tests.trust.bounds", "--inside"]
        done = subprocess.run(command, input=data, capture_output=True, check=True, env=os.environ)
        seconds, megabytes = map(float, done.stdout.split())
        beyond = seconds > SECONDS or megabytes > MEGABYTES
        print(
            f"{name:<32}{len(data) / 1e6:5.1f} MB {seconds:6.2f} s {megabytes:5.0f} MB{' TOO MUCH' * beyond}",
            flush=True,
        )
        worst = max(worst, int(beyond))
    return worst


if __name__ == "__main__":
    sys.exit(main())
