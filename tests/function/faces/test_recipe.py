"""A recipe says how a face is cut, normalised and compared, and refuses what no network can want."""

from __future__ import annotations

import dataclasses
import json
from typing import Any

import numpy as np
import pytest
from PIL import Image

from lookalike.faces.align import align_face, crop_face
from lookalike.faces.detector import Face
from lookalike.faces.recipe import DLIB_TEMPLATE, Recipe

BOX = Recipe("box", 8, (10.0, 20.0, 30.0), 4.0, width=3, unit_length=True, radius=1.0)
ALIGNED = dataclasses.replace(BOX, cut="aligned", template=DLIB_TEMPLATE, size=150)


def test_input_is_the_pixels_without_the_mean_over_the_scale_channels_first() -> None:
    chips = np.zeros((2, 8, 8, 3), np.uint8)
    chips[1, 2, 5] = (50, 100, 250)
    found = BOX.normalised(chips)
    assert found.shape == (2, 3, 8, 8) and found.dtype == np.float32
    assert found[1, :, 2, 5].tolist() == [10.0, 20.0, 55.0] and found[0, :, 0, 0].tolist() == [-2.5, -5.0, -7.5]


def test_in_bgr_channels_and_mean_are_in_the_order_blue_green_red() -> None:
    chips = np.full((1, 8, 8, 3), (50, 100, 250), np.uint8)
    assert dataclasses.replace(BOX, colour="bgr").normalised(chips)[0, :, 0, 0].tolist() == [60.0, 20.0, 5.0]


def test_a_face_is_cut_as_its_box_or_aligned(astronaut: Image.Image) -> None:
    landmarks = (np.array(DLIB_TEMPLATE) / 1.5 + (170, 70)).astype(np.float32)
    face = Face(np.array([178.8, 61.2, 266.7, 173.2], np.float32), 1.0, landmarks)
    box = dataclasses.replace(BOX, size=160, margin=14)
    assert np.array_equal(box.chip(astronaut, face), crop_face(astronaut, face.box, 160, 14))
    without = dataclasses.replace(BOX, size=160)
    assert np.array_equal(without.chip(astronaut, face), crop_face(astronaut, face.box, 160, 0))
    chip = align_face(astronaut, landmarks, np.array(DLIB_TEMPLATE), 150)
    assert np.array_equal(ALIGNED.chip(astronaut, face), chip)


@pytest.mark.parametrize("recipe", [BOX, dataclasses.replace(BOX, colour="bgr"), ALIGNED])
def test_comes_back_from_json(recipe: Recipe) -> None:
    assert Recipe.from_json(json.loads(json.dumps(recipe.to_json()))) == recipe


def test_the_first_manifests_named_neither_template_nor_colours() -> None:
    stated = {key: value for key, value in ALIGNED.to_json().items() if key not in ("template", "colour")}
    assert Recipe.from_json(stated) == ALIGNED
    assert Recipe.from_json(stated | {"cut": "box"}).template is None


POINTS = list(DLIB_TEMPLATE)


@pytest.mark.parametrize(
    "changes",
    [
        {"cut": "round"},
        {"colour": "rbg"},
        {"size": 1025},
        {"margin": 150},
        {"margin": -1},
        {"scale": 0.0},
        {"scale": float("inf")},
        {"radius": 0.0},
        {"width": 0},
        {"mean": (0.0, float("nan"), 0.0)},
        {"template": None},
        {"template": tuple(POINTS[:4])},
        {"template": ((float("nan"), 1.0), *POINTS[1:])},
        {"template": (POINTS[1], POINTS[0], *POINTS[2:])},
        {"template": ((47.549, 103.023), *POINTS[1:])},  # an eye as low as the mouth
        {"template": (POINTS[0], (100.476, 103.023), *POINTS[2:])},
        {"template": (*POINTS[:3], (50.415, 46.599), POINTS[4])},  # a corner of the mouth as high as the eyes
        {"template": (*POINTS[:4], (97.61, 46.599))},
        {"template": (*POINTS[:3], POINTS[4], POINTS[3])},
        {"template": tuple((x, 150 - y) for x, y in POINTS)},
    ],
)
def test_what_no_network_can_want_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"faces|numbers|template"):
        dataclasses.replace(ALIGNED, **changes)
