"""A photo decoded once more: finer, upright, in its own colours, and within what its request may ask for."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from lookalike.photo.decode import read_photo, read_photos
from tests.support import encoded

# Dark to bright from left to right, with a blue corner at the top right: every turn of it looks different.
STORED = Image.fromarray(np.tile(np.arange(240, dtype=np.uint8)[None, :, None], (40, 1, 3))).resize((300, 200))
STORED.paste((0, 0, 255), (240, 0, 300, 40))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_the_finer_copy_shows_what_the_searched_one_does(kind: str, orientation: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    (photo,) = read_photos([encoded(STORED, kind, exif=exif)], 200_000, 60)
    finer = photo.finer(150)
    assert finer is not None and max(finer.size) == 150 and max(photo.rgb.shape) == 60
    shrunk = np.asarray(finer.resize((photo.rgb.shape[1], photo.rgb.shape[0]), Image.Resampling.BOX)).astype(int)
    assert np.abs(shrunk - photo.rgb).mean() < 4


def test_it_is_no_larger_than_the_photo() -> None:
    (photo,) = read_photos([encoded(STORED)], 100_000, 60)
    finer = photo.finer(3200)
    assert finer is not None and finer.size == (300, 200)


@pytest.mark.parametrize(("limit", "finer"), [(90_000, 1), (89_999, 0)])
def test_it_counts_among_what_the_request_asks_for(limit: int, finer: int) -> None:
    """Two photos and one of them once more are three times 60,000 pixels, of twice the limit."""
    photos = read_photos([encoded(STORED, "PNG")] * 2, limit, 60)
    copies = [photo.finer(150) for photo in photos]
    assert sum(copy is not None for copy in copies) == finer


@pytest.mark.parametrize(
    "data",
    [
        encoded(STORED.convert("RGBA"), "PNG"),
        encoded(STORED, "PNG", transparency=(0, 0, 255)),
        encoded(STORED.convert("P"), "PNG"),
        encoded(STORED.convert("I;16"), "PNG"),
        encoded(STORED)[:-2],
    ],
    ids=["alpha", "clear colour", "palette", "deep", "incomplete"],
)
def test_not_of_what_takes_too_much_memory_or_lacks_its_end(data: bytes) -> None:
    (photo,) = read_photos([data], 10_000_000, 60)
    assert photo.finer(150) is None


def test_a_photo_read_alone_has_none() -> None:
    assert read_photo(encoded(STORED), working_side=60).finer(150) is None
