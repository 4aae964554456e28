"""What the families of face networks want of a face, each with its source, and the recipe that follows from it."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any

from export.errors import ExportError
from export.networks.embedders import RECOGNISERS
from export.networks.onnx_file.stated import Family, Stated
from lookalike.faces.recipe import Recipe, Template

# Published for OpenCV's warpAffine, which counts the first pixel's centre as 0; ours count it as 0.5.
_ARCFACE_POINTS = ((38.2946, 51.6963), (73.5318, 51.5014), (56.0252, 71.7366), (41.5493, 92.3655), (70.7299, 92.2041))
ARCFACE_TEMPLATE: Template = tuple((x + 0.5, y + 0.5) for x, y in _ARCFACE_POINTS)


@dataclass(frozen=True)
class Preset:
    """A recipe but for the width, which the file says; `same_person` where the family's makers state a rule."""

    recipe: Recipe
    same_person: float | None
    source: str


_ALIGNED_112 = Recipe("aligned", 112, (127.5, 127.5, 127.5), 127.5, 512, True, 1.0, template=ARCFACE_TEMPLATE)
PRESETS: dict[Family, Preset] = {
    "arcface": Preset(
        _ALIGNED_112,
        None,
        "deepinsight/insightface: utils/face_align.py and model_zoo/arcface_onnx.py (Deng et al. 2019, arXiv:1801.07698)",
    ),
    # OpenCV reads photos as BGR and has blobFromImage swap them, so the network itself sees RGB.
    "sface": Preset(
        dataclasses.replace(_ALIGNED_112, mean=(0.0, 0.0, 0.0), scale=1.0, width=128),
        0.363,
        "opencv: modules/objdetect/src/face_recognize.cpp, and its tutorial's rule (Zhong et al. 2021, arXiv:2205.12010)",
    ),
    "facenet": Preset(
        RECOGNISERS["vggface2"].recipe,
        RECOGNISERS["vggface2"].same_person,
        "facenet-pytorch: fixed_image_standardization",
    ),
    "dlib": Preset(
        RECOGNISERS["dlib"].recipe, RECOGNISERS["dlib"].same_person, "dlib: dnn_face_recognition_ex.cpp, by Davis King"
    ),
}


def recipe_of(stated: Stated, size: int, width: int, normalises: bool) -> Recipe:
    """The recipe for a file that takes faces of `size` pixels and gives `width` numbers; `normalises`: it subtracts a mean
    of its own. Raises ExportError, naming the option that is missing or cannot be."""
    preset = PRESETS[stated.preset].recipe if stated.preset else None
    if stated.size not in (None, size):
        raise ExportError(f"The file takes faces of {size} pixels, not {stated.size}.")
    if stated.compare == "distance" and not stated.radius:
        raise ExportError("--compare distance needs --radius: the distance of two strangers, divided by √2.")
    given = {
        name: value
        for name in ("cut", "margin", "mean", "scale", "colour", "template", "radius")
        if (value := getattr(stated, name)) is not None
    }
    if stated.compare:
        given |= {"unit_length": stated.compare == "cosine"} | ({"radius": 1.0} if stated.compare == "cosine" else {})
    if normalises and stated.preset == "arcface":  # as InsightFace itself decides; the oldest ArcFace files do
        given = {"mean": (0.0, 0.0, 0.0), "scale": 1.0} | given
    if preset is None:
        return _without_preset(given, size, width)
    usual = dataclasses.asdict(preset) | {"template": scaled(preset.template, size / preset.size)}
    return _checked(usual | {"size": size, "width": width} | given)


def scaled(template: Template | None, factor: float) -> Template | None:
    """The template in a chip so many times larger; the very same one for 1."""
    if template is None or factor == 1:
        return template
    return tuple((x * factor, y * factor) for x, y in template)


def _without_preset(given: dict[str, Any], size: int, width: int) -> Recipe:
    needed = ["cut", "mean", "scale", "colour", "unit_length", *(["template"] if given.get("cut") == "aligned" else [])]
    if missing := [f"--{name.replace('unit_length', 'compare')}" for name in needed if name not in given]:
        raise ExportError(
            f"How this network wants its faces is not known: give --preset ({', '.join(PRESETS)}), or {', '.join(missing)}."
        )
    return _checked({"size": size, "width": width} | given)


def _checked(fields: dict[str, Any]) -> Recipe:
    try:
        return Recipe(**fields)
    except ValueError as error:
        raise ExportError(f"That is no way to cut a face: {error}.") from None
