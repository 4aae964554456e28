"""A network in 8-bit integers: a quarter of the size and of the time, never without a judgement of what it costs.

Static quantisation with a scale for each output channel (Jacob et al., 2018, arXiv:1712.05877), by ONNX Runtime's own
tool. The ranges of what flows between the layers are taken from faces: those of the gallery, or of drawn people.
"""

from __future__ import annotations

import dataclasses
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from PIL import Image

from export.demo import demo_people, draw_portrait
from export.errors import VerificationFailed
from export.evaluation.evaluate import Evaluation, judged
from export.evaluation.labelled import pairs_of
from export.networks.embedders import Faces
from export.networks.ready import simplified
from export.networks.variants import open_detector, variants
from lookalike.faces.detector import Detector
from lookalike.faces.embedder import Embedder
from lookalike.faces.manifest import EmbedderEntry
from lookalike.faces.recipe import Recipe
from lookalike.faces.sessions import open_session

Chips = NDArray[np.uint8]

BATCH = 8
# With fewer faces than this in it, a gallery says too little of what faces look like.
FEWEST_FACES = 32
# What int8 may cost on the drawn people: accuracy, and the share of winners that differ from fp32's.
MOST_ACCURACY_LOST = 0.01
LEAST_AGREEMENT = 0.85


def quantised(entry: EmbedderEntry, graph: onnx.ModelProto, portraits: Path) -> tuple[onnx.ModelProto, dict[str, Any]]:
    """`graph` in int8, and the manifest's `evaluation` of it beside fp32.

    Calibrated on the faces in `portraits`, a gallery's folder of them, or on drawn people where there are too few.
    Judged on other drawn people, four photos each. Raises VerificationFailed when int8 costs too much.
    """
    detector, recipe = open_detector(), entry.recipe
    gallery = _gallery_faces(portraits, detector, recipe)
    people = demo_people()
    if len(gallery) >= FEWEST_FACES:
        chips, calibrated, others = gallery, f"{len(gallery)} faces of the gallery", "drawn people"
    else:
        chips, owners = variants((draw_portrait(person) for person in people[::2]), detector, recipe)
        calibrated, others = f"{len(set(owners))} drawn people, {len(chips)} photos", "other drawn people"
    small = quantise(graph, recipe.normalised(chips))
    chips, owners = variants((draw_portrait(person) for person in people[1::2]), detector, recipe)
    full, int8 = _judged(entry, chips, owners, graph, small)
    lost = full.verification.accuracy - int8.verification.accuracy
    if not (lost <= MOST_ACCURACY_LOST and int8.agreement is not None and int8.agreement >= LEAST_AGREEMENT):
        raise VerificationFailed(
            f"In int8 {entry.model} is {lost:.1%} less accurate than in fp32, and names the same winner in "
            f"{int8.agreement:.0%} of photos: too little to be offered; nothing was replaced."
        )
    evaluation = {
        "calibrated_on": calibrated,
        "evaluated_on": f"{len(set(owners))} {others}, {len(chips)} photos",
        "int8": _summary(int8),
        "fp32": _summary(full),
    }
    return small, evaluation


def quantise(graph: onnx.ModelProto, faces: Faces) -> onnx.ModelProto:
    """`graph` with its layers in int8, for inputs like `faces` [n,3,size,size]."""
    from onnxruntime.quantization import CalibrationMethod, QuantFormat, QuantType, quantize_static

    with TemporaryDirectory() as directory, _quiet():
        source, target = Path(directory) / "fp32.onnx", Path(directory) / "int8.onnx"
        onnx.save(simplified(graph), source)
        quantize_static(
            str(source),
            str(target),
            _Batches(faces),
            quant_format=QuantFormat.QDQ,
            per_channel=True,
            activation_type=QuantType.QUInt8,
            weight_type=QuantType.QInt8,
            # Seven bits for weights: with eight, processors without VNNI run over in adding up, and their embeddings
            # came out up to 0.16 from those of processors with it (dlib's network; 0.6 tells people apart).
            reduce_range=True,
            calibrate_method=CalibrationMethod.MinMax,
        )
        return onnx.load(target)


class _Batches:
    """onnxruntime.quantization.CalibrationDataReader: one input after another, then None."""

    def __init__(self, faces: Faces) -> None:
        self._batches: Iterator[Faces] = (faces[start : start + BATCH] for start in range(0, len(faces), BATCH))

    def get_next(self) -> dict[str, Faces] | None:
        batch = next(self._batches, None)
        return None if batch is None else {"face": batch}


@contextmanager
def _quiet() -> Iterator[None]:
    """Without the tool's advice to run its own simplification first, which ours has done."""
    before = logging.root.manager.disable
    logging.disable(logging.WARNING)
    try:
        yield
    finally:
        logging.disable(before)


def _gallery_faces(portraits: Path, detector: Detector, recipe: Recipe) -> Chips:
    """The faces on a gallery's portraits, one each, as far as they are found."""
    paths = sorted(set(portraits.glob("*.jpg")) - set(portraits.glob("*-small.jpg")))
    pictures = [Image.open(path) for path in paths[:500]]
    if not pictures:
        return np.empty((0, recipe.size, recipe.size, 3), np.uint8)
    chips, owners = variants(pictures, detector, recipe)
    first = [owners.index(owner) for owner in sorted(set(owners))]
    return chips[first]


def _judged(entry: EmbedderEntry, chips: Chips, owners: list[int], *graphs: onnx.ModelProto) -> list[Evaluation]:
    people = [str(owner) for owner in owners]
    pairs = pairs_of(people)
    full, int8 = (
        Embedder(dataclasses.replace(entry, precision=precision), open_session(graph.SerializeToString()))
        for precision, graph in zip(("fp32", "int8"), graphs, strict=True)
    )
    return [judged(full, None, list(chips), people, pairs), judged(int8, full, list(chips), people, pairs)]


def _summary(evaluation: Evaluation) -> dict[str, Any]:
    wanted = ("accuracy", "equal_error_rate", "own_person_first", "rank_1_agreement_with_fp32")
    return {name: value for name, value in evaluation.to_json().items() if name in wanted and value is not None}
