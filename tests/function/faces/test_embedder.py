"""Faces are cut as each network wants them, and embeddings equal their reference."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from PIL import Image

from lookalike.faces.embedder import Embedder, similarity_from
from tests.support import with_recipe


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


def test_batches_of_any_size_give_the_same_embeddings(embedder: Embedder) -> None:
    chips = [np.random.default_rng(i).integers(0, 255, (150, 150, 3), np.uint8) for i in range(11)]
    together = embedder.embed(chips)
    alone = np.concatenate([embedder.embed([chip]) for chip in chips])
    assert together.shape == (11, embedder.entry.width)
    assert np.allclose(together, alone, atol=1e-5)
    assert embedder.embed([]).shape == (0, embedder.entry.width)


def test_similarity_is_the_cosine_for_unit_vectors(embedder: Embedder) -> None:
    entry = with_recipe(embedder.entry, radius=1.0, unit_length=True, width=3)
    unit = Embedder(entry, embedder._session)
    first = np.array([1, 0, 0], np.float32)
    others = np.array([[1, 0, 0], [0, 1, 0], [-1, 0, 0], [0.6, 0.8, 0]], np.float32)
    assert np.allclose(unit.similarity(others, first), [1, 0, -1, 0.6], atol=1e-6)


@pytest.mark.parametrize(
    ("squared", "radius", "similarity"),
    [(4.0, 2.0, 0.5), (0.25, 0.5, 0.5), (4.0, 1.0, -1.0), (4.5, 1.0, -1.0), (-0.25, 1.0, 1.0), (0.5, 0.625, 0.36)],
)
def test_similarity_is_one_less_the_squared_distance_over_twice_the_squared_radius(
    squared: float, radius: float, similarity: float
) -> None:
    """And never beyond −1 and 1, where rounding or a face farther away than any would take it."""
    found = similarity_from(np.array([squared], np.float32), radius)
    assert found.dtype == np.float32 and found.tolist() == pytest.approx([similarity])


@pytest.mark.parametrize("photos", [1, 2, 3, 5])
def test_several_photos_are_as_alike_as_each_of_them_on_average(embedder: Embedder, photos: int) -> None:
    random = np.random.default_rng(photos)
    several = random.normal(0, 0.05, (photos, embedder.entry.width)).astype(np.float32)
    anybody = random.normal(0, 0.05, (7, embedder.entry.width)).astype(np.float32)
    mean, spread = embedder.average(several)
    together = similarity_from(np.square(anybody - mean).sum(axis=1) + spread, embedder.entry.radius)
    each = np.mean([embedder.similarity(anybody, one) for one in several], axis=0)
    assert np.allclose(together, each, atol=1e-6)
    assert (spread == 0) == (photos == 1)


def _photo(picture: Image.Image) -> Any:
    from lookalike.photo.decode import read_photo
    from tests.support import encoded

    return read_photo(encoded(picture, "PNG"))
