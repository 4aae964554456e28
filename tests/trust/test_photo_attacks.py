"""Photos made to harm are refused before a decoder works on them; odd ones of cameras and telephones are read."""

from __future__ import annotations

import io
import struct
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from PIL import Image

from lookalike.errors import DamagedPhoto, TooLarge, UnusualPhoto
from lookalike.photo.decode import read_photo
from lookalike.photo.heif_items import pixels_to_decode
from lookalike.photo.jpeg_segments import read_segments
from tests.support import encoded
from tests.trust import attacks


@pytest.mark.parametrize("make", attacks.REFUSED.values(), ids=attacks.REFUSED.keys())
def test_refuses_what_would_take_a_decoder_without_end(make: Callable[[], bytes]) -> None:
    with pytest.raises((DamagedPhoto, TooLarge, UnusualPhoto)):
        read_photo(make(), working_side=1280)


@pytest.mark.parametrize("make", attacks.BEARABLE.values(), ids=attacks.BEARABLE.keys())
def test_reads_what_is_odd_but_harmless(make: Callable[[], bytes]) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        photo = read_photo(make(), working_side=1280)
    assert photo.rgb.shape[2] == 3


def test_a_jpeg_keeps_its_picture_and_orientation_and_loses_the_rest(astronaut: Image.Image) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    jpeg = encoded(astronaut, progressive=True, exif=exif, icc_profile=b"profile", comment=b"secret")
    preview = attacks.segment(0xE2, b"MPF\0" + b"preview")
    slim = read_segments(jpeg[:2] + preview + jpeg[2:] + b"trailer").data
    assert b"secret" not in slim and b"preview" not in slim and slim.endswith(b"\xff\xd9")
    assert slim.count(b"profile") == 1
    assert np.array_equal(read_photo(slim).rgb, read_photo(jpeg).rgb)
    assert np.array_equal(read_photo(slim).rgb, np.rot90(read_photo(encoded(astronaut, progressive=True)).rgb, -1))


@pytest.mark.parametrize("mode", ["L", "RGB", "CMYK"])
@pytest.mark.parametrize("options", [{}, {"progressive": True}, {"subsampling": 0}, {"restart_marker_rows": 1}])
def test_a_jpeg_without_metadata_is_the_same_picture(
    astronaut: Image.Image, mode: str, options: dict[str, Any]
) -> None:
    jpeg = encoded(astronaut.convert(mode), **options)
    padded = jpeg[:2] + b"\xff\xff\xff" + jpeg[2:]
    with Image.open(io.BytesIO(jpeg)) as image:
        expected = np.asarray(image.convert("RGB"))
    for data in (jpeg, padded):
        assert np.array_equal(read_photo(data).rgb, expected)


def test_a_jpeg_without_an_end_is_kept_to_its_last_byte() -> None:
    jpeg = attacks.small()
    assert read_segments(jpeg[:-2]).data == jpeg[:-2]
    assert read_segments(jpeg[:200]).data == jpeg[:200]
    assert read_segments(b"\xff\xd8\xff").data == b"\xff\xd8"


def test_counts_a_heif_pictures_pixels_with_their_repetitions() -> None:
    heic, avif = attacks.heic(64), attacks.small("AVIF", 64)
    assert pixels_to_decode(heic) == pixels_to_decode(avif) == 64 * 64
    grid = attacks.heif_of_tiles(heic, 64, 3, 2, (128, 192), shared=False)
    assert pixels_to_decode(grid) == 6 * 64 * 64


@pytest.mark.parametrize(
    "damage",
    [
        lambda heif: heif.replace(b"iloc", b"xloc"),
        lambda heif: heif.replace(b"ispe", b"xspe"),
        lambda heif: heif.replace(b"ipma", b"xpma"),
        lambda heif: heif.replace(b"pitm", b"xitm"),
        lambda heif: heif.replace(b"dimg", b"auxl"),
        lambda heif: heif[: heif.index(b"iinf") + 20],
        lambda heif: heif + attacks.box(b"meta", bytes(20)),
        # The grid is made of itself.
        lambda heif: heif.replace(b"dimg" + struct.pack(">HHH", 1, 4, 2), b"dimg" + struct.pack(">HHH", 1, 4, 1)),
    ],
)
def test_refuses_heif_boxes_that_do_not_say(damage: Callable[[bytes], bytes]) -> None:
    good = attacks.heif_of_tiles(attacks.heic(64), 64, 2, 2, (128, 128), shared=False)
    damaged = damage(good)
    assert damaged != good
    with pytest.raises(DamagedPhoto):
        read_photo(damaged)


def test_shrinking_first_gives_the_colours_that_converting_first_would(astronaut: Image.Image) -> None:
    large = astronaut.resize((2600, 2600))
    expected = np.asarray(large.resize((1280, 1280), Image.Resampling.BILINEAR, reducing_gap=2.0)).astype(int)
    fade = large.copy()
    fade.putalpha(255)
    grey16 = Image.fromarray(np.asarray(large.convert("L")).astype(np.uint16) * 257)
    for picture, tolerance in ((large, 0), (fade, 1), (large.convert("CMYK"), 1), (large.convert("P"), 14)):
        photo = read_photo(encoded(picture, "TIFF"), working_side=1280)
        assert np.abs(photo.rgb.astype(int) - expected).mean() <= tolerance
    for picture in (grey16, large.convert("L").convert("F"), large.convert("L").convert("I"), large.convert("LA")):
        photo = read_photo(encoded(picture, "TIFF"), working_side=1280)
        assert np.abs(photo.rgb[..., 0].astype(int) - expected @ (0.299, 0.587, 0.114)).mean() < 1.5


def test_clear_pixels_lend_no_colour_when_a_picture_is_shrunk() -> None:
    """Red that cannot be seen beside black that can: only white and black may come out."""
    picture = Image.new("RGBA", (2600, 2600), (255, 0, 0, 0))
    picture.paste((0, 0, 0, 255), (0, 0, 1301, 2600))
    rgb = read_photo(encoded(picture, "PNG", compress_level=1), working_side=1280).rgb
    assert (rgb[..., 0] == rgb[..., 1]).all() and rgb.min() == 0 and rgb.max() == 255


def test_floats_that_are_no_numbers_are_black() -> None:
    values = np.array([[0, 10], [np.nan, np.inf]], np.float32)
    rgb = read_photo(encoded(Image.fromarray(values), "TIFF")).rgb
    assert rgb[..., 0].tolist() == [[0, 255], [0, 0]]
