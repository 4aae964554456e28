"""What the page needs to answer without the server: networks, runtime and the constants that both must share.

Written by the function's own modules, so that nothing is said twice: the page's frontend/js/device reads one index,
which names every other file by its content.
"""

from __future__ import annotations

import hashlib
import inspect
import io
import json
import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from lookalike import options
from lookalike.errors import SetupError
from lookalike.faces import detector, embedder, explain, quality, turning
from lookalike.faces.manifest import Manifest, read_manifest
from lookalike.faces.sessions import open_session
from lookalike.gallery import cohort, verdict
from lookalike.gallery.directory import read_gallery
from lookalike.gallery.people import Person
from lookalike.gallery.scale import TENTH_TO_NINETIETH
from lookalike.settings import Settings

ROOT = Path(__file__).resolve().parents[1]
RUNTIME = ROOT / "node_modules" / "onnxruntime-web"
SCRIPT, WASM = "ort.wasm.bundle.min.mjs", "ort-wasm-simd-threaded.wasm"
FOLDER = "device/"
GOLDEN_STEP = 37  # no divisor of 256: neighbours differ, as in a photo of noise
# How far a value of a golden answer may be off. In int8, a sum that lies between two steps is rounded to either, which adds
# up over a hundred layers; arithmetic that does not work is off by the values themselves.
TOLERANCE, INT8_TOLERANCE = 1e-3, 5e-3
TYPES = {
    ".json": "application/json",
    ".mjs": "text/javascript; charset=utf-8",
    ".npy": "application/octet-stream",
    ".onnx": "application/octet-stream",
    ".wasm": "application/wasm",
}
Json = dict[str, Any]


class OnDeviceError(SetupError):
    """The page cannot answer on the device; the message says what is missing."""

    en = "{reason}"
    ko = "{reason}"


@dataclass(frozen=True, slots=True)
class Kit:
    """`files`: every file by the name it is served under, `index` leads to all others."""

    mode: str
    index: str
    files: dict[str, Callable[[], bytes]]

    def config(self, travelling: int) -> Json:
        """For config.json: how the page offers it; `travelling` bytes, as they are sent."""
        return {"mode": self.mode, "index": self.index, "megabytes": math.ceil(travelling / 1e6)}


def content_type(name: str) -> str:
    return TYPES[Path(name).suffix]


def offered(settings: Settings, mode: str | None) -> Kit | None:
    """What was asked for; by default everything, or nothing where that is not possible, which is said on the terminal."""
    if mode == "off":
        return None
    try:
        return kit(settings, mode or "all")
    except OnDeviceError as error:
        if mode:
            raise
        print(f"Answers on the visitor's device are not offered: {error}", flush=True)
        return None


def kit(settings: Settings, mode: str, runtime: Path = RUNTIME) -> Kit:
    """Raises SetupError where networks, gallery or ONNX Runtime for the web are not there, or not fit for it."""
    manifest = read_manifest(settings.models, settings.verify)
    files = _Files()
    parts = {"script": runtime / "dist" / SCRIPT, "wasm": runtime / "dist" / WASM}
    if not all(path.is_file() for path in parts.values()):
        raise OnDeviceError(reason=f"ONNX Runtime for the page is not in {runtime}: run `npm ci`.")
    index = {
        "runtime": {name: files.add(path.name, path.read_bytes) for name, path in parts.items()},
        "networks": {name: files.add(path.name, path.read_bytes) for name, path in _networks(manifest).items()},
        "golden": _golden(manifest),
        "manifest": _entry(manifest),
        "constants": constants(),
    }
    if mode == "all":
        index["gallery"] = _gallery(settings, manifest, files)
    name = files.add("index.json", partial(bytes, json.dumps(index).encode()))["url"]
    return Kit(mode, FOLDER + name, {FOLDER + url: read for url, read in files.all.items()})


def constants() -> Json:
    """All numbers that the page's modules share with the function's, by the room that they belong to."""
    cascade = inspect.signature(detector.Detector).parameters
    return {
        "detector": _named(
            detector, "CELL STRIDE STRIP_PIXELS RNET_BATCH ONET_BATCH MOST_CANDIDATES MOST_PROPOSED MOST_REFINED"
        )
        | _named(detector, "MOST_PROBABLE MIRROR_WEIGHT MIRRORED SURE")
        | {name: cascade[name].default for name in ("thresholds", "factor")},
        "turning": _named(turning, "SMALLEST_FACES LEAST_FACE CERTAIN NEARLY"),
        "quality": _named(quality, "MIN_SIDE DARK BRIGHT SHARPNESS TURNED"),
        "embedder": _named(embedder, "BATCH"),
        "explain": _named(explain, "GRID PATCH") | {"most": options.MAX_EXPLAINED},
        "most_faces": options.MAX_FACES,
        "most_matches": options.MAX_MATCHES,
        "close": verdict.CLOSE,
    }


