from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from export.gallery.placeholder import latin_initials, placeholder
from export.gallery.portrait import SIDE, _part, _square, jpeg, portrait, small
from lookalike.faces.detector import Face
from lookalike.faces.probe import Probe
from lookalike.finder import Finder
from lookalike.photo.decode import read_photo
from tests.support import encoded

# Which way up the face was found, and its chip and warnings, make no difference to a portrait.
_UNUSED = (Face(np.zeros(4, np.float32), 1.0, np.zeros((5, 2), np.float32)), 0, np.zeros((1, 1, 3), np.uint8), ())


def thumbnail(finder: Finder, data: bytes) -> Image.Image:
    picture = read_photo(data, working_side=1280)
    return Image.open(io.BytesIO(portrait(picture, finder.detect(picture).probes[0])))


@pytest.mark.parametrize("roll", [0, 14, -25])
def test_the_eyes_are_level_and_always_in_the_same_place(finder: Finder, astronaut: Image.Image, roll: int) -> None:
    shown = thumbnail(finder, encoded(astronaut.rotate(roll, Image.Resampling.BICUBIC).resize((900, 900))))
    assert (shown.size, shown.format) == ((SIDE, SIDE), "JPEG")
    left, right = finder.detect(read_photo(encoded(shown))).probes[0].face.landmarks[:2] / SIDE
    assert left == pytest.approx([0.4, 0.42], abs=0.012)
    assert right == pytest.approx([0.6, 0.42], abs=0.012)


def test_the_eyes_of_a_turned_head_do_not_make_it_larger_than_others() -> None:
    # Eyes 10 apart, the mouth 50 below them: they count as 40 apart, a fifth of the portrait's side.
    landmarks = np.array([(95, 100), (105, 100), (90, 120), (96, 150), (104, 150)], np.float32)
    pixels = np.zeros((400, 300, 3), np.uint8)
    pixels[:, 100:] = 255
    probe = Probe(Face(np.array([80, 60, 120, 160], np.float32), 1.0, landmarks), *_UNUSED)
    picture = read_photo(encoded(Image.fromarray(pixels), "PNG"))
    shown = np.asarray(Image.open(io.BytesIO(portrait(picture, probe))).convert("L"))
    assert shown[:, :250].max() < 40 and shown[:, 262:].min() > 215
    head = np.zeros((400, 300, 3), np.uint8)
    head[116:] = 255  # 16 below the eyes: 0.42 + 16 / 200 of the way down
    picture = read_photo(encoded(Image.fromarray(head), "PNG"))
    shown = np.asarray(Image.open(io.BytesIO(portrait(picture, probe))).convert("L"))
    assert shown[: int(0.49 * SIDE)].max() < 40 and shown[int(0.51 * SIDE) :].min() > 215


def test_a_photo_that_ends_too_early_goes_on_with_its_border(finder: Finder, astronaut: Image.Image) -> None:
    tight = thumbnail(finder, encoded(astronaut.crop((170, 40, 285, 200)), "PNG"))
    pixels = np.asarray(tight).astype(float)
    assert np.abs(pixels[:, 0] - pixels[:, 12]).mean() < 3
    assert pixels[:, 0].mean() > 20  # and not black


def test_a_small_portrait_is_the_same_picture(finder: Finder, astronaut: Image.Image) -> None:
    large = thumbnail(finder, encoded(astronaut))
    little = Image.open(io.BytesIO(small(encoded(large, quality=95))))
    assert (little.size, little.format) == ((192, 192), "JPEG")
    difference = np.asarray(little).astype(float) - np.asarray(large.resize((192, 192), Image.Resampling.BOX))
    assert np.abs(difference).mean() < 3


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


def test_the_square_by_hand() -> None:
    """Eyes 40 apart make it 200 wide; the point between them is half way across and 0.42 of the way down."""
    level = np.array([(100, 100), (140, 100), (120, 120), (105, 140), (135, 140)], np.float32)
    assert [corner.tolist() for corner in _square(level)] == [[20, 16], [200, 0], [0, 200]]
    lying = level[:, ::-1] * np.array([-1, 1], np.float32)  # turned by a quarter: (x, y) goes to (−y, x)
    assert [corner.tolist() for corner in _square(lying)] == [[-16, 20], [0, 200], [-200, 0]]
    # Eyes 30 apart over a mouth 50 below count as 40 apart.
    narrow = np.array([(105, 100), (135, 100), (120, 120), (105, 150), (135, 150)], np.float32)
    assert [corner.tolist() for corner in _square(narrow)] == [[20, 16], [200, 0], [0, 200]]


