"""Which way up is a photo, and how small are its faces? Upright and large first; further only where there is a doubt.

1. Upright, faces from SMALLEST_FACES[0] of the longer side up; where none is sure, from SMALLEST_FACES[1] up.
2. Where none is CERTAIN, the same after quarter turns; the turn with the most evidence (Face.evidence) is taken. MTCNN
   finds sideways and upside-down faces too, but guesses their landmarks as if upright. They have about their true size,
   so that nothing much smaller is sought until the turn is known.
3. Where none is sure yet, from SMALLEST_FACES[1] up after quarter turns, too; only a sure one counts there.
4. Where a sure face is nearly as small as what was sought, smaller ones are sought as well.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from lookalike.arrays import Pixels
from lookalike.deadline import Deadline
from lookalike.faces.detector import Detector, Face
from lookalike.options import LEAST_FACE

# Least sides of faces, as shares of the picture's longer side. Each halving costs four times as much.
SMALLEST_FACES = (1 / 16, 1 / 32, 1 / 64)
# Evidence (log-odds). Of upright faces one in ten lies below CERTAIN, of wrongly turned ones one in a hundred above it.
CERTAIN = 5.5
# A face up to this many times the least side that was sought is a sign of smaller ones.
NEARLY = 1.5
# Of processor time: what the last resort may take, three searches that cost four times the first, on a slow machine.
LAST_RESORT_SECONDS = 4.0


@dataclass(frozen=True, slots=True)
class Search:
    """The faces found from `smallest` pixels up after quarter turns (counter-clockwise), largest first."""

    turns: int
    smallest: float
    faces: list[Face]

    @property
    def evidence(self) -> float:
        return max((face.evidence for face in self.faces), default=-np.inf)

    @property
    def side(self) -> float:
        """Of the face with the most evidence, 0 without one."""
        surest = max(self.faces, key=lambda face: face.evidence, default=None)
        return surest.side if surest else 0.0

    @property
    def sure(self) -> list[Face]:
        return [face for face in self.faces if face.sure]

    @property
    def least(self) -> float:
        """The side of the smallest sure face."""
        return min((min(face.width, face.height) for face in self.sure), default=np.inf)

    @property
    def smaller_possible(self) -> bool:
        """Whether a sure face is so small that smaller ones, which were not sought, may be there."""
        return self.smallest > LEAST_FACE and self.least < NEARLY * self.smallest


def detect_any_way_up(
    detector: Detector, rgb: Pixels, smallest: float | None = None, deadline: Deadline | None = None
) -> Search:
    """The faces of a picture [h,w,3], whichever way up it is.

    `smallest` is the least side of a face in pixels of `rgb`; by default it follows SMALLEST_FACES. Raises TookTooLong.
    """
    sizes = [smallest] if smallest else [share * max(rgb.shape[:2]) for share in SMALLEST_FACES]
    sizes = list(dict.fromkeys(max(LEAST_FACE, size) for size in sizes))

    def search(turns: int, size: float) -> Search:
        return Search(turns, size, detector.detect(quarter_turned(rgb, turns), size, deadline=deadline))

    best = search(0, sizes[0])
    if not best.sure and len(sizes) > 1:
        best = _surer(best, search(0, sizes[1]))
    best = _surest_turn(search, best, max(sizes[0], best.side / 2))
    if not best.sure and len(sizes) > 1 and (deadline is None or deadline.left > LAST_RESORT_SECONDS):
        small = _surest_turn(search, best, sizes[1])
        best = small if small.sure else best
    if best.smallest > sizes[0]:
        best = search(best.turns, sizes[0])
    while best.smaller_possible and best.smallest > sizes[-1]:
        best = search(best.turns, _next_size(best, sizes))
    return best


def _surest_turn(search: Callable[[int, float], Search], best: Search, size: float) -> Search:
    """The search with the most evidence, of `best` and those after quarter turns: further turns only where it is in doubt."""
    for turns in (1, 3, 2):
        if best.evidence < CERTAIN:
            best = _surer(best, search(turns, size))
    return best


def _next_size(search: Search, sizes: list[float]) -> float:
    """The largest size that leaves no doubt about the faces found already: a size between would only cost its time."""
    return next((size for size in sizes if size < search.smallest and search.least >= NEARLY * size), sizes[-1])


def quarter_turned(rgb: Pixels, turns: int) -> Pixels:
    """The picture after quarter turns, counter-clockwise."""
    return np.ascontiguousarray(np.rot90(rgb, turns))


def _surer(first: Search, second: Search) -> Search:
    return second if second.evidence > first.evidence else first
