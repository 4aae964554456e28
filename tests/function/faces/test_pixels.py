"""Every resizing equals torch's area interpolation, whatever the size, and wherever the window lies."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from lookalike.arrays import Pixels
from lookalike.faces.pixels import IntegralImage, Planes

SIDES = st.one_of(st.integers(1, 40), st.integers(41, 700))


def noise(height: int, width: int, seed: int = 0) -> Pixels:
    return np.random.default_rng(seed).integers(0, 256, (height, width, 3), dtype=np.uint8)


def by_torch(rgb: Pixels, height: int, width: int) -> Planes:
    planes = torch.from_numpy(np.ascontiguousarray(rgb)).permute(2, 0, 1)[None].float()
    resized: Planes = torch.nn.functional.interpolate(planes, size=(height, width), mode="area")[0].numpy()
    return resized


@settings(max_examples=80)
@given(height=SIDES, width=SIDES, new_height=st.integers(1, 60), new_width=st.integers(1, 60), seed=st.integers(0, 99))
def test_resizes_as_torch_does(height: int, width: int, new_height: int, new_width: int, seed: int) -> None:
    rgb = noise(height, width, seed)
    resized = IntegralImage(rgb).resize(new_height, new_width)
    assert resized.dtype == np.float32
    # torch adds up to some 10⁵ pixels in single precision; here sums are whole numbers.
    assert np.allclose(resized, by_torch(rgb, new_height, new_width), rtol=0, atol=2e-3)


@pytest.mark.parametrize("value", [0, 255])
@pytest.mark.parametrize(("height", "width"), [(1, 1), (16, 16), (17, 33), (400, 300), (3000, 13), (13, 3000)])
def test_lanes_never_run_over(value: int, height: int, width: int) -> None:
    picture = IntegralImage(np.full((height, width, 3), value, np.uint8))
    for size in ((1, 1), (2, 3), (12, 12), (height, width)):
        assert (picture.resize(*size) == value).all()


def test_channels_stay_apart() -> None:
    rgb = np.zeros((50, 70, 3), np.uint8)
    rgb[..., 0], rgb[..., 1], rgb[..., 2] = 255, 1, 128
    assert (IntegralImage(rgb).resize(7, 9) == np.array([255, 1, 128], np.float32)[:, None, None]).all()


def test_rows_of_a_picture_are_those_of_the_whole() -> None:
    picture = IntegralImage(noise(333, 500))
    whole = picture.resize(100, 150)
    for first, last in ((0, 100), (0, 1), (37, 61), (99, 100)):
        assert np.array_equal(picture.resize(100, 150, first, last), whole[:, first:last])


@settings(max_examples=40)
@given(seed=st.integers(0, 10_000), side=st.sampled_from([24, 48]))
def test_crops_as_torch_does(seed: int, side: int) -> None:
    random = np.random.default_rng(seed)
    height, width = random.integers(1, 900, 2)
    rgb = noise(height, width, seed)
    left, top = random.integers(0, width, 9), random.integers(0, height, 9)
    right = left + 1 + (random.random(9) ** 2 * (width - left - 1)).astype(int)
    bottom = top + 1 + (random.random(9) ** 2 * (height - top - 1)).astype(int)
    crops = IntegralImage(rgb).crops(np.stack([left, top, right, bottom], axis=1), side)
    for crop, x1, y1, x2, y2 in zip(crops, left, top, right, bottom, strict=True):
        assert np.allclose(crop, by_torch(rgb[y1:y2, x1:x2], side, side), rtol=0, atol=2e-3)


def test_no_boxes_give_no_crops() -> None:
    assert IntegralImage(noise(30, 30)).crops(np.empty((0, 4), np.intp), 24).shape == (0, 3, 24, 24)


def test_a_picture_that_is_part_of_another_is_read_as_itself() -> None:
    large = noise(60, 80)
    part = large[5:45:2, 70:10:-1]
    assert np.array_equal(IntegralImage(part).resize(9, 11), IntegralImage(part.copy()).resize(9, 11))
