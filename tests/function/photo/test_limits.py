"""A photo is held to what its format and its coding cost a decoder: read at the limit, refused one pixel past it."""

from __future__ import annotations

import io
import struct
from collections.abc import Callable

import numpy as np
import pytest
from PIL import Image

from lookalike.deadline import Deadline
from lookalike.errors import DamagedPhoto, TookTooLong, TooLarge, UnusualPhoto
from lookalike.photo.decode import read_photo, read_photos
from lookalike.photo.jpeg_segments import read_segments
from lookalike.photo.limits import MOST_TAGS
from tests.support import encoded
from tests.trust import attacks, worst

PICTURE = Image.new("RGB", (300, 200))


def animated_webp() -> bytes:
    return encoded(PICTURE, "WEBP", save_all=True, append_images=[Image.new("RGB", (300, 200), "red")])


@pytest.mark.parametrize(
    ("make", "times"),
    [
        (lambda: encoded(PICTURE, "PNG"), 1),
        (lambda: encoded(PICTURE, "WEBP"), 2),
        (animated_webp, 4),
        (lambda: encoded(PICTURE, "AVIF"), 2),
        # Four bytes a pixel in memory, eight in the one strip: twelve where eight are allowed.
        (lambda: worst.tiff((300, 200), worst.Pixel(16, 2, 4, 1), 8, rows=0, planar=False), 1.5),
        (lambda: worst.tiff((300, 200), worst.Pixel(16, 2, 4, 1), 8, rows=1, planar=False), 1),
        # One plane of four lies in a strip.
        (lambda: worst.tiff((300, 200), worst.Pixel(16, 2, 4, 1), 8, rows=0, planar=True), 1),
        (lambda: worst.tiff((300, 200), worst.Pixel(32, 1, 1), 8, rows=0, planar=False), 1),
    ],
)
def test_pixels_by_what_they_cost(make: Callable[[], bytes], times: float) -> None:
    limit = round(times * 60_000)
    assert read_photo(make(), max_pixels=limit).width == 300
    with pytest.raises(TooLarge, match="300×200"):
        read_photo(make(), max_pixels=limit - 1)


def test_passes_over_a_jpeg() -> None:
    """A grey progressive picture has six scans; twenty passes are allowed over the largest one."""
    size = (64, 48)
    assert read_photo(worst.jpeg_refined(size, 14, full=False), max_pixels=64 * 48).width == 64
    with pytest.raises(TooLarge, match="in all scans"):
        read_photo(worst.jpeg_refined(size, 15, full=False), max_pixels=64 * 48)


def test_passes_count_twice_without_an_end() -> None:
    size = (64, 48)
    assert read_photo(worst.jpeg_refined(size, 4, full=False)[:-2], max_pixels=64 * 48).remarks == ("incomplete",)
    with pytest.raises(TooLarge, match="in all scans"):
        read_photo(worst.jpeg_refined(size, 5, full=False)[:-2], max_pixels=64 * 48)


def test_passes_count_samples_of_whole_blocks() -> None:
    """17 × 9 pixels at 4:2:0 are 32 × 16 samples of brightness and a quarter of them in each of two colours."""
    jpeg = encoded(Image.new("RGB", (17, 9)), progressive=True, subsampling="4:2:0")
    assert read_segments(jpeg).work == 2 * (512 + 2 * 128) + 4 * 512 + 4 * 128
    assert read_segments(encoded(Image.new("RGB", (17, 9)), subsampling="4:4:4")).work == 3 * 24 * 16


def test_runs_of_a_bmp() -> None:
    assert read_photo(worst.bmp((2000, 2000), "runs8"), working_side=64).width == 2000
    with pytest.raises(TooLarge, match="4 megapixels"):
        read_photo(worst.bmp((2001, 2000), "runs8"), working_side=64)
    with pytest.raises(TooLarge, match="4 megapixels"):
        read_photo(worst.bmp((2001, 2000), "runs4"), working_side=64)
    assert read_photo(worst.bmp((2001, 2000), "1"), working_side=64).width == 2001


def test_all_photos_of_a_request_together() -> None:
    """Twice the largest photo, and WebP counts double."""
    png, webp = encoded(PICTURE, "PNG"), encoded(PICTURE, "WEBP")
    assert len(read_photos([png] * 3 + [webp], 150_000, None)) == 4
    with pytest.raises(TooLarge, match="in all photos together"):
        read_photos([png] * 3 + [webp], 149_999, None)
    # The headers tell: nothing was decoded, or the damaged pixels would have been seen.
    damaged = png[: png.index(b"IDAT") + 10]
    with pytest.raises(DamagedPhoto):
        read_photos([damaged] * 4, 150_000, None)
    with pytest.raises(TooLarge, match="in all photos together"):
        read_photos([damaged] * 4, 119_999, None)


def test_no_photo_is_begun_after_the_deadline() -> None:
    with pytest.raises(TookTooLong, match="0 seconds"):
        read_photos([encoded(PICTURE, "PNG")], 150_000, None, Deadline(0))


def test_tags_of_a_tiff_and_what_libtiff_says_of_them(capfd: pytest.CaptureFixture[str]) -> None:
    assert read_photo(attacks.tiff_of_tags(MOST_TAGS)).width == 8
    with pytest.raises(DamagedPhoto):
        read_photo(attacks.tiff_of_tags(MOST_TAGS + 1))
    fax = encoded(Image.effect_noise((300, 200), 99).convert("1"), "TIFF", compression="group4")
    read_photo(fax[:200] + bytes(reversed(range(256))) + fax[456:])
    assert capfd.readouterr().err == ""


def test_arithmetic_jpegs_and_sequences_are_named() -> None:
    with pytest.raises(UnusualPhoto, match="arithmetic JPEG"):
        read_photo(attacks.arithmetic_jpeg())
    with pytest.raises(UnusualPhoto, match="AVIF sequence"):
        read_photo(attacks.avif_sequence())


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P", "1", "I;16", "CMYK"])
def test_shrinking_in_bands_is_shrinking_the_whole(mode: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """In bands of a few rows, the last of them short."""
    rng = np.random.default_rng(5)
    pixels = rng.integers(0, 256, (401, 503, 4), np.uint8)
    if mode == "I;16":
        picture = Image.fromarray(pixels[..., 0].astype(np.uint16) * 257)
    else:
        picture = Image.fromarray(pixels).convert("RGB" if mode in ("P", "1", "CMYK") else "RGBA").convert(mode)
    data = encoded(picture, "TIFF")
    whole = read_photo(data, working_side=100).rgb
    monkeypatch.setattr("lookalike.photo.colours._BAND_PIXELS", 503 * 7)
    assert np.array_equal(read_photo(data, working_side=100).rgb, whole)


def test_a_bigtiff_counts_its_tags_too() -> None:
    data = encoded(PICTURE, "TIFF", big_tiff=True)
    (start,) = struct.unpack_from("<Q", data, 8)
    many = data[:start] + struct.pack("<Q", MOST_TAGS + 1) + data[start + 8 :]
    with pytest.raises(DamagedPhoto):
        read_photo(many)
    with Image.open(io.BytesIO(many)) as image:
        assert image.size == (300, 200)  # Pillow would have read it
