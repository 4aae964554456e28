"""A face found in a turned or shrunken picture, given in the coordinates of the photo. All numbers by hand."""

from __future__ import annotations

import numpy as np
import pytest

from lookalike.faces.detector import Face

# In an upright photo of 100 × 60: a box off the middle, wider than high, and landmarks no two of which could be swapped.
WIDTH, HEIGHT = 100, 60
BOX = [10, 20, 40, 35]
LANDMARKS = [[15, 22], [33, 23], [24, 28], [17, 32], [31, 33]]
# The same after np.rot90 by so many quarter turns: one turn takes (x, y) to (y, 100 − x), two to (100 − x, 60 − y).
TURNED = {
    0: (BOX, LANDMARKS),
    1: ([20, 60, 35, 90], [[22, 85], [23, 67], [28, 76], [32, 83], [33, 69]]),
    2: ([60, 25, 90, 40], [[85, 38], [67, 37], [76, 32], [83, 28], [69, 27]]),
    3: ([25, 10, 40, 40], [[38, 15], [37, 33], [32, 24], [28, 17], [27, 31]]),
}


def face(box: list[int], landmarks: list[list[int]]) -> Face:
    return Face(np.array(box, np.float32), 0.75, np.array(landmarks, np.float32))


@pytest.mark.parametrize("turns", TURNED)
def test_turns_back_into_the_photo(turns: int) -> None:
    back = face(*TURNED[turns]).turned_back(turns, WIDTH, HEIGHT)
    assert back.box.tolist() == BOX
    assert back.landmarks.tolist() == LANDMARKS
    assert back.probability == 0.75


@pytest.mark.parametrize("turns", TURNED)
def test_the_turned_numbers_are_those_of_a_turned_picture(turns: int) -> None:
    """The table above, held against pixels: a mark in the photo is where the table says after np.rot90."""
    for (x, y), (turned_x, turned_y) in zip(LANDMARKS, TURNED[turns][1], strict=True):
        photo = np.zeros((HEIGHT, WIDTH))
        photo[y - 1 : y + 1, x - 1 : x + 1] = 1  # around the corner between four pixels, which has whole coordinates
        turned = np.rot90(photo, turns)
        assert turned[turned_y - 1 : turned_y + 1, turned_x - 1 : turned_x + 1].sum() == 4


def test_is_scaled_with_its_picture() -> None:
    scaled = face(BOX, LANDMARKS).scaled(2.5)
    assert scaled.box.tolist() == [25, 50, 100, 87.5]
    assert scaled.landmarks[1].tolist() == [82.5, 57.5]
    assert (scaled.width, scaled.height) == (75, 37.5)
