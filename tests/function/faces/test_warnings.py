"""Each warning at its bound and just past it, on made faces whose numbers are known."""

from __future__ import annotations

import numpy as np
import pytest

from lookalike.arrays import Pixels
from lookalike.faces.detector import Face
from lookalike.faces.quality import Warning_, face_warnings, picture_hint, sharpness

PICTURE = (900, 400)  # width, height: far enough from a square that neither can pass for the other


def grating(mean: float = 128, wavelength: float = 12.5) -> Pixels:
    """A chip of grey stripes. Their Laplacian is 1.80 · (1 − cos(2π / wavelength)) of their standard deviation."""
    row = mean + 30 * np.sin(2 * np.pi * np.arange(150) / wavelength)
    return np.repeat(np.broadcast_to(row, (150, 150))[..., None], 3, axis=2).round().astype(np.uint8)


def face(left: float = 300, top: float = 100, width: float = 120, height: float = 150, nose: float = 0.0) -> Face:
    """Eyes on a level and half a face apart; `nose`, in eye distances, to the right of their middle."""
    eye, level = width / 4, top + height / 3
    middle = left + width / 2
    points = [[middle - eye, level], [middle + eye, level], [middle + nose * 2 * eye, level + height / 4]]
    points += [[middle - eye, level + height / 2], [middle + eye, level + height / 2]]
    return Face(np.array([left, top, left + width, top + height], np.float32), 0.999, np.array(points, np.float32))


def warnings_of(found: Face, chip: Pixels | None = None, scale: float = 1.0) -> list[Warning_]:
    return list(face_warnings(found, grating() if chip is None else chip, PICTURE, scale))


def test_a_face_in_the_middle_has_none() -> None:
    assert warnings_of(face()) == []


@pytest.mark.parametrize(("side", "small"), [(60, False), (59, True)])
@pytest.mark.parametrize("scale", [1.0, 0.25])
def test_too_small_counts_the_shorter_side_in_pixels_of_the_photo(side: int, small: bool, scale: float) -> None:
    found = face(width=side, height=2 * side).scaled(scale)
    assert ("too-small" in warnings_of(found, scale=scale)) is small


@pytest.mark.parametrize(
    ("corner", "cut"),
    [
        ((-6, 100), False),  # a twenty-fifth of the longer side, 150 pixels, may be missing
        ((-7, 100), True),
        ((300, -6), False),
        ((300, -7), True),
        ((900 - 120 + 6, 100), False),
        ((900 - 120 + 7, 100), True),
        ((300, 400 - 150 + 6), False),
        ((300, 400 - 150 + 7), True),
    ],
)
def test_cut_by_each_edge_of_a_wide_picture(corner: tuple[int, int], cut: bool) -> None:
    assert ("cut-by-edge" in warnings_of(face(*corner))) is cut


@pytest.mark.parametrize("side", [1, -1])
def test_turned_is_told_by_the_nose_to_either_side(side: int) -> None:
    assert "turned" not in warnings_of(face(nose=side * 0.31))
    assert "turned" in warnings_of(face(nose=side * 0.33))


@pytest.mark.parametrize(("mean", "warning"), [(55.4, None), (54.6, "too-dark"), (214.6, None), (215.4, "too-bright")])
def test_dark_and_bright_at_their_bounds(mean: float, warning: str | None) -> None:
    found = set(warnings_of(face(), grating(mean))) & {"too-dark", "too-bright"}
    assert found == ({warning} if warning else set())


@pytest.mark.parametrize(
    ("wavelength", "blurred"),
    [(12.5, False), (21.0, False), (24.0, False), (30.0, True), (60.0, True)],  # 0.22, 0.080, 0.061, 0.039, 0.010
)
def test_blurred_is_a_low_laplacian_for_its_contrast(wavelength: float, blurred: bool) -> None:
    assert ("blurred" in warnings_of(face(), grating(wavelength=wavelength))) is blurred


def test_a_flat_face_is_not_divided_by_its_contrast() -> None:
    """One brighter pixel in 8 × 8 inner ones: Laplacians of 4 and four times 1, a contrast below one level."""
    light = np.zeros((10, 10), np.float32)
    light[4, 6] = 1
    assert sharpness(light) == pytest.approx(8 / 64)


def halves(low: int, high: int, width: int = 400, height: int = 90) -> Pixels:
    """Left dark, right bright. Their mean absolute Laplacian is 4 / (width - 2) of their standard deviation."""
    picture = np.full((height, width, 3), low, np.uint8)
    picture[:, width // 2 :] = high
    return picture


def rows_of(level: int, further: float) -> Pixels:
    """Grey, of which a share of the rows is one level brighter."""
    picture = np.full((100, 300, 3), level, np.uint8)
    picture[: round(100 * further)] += 1
    return picture


@pytest.mark.parametrize(
    ("picture", "hint"),
    [
        (np.full((59, 300, 3), 128, np.uint8), "too-small"),
        (np.full((300, 59, 3), 128, np.uint8), "too-small"),
        (np.full((60, 300, 3), 128, np.uint8), "none-found"),
        (rows_of(27, 0.25), "too-dark"),  # half as light as a face that is too dark
        (rows_of(27, 0.75), "none-found"),
        (rows_of(234, 0.75), "none-found"),  # half way from a face that is too bright to white
        (rows_of(235, 0.25), "too-bright"),
        (halves(100, 115), "none-found"),  # a deviation of 7.5, where 8 levels are no more than grain
        (halves(100, 117), "blurred"),
        (halves(60, 200, width=210), "none-found"),  # 0.0192, where a third of a face's 0.055 is asked for
        (halves(60, 200, width=230), "blurred"),  # 0.0175
    ],
)
def test_why_no_face_may_have_been_found_at_each_bound(picture: Pixels, hint: str) -> None:
    assert picture_hint(picture) == hint
