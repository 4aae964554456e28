"""Galleries are told apart by all that decides an embedding, exports by all that makes them."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import pytest

from export.networks import entries
from export.networks.embedders import RECOGNISERS
from export.networks.entries import entry_of, toolchain
from export.networks.weights import Weights

WEIGHTS = Weights(Path("weights.dat"), "55" * 32, "somebody")
RECIPE = RECOGNISERS["dlib"].recipe
SHIFTED = tuple((x + 1, y) for x, y in RECIPE.template or ())


@pytest.mark.parametrize(
    "changes",
    [
        {"size": 112},
        {"scale": 128.0},
        {"mean": (1.0, 2.0, 3.0)},
        {"radius": 1.0},
        {"template": SHIFTED},
        {"colour": "bgr"},
    ],
)
def test_another_recipe_is_another_fingerprint(changes: dict[str, Any]) -> None:
    usual = entry_of("dlib", "fp16", RECIPE, 0.5, WEIGHTS).fingerprint
    assert entry_of("dlib", "fp16", dataclasses.replace(RECIPE, **changes), 0.5, WEIGHTS).fingerprint != usual


def test_so_are_other_weights_and_int8_but_not_fp16_or_another_rule() -> None:
    usual = entry_of("dlib", "fp16", RECIPE, 0.5, WEIGHTS).fingerprint
    assert entry_of("dlib", "fp32", RECIPE, 0.6, WEIGHTS).fingerprint == usual
    assert entry_of("dlib", "int8", RECIPE, 0.5, WEIGHTS).fingerprint != usual
    assert entry_of("dlib", "fp16", RECIPE, 0.5, dataclasses.replace(WEIGHTS, sha256="66" * 32)).fingerprint != usual


def test_code_that_makes_an_export_counts_and_code_that_fetches_does_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(entries, "__file__", str(tmp_path / "entries.py"))
    (tmp_path / "part").mkdir()
    for name in ("part/graph.py", "weights.py"):
        (tmp_path / name).write_text("1")
    before = toolchain()
    (tmp_path / "weights.py").write_text("2")
    assert toolchain() == before
    (tmp_path / "part" / "graph.py").write_text("2")
    assert toolchain() != before
