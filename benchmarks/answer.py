"""A JPEG's bytes to a ranked answer: decoding, detection, embedding and search, as the product runs them."""

from __future__ import annotations

import io
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import torch
from PIL import Image

from benchmarks import ours, peers
from benchmarks.figure import Cell, Figure, main
from benchmarks.photos import photos, twelve_megapixels
from benchmarks.timing import cpu, in_turns
from lookalike.finder import open_networks
from lookalike.manifest import read_manifest

SIDE = 1280
PEOPLE = 75
MATCHES = 5


def measure(quick: bool = False) -> Figure:
    pictures = [*photos(SIDE), twelve_megapixels()]
    mtcnn, dlib = peers.facenet_detector(), peers.dlib()
    rows: list[list[Cell]] = []
    facts: dict[str, Any] = {}
    small = ours.finder_for(*ours.networks(), PEOPLE)
    with ours.seeded_inception() as (network, models), tempfile.TemporaryDirectory() as directory:
        large = ours.finder_for(*open_networks(read_manifest(models)), PEOPLE)
        gallery = torch.from_numpy(np.random.default_rng(75).normal(0, 1, (PEOPLE, 512)).astype(np.float32))
        gallery /= gallery.norm(dim=1, keepdim=True)

        def by_torch(data: bytes) -> Any:
            """As facenet-pytorch's own example goes, in its defaults."""
            with torch.no_grad():
                faces = mtcnn(Image.open(io.BytesIO(data)).convert("RGB"))
                return (network(faces) @ gallery.T).topk(MATCHES)

        for photo in pictures:
            data = photo.jpeg()
            turns = {
                "facenet-pytorch": cpu(lambda: by_torch(data)),  # noqa: B023
                "large": cpu(lambda: large.find([data], MATCHES)),  # noqa: B023
                "small": cpu(lambda: small.find([data], MATCHES)),  # noqa: B023
            }
            if dlib:
                turns["dlib"] = dlib.turn("answer", peers.written(photo, Path(directory)))
            big = max(photo.image.size) > SIDE
            timings = in_turns(turns, (2 if big else 3) if quick else (5 if big else 15))
            ratios = timings.ratio("facenet-pytorch", "large"), timings.ratio("facenet-pytorch", "small")
            facts[photo.name] = {"inception": ratios[0].to_json(), "dlib": ratios[1].to_json()}
            rows.append(
                [
                    f"{photo.name}, {photo.size}",
                    timings.ms("facenet-pytorch"),
                    timings.ms("large"),
                    ratios[0],
                    timings.ms("small"),
                    ratios[1],
                    timings.ms("dlib") if dlib else None,
                ]
            )
    if dlib:
        dlib.close()
    return Figure(
        "From a photo's bytes to the answer",
        f"CPU time in ms, {PEOPLE} people in the gallery, the product's settings (photos shrunk to {SIDE} pixels, faces "
        "from 1/16 of the longer side up, a look whether the photo lies on its side). facenet-pytorch in its defaults; "
        "beside it our whole way with its network, and with dlib's; last, face_recognition.",
        ["photo", "facenet-pytorch", "ours, InceptionResnetV1", "faster", "ours, dlib's network", "faster ", "dlib"],
        rows,
        facts,
    )


if __name__ == "__main__":
    main(measure)
