"""Faces are cut pixel by pixel as each family of networks wants them."""

from __future__ import annotations

import hashlib
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image

from export.networks.facenet import facenet_pytorch
from lookalike.faces.align import align_face, crop_face, fit_similarity
from lookalike.faces.recipe import DLIB_TEMPLATE

Points = npt.NDArray[Any]

TEMPLATE = np.array(DLIB_TEMPLATE)
ARCFACE = np.array([(38.2946, 51.6963), (73.5318, 51.5014), (56.0252, 71.7366), (41.5493, 92.3655), (70.7299, 92.2041)])


@pytest.mark.parametrize("margin", [0, 14])
def test_box_crops_equal_facenet_pytorch_pixel_by_pixel(astronaut: Image.Image, margin: int) -> None:
    reference = facenet_pytorch().extract_face
    boxes = [
        (178.8, 61.2, 266.7, 173.2),
        (-30.5, -12.1, 90.4, 140.9),
        (400.2, 380.7, 560.0, 600.3),
        (3.9, 2.2, 11.1, 9.7),
    ]
    for box in boxes:
        expected = reference(astronaut, np.array(box), 160, margin).permute(1, 2, 0).numpy()
        ours = crop_face(astronaut, np.array(box), 160, margin)
        assert np.array_equal(ours, expected), box


def test_a_box_is_resized_across_before_down_whatever_its_shape() -> None:
    """Each way ends in whole numbers, so the order shows: across 0, ½, ½, 0 become 0, 1, 1, 0; down, each column 0.29."""
    picture = np.zeros((4, 2, 3), np.uint8)
    picture[1, 0] = picture[2, 1] = 1
    assert (crop_face(Image.fromarray(picture), np.array([0, 0, 2, 4], np.float32), 1) == 1).all()


def test_similarity_fit_recovers_rotation_scale_and_shift() -> None:
    angle, scale, shift = 0.4, 2.5, np.array([30.0, -12.0])
    rotation = scale * np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    matrix = fit_similarity(TEMPLATE, TEMPLATE @ rotation.T + shift)
    assert np.allclose(matrix, np.column_stack([rotation, shift]))


@pytest.mark.parametrize(
    ("size", "template"),
    [(150, TEMPLATE), (112, ARCFACE), (96, np.array([(30, 35), (61, 30), (48, 52), (38, 70), (66, 66)]))],
    ids=["dlib", "arcface", "tilted"],
)
def test_an_aligned_face_has_its_landmarks_where_the_template_has_them(size: int, template: Points) -> None:
    """A dot drawn at each landmark of a turned, large picture comes out at the template's place in the chip."""
    landmarks = placed(template, size, 25, 6.4, (800, 700))
    for point, expected in zip(landmarks, template, strict=True):
        picture = np.zeros((1400, 1600, 3), np.uint8)
        x, y = np.round(point).astype(int)
        picture[y - 12 : y + 13, x - 12 : x + 13] = 255
        chip = align_face(Image.fromarray(picture), landmarks, template, size)[..., 0].astype(float)
        rows, columns = np.indices(chip.shape)
        centre = np.array([(chip * columns).sum(), (chip * rows).sum()]) / chip.sum() + 0.5
        assert chip.shape == (size, size) and np.allclose(centre, expected, atol=0.25)


def test_faces_beyond_the_edge_are_cut_with_black() -> None:
    white = Image.new("RGB", (200, 200), "white")
    landmarks = (TEMPLATE - (75, 75)).astype(np.float32)  # centred on the picture's corner
    chip = align_face(white, landmarks, TEMPLATE, 150)
    assert chip[0, 0].tolist() == [0, 0, 0] and chip[149, 149].tolist() == [255, 255, 255]


@pytest.mark.parametrize(
    ("angle", "scale", "centre", "digest"),
    [
        (0, 1, (300, 250), "aaaeb89c5fd23b69"),
        (12, 0.6, (640.4, 333.3), "c10ec709b0f7cd61"),
        (-35, 2.7, (200, 500), "1b91359558064671"),
        (170, 4.2, (900, 40), "b962a259623bfd92"),
    ],
)
def test_dlib_s_chips_stay_bit_for_bit(angle: float, scale: float, centre: tuple[float, float], digest: str) -> None:
    """Goldens of the first release: with other chips, galleries and photos would no longer meet."""
    y, x, channel = np.mgrid[:700, :1100, :3]
    picture = Image.fromarray(((3 * x + 5 * y + 40 * channel + x * y // 97) % 256).astype(np.uint8))
    askew = [(0, 0), (1.5, -1), (2, 1), (0, 0.5), (-1, 1)]  # as no real face fits the template
    landmarks = placed(TEMPLATE, 150, angle, scale, centre) + np.array(askew)
    chip = align_face(picture, landmarks.astype(np.float32), TEMPLATE, 150)
    assert hashlib.sha256(chip.tobytes()).hexdigest()[:16] == digest


def placed(template: Points, size: int, angle: float, scale: float, centre: tuple[float, float]) -> Points:
    """The landmarks of a face that fills a chip, turned by `angle` degrees and so many times larger, around `centre`."""
    turn = np.deg2rad(angle)
    rotation = scale * np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    landmarks: Points = (template - size / 2) @ rotation.T + centre
    return landmarks
