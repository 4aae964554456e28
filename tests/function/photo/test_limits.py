"""A photo is held to what its format and its coding cost a decoder: read at the limit, refused one pixel past it."""

from __future__ import annotations

import io
import struct
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import pytest
from PIL import Image

from lookalike.deadline import Deadline
from lookalike.errors import DamagedPhoto, TookTooLong, TooLarge, UnusualPhoto
from lookalike.photo.decode import read_photo, read_photos
from lookalike.photo.jpeg_segments import Jpeg, read_segments
from lookalike.photo.limits import MOST_TAGS, check_file, check_picture
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


@pytest.mark.parametrize(
    ("make", "counts"),
    [
        (animated_webp, 4 * 60_000),
        (lambda: encoded(PICTURE, "AVIF"), 2 * 60_000),
        # With its transparency twice the pixels, and half of a picture's own may come on top.
        (lambda: encoded(Image.new("RGBA", (300, 200), (9, 9, 9, 99)), "AVIF"), 2 * 2 * 60_000 / 1.5),
        (lambda: worst.tiff((300, 200), worst.Pixel(16, 2, 4, 1), 8, rows=0, planar=False), 1.5 * 60_000),
        # Of twenty passes over the largest picture, thirty over this one: 304 × 200 samples in each.
        (lambda: worst.jpeg_refined((300, 200), 24, full=False), 30 / 20 * 304 * 200),
    ],
    ids=["animated", "AVIF", "transparent", "strip", "scans"],
)
def test_together_photos_count_as_much_as_they_ask_for(make: Callable[[], bytes], counts: float) -> None:
    """The most that is allowed is two of the largest."""
    photos = [make()] * 3
    limit = round(3 * counts / 2)
    assert len(read_photos(photos, limit, None)) == 3
    with pytest.raises(TooLarge, match="in all photos together"):
        read_photos(photos, limit - 1, None)


def test_what_is_too_much_together_is_said_in_megapixels() -> None:
    """Three times 48; of photos of 50 megapixels, two may come."""
    photo = attacks.png_of(8000, 6000)
    with pytest.raises(TooLarge, match="144 megapixels, more than the 100 megapixels in all photos together allowed"):
        read_photos([photo] * 3, 50_000_000, None)


def test_no_photo_is_begun_after_the_deadline() -> None:
    with pytest.raises(TookTooLong, match="0 seconds"):
        read_photos([encoded(PICTURE, "PNG")], 150_000, None, Deadline(0))


def test_tags_of_a_tiff() -> None:
    assert read_photo(attacks.tiff_of_tags(MOST_TAGS)).width == 8
    with pytest.raises(DamagedPhoto):
        read_photo(attacks.tiff_of_tags(MOST_TAGS + 1))


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


@dataclass(frozen=True)
class Opened:
    """As Pillow opens a file: nothing of it but what its header says."""

    size: tuple[int, int] = (300, 200)
    mode: str = "RGB"
    tag_v2: dict[int, object] = field(default_factory=dict)
    info: dict[str, object] = field(default_factory=dict)
    is_animated: bool = False


def check(kind: str, opened: Opened, max_pixels: int, jpeg: Jpeg | None = None) -> None:
    check_picture(kind, opened, max_pixels, jpeg)  # type: ignore[arg-type]


BITS, COLOUR, STRIPS, SAMPLES, ROWS, PLANAR, TILE_WIDTH, TILE_LENGTH = 258, 262, 273, 277, 278, 284, 322, 323


