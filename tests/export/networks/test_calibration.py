"""A rule is measured on enough photos, for a network that has none, and stays until another is stated."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from export.errors import ExportError
from export.evaluation import judge
from export.evaluation.evaluate import Evaluation
from export.evaluation.labelled import Pair
from export.networks.calibration import calibrate
from export.networks.installation import install, staging

from .sets import staged_set


def evaluation(same: int = 50, different: int = 50, model: str = "own") -> Evaluation:
    """Of pairs that are 0.7 and 0.3 alike."""
    pairs = [Pair(0, 1, place < same, place % 10) for place in range(same + different)]
    similarities = np.array([0.7] * same + [0.3] * different, np.float32)
    return Evaluation(
        model=model,
        precision="fp32",
        photos=4,
        without_face=[],
        people=2,
        verification=judge.verify(pairs, similarities, None),
        trials_same=same,
        trials_different=different,
        own_first=None,
        strangers_strong=None,
        winner_agreement=None,
        agreement=None,
    )


@pytest.fixture
def models(tmp_path: Path) -> Path:
    with staging(tmp_path / "models") as staged:
        manifest = staged_set(staged, "one")
        manifest["embedder"] |= {"model": "own", "same_person": None}
        install(tmp_path / "models", staged, manifest)
    return tmp_path / "models"


def embedder(models: Path) -> dict[str, Any]:
    entry: dict[str, Any] = json.loads((models / "manifest.json").read_text())["embedder"]
    return entry


def test_the_threshold_is_kept_with_the_number_of_pairs(models: Path) -> None:
    before = embedder(models)
    assert calibrate(models, evaluation(50, 80)) == 0.5
    measured = {"pairs": {"same": 50, "different": 80}, "accuracy": 1.0}
    assert embedder(models) == before | {"same_person": 0.5, "calibration": measured}


def mistaken() -> Evaluation:
    found = evaluation()
    return dataclasses.replace(found, verification=dataclasses.replace(found.verification, accuracy=0.799))


@pytest.mark.parametrize(
    ("found", "message"),
    [
        (evaluation(49, 50), "49 pairs of one person and 50 of different people are too few"),
        (evaluation(50, 49), "at least 50 of each"),
        (evaluation(model="dlib"), "dlib's rule is its makers'"),
        (evaluation(model="other"), "are not those that were measured"),
        (mistaken(), "right on 80% of these pairs only"),
    ],
)
def test_no_rule_is_made_of_what_does_not_give_one(models: Path, found: Evaluation, message: str) -> None:
    with pytest.raises(ExportError, match=message):
        calibrate(models, found)
    assert embedder(models)["same_person"] is None and "calibration" not in embedder(models)
