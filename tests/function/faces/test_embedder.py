"""Faces are cut as each network wants them, and embeddings equal their reference."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest
from PIL import Image

from export.networks.facenet import facenet_pytorch
from lookalike.faces.align import TEMPLATE, align_face, crop_face, fit_similarity
from lookalike.faces.embedder import Embedder


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


def test_similarity_fit_recovers_rotation_scale_and_shift() -> None:
    angle, scale, shift = 0.4, 2.5, np.array([30.0, -12.0])
    rotation = scale * np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    matrix = fit_similarity(TEMPLATE, TEMPLATE @ rotation.T + shift)
    assert np.allclose(matrix, np.column_stack([rotation, shift]))


def test_an_aligned_face_has_its_landmarks_where_the_template_has_them(embedder: Embedder) -> None:
    """A dot drawn at each landmark of a turned, large picture comes out at the template's place in the chip."""
    angle, scale = np.deg2rad(25), 6.4
    rotation = scale * np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    landmarks = (TEMPLATE - 75) @ rotation.T + (800, 700)
    for point, expected in zip(landmarks, TEMPLATE, strict=True):
        picture = np.zeros((1400, 1600, 3), np.uint8)
        x, y = np.round(point).astype(int)
        picture[y - 12 : y + 13, x - 12 : x + 13] = 255
        chip = align_face(Image.fromarray(picture), landmarks.astype(np.float32), 150)[..., 0].astype(float)
        rows, columns = np.indices(chip.shape)
        centre = np.array([(chip * columns).sum(), (chip * rows).sum()]) / chip.sum() + 0.5
        assert np.allclose(centre, expected, atol=0.25)


def test_the_same_face_aligned_from_a_turned_or_larger_picture_embeds_alike(
    embedder: Embedder, finder: Any, astronaut: Image.Image
) -> None:
    faces = [
        finder.detect(_photo(picture)).probes[0]
        for picture in (astronaut, astronaut.rotate(20), astronaut.resize((1400, 1400)))
    ]
    original, *others = embedder.embed([face.chip for face in faces])
    for other in others:
        assert embedder.similarity(original, other) > 0.85


def test_faces_beyond_the_edge_are_cut_with_black(embedder: Embedder) -> None:
    white = Image.new("RGB", (200, 200), "white")
    landmarks = (TEMPLATE - (75, 75)).astype(np.float32)  # centred on the picture's corner
    chip = align_face(white, landmarks, 150)
    assert chip[0, 0].tolist() == [0, 0, 0] and chip[149, 149].tolist() == [255, 255, 255]


def test_batches_of_any_size_give_the_same_embeddings(embedder: Embedder) -> None:
    chips = [np.random.default_rng(i).integers(0, 255, (150, 150, 3), np.uint8) for i in range(11)]
    together = embedder.embed(chips)
    alone = np.concatenate([embedder.embed([chip]) for chip in chips])
    assert together.shape == (11, embedder.entry.width)
    assert np.allclose(together, alone, atol=1e-5)
    assert embedder.embed([]).shape == (0, embedder.entry.width)


def test_similarity_is_the_cosine_for_unit_vectors(embedder: Embedder) -> None:
    entry = dataclasses.replace(embedder.entry, radius=1.0, unit_length=True, width=3)
    unit = Embedder(entry, embedder._session)
    first = np.array([1, 0, 0], np.float32)
    others = np.array([[1, 0, 0], [0, 1, 0], [-1, 0, 0], [0.6, 0.8, 0]], np.float32)
    assert np.allclose(unit.similarity(others, first), [1, 0, -1, 0.6], atol=1e-6)
    assert np.isclose(np.linalg.norm(unit.average(others[[0, 1]])), 1)


def _photo(picture: Image.Image) -> Any:
    from lookalike.photo.decode import read_photo
    from tests.support import encoded

    return read_photo(encoded(picture, "PNG"))