@pytest.mark.parametrize(
    ("mode", "tags", "bytes_a_pixel"),
    [
        # All of it is one strip.
        ("RGB", {BITS: (8, 8, 8), SAMPLES: 3}, 4 + 3),
        ("RGB", {BITS: (8, 16, 8), SAMPLES: 3}, 4 + 6),
        ("CMYK", {BITS: (16,) * 4, SAMPLES: 4}, 4 + 8),
        ("L", {BITS: (8,)}, 1 + 1),
        ("P", {BITS: 8}, 1 + 1),
        ("1", {}, 1 + 1 / 8),
        ("I;16", {BITS: (16,)}, 2 + 2),
        ("I;16B", {BITS: (16,)}, 2 + 2),
        ("F", {BITS: (32,)}, 4 + 4),
        # A quarter of it; rows beyond the last count as far as a turned picture's.
        ("RGB", {BITS: (8, 8, 8), SAMPLES: 3, ROWS: 50}, 4 + 3 / 4),
        ("RGB", {BITS: (8, 8, 8), SAMPLES: 3, ROWS: 2**32 - 1}, 4 + 3 * 1.5),
        # A plane of each colour.
        ("RGB", {BITS: (32,) * 3, SAMPLES: 3, PLANAR: 2}, 4 + 4),
        ("RGB", {BITS: (32,) * 3, SAMPLES: 3, PLANAR: 1}, 4 + 12),
        # What libtiff turns into RGBA.
        ("RGB", {BITS: (8, 8, 8), SAMPLES: 3, COLOUR: 6}, 4 + 4),
        ("RGB", {BITS: (16,) * 3, SAMPLES: 3, COLOUR: 6}, 4 + 6),
        # Tiles of half the picture, of twice, and of a width alone.
        ("RGB", {BITS: (8, 8, 8), SAMPLES: 3, ROWS: 1, TILE_WIDTH: 150, TILE_LENGTH: 200}, 4 + 3 / 2),
        ("RGB", {BITS: (8, 8, 8), SAMPLES: 3, ROWS: 1, TILE_WIDTH: 600, TILE_LENGTH: 200}, 4 + 3 * 2),
        ("RGB", {BITS: (8, 8, 8), SAMPLES: 3, ROWS: 1, TILE_WIDTH: 600_000}, 4 + 3 / 200),
    ],
)
def test_bytes_of_a_tiff_in_memory(mode: str, tags: dict[int, object], bytes_a_pixel: float) -> None:
    """Eight for each pixel of the limit: a thousandth less is too few."""
    opened, limit = Opened(mode=mode, tag_v2=tags), max(60_000.0, 60_000 * bytes_a_pixel / 8)
    check("TIFF", opened, round(1.001 * limit))
    with pytest.raises(TooLarge):
        check("TIFF", opened, round(0.999 * limit))


@pytest.mark.parametrize(
    ("mode", "tags", "pixel", "tile"),
    [
        ("1", {}, 1, 100 / 8),
        ("L", {BITS: (8,)}, 1, 100),
        ("P", {BITS: (8,)}, 1, 100),
        ("I;16", {BITS: (16,)}, 2, 200),
        ("I;16L", {BITS: (16,)}, 2, 200),
        ("I;16B", {BITS: (16,)}, 2, 200),
        ("I;16N", {BITS: (16,)}, 2, 200),
        ("F", {BITS: (32,)}, 4, 400),
        ("RGB", {BITS: (8, 8, 8), SAMPLES: 3, COLOUR: 2}, 4, 300),
        ("RGB", {BITS: (8, 8, 8), SAMPLES: 3, COLOUR: 6}, 4, 400),
        ("RGB", {BITS: (8, 8, 8), SAMPLES: 3, PLANAR: 2}, 4, 100),
    ],
)
def test_a_tile_of_a_hundred_pictures(mode: str, tags: dict[int, object], pixel: int, tile: float) -> None:
    opened = Opened(mode=mode, tag_v2=tags | {TILE_WIDTH: 3000, TILE_LENGTH: 2000})
    limit = 60_000 * (pixel + tile) / 8
    check("TIFF", opened, round(1.001 * limit))
    with pytest.raises(TooLarge):
        check("TIFF", opened, round(0.999 * limit))


def test_strips_of_a_tiff_at_the_bound() -> None:
    check("TIFF", Opened(tag_v2={STRIPS: (8,) * 100_000}), 10**6)
    with pytest.raises(ValueError, match="strips"):
        check("TIFF", Opened(tag_v2={STRIPS: (8,) * 100_001}), 10**6)


@pytest.mark.parametrize("size", [(65_535, 2), (2, 65_535)])
def test_the_longest_side(size: tuple[int, int]) -> None:
    check("PNG", Opened(size), 10**6)
    with pytest.raises(TooLarge, match="65535 pixels a side"):
        check("PNG", Opened((size[0] + (size[0] > 2), size[1] + (size[1] > 2))), 10**6)


