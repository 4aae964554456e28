"""Photos as people take them: not square, the face off the middle, large, turned any way; a gallery of 22 people."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from lookalike.finder import Finder
from lookalike.options import FindOptions
from lookalike.settings import Settings
from tests.support import encoded, write_gallery

# Where Grace Hopper's eyes are in her portrait of 512 × 600, to the pixel or two by eye.
LEFT_EYE, RIGHT_EYE = (223, 189), (307, 187)


@pytest.fixture(scope="module")
def crowd(
    tmp_path_factory: pytest.TempPathFactory, astronaut: Image.Image, hopper: Image.Image, demo_photos: list[Path]
) -> Finder:
    """Two real people among twenty drawn ones."""
    directory = tmp_path_factory.mktemp("crowd")
    people = {photo.stem: [photo.read_bytes()] for photo in demo_photos[:20]}
    people |= {"Eileen Collins": [encoded(astronaut)], "Grace Hopper": [encoded(hopper)]}
    write_gallery(directory, Finder.open(Settings(), with_gallery=False), people)
    return Finder.open(Settings(gallery=directory))


def pasted(portrait: Image.Image, size: tuple[int, int], corner: tuple[int, int], scale: float) -> Image.Image:
    """The portrait somewhere on a dull wall."""
    canvas = Image.new("RGB", size, (104, 112, 122))
    canvas.paste(portrait.resize((round(portrait.width * scale), round(portrait.height * scale))), corner)
    return canvas


@pytest.mark.parametrize(
    ("size", "corner", "scale"),
    [
        ((640, 900), (100, 260), 1.0),
        ((1500, 700), (950, 60), 1.0),
        ((4000, 2600), (2300, 300), 3.0),
        ((1800, 4000), (90, 2100), 3.0),
    ],
)
@pytest.mark.parametrize("turns", [0, 1, 2, 3])
def test_a_face_is_where_it_was_pasted_however_the_photo_is_turned(
    crowd: Finder, hopper: Image.Image, size: tuple[int, int], corner: tuple[int, int], scale: float, turns: int
) -> None:
    upright = pasted(hopper, size, corner, scale)
    photo = Image.fromarray(np.rot90(np.asarray(upright), turns))
    answer = crowd.find([encoded(photo, "JPEG", quality=92)])
    face = answer.faces[0]
    assert face.matches[0].person.name == "Grace Hopper"
    assert face.matches[0].similarity > 0.85
    assert (answer.width, answer.height) == photo.size
    width, height = size
    for landmark, eye in zip(face.face.landmarks, (LEFT_EYE, RIGHT_EYE), strict=False):
        x, y = corner[0] + eye[0] * scale, corner[1] + eye[1] * scale
        # What np.rot90 does to a point, written out.
        expected = [(x, y), (y, width - x), (width - x, height - y), (height - y, x)][turns]
        assert np.hypot(*(landmark - expected)) < 8 * scale


def test_the_smallest_face_is_asked_for_in_pixels_of_the_photo(
    crowd: Finder, astronaut: Image.Image, hopper: Image.Image
) -> None:
    """Searched at 1280 of its 3200 pixels: one face of about 490 pixels, another of about 130."""
    photo = pasted(hopper, (3200, 2400), (200, 300), 3.2)
    photo.paste(astronaut.resize((640, 640)), (2100, 1200))
    data = encoded(photo, "JPEG", quality=92)
    widths = [face.face.width for face in crowd.find([data], FindOptions(min_face_size=100)).faces]
    assert len(widths) == 2 and widths[1] < 180 < 400 < widths[0]
    assert len(crowd.find([data], FindOptions(min_face_size=300)).faces) == 1


def test_a_face_in_a_large_photo_is_cut_as_well_as_from_a_small_one(crowd: Finder, astronaut: Image.Image) -> None:
    plain = crowd.find([encoded(astronaut, "PNG")], FindOptions(include=("embedding",))).faces[0]
    large = pasted(astronaut, (3900, 2900), (1500, 100), 5.0)
    again = crowd.find([encoded(large, "JPEG", quality=92)], FindOptions(include=("embedding",))).faces[0]
    assert plain.embedding is not None and again.embedding is not None
    assert float(crowd.embedder.similarity(plain.embedding[None], again.embedding)[0]) > 0.93


def test_warnings_are_counted_in_the_photo_s_own_pixels(crowd: Finder, astronaut: Image.Image) -> None:
    """A face of 75 pixels in a photo of 2,560 is one of 38 where it is searched: small there, large enough as given."""
    photo = pasted(astronaut, (2560, 1440), (1900, 200), 0.9)
    face = crowd.find([encoded(photo, "PNG")], FindOptions(min_face_size=40)).faces[0]
    assert 62 < min(face.face.width, face.face.height) < 120
    assert "too-small" not in face.warnings


def test_a_wide_photo_s_face_at_the_right_is_not_called_cut(crowd: Finder, hopper: Image.Image) -> None:
    answer = crowd.find([encoded(pasted(hopper, (1600, 640), (1080, 20), 1.0), "PNG")])
    assert answer.faces[0].warnings == []


def test_clear_pixels_lend_nothing_to_a_shrunken_photo(crowd: Finder, hopper: Image.Image) -> None:
    """A cut-out portrait whose clear pixels hold a loud colour: what shines through is white, not that colour."""
    size = (1400, 1640)
    rgba = hopper.resize(size).convert("RGBA")
    alpha = np.zeros((size[1], size[0]), np.uint8)
    alpha[::2] = 255  # every second row clear: all of it would mix with its neighbours
    pixels = np.array(rgba)
    pixels[1::2, :, :3] = (255, 0, 255)
    pixels[..., 3] = alpha
    opaque = np.array(hopper.resize(size), np.float32)
    opaque[1::2] = 255
    picture = crowd.read_faces(encoded(Image.fromarray(pixels), "PNG", compress_level=1))[0].rgb
    expected = np.asarray(Image.fromarray(opaque.round().astype(np.uint8)).resize((picture.shape[1], picture.shape[0])))
    away = np.abs(picture.astype(int) - expected.astype(int)).mean(axis=(0, 1))
    assert away.max() < 4
