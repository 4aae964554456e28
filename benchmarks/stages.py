"""Where detection spends its time, and what share of the arithmetic floor each network reaches.

The floor is the time that a network's multiplications alone would take on this processor at its best, which is the speed
of a large matrix product in ONNX Runtime.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper

from benchmarks import ours
from benchmarks.figure import Cell, Figure, main
from benchmarks.photos import Photo, photos
from lookalike.faces.detector import CELL, Detector, Session, pyramid_scales
from lookalike.faces.pixels import IntegralImage
from lookalike.faces.sessions import open_session

SIDE = 1280
# Multiply-adds: of the networks as published, without anything that is there for the sake of speed.
RNET_MACS = 22 * 22 * 28 * 27 + 9 * 9 * 48 * 252 + 3 * 3 * 64 * 192 + 576 * 128 + 128 * 6
ONET_MACS = 46 * 46 * 32 * 27 + 21 * 21 * 64 * 288 + 8 * 8 * 64 * 576 + 3 * 3 * 128 * 256 + 1152 * 256 + 256 * 16


def measure(quick: bool = False) -> Figure:
    detector, _ = ours.networks()
    peak = _peak_gmacs()
    rows = [row for photo in photos(SIDE) for row in _rows(detector, photo, peak, 3 if quick else 9)]
    return Figure(
        f"Where detection at {SIDE} pixels spends its time",
        f"CPU time in ms, smallest face 20 pixels. The floor is the networks' multiplications at the {peak:.0f} GMAC/s "
        "that a large matrix product reaches here on one thread.",
        ["photo", "stage", "work", "ms", "of the whole", "floor", "share of the floor reached"],
        rows,
        {"peak_gmacs": peak},
    )


def _rows(detector: Detector, photo: Photo, peak: float, rounds: int) -> Iterator[list[Cell]]:
    """A row for each stage of one photo's detection; `peak` in GMAC/s."""
    runs = [_profile(detector, photo.rgb) for _ in range(rounds)]
    median = {stage: float(np.median([run[stage] for run in runs])) for stage in runs[0]}
    total = sum(median.values())
    counts = _counts(detector, photo.rgb)
    for stage, milliseconds in median.items():
        work, gmacs = counts.get(stage, (None, 0))
        floor = gmacs / peak * 1000 if gmacs else None
        reached = f"{floor / milliseconds:.0%}" if floor else None
        yield [photo.name, stage, work, milliseconds, f"{milliseconds / total:.0%}", floor, reached]


class _Timed:
    """A session that adds up its CPU time, and how many inputs it saw."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self.seconds = 0.0
        self.inputs = 0

    def run(self, outputs: list[str] | None, inputs: dict[str, Any]) -> list[Any]:
        start = time.process_time()
        found = self._session.run(outputs, inputs)
        self.seconds += time.process_time() - start
        self.inputs += len(next(iter(inputs.values())))
        return found


def _profile(detector: Detector, rgb: Any) -> dict[str, float]:
    """Milliseconds by stage."""
    timed, watched = _timed(detector)
    start = time.process_time()
    IntegralImage(rgb)
    table = time.process_time() - start
    start = time.process_time()
    watched.detect(rgb)
    total = time.process_time() - start
    networks = {name: session.seconds for name, session in timed.items()}
    stages = {
        "summed-area table": table,
        "P-Net": networks["pnet"],
        "R-Net": networks["rnet"],
        "O-Net": networks["onet"],
        "suppression": networks["nms"],
        "resizing, boxes": total - table - sum(networks.values()),
    }
    return {stage: seconds * 1000 for stage, seconds in stages.items()}


def _timed(detector: Detector) -> tuple[dict[str, _Timed], Detector]:
    timed = {name: _Timed(session) for name, session in detector._sessions.items()}
    return timed, Detector(dict(timed))


def _counts(detector: Detector, rgb: Any) -> dict[str, tuple[str, float]]:
    """How much each network had to do: in words, and in GMAC."""
    timed, watched = _timed(detector)
    watched.detect(rgb)
    height, width = rgb.shape[:2]
    scales = pyramid_scales(height, width, 20, 0.709)
    cells = [_pnet_macs(int(height * scale + 1), int(width * scale + 1)) for scale in scales]
    crops = {name: timed[name].inputs for name in ("rnet", "onet")}
    return {
        "P-Net": (f"{len(scales)} levels", sum(cells) / 1e9),
        "R-Net": (f"{crops['rnet']} crops", crops["rnet"] * RNET_MACS / 1e9),
        "O-Net": (f"{crops['onet']} crops", crops["onet"] * ONET_MACS / 1e9),
    }


def _pnet_macs(height: int, width: int) -> int:
    def area(shrink: Callable[[int], int]) -> int:
        return shrink(height) * shrink(width)

    # Sizes after each convolution; pooling by two rounds up.
    return (
        area(lambda side: side - 2) * 10 * 27
        + area(lambda side: (side - 1) // 2 - 2) * 16 * 90
        + area(lambda side: (side - 1) // 2 - 4) * (32 * 144 + 32 * 6)
        if min(height, width) >= CELL
        else 0
    )


def _peak_gmacs(size: int = 1024) -> float:
    shape = [size, size]
    values = [helper.make_tensor_value_info(name, TensorProto.FLOAT, shape) for name in ("a", "b", "c")]
    graph = helper.make_graph([helper.make_node("MatMul", ["a", "b"], ["c"])], "peak", values[:2], values[2:])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    assert isinstance(model, onnx.ModelProto)
    session = open_session(model.SerializeToString())
    matrices = {name: np.random.default_rng(0).random(shape).astype(np.float32) for name in ("a", "b")}
    best = float("inf")
    for _ in range(15):
        start = time.process_time()
        session.run(None, matrices)
        best = min(best, time.process_time() - start)
    return float(size**3 / best / 1e9)


if __name__ == "__main__":
    main(measure)
