"""Colours as a browser shows them: by the embedded profile, by the depth that was used, by what is transparent."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageCms

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