@pytest.mark.parametrize(("compression", "limit"), [(0, 50), (1, 4), (2, 4), (3, 50)])
def test_runs_by_their_compression(compression: int, limit: int) -> None:
    info: dict[str, object] = {"compression": compression}
    check("BMP", Opened((limit * 1000, 1000), info=info), 50_000_000)
    check("PNG", Opened((50_000, 1000), info=info), 50_000_000)
    with pytest.raises(TooLarge, match=f"{limit * 1000}×1001 pixels, more than the {limit} megapixels allowed"):
        check("BMP", Opened((limit * 1000, 1001), info=info), 50_000_000)
    with pytest.raises(TooLarge, match="more than the 1 megapixels allowed"):
        check("BMP", Opened((1000, 1001), info=info), 1_000_000)


def test_only_webp_is_held_to_less_where_it_moves() -> None:
    for kind, limit in (("GIF", 60_000), ("PNG", 60_000), ("WEBP", 240_000)):
        check(kind, Opened(is_animated=True), limit)
        with pytest.raises(TooLarge):
            check(kind, Opened(is_animated=True), limit - 1)


@pytest.mark.parametrize(
    ("limit", "said"), [(4_000_000, "4"), (9_940_000, "9.9"), (10_000_000, "10"), (12_340_000, "12"), (60_000, "0.06")]
)
def test_limits_are_said_in_two_figures(limit: int, said: str) -> None:
    with pytest.raises(TooLarge, match=f"20000×20000 pixels, more than the {said} megapixels allowed"):
        check("PNG", Opened((20_000, 20_000)), limit)


@pytest.mark.parametrize(("whole", "work"), [(True, 20_000_000), (False, 10_000_000)])
def test_passes_over_a_jpeg_are_said_in_megasamples(whole: bool, work: int) -> None:
    opened = Opened((1000, 1000))
    check("JPEG", opened, 1_000_000, Jpeg(b"", work, 8, whole, True))
    with pytest.raises(TooLarge, match="20 megasamples in all scans, more than the 20 allowed"):
        check("JPEG", opened, 1_000_000, Jpeg(b"", work + 1, 8, whole, True))


def test_parts_of_a_heif_at_the_bound() -> None:
    """Half the pixels of the limit, and half of those again for tiles that reach beyond its edges and for maps of depth."""
    tiles = attacks.heif_of_tiles(attacks.heic(64), 64, 2, 3, (128, 128), shared=False)
    assert read_photo(tiles, max_pixels=2 * 4 * 64 * 64).width == 128
    with pytest.raises(TooLarge, match=r"0.025 megapixels in all parts, more than the 0.025 allowed"):
        read_photo(tiles, max_pixels=2 * 4 * 64 * 64 - 1)


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("big", [False, True])
def test_tags_are_counted_in_either_order_of_bytes(order: str, big: bool) -> None:
    """Before anything else of the file is looked at: what is only damaged is damaged after that."""
    head = {"<": b"II", ">": b"MM"}[order] + struct.pack(f"{order}H", 43 if big else 42)
    start = struct.pack(f"{order}HHQ", 8, 0, 16) if big else struct.pack(f"{order}I", 8)
    for tags, refused in ((MOST_TAGS, False), (MOST_TAGS + 1, True)):
        data = head + start + struct.pack(f"{order}{'Q' if big else 'H'}", tags) + bytes(20)
        if refused:
            with pytest.raises(DamagedPhoto):
                check_file("TIFF", data, 10**6)
        else:
            check_file("TIFF", data, 10**6)


def test_a_bigtiff_counts_its_tags_too() -> None:
    data = encoded(PICTURE, "TIFF", big_tiff=True)
    (start,) = struct.unpack_from("<Q", data, 8)
    many = data[:start] + struct.pack("<Q", MOST_TAGS + 1) + data[start + 8 :]
    with pytest.raises(DamagedPhoto):
        read_photo(many)
    with Image.open(io.BytesIO(many)) as image:
        assert image.size == (300, 200)  # Pillow would have read it
