"""Each warning at its bound and just past it, on made faces whose numbers are known."""

from __future__ import annotations

import numpy as np
import pytest

from lookalike.arrays import Pixels
from lookalike.faces.detector import Face
from lookalike.faces.quality import Warning_, face_warnings

PICTURE = (900, 400)  # width, height: far enough from a square that neither can pass for the other


def grating(mean: int = 128, wavelength: float = 12.5) -> Pixels:
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


@pytest.mark.parametrize(("mean", "warning"), [(56, None), (54, "too-dark"), (214, None), (216, "too-bright")])
def test_dark_and_bright_at_their_bounds(mean: int, warning: str | None) -> None:
    found = set(warnings_of(face(), grating(mean))) & {"too-dark", "too-bright"}
    assert found == ({warning} if warning else set())


@pytest.mark.parametrize(
    ("wavelength", "blurred"),
    [(12.5, False), (21.0, False), (24.0, False), (30.0, True), (60.0, True)],  # 0.22, 0.080, 0.061, 0.039, 0.010
)
def test_blurred_is_a_low_laplacian_for_its_contrast(wavelength: float, blurred: bool) -> None:
    assert ("blurred" in warnings_of(face(), grating(wavelength=wavelength))) is blurred
