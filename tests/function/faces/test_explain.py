"""The regions that carry a likeness are those without which it is lost."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from PIL import Image

from lookalike.faces.embedder import Embedder
from lookalike.faces.explain import GRID, _occluded, explain
from lookalike.faces.manifest import EmbedderEntry
from lookalike.faces.recipe import Recipe
from lookalike.finder import Finder
from lookalike.options import MAX_EXPLAINED, MAX_FACES, FindOptions
from tests.support import encoded


def one_pixel(y: int, x: int) -> Embedder:
    """A network that sees nothing of a face of 70 pixels but one pixel's red; 200 levels apart is half alike."""

    class Red:
        def run(self, outputs: Any, inputs: dict[str, Any]) -> list[Any]:
            return [inputs["face"][:, 0, y, x, None]]

    recipe = Recipe("box", 70, (0.0, 0.0, 0.0), 1.0, width=1, unit_length=False, radius=200.0)
    return Embedder(EmbedderEntry("red", "fp32", recipe, 0.5, "0"), Red())


@pytest.mark.parametrize(("target", "weight"), [(200, 1), (0, -1)])
def test_a_region_weighs_what_hiding_it_takes_away(target: int, weight: int) -> None:
    """Around the middles of the seven regions each way, 5, 15 … 65, squares of nine pixels to each side are hidden.

    So row 20 is hidden with the second and the third, column 67 with the last; without the pixel the face is 200 away.
    """
    chip = np.zeros((70, 70, 3), np.uint8)
    chip[20, 67] = 200
    expected = np.zeros((7, 7))
    expected[1:3, 6] = weight
    assert explain(one_pixel(20, 67), chip, np.array([target], np.float32)).tolist() == expected.tolist()


def test_each_region_is_hidden_by_the_face_s_mean_colour() -> None:
    chip = np.zeros((70, 70, 3), np.uint8)
    chip[:35] = (100, 50, 7)
    variants = _occluded(chip)
    assert len(variants) == 49
    for number, rows, columns in ((0, slice(0, 14), slice(0, 14)), (20, slice(16, 34), slice(56, 70))):
        expected = chip.copy()
        expected[rows, columns] = (50, 25, 3)
        assert np.array_equal(variants[number], expected)


def chip_of(finder: Finder, picture: Image.Image) -> np.ndarray:
    _, probes = finder.read_faces(encoded(picture))
    return probes[0].chip


def test_a_face_and_its_own_embedding_lose_likeness_wherever_they_are_hidden(
    finder: Finder, embedder: Embedder, hopper: Image.Image
) -> None:
    chip = chip_of(finder, hopper)
    weights = explain(embedder, chip, embedder.embed([chip])[0])
    assert weights.shape == (GRID, GRID) and weights.dtype == np.float32
    # Nothing is more like a face than itself.
    assert weights.min() >= 0 and weights.max() == 1


def test_the_middle_of_the_face_weighs_more_than_what_is_around_it(
    finder: Finder, embedder: Embedder, astronaut: Image.Image
) -> None:
    chip = chip_of(finder, astronaut)
    weights = explain(embedder, chip, embedder.embed([chip])[0])
    middle = weights[1:-1, 1:-1].mean()
    around = np.concatenate([weights[0], weights[-1], weights[1:-1, 0], weights[1:-1, -1]]).mean()
    assert middle > 1.5 * around


def test_what_hides_the_likeness_is_found_where_it_was_put(
    finder: Finder, embedder: Embedder, hopper: Image.Image
) -> None:
    """A patch over one eye makes the face less like itself; hiding the patch makes it no worse, or even better."""
    chip = chip_of(finder, hopper)
    target = embedder.embed([chip])[0]
    before = explain(embedder, chip, target)
    eye = tuple(int(i) for i in np.unravel_index(before[:4].argmax(), before[:4].shape))
    size = len(chip)
    patched = chip.copy()
    y, x = (int((i + 0.5) * size / GRID) for i in eye)
    patched[y - size // 8 : y + size // 8, x - size // 8 : x + size // 8] = (255, 0, 255)
    after = explain(embedder, patched, target)
    assert before[eye] == pytest.approx(before[:4].max())
    assert after[eye] < before[eye] / 2


def test_faces_that_cannot_differ_carry_nothing(embedder: Embedder) -> None:
    size = embedder.entry.recipe.size
    flat = np.full((size, size, 3), 120, np.uint8)
    assert not explain(embedder, flat, embedder.embed([flat])[0]).any()


def test_a_crowd_is_answered_for_its_largest_faces_only(finder: Finder, astronaut: Image.Image) -> None:
    face = astronaut.crop((160, 40, 290, 200)).resize((98, 98))
    crowd = Image.new("RGB", (1280, 1280))
    for place in range(13 * 13):
        crowd.paste(face, (place % 13 * 98, place // 13 * 98))
    answer = finder.find([encoded(crowd)], FindOptions(k=1, include=("explanation",)))
    assert len(answer.faces) == MAX_FACES and answer.beyond_limit > 40
    assert [face.explanation is not None for face in answer.faces[: MAX_EXPLAINED + 1]] == [True] * MAX_EXPLAINED + [
        False
    ]
