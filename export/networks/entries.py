"""What the manifest says of an exported recogniser, and of what made it."""

from __future__ import annotations

import hashlib
import json
import math
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from export.networks.weights import Weights
from lookalike.faces import recipe as recipes
from lookalike.faces.manifest import EmbedderEntry
from lookalike.faces.recipe import DLIB_TEMPLATE, Recipe

# An export is the same with these changed: they fetch weights, put in place what is made of them, and tell of it.
_WITHOUT_INFLUENCE = ("calibration.py", "download.py", "installation.py", "listing.py", "reference.py", "weights.py")


def entry_of(model: str, precision: str, recipe: Recipe, same_person: float | None, weights: Weights) -> EmbedderEntry:
    rule = math.inf if same_person is None else same_person
    return EmbedderEntry(model, precision, recipe, rule, _fingerprint(model, precision, recipe, weights.sha256))


def entry_json(entry: EmbedderEntry, data: bytes, weights: Weights, terms: str, trained: bool) -> dict[str, Any]:
    """The manifest's entry for the network `data`, before it has its final name."""
    return {
        "model": entry.model,
        "file": f"{entry.model}.onnx",
        "sha256": hashlib.sha256(data).hexdigest(),
        "bytes": len(data),
        "precision": entry.precision,
        "trained": trained,
        "weights": {"file": weights.path.name, "sha256": weights.sha256, "origin": weights.origin},
        **entry.recipe.to_json(),
        "same_person": entry.rule,
        "terms": terms,
        "fingerprint": entry.fingerprint,
    }


def toolchain(brought: bool = False) -> str:
    """A hash of what an export depends on besides the weights: the code that makes it, and the packages it works with.

    `brought`: of an ONNX file of one's own, which has a room to itself.
    """
    digest = hashlib.sha256()
    for source in (*sorted(Path(__file__).parent.rglob("*.py")), Path(recipes.__file__)):
        if source.name not in _WITHOUT_INFLUENCE and (brought or source.parent.name != "onnx_file"):
            digest.update(source.read_bytes())
    for package in ("facenet-pytorch", "torch", "onnx", "onnxruntime", "numpy"):
        try:
            digest.update(f"{package} {version(package)}".encode())
        except PackageNotFoundError:
            digest.update(f"no {package}".encode())
    return digest.hexdigest()[:16]


def _fingerprint(model: str, precision: str, recipe: Recipe, weights: str) -> str:
    """Of all that decides an embedding and its comparison: galleries with different fingerprints cannot be compared."""
    stated = recipe.to_json() | {"model": model, "weights": weights}
    keys = ["model", "cut", "size", "margin", "mean", "scale", "width", "radius", "weights"]
    # At first there was neither another template nor another order of colours; galleries of then are still good.
    keys += ["template"] if recipe.template not in (None, DLIB_TEMPLATE) else []
    keys += ["colour"] if recipe.colour != "rgb" else []
    deciding = {key: stated[key] for key in keys}
    if precision == "int8":  # half the digits of fp32, too few to share a gallery with it
        deciding["precision"] = "int8"
    return hashlib.sha256(json.dumps(deciding, sort_keys=True, separators=(",", ":")).encode()).hexdigest()[:16]