def golden(path: Path, side: int, mean: int, scale: int, tolerance: float = TOLERANCE) -> Json:
    """A made-up input for a network, as numbers that the page can make too, and what the network finds in it."""
    session = open_session(path)
    values = (np.arange(3 * side * side) * GOLDEN_STEP % 256 - mean) / scale
    pixels = values.astype(np.float32).reshape(1, 3, side, side)
    found = session.run(None, {session.get_inputs()[0].name: pixels})[0]
    made = {"dims": pixels.shape, "step": GOLDEN_STEP, "mean": mean, "scale": scale, "tolerance": tolerance}
    return made | {"found": [round(float(value), 5) for value in found.ravel()]}


class _Files:
    """Files by a name that holds a hash of their content."""

    def __init__(self) -> None:
        self.all: dict[str, Callable[[], bytes]] = {}

    def add(self, name: str, read: Callable[[], bytes]) -> Json:
        content = read()
        sha256 = hashlib.sha256(content).hexdigest()
        stem, dot, suffix = name.rpartition(".")
        url = name if sha256[:8] in stem else f"{stem}-{sha256[:12]}{dot}{suffix}"
        self.all[url] = read
        return {"url": url, "sha256": sha256, "bytes": len(content)}


def _networks(manifest: Manifest) -> dict[str, Path]:
    """Those that the page runs; suppression is a few lines there."""
    cascade = {name: manifest.detector[name].path for name in ("pnet", "rnet", "onet")}
    return cascade | {"embedder": manifest.embedding_network.path}


def _golden(manifest: Manifest) -> Json:
    """P-Net takes any size, the others their own; the cascade's networks take pixels, an embedder numbers around 0."""
    paths = _networks(manifest)
    sides = {"pnet": 24, "rnet": 24, "onet": 48}
    cascade = {name: golden(paths[name], side, 0, 1) for name, side in sides.items()}
    entry = manifest.embedder
    tolerance = INT8_TOLERANCE if entry.precision == "int8" else TOLERANCE
    return cascade | {"embedder": golden(paths["embedder"], entry.recipe.size, 128, 128, tolerance)}


def _entry(manifest: Manifest) -> Json:
    """How faces are cut and compared, as the page's embedder reads it."""
    entry = manifest.embedder
    about = {"model": entry.model, "same_person": entry.rule, "fingerprint": entry.fingerprint}
    return about | entry.recipe.to_json()


def _named(module: Any, names: str) -> Json:
    return {name.lower(): getattr(module, name) for name in names.split()}


def _gallery(settings: Settings, manifest: Manifest, files: _Files) -> Json:
    """What the page needs of the gallery, and nothing else of it: no sources, no metadata."""
    if settings.vector_index:
        raise OnDeviceError(reason="A gallery in an index of Amazon S3 Vectors stays there: choose `embed`.")
    people, embeddings, scale = read_gallery(settings.gallery, manifest.embedder, settings.verify)
    about = {
        "people": [_person(person) for person in people],
        "scale": {
            "quantiles": [float(value) for value in scale.quantiles],
            "nearest": [float(value) for value in scale.nearest],
            "same_person": manifest.embedder.rule,
            "stands_out": scale.stands_out,
            "cohort": cohort.MOST_PEOPLE,
            "tenth_to_ninetieth": TENTH_TO_NINETIETH,
        },
    }
    return {
        "people": files.add("people.json", partial(bytes, json.dumps(about).encode())),
        "rows": files.add("embeddings.npy", partial(_npy, embeddings)),
    }


def _person(person: Person) -> Json:
    portraits = [photo.portrait for photo in person.photos]
    return {"id": person.id, "name": person.name, "department": person.department, "photos": portraits}


def _npy(embeddings: Any) -> bytes:
    buffer = io.BytesIO()
    np.lib.format.write_array(buffer, np.ascontiguousarray(embeddings), version=(1, 0))
    return buffer.getvalue()
