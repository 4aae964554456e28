"""The recognisers there are: how each wants its faces, where its weights come from, and how it becomes ONNX."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Literal

import numpy as np
import onnx
from numpy.typing import NDArray

from export.networks import inception_resnet_v1, pictures
from export.networks.dlib import descriptors as dlib_verification
from export.networks.dlib import graph as dlib_onnx
from export.networks.dlib import resnet as dlib_resnet
from export.networks.weights import Inception, Weights, dlib_weights, inception_weights
from lookalike.faces.recipe import DLIB_TEMPLATE, Recipe

Model = Literal["vggface2", "casia-webface", "dlib"]
Precision = Literal["fp32", "fp16", "int8"]
Faces = NDArray[np.float32]


@dataclass(frozen=True)
class Recogniser:
    """A network that can be exported by name, but for its weights."""

    recipe: Recipe
    same_person: float  # the similarity from which two photos are taken to show one person
    terms: str
    precision: Precision  # unless another is asked for


@dataclass(frozen=True)
class Source:
    """A network as its makers have it: the graph made from it, and what it answers itself."""

    graph: onnx.ModelProto
    inputs: Faces  # [n, 3, size, size]
    expected: Faces  # [n, width]
    faces: int  # how many of the inputs, the last ones, are faces; noise comes before
    against: str


_INCEPTION = partial(
    Recogniser,
    recipe=Recipe(
        cut="box",
        size=inception_resnet_v1.SIZE,
        mean=inception_resnet_v1.MEAN,
        scale=inception_resnet_v1.SCALE,
        width=inception_resnet_v1.WIDTH,
        unit_length=True,
        radius=1.0,
    ),
    same_person=0.45,  # d² = 1.1, at which Schroff et al. (2015, figure 1) tell people apart
    precision="fp32",  # as facenet-pytorch has it
)
RECOGNISERS: dict[Model, Recogniser] = {
    "vggface2": _INCEPTION(terms="facenet-pytorch: MIT; trained on VGGFace2, which is for research only"),
    "casia-webface": _INCEPTION(terms="facenet-pytorch: MIT; trained on CASIA-WebFace, which is for research only"),
    "dlib": Recogniser(
        recipe=Recipe(
            cut="aligned",
            size=dlib_resnet.SIZE,
            template=DLIB_TEMPLATE,
            mean=dlib_resnet.MEAN,
            scale=dlib_resnet.SCALE,
            width=dlib_resnet.WIDTH,
            unit_length=False,
            radius=0.61,  # strangers lie √2 of this apart on average: see README
        ),
        same_person=0.52,  # d = 0.6, the rule of its author
        terms="public domain (CC0), by Davis King",
        precision="fp16",  # half the package, and 0.001 in the embeddings, where 0.6 tells people apart
    ),
}


def obtain(model: Model, given: Path | None) -> Weights:
    """The weights, from the file `given`, from this machine or from the network: see weights.py."""
    if model == "dlib":
        return dlib_weights(given)
    return inception_weights(model, given, check=partial(_check, model))


def load(model: Model, weights: Weights) -> Source:
    """Raises DamagedWeights when the file does not hold exactly this network."""
    recipe = RECOGNISERS[model].recipe
    noise, faces = pictures.noise(recipe.size), pictures.faces(recipe.size)
    inputs = recipe.normalised(np.concatenate([noise, faces]))
    if model == "dlib":
        return _dlib(weights.path, inputs, len(faces))
    network = inception_resnet_v1.load(weights.path, model)
    expected = inception_resnet_v1.embed(network, inputs)
    return Source(inception_resnet_v1.to_onnx(network), inputs, expected, len(faces), "facenet-pytorch")


def _dlib(path: Path, inputs: Faces, faces: int) -> Source:
    network = dlib_resnet.parse(path.read_bytes())
    chips, descriptors = dlib_verification.goldens()
    return Source(
        dlib_onnx.to_onnx(network),
        np.concatenate([RECOGNISERS["dlib"].recipe.normalised(chips), inputs]),
        np.concatenate([descriptors, dlib_verification.forward(network, inputs)]),
        faces,
        "dlib's own descriptors and a forward pass in double precision",
    )


def _check(model: Inception, path: Path) -> None:
    inception_resnet_v1.load(path, model)
