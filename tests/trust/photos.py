"""Photos of many sizes, shapes and formats for the soak and the fuzzer, from portraits in installed packages."""

from __future__ import annotations

import io
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from PIL import Image


@dataclass(frozen=True, slots=True)
class Sent:
    """A body, and the statuses with which it may be answered."""

    body: bytes
    statuses: frozenset[int]


FOUND = frozenset({200})
ANY_PHOTO = frozenset({200, 422})  # small, turned or cut faces are not always found
FORMATS: dict[str, dict[str, Any]] = {
    "JPEG": {"quality": 88},
    "PNG": {"compress_level": 1},
    "WEBP": {"quality": 80, "method": 0},
    "AVIF": {"quality": 60, "speed": 10},
    "HEIF": {"quality": 60},
    "GIF": {},
    "BMP": {},
    "TIFF": {"compression": "tiff_lzw"},
}


def portraits() -> list[Image.Image]:
    import skimage.data
    from matplotlib import cbook

    with Image.open(str(cbook.get_sample_data("grace_hopper.jpg", asfileobj=False))) as hopper:
        return [Image.fromarray(skimage.data.astronaut()), hopper.convert("RGB")]


def mixed(seed: int, limit: int = 4_400_000) -> Iterator[Sent]:
    """Photos without end: whole ones of every format, size and mode, and now and then one that is none."""
    random_ = random.Random(seed)
    faces = portraits()
    broken: list[Callable[[bytes], bytes]] = [
        lambda data: data[: random_.randrange(len(data))],
        lambda data: b"",
        lambda data: random_.randbytes(2000),
        lambda data: data[:500] + random_.randbytes(64) + data[564:],
    ]
    while True:
        kind = random_.choice([*FORMATS, "JPEG", "JPEG", "JPEG", "WEBP"])
        picture = _scene(random_, faces)
        data = _encoded(picture, kind)
        if len(data) > limit:
            continue
        if random_.random() < 0.06:
            yield Sent(random_.choice(broken)(data), frozenset({200, 415, 422}))
        else:
            yield Sent(data, ANY_PHOTO)


def _scene(random_: random.Random, faces: list[Image.Image]) -> Image.Image:
    """One to six portraits at any size on a canvas of any shape."""
    width = int(2 ** random_.uniform(6, 11.3))
    height = max(16, int(width * 2 ** random_.uniform(-1, 1)))
    canvas = Image.new("RGB", (width, height), tuple(random_.choices(range(256), k=3)))
    for _ in range(random_.choice([1, 1, 1, 2, 3, 6])):
        side = max(16, int(min(width, height) * random_.uniform(0.2, 1)))
        face = random_.choice(faces).resize((side, side))
        if random_.random() < 0.2:
            face = face.rotate(random_.choice([90, 180, 270, 15, -20]))
        canvas.paste(face, (random_.randrange(max(1, width - side + 1)), random_.randrange(max(1, height - side + 1))))
    return canvas.convert(random_.choice(["RGB", "RGB", "RGB", "L"]))


def _encoded(picture: Image.Image, kind: str) -> bytes:
    buffer = io.BytesIO()
    if kind == "HEIF":
        import pillow_heif

        pillow_heif.from_pillow(picture).save(buffer, **FORMATS[kind])
    else:
        picture.save(buffer, kind, **FORMATS[kind])
    return buffer.getvalue()
