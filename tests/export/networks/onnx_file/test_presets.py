"""A recipe follows from the preset and what is said besides it, or the missing option is named."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from export.errors import ExportError
from export.networks.embedders import RECOGNISERS
from export.networks.onnx_file.presets import ARCFACE_TEMPLATE, PRESETS, recipe_of
from export.networks.onnx_file.stated import Stated
from lookalike.faces.recipe import DLIB_TEMPLATE


def test_arcface_s_points_are_those_of_insightface_with_the_first_pixel_s_centre_at_a_half() -> None:
    assert np.allclose(ARCFACE_TEMPLATE[0], (38.7946, 52.1963)) and np.allclose(ARCFACE_TEMPLATE[4], (71.2299, 92.7041))
    recipe = recipe_of(Stated("arcface"), 112, 512, normalises=False)
    assert (recipe.cut, recipe.colour, recipe.mean, recipe.scale) == ("aligned", "rgb", (127.5,) * 3, 127.5)
    assert (recipe.unit_length, recipe.radius, recipe.width) == (True, 1.0, 512)


def test_sface_takes_the_colours_as_they_are() -> None:
    """OpenCV reads BGR and swaps it (swapRB=true) on the way into the network."""
    recipe = recipe_of(Stated("sface"), 112, 128, normalises=False)
    assert (recipe.colour, recipe.mean, recipe.scale, recipe.template) == ("rgb", (0.0,) * 3, 1.0, ARCFACE_TEMPLATE)
    assert PRESETS["sface"].same_person == 0.363


def test_facenet_s_and_dlib_s_are_those_of_our_own_networks() -> None:
    assert recipe_of(Stated("facenet"), 160, 512, normalises=False) == RECOGNISERS["vggface2"].recipe
    assert recipe_of(Stated("dlib"), 150, 128, normalises=False) == RECOGNISERS["dlib"].recipe


def test_a_template_grows_with_the_face() -> None:
    recipe = recipe_of(Stated("arcface"), 224, 512, normalises=False)
    assert recipe.template is not None and np.allclose(recipe.template, 2 * np.array(ARCFACE_TEMPLATE))


def test_what_is_said_outweighs_the_preset() -> None:
    stated = Stated("arcface", colour="bgr", mean=(1.0, 2.0, 3.0), scale=128.0, template=DLIB_TEMPLATE)
    recipe = recipe_of(stated, 112, 512, normalises=True)
    assert (recipe.colour, recipe.mean, recipe.scale, recipe.template) == ("bgr", (1.0, 2.0, 3.0), 128.0, DLIB_TEMPLATE)
    recipe = recipe_of(Stated("arcface", compare="distance", radius=0.8), 112, 512, normalises=False)
    assert (recipe.unit_length, recipe.radius) == (False, 0.8)
    recipe = recipe_of(Stated("dlib", compare="cosine"), 150, 128, normalises=False)
    assert (recipe.unit_length, recipe.radius) == (True, 1.0)


def test_an_arcface_file_that_subtracts_a_mean_itself_gets_bare_colours() -> None:
    recipe = recipe_of(Stated("arcface"), 112, 512, normalises=True)
    assert (recipe.mean, recipe.scale) == ((0.0, 0.0, 0.0), 1.0)


@pytest.mark.parametrize(
    ("stated", "message"),
    [
        (Stated(), "give --preset (arcface, sface, facenet, dlib), or --cut, --mean, --scale, --colour, --compare"),
        (Stated(cut="aligned", mean=(0.0,) * 3, scale=1.0, colour="rgb", compare="cosine"), "or --template."),
        (Stated("arcface", size=128), "takes faces of 112 pixels, not 128"),
        (Stated("arcface", compare="distance"), "--compare distance needs --radius"),
        (Stated("arcface", scale=0.0), "That is no way to cut a face: numbers that cannot be calculated with"),
        (Stated("facenet", margin=112), "with a margin of 112"),
        (Stated("arcface", template=DLIB_TEMPLATE[::-1]), "a template that is no face"),
    ],
)
def test_what_is_missing_or_wrong_is_named(stated: Any, message: str) -> None:
    with pytest.raises(ExportError) as caught:
        recipe_of(stated, 112, 512, normalises=False)
    assert message in str(caught.value)
