"""Small helpers that tests call by name."""

from __future__ import annotations

import dataclasses
import hashlib
import io
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from lookalike.arrays import Array
from lookalike.faces.manifest import EmbedderEntry
from lookalike.faces.probe import Probe
from lookalike.finder import Finder
from lookalike.photo.decode import Photo


def encoded(image: Image.Image, kind: str = "JPEG", **options: Any) -> bytes:
    """The picture as a file of that format."""
    buffer = io.BytesIO()
    if kind == "PNG":
        options.setdefault("compress_level", 1)  # of a large photo the usual one takes a second
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def largest_face(finder: Finder, photo: bytes) -> tuple[Photo, Probe, Array]:
    """The photo, its largest face and that face's embedding [width]."""
    picture, probes = finder.read_faces(photo)
    return picture, probes[0], finder.embedder.embed([probes[0].chip])[0]


def with_recipe(entry: EmbedderEntry, **changes: Any) -> EmbedderEntry:
    """The same network with another width, radius or whatever its recipe holds."""
    return dataclasses.replace(entry, recipe=dataclasses.replace(entry.recipe, **changes))


def write_gallery(directory: Path, finder: Finder, people: Mapping[str, Sequence[bytes]]) -> None:
    """A gallery directory in the documented format, written independently of the gallery's builder."""
    (directory / "portraits").mkdir(parents=True, exist_ok=True)
    rows, entries = [], []
    for name, photos in people.items():
        kept = []
        for photo in photos:
            _, probe, embedding = largest_face(finder, photo)
            portrait = encoded(Image.fromarray(probe.chip))
            file = f"{hashlib.sha256(portrait).hexdigest()[:16]}.jpg"
            for copy in (file, file.replace(".jpg", "-small.jpg")):
                (directory / "portraits" / copy).write_bytes(portrait)
            rows.append(embedding)
            kept.append({"portrait": file, "source": f"{name}.jpg", "sha256": hashlib.sha256(photo).hexdigest()})
        identity = name.lower().replace(" ", "-")
        entries.append({"id": identity, "name": name, "department": "Space", "metadata": {}, "photos": kept})
    np.save(directory / "embeddings-0.npy", np.stack(rows).astype(np.float32))
    (directory / "people-0.json").write_text(json.dumps(entries))
    entry = finder.embedder.entry
    files = {
        part: {"file": file, "sha256": hashlib.sha256((directory / file).read_bytes()).hexdigest()}
        for part, file in (("embeddings", "embeddings-0.npy"), ("people", "people-0.json"))
    }
    index = {
        "version": 2,
        "fingerprint": entry.fingerprint,
        "model": entry.model,
        "width": entry.width,
        "radius": entry.radius,
        "embeddings": files["embeddings"] | {"rows": len(rows)},
        "people": files["people"] | {"count": len(entries)},
        "pairs": {"count": 1, "quantiles": [-0.5, 0.0, 0.5]},
        "nearest": {"quantiles": [0.0, 0.25, 0.5]},
        "stands_out": None,
    }
    (directory / "gallery.json").write_text(json.dumps(index))
