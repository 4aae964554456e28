"""Pictures to try a network on: noise, faces drawn here, and the public-domain portraits of installed packages."""

import importlib
from importlib.util import find_spec
from typing import IO

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

Pictures = NDArray[np.uint8]
Box = tuple[int, int, int, int]


def noise(size: int) -> Pictures:
    """[2, size, size, 3]: each pixel drawn on its own, and a few large blots of colour."""
    random = np.random.default_rng(2016)
    fine = random.integers(0, 256, (size, size, 3), dtype=np.uint8)
    coarse = Image.fromarray(random.integers(0, 256, (5, 5, 3), dtype=np.uint8)).resize((size, size))
    return np.stack([fine, np.asarray(coarse)])


def faces(size: int) -> Pictures:
    """[n, size, size, 3]: six clearly different drawn faces, and the real ones there are on this machine (0 to 2)."""
    pictures = [_drawn(seed) for seed in range(6)] + [picture.crop(box) for picture, box in portraits()]
    return np.stack([np.asarray(picture.resize((size, size), Image.Resampling.BILINEAR)) for picture in pictures])


def astronaut() -> Image.Image | None:
    """Eileen Collins, NASA, public domain, [512, 512]; None where scikit-image is not installed."""
    if find_spec("skimage") is None:
        return None
    pixels: Pictures = importlib.import_module("skimage.data").astronaut()
    return Image.fromarray(pixels)


def portraits() -> list[tuple[Image.Image, Box]]:
    """The public-domain portraits there are on this machine, and where in them the face is: left, top, right, bottom."""
    found: list[tuple[Image.Image, Box]] = []
    if (picture := astronaut()) is not None:
        found.append((picture, (170, 50, 280, 180)))
    if find_spec("matplotlib") is not None:
        sample: IO[bytes] = importlib.import_module("matplotlib.cbook").get_sample_data("grace_hopper.jpg")
        with sample as file:  # U.S. Navy, public domain
            found.append((Image.open(file).convert("RGB"), (155, 60, 365, 350)))
    return found


def _drawn(seed: int) -> Image.Image:
    """A face in a 320-pixel frame: no likeness, but eyes, brows, nose, mouth and hair where a network expects them."""
    random = np.random.default_rng(seed)

    def between(low: float, high: float) -> float:
        return float(random.uniform(low, high))

    def shade(colour: tuple[int, ...], factor: float) -> tuple[int, ...]:
        return tuple(min(255, int(channel * factor)) for channel in colour)

    skin = ((244, 208, 177), (224, 172, 125), (198, 134, 92), (141, 85, 54), (93, 57, 39), (236, 188, 180))[seed]
    hair = ((40, 28, 20), (190, 150, 80), (15, 15, 18), (120, 60, 30), (20, 18, 16), (180, 180, 185))[seed]
    ground = tuple(int(value) for value in random.integers(60, 220, 3))
    picture = Image.new("RGB", (320, 320), ground)
    draw = ImageDraw.Draw(picture)
    half, top, chin = between(82, 112), between(42, 60), between(262, 292)
    draw.ellipse((160 - half - 14, top - 30, 160 + half + 14, between(200, 330)), fill=hair)
    draw.ellipse((160 - half, top, 160 + half, chin), fill=skin)
    apart, level, opening = between(38, 50), between(132, 150), between(7, 12)
    for x in (160 - apart, 160 + apart):
        draw.ellipse((x - 26, level - 20, x + 26, level + 18), fill=shade(skin, 0.86))
        draw.ellipse((x - 20, level - opening, x + 20, level + opening), fill=(244, 242, 238))
        draw.ellipse((x - 8, level - 8, x + 8, level + 8), fill=(40, 30, 25))
        draw.line((x - 25, level - 26, x + 25, level - 26 + between(-6, 6)), fill=hair, width=int(between(5, 11)))
    tip = level + between(48, 62)
    draw.polygon(((160, level), (160 - between(14, 24), tip), (160 + between(14, 24), tip)), fill=shade(skin, 0.9))
    draw.ellipse((148, tip - 6, 172, tip + 6), fill=shade(skin, 0.75))
    mouth, width = tip + between(24, 34), between(24, 44)
    draw.ellipse(
        (160 - width, mouth - 9, 160 + width, mouth + between(7, 14)), fill=shade((190, 80, 80), skin[0] / 244)
    )
    draw.line((160 - width, mouth, 160 + width, mouth), fill=(90, 35, 35), width=3)
    draw.chord((160 - half, top - 6, 160 + half, top + between(70, 130)), 180, 360, fill=hair)
    return picture
