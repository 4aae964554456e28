"""What is exported: from where, under which terms, how good, how fast here, how large."""

from __future__ import annotations

import time
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

from export.networks.installation import MANIFEST, ManifestJson, read_installed
from lookalike.errors import MissingFile
from lookalike.faces.embedder import Embedder
from lookalike.faces.manifest import EXPORT_NETWORKS, read_manifest
from lookalike.faces.networks import open_networks

_TRIES = 9  # faces, one at a time, of whose times the median is told
Network = dict[str, Any]


def networks(models: Path, threads: int = 1) -> list[Network]:
    """The detector and the recogniser in `models`. Raises what read_manifest of the function raises."""
    _, embedder = open_networks(read_manifest(models), threads)
    manifest = read_installed(models)
    if manifest is None:  # changed since
        raise MissingFile(path=models / MANIFEST, command=EXPORT_NETWORKS)
    return [_detector(manifest), _recogniser(manifest, embedder)]


def _detector(manifest: ManifestJson) -> Network:
    detector = manifest["detector"]
    return {
        "name": detector["name"],
        "finds": "faces and five landmarks",
        "origin": detector["origin"],
        "terms": detector["terms"],
        "verification": detector["verification"],
        "bytes": sum(entry["bytes"] for entry in detector["networks"].values()),
    }


def _recogniser(manifest: ManifestJson, embedder: Embedder) -> Network:
    entry = manifest["embedder"]
    told = {
        key: entry[key]
        for key in ("precision", "width", "same_person", "fingerprint", "terms", "verification", "bytes")
    }
    measured = {key: entry[key] for key in ("preset", "trial", "evaluation", "calibration") if key in entry}
    return {
        "name": entry["model"],
        "origin": f"{entry['weights']['file']}: {entry['weights']['origin']}",
        "ms_a_face": round(milliseconds_a_face(embedder), 1),
        **told,
        **measured,
    }


def milliseconds_a_face(embedder: Embedder) -> float:
    """Of embedding one cut face here, the median of a few."""
    size = embedder.entry.recipe.size
    chip = np.random.default_rng(0).integers(0, 256, (size, size, 3), dtype=np.uint8)
    embedder.embed([chip])
    times = []
    for _ in range(_TRIES):
        start = time.perf_counter()
        embedder.embed([chip])
        times.append(time.perf_counter() - start)
    return median(times) * 1000
