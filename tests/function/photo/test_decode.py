"""Every format, every orientation, every colour mode becomes the same upright RGB; what cannot, says why."""

from __future__ import annotations

import dataclasses
import io
import struct
import zlib
from typing import Any

import numpy as np
import pytest
from PIL import Image

from lookalike.errors import DamagedPhoto, EmptyPhoto, TooLarge, UnsupportedPhoto
from lookalike.photo.decode import read_photo
from lookalike.photo.formats import photo_format
from tests.support import encoded


def difference(photo_rgb: Any, expected: Image.Image) -> float:
    return float(np.abs(photo_rgb.astype(int) - np.asarray(expected.convert("RGB")).astype(int)).mean())


@pytest.mark.parametrize(
    ("kind", "options", "tolerance"),
    [
        ("JPEG", {"quality": 95}, 4.0),
        ("PNG", {}, 0.0),
        ("WEBP", {"lossless": True}, 0.0),
        ("AVIF", {"quality": 95}, 4.0),
        ("BMP", {}, 0.0),
        ("TIFF", {}, 0.0),
        ("GIF", {}, 12.0),
        ("MPO", {"quality": 95}, 4.0),
    ],
)
def test_reads_every_format_by_content(
    astronaut: Image.Image, kind: str, options: dict[str, Any], tolerance: float
) -> None:
    photo = read_photo(encoded(astronaut, kind, **options))
    assert (photo.width, photo.height, photo.scale) == (512, 512, 1.0)
    assert difference(photo.rgb, astronaut) <= tolerance


def test_reads_heic(astronaut: Image.Image) -> None:
    import pillow_heif  # the encoder; the function has the decoder only

    buffer = io.BytesIO()
    pillow_heif.from_pillow(astronaut).save(buffer, quality=95)
    assert photo_format(buffer.getvalue()) == "HEIF"
    photo = read_photo(buffer.getvalue())
    assert (photo.width, photo.height) == (512, 512)
    assert difference(photo.rgb, astronaut) <= 4


# What a camera held that way would have stored: the inverse of what a viewer does.
STORED = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize(
    ("kind", "options"),
    [
        ("JPEG", {"quality": 95, "subsampling": 0}),
        ("MPO", {"quality": 95, "subsampling": 0}),
        ("PNG", {}),
        ("WEBP", {"lossless": True}),
        ("AVIF", {"quality": 95, "subsampling": "4:4:4"}),
        ("TIFF", {"compression": "raw"}),
        ("TIFF", {"compression": "tiff_lzw"}),
        ("TIFF", {"compression": "tiff_adobe_deflate"}),
    ],
)
@pytest.mark.parametrize("working_side", [None, 20])
def test_applies_the_orientation_once(
    kind: str, options: dict[str, Any], orientation: int, working_side: int | None
) -> None:
    upright = Image.new("RGB", (40, 20), "black")
    upright.paste("red", (0, 0, 10, 10))
    upright.paste("blue", (30, 10, 40, 20))
    exif = Image.Exif()
    exif[0x0112] = orientation
    stored = upright.transpose(STORED[orientation]) if orientation > 1 else upright
    photo = read_photo(encoded(stored, kind, exif=exif, **options), working_side=working_side)
    assert (photo.width, photo.height) == (40, 20)
    expected = upright.resize((photo.rgb.shape[1], photo.rgb.shape[0]), Image.Resampling.BILINEAR)
    assert difference(photo.rgb, expected) <= (0.1 if kind in ("PNG", "TIFF", "WEBP") else 6)


@pytest.mark.parametrize("orientation", [3, 6, 8])
def test_applies_the_orientation_of_heic_once(orientation: int) -> None:
    import pillow_heif

    upright = Image.new("RGB", (128, 64), "black")
    upright.paste("red", (0, 0, 32, 32))
    exif = Image.Exif()
    exif[0x0112] = orientation
    buffer = io.BytesIO()
    pillow_heif.from_pillow(upright.transpose(STORED[orientation])).save(buffer, quality=95, exif=exif.tobytes())
    photo = read_photo(buffer.getvalue())
    assert (photo.width, photo.height) == (128, 64)
    assert difference(photo.rgb, upright) <= 6


def test_reads_bigtiff(astronaut: Image.Image) -> None:
    photo = read_photo(encoded(astronaut, "TIFF", big_tiff=True))
    assert difference(photo.rgb, astronaut) == 0


