"""From a picture and its faces' boxes to embeddings: the same network in facenet-pytorch and here, and dlib's in both."""

from __future__ import annotations

import tempfile
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from benchmarks import identity, ours
from benchmarks.figure import Cell, Figure, main
from benchmarks.peers import peers
from benchmarks.photos import photos
from benchmarks.timing import cpu, in_turns
from lookalike.faces.detector import Face
from lookalike.faces.embedder import Embedder
from lookalike.faces.manifest import read_manifest
from lookalike.faces.networks import open_networks

SIDE = 1280


def measure(quick: bool = False) -> Figure:
    rows: list[list[Cell]] = []
    facts: dict[str, Any] = {}
    detector, small = ours.networks()
    with (
        peers() as (facenet, dlib),
        ours.seeded_inception() as (weights, models),
        ours.quantised_dlib() as int8,
        tempfile.TemporaryDirectory() as directory,
    ):
        large = open_networks(read_manifest(models))[1]
        for photo in [photo for photo in photos(SIDE) if photo.name in ("Collins, square", "six faces")]:
            path, faces = photo.written(Path(directory), "png"), detector.detect(photo.rgb)
            request = {"boxes": [face.box.tolist() for face in faces], "weights": str(weights)}
            theirs = np.array(facenet.result("embed", path, **request), np.float32)
            identity.compare_embeddings(_embed(large, photo.rgb, faces), theirs)
            turns = {
                "theirs": facenet.turn("embed", path, **request),
                "ours": cpu(partial(_embed, large, photo.rgb, faces)),
                "small": cpu(partial(_embed, small, photo.rgb, faces)),
                "int8": cpu(partial(_embed, int8, photo.rgb, faces)),
            }
            if dlib:
                turns["dlib"] = dlib.turn("embed", path)
            timings, count = in_turns(turns, 5 if quick else 25), len(faces)
            each = {name: timings.ms(name) / count for name in turns}
            ratio = timings.ratio("theirs", "ours")
            facts[f"inception_{count}"] = ratio.to_json()
            rows.append(["InceptionResnetV1, fp32", count, each["theirs"], each["ours"], ratio])
            for name, embedder in (("small", small), ("int8", int8)):
                rows.append([f"dlib's ResNet, {embedder.entry.precision}", count, each.get("dlib"), each[name]])
                rows[-1].append(timings.ratio("dlib", name) if dlib else None)
    return _figure(rows, facts)


def _figure(rows: list[list[Cell]], facts: dict[str, Any]) -> Figure:
    return Figure(
        "Embedding",
        "CPU time in ms a face, all faces of a picture together: cutting, normalising and the network. InceptionResnetV1 "
        "beside facenet-pytorch with the same (random) weights, and the same embeddings; dlib's network beside "
        "face_recognition, which finds its own landmarks in that time.",
        ["network", "faces", "theirs", "ours", "faster"],
        rows,
        facts,
    )


def _embed(embedder: Embedder, rgb: Any, faces: list[Face]) -> Any:
    picture = Image.fromarray(rgb)
    return embedder.embed([embedder.cut(picture, face) for face in faces])


if __name__ == "__main__":
    main(measure)