def test_landmarks_in_one_place_still_have_a_square() -> None:
    origin, across, down = _square(np.full((5, 2), 50, np.float32))
    assert [origin.tolist(), across.tolist(), down.tolist()] == [[50, 50], [0, 0], [0, 0]]


@pytest.mark.parametrize(
    ("low", "high", "start", "stop"),
    [
        ((10.4, 5.2), (20.1, 12.9), (8, 3), (24, 16)),  # two pixels more to every side
        ((-5.5, -3.2), (60.3, 40.7), (-8, -6), (64, 44)),  # of a photo of 50 × 30
        ((0, 0), (50, 30), (-2, -2), (53, 33)),
    ],
)
def test_beyond_the_photo_its_border_goes_on(
    low: tuple[float, float], high: tuple[float, float], start: tuple[int, int], stop: tuple[int, int]
) -> None:
    rgb = np.arange(30 * 50 * 3, dtype=np.uint16).reshape(30, 50, 3)
    rows, columns = (np.arange(start[way], stop[way]).clip(0, rgb.shape[1 - way] - 1) for way in (1, 0))
    part, offset = _part(rgb, np.array(low), np.array(high))  # type: ignore[arg-type]
    assert offset.tolist() == list(start)
    assert np.array_equal(part, rgb[rows][:, columns])


def test_a_portrait_is_a_jpeg_of_quality_72() -> None:
    """Which scales the standard's table, of 16 first and 121 at most, to 56 %: (16 · 56 + 50) / 100 and so on, rounded down."""
    picture = Image.open(io.BytesIO(jpeg(Image.new("RGB", (8, 8)))))
    luminance = picture.quantization[0]  # type: ignore[attr-defined]
    assert (luminance[0], max(luminance)) == (9, 68)


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

    def test_its_colours_have_the_name_s_hue_and_are_quiet(self) -> None:
        """The sha256 of “Plato” begins with 0x15; by HLS, lightness 0.42 behind and 0.92 of the letter, saturation 0.28."""
        shown = np.asarray(Image.open(io.BytesIO(placeholder("Plato"))).convert("RGB")).astype(int)
        assert np.abs(shown[5, 9] - [137, 107, 77]).max() <= 3
        letter = np.median(shown[shown.sum(axis=2) > 550], axis=0)
        assert np.abs(letter - [240, 235, 229]).max() <= 5

    def test_initials_stand_in_the_middle_two_fifths_high(self) -> None:
        shown = np.asarray(Image.open(io.BytesIO(placeholder("Hank Hill"))).convert("L")).astype(int)
        rows, columns = np.nonzero(shown > (int(shown.min()) + int(shown.max())) / 2)
        assert (columns.min() + columns.max()) / 2 / SIDE == pytest.approx(0.5, abs=0.02)
        assert (rows.min() + rows.max()) / 2 / SIDE == pytest.approx(0.5, abs=0.03)
        assert (rows.max() - rows.min()) / SIDE == pytest.approx(0.27, abs=0.02)  # capitals are 0.7 of their font

    @pytest.mark.parametrize(
        ("x", "y", "inside"),
        [
            *((0.35, 0.38, True), (0.31, 0.38, False), (0.65, 0.38, True), (0.69, 0.38, False)),  # the head
            *((0.5, 0.2, True), (0.5, 0.16, False), (0.5, 0.56, True), (0.5, 0.61, False)),
            *((0.5, 0.66, True), (0.17, 0.99, True), (0.13, 0.99, False), (0.83, 0.99, True), (0.87, 0.99, False)),
        ],
    )
    def test_else_there_is_a_head_over_shoulders(self, x: float, y: float, inside: bool) -> None:
        shown = Image.open(io.BytesIO(placeholder("김민수"))).convert("L")
        background, value = (
            shown.getpixel((round(at * SIDE), round(down * SIDE))) for at, down in ((0.02, 0.02), (x, y))
        )
        assert isinstance(background, int) and isinstance(value, int)
        assert (value > background + 30) is inside

    def test_head_and_shoulders_are_lighter_than_what_is_behind_them(self) -> None:
        """The sha256 of “김민수” begins with 0x27; lightness 0.68."""
        shown = np.asarray(Image.open(io.BytesIO(placeholder("김민수"))).convert("RGB")).astype(int)
        assert np.abs(shown[195, 256] - [196, 192, 151]).max() <= 3
