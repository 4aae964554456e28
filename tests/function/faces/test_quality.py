"""Warnings appear when a face is hard to recognise, and not on a good portrait."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from PIL import Image, ImageEnhance, ImageFilter

from lookalike.errors import NoFace
from lookalike.finder import Finder
from lookalike.options import FindOptions
from lookalike.photo.decode import read_photo
from tests.support import encoded


def warnings_of(finder: Finder, picture: Image.Image) -> list[str]:
    return list(finder.detect(read_photo(encoded(picture, "PNG")), FindOptions(min_face_size=20)).probes[0].warnings)


def test_a_good_portrait_has_no_warning(finder: Finder, astronaut: Image.Image, hopper: Image.Image) -> None:
    assert warnings_of(finder, astronaut) == []
    assert warnings_of(finder, hopper) == []


@pytest.mark.parametrize(
    ("spoil", "warning"),
    [
        (lambda picture: picture.resize((170, 170)), "too-small"),
        (lambda picture: picture.crop((215, 0, 512, 400)), "cut-by-edge"),
        (lambda picture: picture.filter(ImageFilter.GaussianBlur(5)), "blurred"),
        (lambda picture: ImageEnhance.Brightness(picture).enhance(0.25), "too-dark"),
        (lambda picture: picture.point(lambda value: min(255, 160 + value // 2)), "too-bright"),
    ],
)
def test_a_spoilt_portrait_says_what_is_wrong(
    finder: Finder, astronaut: Image.Image, spoil: Callable[[Image.Image], Image.Image], warning: str
) -> None:
    assert warning in warnings_of(finder, spoil(astronaut))


@pytest.mark.parametrize(
    ("picture", "hint"),
    [
        (Image.new("RGB", (40, 30), "white"), "too-small"),
        (Image.new("RGB", (400, 300), (5, 5, 5)), "too-dark"),
        (Image.new("RGB", (400, 300), (254, 254, 254)), "too-bright"),
        (Image.linear_gradient("L").resize((400, 300)), "blurred"),
        (Image.fromarray(np.random.default_rng(1).integers(0, 255, (300, 400, 3), np.uint8)), "none-found"),
    ],
)
def test_a_photo_without_a_face_says_why_that_may_be(finder: Finder, picture: Image.Image, hint: str) -> None:
    with pytest.raises(NoFace) as caught:
        finder.find([encoded(picture, "PNG")])
    assert caught.value.hint == hint
