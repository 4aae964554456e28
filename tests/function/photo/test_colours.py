"""Colours as a browser shows them: by the embedded profile, by the depth that was used, by what is transparent."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageCms

from lookalike.photo.colours import to_rgb
from lookalike.photo.decode import read_photo
from tests.support import encoded

COLOURS = ((255, 0, 0), (0, 255, 0), (0, 0, 255), (128, 128, 128))


def profile() -> bytes:
    """sRGB with red's and blue's places exchanged, under another name."""
    data = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    red, blue = data.index(b"rXYZ"), data.index(b"bXYZ")
    data[red : red + 4], data[blue : blue + 4] = b"bXYZ", b"rXYZ"
    return bytes(data).replace("sRGB".encode("utf-16-be"), "BRGs".encode("utf-16-be"))


@pytest.fixture
def patches() -> Image.Image:
    return Image.fromarray(np.array([COLOURS], np.uint8).repeat(16, axis=1).repeat(32, axis=0))


@pytest.mark.parametrize(
    ("kind", "options"),
    [
        ("PNG", {}),
        ("JPEG", {"quality": 100, "subsampling": 0}),
        ("WEBP", {"lossless": True}),
        ("TIFF", {}),
        ("AVIF", {"quality": 100}),
    ],
)
def test_colours_are_by_the_profile(patches: Image.Image, kind: str, options: dict[str, object]) -> None:
    photo = read_photo(encoded(patches, kind, icc_profile=profile(), **options))
    found = photo.rgb[16, 8::16].astype(int)
    assert np.abs(found - [(0, 0, 255), (0, 255, 0), (255, 0, 0), (128, 128, 128)]).max() <= 6


@pytest.mark.parametrize(
    "damaged",
    [b"", b"no profile", profile()[:300], profile().replace(b"curv", b"vruc").replace(b"para", b"arap")],
)
def test_a_broken_profile_is_ignored(patches: Image.Image, damaged: bytes) -> None:
    photo = read_photo(encoded(patches, "PNG", icc_profile=damaged))
    assert np.array_equal(photo.rgb[16, 8::16], np.array(COLOURS))


def test_a_profile_for_other_colours_is_ignored(patches: Image.Image) -> None:
    photo = read_photo(encoded(patches.convert("L"), "PNG", icc_profile=profile()))
    assert (photo.rgb[16, 56] == 128).all()


def test_a_profile_beyond_any_measure_is_ignored(patches: Image.Image, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lookalike.photo.colours._MOST_PROFILE", len(profile()) - 1)
    photo = read_photo(encoded(patches, "PNG", icc_profile=profile()))
    assert np.array_equal(photo.rgb[16, 8::16], np.array(COLOURS))


def test_transparent_photos_have_profiles_too(patches: Image.Image) -> None:
    patches.putalpha(255)
    photo = read_photo(encoded(patches, "PNG", icc_profile=profile()))
    assert photo.rgb[16, 8].tolist() == [0, 0, 255]


@pytest.mark.parametrize(("highest", "step"), [(1023, 4), (1024, 16), (4095, 16), (4096, 257), (65535, 257)])
def test_grey_of_ten_and_twelve_bits_is_as_bright_as_it_was_taken(highest: int, step: int) -> None:
    values = np.array([[0, highest // 2, highest]], np.uint16)
    rgb = read_photo(encoded(Image.fromarray(values), "TIFF")).rgb
    assert np.abs(rgb[0, :, 0].astype(int) - values[0].astype(int) // step).max() <= 1


@pytest.mark.parametrize(
    "size",
    [(53, 31), (106, 62), (150, 31), (37, 5), (11, 61), (212, 9), (211, 123), (1, 1)],
)
@pytest.mark.parametrize("band", [1, 212 * 10, 10**6])
def test_shrinks_as_pillow_does(size: tuple[int, int], band: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Noise of odd shape, in bands of a row, of ten rows, and in one; where only one side is halved first, too."""
    monkeypatch.setattr("lookalike.photo.colours._BAND_PIXELS", band)
    noise = Image.fromarray(np.random.default_rng(3).integers(0, 256, (124, 212, 3), np.uint8))
    expected = noise.resize(size, Image.Resampling.BILINEAR, reducing_gap=2.0)
    assert np.array_equal(np.asarray(to_rgb(noise, size)), np.asarray(expected))


