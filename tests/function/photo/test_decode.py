"""Every format, every orientation, every colour mode becomes the same upright RGB; what cannot, says why."""

from __future__ import annotations

import io
import struct
import zlib
from typing import Any

import numpy as np
import pytest
from PIL import Image

from lookalike.errors import DamagedPhoto, EmptyPhoto, TooLarge, UnsupportedPhoto
from lookalike.photo.decode import photo_format, read_photo
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


@pytest.mark.parametrize("orientation", range(1, 9))
def test_applies_exif_orientation(orientation: int) -> None:
    upright = Image.new("RGB", (40, 20), "black")
    upright.paste("red", (0, 0, 10, 10))
    upright.paste("blue", (30, 10, 40, 20))
    # What a camera held that way would have stored: the inverse of what a viewer does.
    stored = {
        1: upright,
        2: upright.transpose(Image.Transpose.FLIP_LEFT_RIGHT),
        3: upright.transpose(Image.Transpose.ROTATE_180),
        4: upright.transpose(Image.Transpose.FLIP_TOP_BOTTOM),
        5: upright.transpose(Image.Transpose.TRANSPOSE),
        6: upright.transpose(Image.Transpose.ROTATE_90),
        7: upright.transpose(Image.Transpose.TRANSVERSE),
        8: upright.transpose(Image.Transpose.ROTATE_270),
    }[orientation]
    exif = Image.Exif()
    exif[0x0112] = orientation
    photo = read_photo(encoded(stored, "PNG", exif=exif))
    assert (photo.width, photo.height) == (40, 20)
    assert difference(photo.rgb, upright) == 0


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
