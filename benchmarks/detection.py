"""Finding faces: identical arguments and identical results, and as the product runs it."""

from __future__ import annotations

import tempfile
from functools import partial
from pathlib import Path

from benchmarks import identity, ours
from benchmarks.figure import Cell, Figure, main
from benchmarks.peers import peers
from benchmarks.photos import Photo, photos
from benchmarks.timing import Ratio, cpu, geometric_mean, in_turns
from lookalike.faces.detector import Detector
from lookalike.faces.turning import SMALLEST_FACES
from lookalike.options import LEAST_FACE

SIZES = (640, 1280, 4000)
JUDGED = 1280


def measure(quick: bool = False) -> Figure:
    detector = ours.networks()[0]
    rows: list[list[Cell]] = []
    exact: list[Ratio] = []
    product: list[Ratio] = []
    differences: list[identity.Difference] = []
    with peers() as (facenet, dlib), tempfile.TemporaryDirectory() as directory:
        for side in SIZES[:2] if quick else SIZES:
            for photo in photos(side):
                path, rgb = photo.written(Path(directory), "png"), photo.rgb
                found = detector.detect(rgb)
                differences.append(identity.compare(photo.name, found, facenet.result("detect", path)))
                turns = {
                    "facenet-pytorch": facenet.turn("detect", path),
                    "ours": cpu(partial(detector.detect, rgb)),
                    "product": cpu(partial(_as_the_product, detector, photo)),
                }
                if dlib:
                    turns["dlib"] = dlib.turn("detect", path)
                timings = in_turns(turns, _rounds(side, quick))
                ratios = timings.ratio("facenet-pytorch", "ours"), timings.ratio("facenet-pytorch", "product")
                if side == JUDGED:
                    exact.append(ratios[0])
                    product.append(ratios[1])
                theirs, own, quicker = (timings.ms(name) for name in ("facenet-pytorch", "ours", "product"))
                rows.append([f"{photo.name}, {photo.size}", len(found), theirs, own, ratios[0], quicker, ratios[1]])
                rows[-1].append(timings.ms("dlib") if dlib else None)
    return _figure(rows, exact, product, differences)


def _figure(
    rows: list[list[Cell]], exact: list[Ratio], product: list[Ratio], differences: list[identity.Difference]
) -> Figure:
    mean, product_mean = geometric_mean(exact), geometric_mean(product)
    rows.append([f"geometric mean at {JUDGED}", None, None, None, mean, None, product_mean, None])
    pixels = max(difference.pixels for difference in differences)
    probability = max(difference.probability for difference in differences)
    return Figure(
        "Detection",
        f"CPU time in ms. Same arguments, same faces: boxes and landmarks within {pixels:.1g} pixels, probabilities "
        f"within {probability:.1g}, on every photo here. “As the product runs it”: faces from 1/16 of the longer side up, "
        "for smaller ones are too few pixels to recognise. dlib is face_recognition's HOG detector, which finds other "
        "faces and no smaller than 40 pixels.",
        ["photo", "faces", "facenet-pytorch", "ours", "faster", "as the product runs it", "faster ", "dlib"],
        rows,
        {
            "exact": mean.to_json() | {"lowest": min(ratio.median for ratio in exact)},
            "product": product_mean.to_json() | {"lowest": min(ratio.median for ratio in product)},
            "largest_difference": {"pixels": pixels, "probability": probability},
        },
    )


def _as_the_product(detector: Detector, photo: Photo) -> None:
    detector.detect(photo.rgb, max(LEAST_FACE, SMALLEST_FACES[0] * max(photo.image.size)))


def _rounds(side: int, quick: bool) -> int:
    if quick:
        return 3
    return 3 if side > JUDGED else 15


if __name__ == "__main__":
    main(measure)
