"""From a picture and its faces' boxes to embeddings: the same network in facenet-pytorch and here, and dlib's in both."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import torch

from benchmarks import identity, ours, peers
from benchmarks.figure import Cell, Figure, main
from benchmarks.photos import photos
from benchmarks.timing import cpu, in_turns
from lookalike.embedder import Embedder
from lookalike.finder import open_networks
from lookalike.manifest import read_manifest

SIDE = 1280


def measure(quick: bool = False) -> Figure:
    rounds = 5 if quick else 25
    pictures = [photo for photo in photos(SIDE) if photo.name in ("Collins, square", "six faces")]
    detector, small = ours.networks()
    rows: list[list[Cell]] = []
    facts: dict[str, Any] = {}
    mtcnn, dlib = peers.facenet_detector(), peers.dlib()
    with ours.seeded_inception() as (network, models), tempfile.TemporaryDirectory() as directory:
        large = open_networks(read_manifest(models))[1]
        for photo in pictures:
            faces = detector.detect(photo.rgb)
            boxes = np.stack([face.box for face in faces])

            def by_torch() -> Any:
                with torch.no_grad():
                    return network(mtcnn.extract(photo.image, boxes, None)).numpy()  # noqa: B023

            def by_us(embedder: Embedder) -> Any:
                return embedder.embed([embedder.cut(photo.rgb, face) for face in faces])  # noqa: B023

            identity.compare_embeddings(by_us(large), by_torch())
            turns = {"theirs": cpu(by_torch), "ours": cpu(lambda: by_us(large)), "small": cpu(lambda: by_us(small))}
            if dlib:
                turns["dlib"] = dlib.turn("embed", peers.written(photo, Path(directory)))
            timings, count = in_turns(turns, rounds), len(faces)
            ratio = timings.ratio("theirs", "ours")
            facts[f"inception_{count}"] = ratio.to_json()
            rows.append(
                ["InceptionResnetV1, fp32", count, timings.ms("theirs") / count, timings.ms("ours") / count, ratio]
            )
            rows.append(
                [
                    f"dlib's ResNet, {small.entry.precision}",
                    count,
                    timings.ms("dlib") / count if dlib else None,
                    timings.ms("small") / count,
                    timings.ratio("dlib", "small") if dlib else None,
                ]
            )
    if dlib:
        dlib.close()
    return Figure(
        "Embedding",
        "CPU time in ms a face, all faces of a picture together: cutting, normalising and the network. InceptionResnetV1 "
        "beside facenet-pytorch with the same (random) weights, and the same embeddings; dlib's network beside "
        "face_recognition, which finds its own landmarks in that time.",
        ["network", "faces", "theirs", "ours", "faster"],
        rows,
        facts,
    )


if __name__ == "__main__":
    main(measure)
