from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from export.gallery.placeholder import latin_initials, placeholder
from export.gallery.portrait import SIDE, portrait
from lookalike.finder import Finder
from lookalike.photo.decode import read_photo
from tests.support import encoded


def thumbnail(finder: Finder, data: bytes) -> Image.Image:
    picture = read_photo(data, working_side=1280)
    return Image.open(io.BytesIO(portrait(picture, finder.detect(picture).probes[0])))


def test_a_portrait_shows_the_face_in_its_middle_with_room_around(finder: Finder, astronaut: Image.Image) -> None:
    shown = thumbnail(finder, encoded(astronaut))
    assert (shown.size, shown.format) == ((SIDE, SIDE), "JPEG")
    face = finder.detect(read_photo(encoded(shown))).probes[0].face
    assert np.abs((face.box[:2] + face.box[2:]) / 2 - SIDE / 2).max() < SIDE / 8
    assert 0.3 < face.height / SIDE < 0.6


@pytest.mark.parametrize("turn", [Image.Transpose.ROTATE_90, Image.Transpose.ROTATE_180, Image.Transpose.ROTATE_270])
def test_a_face_found_sideways_is_set_upright(finder: Finder, astronaut: Image.Image, turn: Image.Transpose) -> None:
    upright = np.asarray(thumbnail(finder, encoded(astronaut))).astype(float)
    turned = np.asarray(thumbnail(finder, encoded(astronaut.transpose(turn)))).astype(float)
    assert np.abs(turned - upright).mean() < 6


def test_a_portrait_carries_nothing_but_pixels(finder: Finder, astronaut: Image.Image) -> None:
    exif = Image.Exif()
    exif[0x010F] = "A camera"
    exif[0x8825] = {1: "N", 2: (37.0, 14.0, 0.0)}
    data = io.BytesIO()
    astronaut.save(data, "JPEG", exif=exif, comment=b"at home", icc_profile=b"x" * 200)
    shown = thumbnail(finder, data.getvalue())
    assert not shown.getexif()
    assert set(shown.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


def test_a_face_that_fills_the_picture_still_gets_a_whole_square(finder: Finder, astronaut: Image.Image) -> None:
    shown = thumbnail(finder, encoded(astronaut.crop((165, 40, 285, 300))))
    assert shown.size == (SIDE, SIDE)
    assert np.asarray(shown).std(axis=(0, 1)).min() > 10


class TestPlaceholder:
    @pytest.mark.parametrize(
        ("name", "initials"),
        [("Grace Hopper", "GH"), ("Émile Zola", "EZ"), ("Plato", "P"), ("김민수", ""), ("Kim 민수", ""), ("(x) y", "")],
    )
    def test_initials_are_those_the_font_can_write(self, name: str, initials: str) -> None:
        assert latin_initials(name) == initials

    @pytest.mark.parametrize("name", ["Grace Hopper", "김민수"])
    def test_it_is_a_portrait_like_any_other_and_the_same_every_time(self, name: str) -> None:
        shown = Image.open(io.BytesIO(placeholder(name)))
        assert shown.size == (SIDE, SIDE)
        assert len(shown.getcolors(SIDE * SIDE) or []) > 20
        assert placeholder(name) == placeholder(name)
        assert placeholder(name) != placeholder(f"{name}a")