@pytest.mark.parametrize("mode", ["RGBA", "LA", "PA"])
@pytest.mark.parametrize(("size", "column"), [((50, 20), 15), ((150, 60), 45)])
def test_clear_pixels_lend_no_colour(mode: str, size: tuple[int, int], column: int) -> None:
    """White that cannot be seen left of black that can; then red. Each pixel of the answer lies wholly on one side."""
    values = np.zeros((60, 150, 2), np.uint8)
    values[:, :45, 0] = 255
    values[:, 45:, 1] = 255
    picture = Image.fromarray(values, "LA")
    rgb = np.asarray(to_rgb(picture if mode == "LA" else picture.convert("RGBA").convert(mode), size))
    assert rgb[:, : column - 1].min() == 255
    assert rgb[:, column + 1 :].max() == 0
    red = np.zeros((60, 150, 4), np.uint8)
    red[:, :45, 0] = 255
    red[:, 45:, 3] = 255
    rgb = np.asarray(to_rgb(Image.fromarray(red), size))
    assert (rgb[..., 0] == rgb[..., 1]).all() and (rgb[..., 1] == rgb[..., 2]).all()


def test_half_clear_pixels_are_half_white() -> None:
    picture = Image.new("RGBA", (40, 30), (200, 0, 100, 255))
    picture.paste((200, 0, 100, 51), (25, 0, 40, 30))
    rgb = np.asarray(to_rgb(picture, (40, 30)))
    assert rgb[7, 24].tolist() == [200, 0, 100]
    assert rgb[7, 25].tolist() == [244, 204, 224]  # a fifth of the colour, four fifths of white


def test_a_palette_with_a_clear_colour_is_shrunk_on_white() -> None:
    picture = Image.new("P", (90, 40), 1)
    picture.putpalette([255, 0, 0, 0, 0, 255])
    picture.paste(0, (0, 0, 30, 40))
    picture.info["transparency"] = 0
    rgb = np.asarray(to_rgb(picture, (45, 20)))
    assert rgb[3, 3].tolist() == [255, 255, 255] and rgb[3, 40].tolist() == [0, 0, 255]


@pytest.mark.parametrize(("highest", "some", "grey"), [(1023, 408, 101), (4095, 1638, 102), (65535, 26214, 102)])
def test_grey_of_any_depth_goes_from_black_to_white(highest: int, some: int, grey: int) -> None:
    values = np.array([[0, some, highest - 1, highest]], np.uint16)
    greys = np.asarray(to_rgb(Image.fromarray(values), (4, 1)))[0]
    assert greys.tolist() == [[level] * 3 for level in (0, grey, 254, 255)]


@pytest.mark.parametrize("kind", [np.int32, np.float32])
def test_values_of_no_known_range_are_stretched(kind: type) -> None:
    values: np.ndarray = np.array([[-2, 0, 2], [6, 5, -2]], kind)
    rgb = np.asarray(to_rgb(Image.fromarray(values), (3, 2)))
    assert rgb[..., 0].tolist() == [[0, 63, 127], [255, 223, 0]]
    assert np.asarray(to_rgb(Image.fromarray(np.full((2, 3), 7, kind)), (3, 2))).max() == 0


def test_what_is_no_number_counts_as_zero() -> None:
    values = np.array([[-1, np.nan, 3], [np.inf, -np.inf, 0]], np.float32)
    rgb = np.asarray(to_rgb(Image.fromarray(values), (3, 2)))
    assert rgb[..., 0].tolist() == [[0, 63, 255], [63, 63, 63]]


def test_black_and_white_becomes_grey_when_it_is_shrunk() -> None:
    """Three of four pixels are white."""
    board = np.ones((40, 60), bool)
    board[::2, ::2] = False
    rgb = np.asarray(to_rgb(Image.fromarray(board), (15, 10)))
    assert (
        rgb.shape == (10, 15, 3) and rgb[2:8, 2:12].min() in range(189, 193) and rgb[2:8, 2:12].max() in range(189, 193)
    )


def test_a_profile_of_just_the_bound_counts(patches: Image.Image, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lookalike.photo.colours._MOST_PROFILE", len(profile()))
    photo = read_photo(encoded(patches, "PNG", icc_profile=profile()))
    assert photo.rgb[16, 8].tolist() == [0, 0, 255]


def test_srgb_by_its_name_is_left_as_it_is(patches: Image.Image) -> None:
    """Its red and blue changed places, but its name says that there is nothing to do."""
    named = profile().replace("BRGs".encode("utf-16-be"), "sRGB".encode("utf-16-be"))
    assert np.array_equal(read_photo(encoded(patches, "PNG", icc_profile=named)).rgb[16, 8::16], np.array(COLOURS))
