"""A JPEG's bytes to a ranked answer: decoding, detection, embedding and search, as the product runs them."""

from __future__ import annotations

import tempfile
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks import ours
from benchmarks.figure import Cell, Figure, main
from benchmarks.peers import peers
from benchmarks.photos import photos, twelve_megapixels
from benchmarks.timing import cpu, in_turns
from lookalike.faces.manifest import read_manifest
from lookalike.faces.networks import open_networks
from lookalike.options import FindOptions

SIDE = 1280
PEOPLE = 75
OPTIONS = FindOptions()


def measure(quick: bool = False) -> Figure:
    rows: list[list[Cell]] = []
    facts: dict[str, Any] = {}
    small = ours.finder_for(*ours.networks(), PEOPLE)
    with (
        peers() as (facenet, dlib),
        ours.seeded_inception() as (weights, models),
        tempfile.TemporaryDirectory() as directory,
    ):
        large = ours.finder_for(*open_networks(read_manifest(models)), PEOPLE)
        for photo in [*photos(SIDE), twelve_megapixels()]:
            path = photo.written(Path(directory), "jpg")
            data = [path.read_bytes()]
            turns = {
                "facenet-pytorch": facenet.turn("answer", path, weights=str(weights), people=PEOPLE),
                "large": cpu(partial(large.find, data, OPTIONS)),
                "small": cpu(partial(small.find, data, OPTIONS)),
            }
            if dlib:
                turns["dlib"] = dlib.turn("answer", path)
            timings = in_turns(turns, 3 if quick else 5 if max(photo.image.size) > SIDE else 15)
            ratios = [timings.ratio("facenet-pytorch", name) for name in ("large", "small")]
            facts[photo.name] = {"inception": ratios[0].to_json(), "dlib": ratios[1].to_json()}
            theirs, both, own = (timings.ms(name) for name in ("facenet-pytorch", "large", "small"))
            rows.append([f"{photo.name}, {photo.size}", theirs, both, ratios[0], own, ratios[1]])
            rows[-1].append(timings.ms("dlib") if dlib else None)
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
