"""Which way up is a photo? Faces are sought upright first, then after quarter turns, and how they look best decides."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lookalike.arrays import Pixels
from lookalike.deadline import Deadline
from lookalike.faces.detector import Detector, Face
from lookalike.options import LEAST_FACE

# Faces are sought from this share of the picture's longer side up, then, when there is none, from the second. A
# smaller face has too few pixels to recognise in a picture of working size, and each halving costs four times as much.
SMALLEST_FACE = (1 / 16, 1 / 32)
# Below, a face may be a chance pattern: the picture is also tried turned, and the more certain finding wins.
CERTAIN = 0.9


@dataclass(frozen=True, slots=True)
class _Attempt:
    """The faces found from `size` pixels up after some quarter turns."""

    turns: int
    size: float
    faces: list[Face]

    @property
    def certainty(self) -> float:
        return max((face.probability for face in self.faces), default=0.0)


def detect_any_way_up(
    detector: Detector, rgb: Pixels, smallest: float | None = None, deadline: Deadline | None = None
) -> tuple[int, list[Face]]:
    """Quarter turns (counter-clockwise) of a picture [h,w,3], and the faces found after them, largest first.

    `smallest` is the least side of a face in pixels of `rgb`; by default it follows SMALLEST_FACE. Raises TookTooLong.
    """
    sizes = [smallest] if smallest else [share * max(rgb.shape[:2]) for share in SMALLEST_FACE]
    sizes = [max(LEAST_FACE, size) for size in sizes]
    attempts = [(0, size) for size in sizes] + [(turns, sizes[0]) for turns in (1, 3, 2)]
    best = _Attempt(0, sizes[0], [])
    for turns, size in dict.fromkeys(attempts):
        best = _surer(best, _attempt(detector, rgb, turns, size, deadline))
        if best.certainty >= CERTAIN:
            break
    if best.faces:
        surest = max(best.faces, key=lambda face: face.probability)
        turn = detector.better_turn(quarter_turned(rgb, best.turns), surest)
        if turn:
            best = _surer(best, _attempt(detector, rgb, (best.turns + turn) % 4, best.size, deadline))
    return best.turns, best.faces


def quarter_turned(rgb: Pixels, turns: int) -> Pixels:
    """The picture after quarter turns, counter-clockwise."""
    return np.ascontiguousarray(np.rot90(rgb, turns))


def _attempt(detector: Detector, rgb: Pixels, turns: int, size: float, deadline: Deadline | None) -> _Attempt:
    return _Attempt(turns, size, detector.detect(quarter_turned(rgb, turns), size, deadline=deadline))


def _surer(first: _Attempt, second: _Attempt) -> _Attempt:
    return second if second.certainty > first.certainty else first
