"""Pictures to try a network on: noise, faces of the demo, and the public-domain portraits of installed packages."""

import importlib
from functools import cache
from importlib.util import find_spec
from typing import IO

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from export.demo import demo_people, draw_portrait

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
    pictures = [*_drawn(), *(picture.crop(box) for picture, box in portraits())]
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


@cache
def _drawn() -> tuple[Image.Image, ...]:
    """Of the demo's people six of both sexes and many complexions, with and without glasses: their heads, square."""
    return tuple(draw_portrait(person).crop((178, 138, 572, 532)) for person in demo_people()[::13])