@pytest.mark.parametrize("options", [{}, {"progressive": True}, {"subsampling": 0}])
@pytest.mark.parametrize("working_side", [None, 200])
def test_a_jpeg_without_its_last_bytes_is_read_and_remarked_upon(
    astronaut: Image.Image, options: dict[str, Any], working_side: int | None
) -> None:
    portrait = astronaut.crop((0, 0, 300, 512))
    jpeg = encoded(portrait, quality=90, **options)
    whole = read_photo(jpeg, working_side=working_side)
    photo = read_photo(jpeg[:-2], working_side=working_side)
    assert np.array_equal(photo.rgb, whole.rgb)
    assert (photo.remarks, whole.remarks) == (("incomplete",), ())
    with pytest.raises(DamagedPhoto):
        read_photo(jpeg[: len(jpeg) // 2], working_side=working_side)


def test_a_jpeg_may_lack_its_last_row_of_blocks_and_no_more() -> None:
    """Noise of 512 rows: every row of blocks has about as many bytes."""
    noise = Image.fromarray(np.random.default_rng(2).integers(0, 256, (512, 300, 3), np.uint8))
    jpeg = encoded(noise, subsampling=0)
    start = jpeg.index(b"\xff\xda")
    row = (len(jpeg) - start) // 64  # of eight pixels
    photo = read_photo(jpeg[: -row // 2])
    assert photo.remarks == ("incomplete",)
    assert difference(photo.rgb[:500], Image.open(io.BytesIO(jpeg)).crop((0, 0, 300, 500))) == 0
    read_photo(jpeg[: -round(1.1 * row)])  # ten rows of pixels: two in a hundred
    with pytest.raises(DamagedPhoto):
        read_photo(jpeg[: -3 * row])


def test_a_progressive_jpeg_without_its_last_scans_is_damaged(astronaut: Image.Image) -> None:
    jpeg = encoded(astronaut, progressive=True)
    scan = jpeg.rindex(b"\xff\xda")
    with pytest.raises(DamagedPhoto):
        read_photo(jpeg[:scan])
    with pytest.raises(DamagedPhoto):
        read_photo(jpeg[: scan + (len(jpeg) - scan) // 2])


def test_an_incomplete_jpeg_is_turned_as_well(astronaut: Image.Image) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    jpeg = encoded(astronaut.crop((0, 0, 300, 512)), exif=exif)
    photo = read_photo(jpeg[:-2], working_side=256)
    assert (photo.width, photo.height, photo.rgb.shape) == (512, 300, (150, 256, 3))
    assert np.array_equal(photo.rgb, read_photo(jpeg, working_side=256).rgb)


@pytest.mark.parametrize("orientation", [0, 9, 65535])
def test_an_orientation_that_does_not_exist_counts_as_upright(orientation: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    photo = read_photo(encoded(Image.new("RGB", (40, 20)), exif=exif))
    assert (photo.width, photo.height, photo.rgb.shape) == (40, 20, (20, 40, 3))


def test_malformed_exif_counts_as_upright(astronaut: Image.Image) -> None:
    data = encoded(astronaut, "JPEG", exif=b"Exif\0\0II*\0\xff\xff\xff\xff")
    assert read_photo(data).width == 512


def test_transparency_becomes_white() -> None:
    clear = Image.new("RGBA", (8, 8), (0, 0, 0, 0))
    assert read_photo(encoded(clear, "PNG")).rgb.min() == 255
    palette = Image.new("P", (8, 8))
    assert read_photo(encoded(palette, "PNG", transparency=0)).rgb.min() == 255


@pytest.mark.parametrize("mode", ["L", "P", "1", "LA", "RGBA", "CMYK", "YCbCr", "I;16"])
def test_colour_modes_become_rgb(astronaut: Image.Image, mode: str) -> None:
    grey = astronaut.convert("L")
    if mode == "I;16":
        picture = Image.fromarray(np.asarray(grey).astype(np.uint16) * 257)
    else:
        picture = astronaut.convert(mode)
    photo = read_photo(encoded(picture, "TIFF"))
    assert photo.rgb.shape == (512, 512, 3)
    if mode == "I;16":
        assert difference(photo.rgb, grey) < 1


def test_gif_gives_its_first_frame() -> None:
    frames = [Image.new("RGB", (9, 9), colour) for colour in ("red", "blue")]
    data = encoded(frames[0], "GIF", save_all=True, append_images=frames[1:])
    assert read_photo(data).rgb[4, 4].tolist() == [255, 0, 0]


def test_large_photos_are_decoded_small_and_remember_their_size(astronaut: Image.Image) -> None:
    large = astronaut.resize((4000, 3000))
    for kind in ("JPEG", "PNG"):
        photo = read_photo(encoded(large, kind), working_side=1280)
        assert (photo.width, photo.height) == (4000, 3000)
        assert photo.rgb.shape == (960, 1280, 3)
        assert photo.scale == pytest.approx(0.32)


@pytest.mark.parametrize(("size", "shape"), [((2000, 1), (1, 20, 3)), ((1, 2000), (20, 1, 3)), ((300, 7), (1, 20, 3))])
def test_the_thinnest_photo_keeps_a_pixel(size: tuple[int, int], shape: tuple[int, int, int]) -> None:
    assert read_photo(encoded(Image.new("RGB", size), "PNG"), working_side=20).rgb.shape == shape


def test_a_photo_stays_as_it_was_read() -> None:
    photo = read_photo(encoded(Image.new("RGB", (30, 20)), "PNG"))
    with pytest.raises(dataclasses.FrozenInstanceError):
        photo.width = 1  # type: ignore[misc]


def test_small_photos_keep_their_pixels(astronaut: Image.Image) -> None:
    assert read_photo(encoded(astronaut, "PNG"), working_side=1280).rgb.shape == (512, 512, 3)


def test_refuses_too_many_pixels_before_decoding() -> None:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    bomb = (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")
    )
    with pytest.raises(TooLarge, match="60000×60000"):
        read_photo(bomb)


def test_each_kind_of_bad_input_has_its_own_error(astronaut: Image.Image) -> None:
    with pytest.raises(EmptyPhoto):
        read_photo(b"")
    for other in (b"%PDF-1.7 ...", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"GIF99a", b"\0" * 100, b"hello"):
        with pytest.raises(UnsupportedPhoto):
            read_photo(other)
    for kind in ("JPEG", "PNG", "WEBP", "AVIF", "TIFF", "GIF", "BMP"):
        data = encoded(astronaut, kind)
        with pytest.raises(DamagedPhoto):
            read_photo(data[: len(data) // 3])


def test_a_file_that_lies_about_its_format_is_damaged(astronaut: Image.Image) -> None:
    jpeg = encoded(astronaut)
    with pytest.raises(DamagedPhoto):
        read_photo(b"\x89PNG\r\n\x1a\n" + jpeg)
