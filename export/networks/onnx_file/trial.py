"""A network tried on faces that may be used: does it take photos of one person for more alike than those of two?

Drawn people and public-domain portraits, each in other light, contrast and size, a little turned, and mirrored.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from export.demo import demo_people, draw_portrait
from export.evaluation import judge
from export.evaluation.labelled import pairs_of
from export.networks import pictures
from export.networks.onnx_file.presets import PRESETS, scaled
from export.networks.variants import Sighting, open_detector, sightings
from lookalike.faces.recipe import Recipe

Array = NDArray[np.float32]
# Normalised faces [n,3,size,size] to embeddings [n,width].
Network = Callable[[Array], Array]

EVERY = 4  # of the drawn people, one in so many
# Comparing bare pixels reaches 0.77, random weights 0.6, dlib's network 0.9996.
LEAST_AREA = 0.9
# A recipe that makes this share fewer mistakes is named as the likelier one.
FEWER_MISTAKES = 0.03
BATCH = 8


@dataclass(frozen=True)
class Trial:
    """Area under the ROC and equal error rate of all pairs of `photos`; `likelier`: another way that does better."""

    people: int
    photos: int
    area: float
    equal_error_rate: float
    likelier: str | None

    def to_json(self) -> dict[str, Any]:
        return dataclasses.asdict(self) | {
            "area": round(self.area, 4),
            "equal_error_rate": round(self.equal_error_rate, 4),
        }


def faces_to_try() -> list[Sighting]:
    """Up to five variants each of the drawn people and of the portraits on this machine."""
    people = [draw_portrait(person) for person in demo_people()[::EVERY]]
    people += [portrait for portrait, _ in pictures.portraits()]
    return list(sightings(people, open_detector(), mirrored=True))


def try_out(recipe: Recipe, network: Network, seen: Sequence[Sighting]) -> Trial:
    """Judge the recipe, and other orders of colours, scales and templates beside it."""
    stated = _judge(recipe, network, seen)
    others = {name: _judge(other, network, seen) for name, other in _others(recipe).items()}
    name = min(others, key=lambda name: others[name].equal_error_rate)
    better = (
        others[name].equal_error_rate <= stated.equal_error_rate - FEWER_MISTAKES and others[name].area > stated.area
    )
    return Trial(
        people=len({one.owner for one in seen}),
        photos=len(seen),
        area=stated.area,
        equal_error_rate=stated.equal_error_rate,
        likelier=name if better else None,
    )


def _judge(recipe: Recipe, network: Network, seen: Sequence[Sighting]) -> judge.Roc:
    chips = np.stack([recipe.chip(sighting.picture, sighting.face) for sighting in seen])
    inputs = recipe.normalised(chips)
    embeddings = np.concatenate([network(inputs[start : start + BATCH]) for start in range(0, len(inputs), BATCH)])
    pairs = pairs_of([str(sighting.owner) for sighting in seen])
    same = np.array([pair.same for pair in pairs])
    return judge.roc(same, judge.similarities(embeddings, pairs, recipe.radius))


def _others(recipe: Recipe) -> dict[str, Recipe]:
    """What may have been mistaken: the order of the colours, the numbers, the way of cutting."""
    swapped: Literal["rgb", "bgr"] = "bgr" if recipe.colour == "rgb" else "rgb"
    others = {f"--colour {swapped}": dataclasses.replace(recipe, colour=swapped)}
    for name, preset in PRESETS.items():
        theirs = preset.recipe
        if (theirs.mean, theirs.scale) != (recipe.mean, recipe.scale):
            others[f"{name}'s --mean and --scale"] = dataclasses.replace(recipe, mean=theirs.mean, scale=theirs.scale)
        template = scaled(theirs.template, recipe.size / theirs.size)
        if recipe.template and template not in (None, recipe.template):
            others[f"{name}'s --template"] = dataclasses.replace(recipe, template=template)
    return others
