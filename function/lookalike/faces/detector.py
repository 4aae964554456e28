"""MTCNN face detection: the cascade of Zhang et al. (2016, arXiv:1604.02878), equal to facenet-pytorch's MTCNN.detect.

The paper's three stages read top to bottom: P-Net proposes boxes over a scale pyramid, R-Net refines them, O-Net
settles box, probability and five landmarks. Arithmetic, rounding and order follow facenet-pytorch 2.6.0; what is
faster here gives the same numbers (pixels.py for the resizing, export/networks/mtcnn.py for the networks).
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from lookalike.arrays import Array, Index, Pixels
from lookalike.deadline import Deadline
from lookalike.faces.pixels import IntegralImage

CELL = 12  # P-Net's receptive field, in pixels of a pyramid level
STRIDE = 2
# Sizes at which a network's working set still fits the processor's cache; measured with benchmarks/.
STRIP_PIXELS = 60_000
RNET_BATCH = 32
ONET_BATCH = 8
# Best first, many times what a photo of a hundred people gives (2,000 candidates at a level, 4,000 proposed, 820 refined).
# Suppression takes the square of its boxes: without a limit before it, a photo made for that took 20 seconds.
MOST_CANDIDATES = 10_000
MOST_PROPOSED = 8_000
MOST_REFINED = 2_000
# Probabilities beyond are all the same: a face.
MOST_PROBABLE = 0.9999
# A face is the same in the mirror. Where O-Net, shown the mirror image, puts the landmarks elsewhere, it was guessing: of
# upright faces 99 in 100 move by less than 0.023 of their side, of turned ones and of what is no face 95 move by more.
MIRROR_WEIGHT = 100.0
# Evidence from which a face is sure. Below lie hands, dresses, hair and heads too far away to recognise.
SURE = 2.5
MIRRORED = [1, 0, 2, 4, 3]  # left and right change places


class Session(Protocol):
    """What the detector needs of onnxruntime.InferenceSession."""

    def run(self, outputs: list[str] | None, inputs: dict[str, Any]) -> list[Any]: ...


@dataclass(frozen=True, slots=True)
class Face:
    """A face in a picture: pixels, x to the right and y down, integer coordinates at pixel centres' upper left."""

    box: Array  # [4]: left, top, right, bottom
    probability: float
    landmarks: Array  # [5,2]: left eye, right eye, nose tip, left and right corner of the mouth, as seen in the picture
    mirror_shift: float = 0.0  # how far the landmarks move, in sides of the face, when it is seen in the mirror

    @property
    def evidence(self) -> float:
        """How sure it is that this is a face, and upright: its probability's log-odds, less what the mirror takes away."""
        probability = min(self.probability, MOST_PROBABLE)
        return math.log(probability / (1 - probability)) - MIRROR_WEIGHT * self.mirror_shift

    @property
    def sure(self) -> bool:
        return self.evidence >= SURE

    @property
    def width(self) -> float:
        return float(self.box[2] - self.box[0])

    @property
    def height(self) -> float:
        return float(self.box[3] - self.box[1])

    @property
    def side(self) -> float:
        """The longer one, in pixels."""
        return max(self.width, self.height)

    def turned_back(self, turns: int, width: int, height: int) -> Face:
        """The face in a picture of `width` × `height`, when it was found in that picture after np.rot90(…, turns)."""
        points = np.concatenate([self.box.reshape(2, 2), self.landmarks])
        x, y = points.T
        back = {0: (x, y), 1: (width - y, x), 2: (width - x, height - y), 3: (y, height - x)}
        points = np.stack(back[turns % 4], axis=1)
        box = np.concatenate([points[:2].min(axis=0), points[:2].max(axis=0)])
        return replace(self, box=box, landmarks=points[2:])

    def scaled(self, factor: float) -> Face:
        """The face in the same picture at another size."""
        return replace(self, box=self.box * np.float32(factor), landmarks=self.landmarks * np.float32(factor))


class Detector:
    """The cascade over four sessions: pnet, rnet, onet and nms (export/networks/mtcnn.py writes their graphs)."""

    def __init__(
        self,
        sessions: dict[str, Session],
        thresholds: tuple[float, float, float] = (0.6, 0.7, 0.7),
        factor: float = 0.709,
    ) -> None:
        self._sessions = sessions
        self._thresholds = thresholds
        self._factor = factor

    def detect(
        self, rgb: Pixels, min_face_size: float = 20, largest_first: bool = True, deadline: Deadline | None = None
    ) -> list[Face]:
        """All faces of an upright picture [h,w,3] uint8 whose side is about `min_face_size` pixels or more.

        Largest box first, or in the cascade's own order (by probability). A picture too small for a face has none.
        Raises TookTooLong when the deadline passes between two levels or batches.
        """
        deadline = deadline or Deadline()
        scales = pyramid_scales(rgb.shape[0], rgb.shape[1], min_face_size, self._factor)
        if not scales:
            return []
        picture = IntegralImage(rgb)
        boxes = self._propose(picture, scales, deadline)[:MOST_PROPOSED]
        faces = self._settle(picture, self._refine(picture, boxes, deadline)[:MOST_REFINED], deadline)
        if largest_first:
            area = [face.width * face.height for face in faces]
            faces = [faces[index] for index in np.argsort(np.array(area, np.float32))[::-1]]
        return faces

    def _propose(self, picture: IntegralImage, scales: list[float], deadline: Deadline) -> Array:
        """P-Net over the pyramid: square candidate boxes [n,4]."""
        levels = []
        for scale in scales:
            deadline.check()
            levels.append(self._propose_at(picture, scale))
        found = np.concatenate(levels)
        found = found[self._suppress(found[:, :4], found[:, 4], 0.7)]
        left, top, right, bottom, _, *offsets = found.T
        width, height = right - left, bottom - top
        sides = (left, top, right, bottom)
        moved = [s + o * extent for s, o, extent in zip(sides, offsets, (width, height, width, height), strict=True)]
        return _squared(np.stack(moved, axis=1))

    def _propose_at(self, picture: IntegralImage, scale: float) -> Array:
        """One pyramid level: [n,9] of box, probability and four offsets, after suppression within the level."""
        height, width = int(picture.height * scale + 1), int(picture.width * scale + 1)
        logit_threshold = _logit(self._thresholds[0])
        parts = [np.empty((0, 9), np.float32)]
        for first_row, first, last in _strips(height, width):
            strip = picture.resize(height, width, first, last)
            logit, *offsets = self._sessions["pnet"].run(None, {"pixels": strip[None]})[0][0]
            # Six times as fast as np.nonzero in two dimensions.
            rows, columns = np.divmod(np.flatnonzero(logit >= logit_threshold), logit.shape[1])
            if not len(rows):
                continue
            corner = np.stack([columns, rows + first_row], axis=1).astype(np.float32) * STRIDE
            part = np.empty((len(rows), 9), np.float32)
            part[:, 0:2] = np.floor((corner + 1) / np.float32(scale))
            part[:, 2:4] = np.floor((corner + CELL) / np.float32(scale))
            part[:, 4] = _probability(logit[rows, columns])
            part[:, 5:9] = np.stack([offset[rows, columns] for offset in offsets], axis=1)
            parts.append(part)
        found = np.concatenate(parts)
        return found[self._suppress(found[:, :4], found[:, 4], 0.5)]

    def _refine(self, picture: IntegralImage, boxes: Array, deadline: Deadline) -> Array:
        """R-Net: the candidates that look like a face, corrected and squared again [n,4]."""
        boxes, found = self._look(picture, boxes, "rnet", 24, RNET_BATCH, deadline)
        logit, offsets = found[:, 0], found[:, 1:5]
        passed = logit > _logit(self._thresholds[1])
        boxes, logit, offsets = boxes[passed], logit[passed], offsets[passed]
        kept = self._suppress(boxes, _probability(logit), 0.7)
        return _squared(_corrected(boxes[kept], offsets[kept]))

    def _settle(self, picture: IntegralImage, boxes: Array, deadline: Deadline) -> list[Face]:
        """O-Net: final boxes, probabilities and landmarks."""
        boxes, found = self._look(picture, boxes, "onet", 48, ONET_BATCH, deadline)
        passed = found[:, 0] > _logit(self._thresholds[2])
        boxes, found = boxes[passed], found[passed]
        probabilities, offsets, points = _probability(found[:, 0]), found[:, 1:5], found[:, 5:15]
        size = boxes[:, 2:4] - boxes[:, 0:2] + 1
        x = size[:, 0:1] * points[:, :5] + boxes[:, 0:1] - 1
        y = size[:, 1:2] * points[:, 5:] + boxes[:, 1:2] - 1
        landmarks = np.stack([x, y], axis=2)
        corrected = _corrected(boxes, offsets)
        kept = _suppress_nested(corrected, probabilities, 0.7)
        shifts = self._mirror_shifts(picture, boxes[kept], points[kept], deadline)
        return [
            Face(corrected[i], float(probabilities[i]), landmarks[i], float(shift))
            for i, shift in zip(kept, shifts, strict=True)
        ]

    def _mirror_shifts(self, picture: IntegralImage, boxes: Array, points: Array, deadline: Deadline) -> Array:
        """How far O-Net's `points` [n,10] (five x, five y, in sides of the box) move when it sees its crops mirrored [n]."""
        _, found = self._look(picture, boxes, "onet", 48, ONET_BATCH, deadline, mirrored=True)
        x, y = 1 - found[:, 5:10], found[:, 10:15]
        back = np.concatenate([x[:, MIRRORED], y[:, MIRRORED]], axis=1)
        shifts: Array = np.abs(points - back).mean(axis=1)
        return shifts

    def _look(
        self,
        picture: IntegralImage,
        boxes: Array,
        network: str,
        side: int,
        batch: int,
        deadline: Deadline,
        mirrored: bool = False,
    ) -> tuple[Array, Array]:
        """The boxes [n,4] that lie at least partly inside the picture, and what a network finds in their crops [n,…]."""
        boxes, windows = _inside(picture, boxes)
        # An empty run gives a result of the right width when no candidate is left.
        found = []
        for start in range(0, len(boxes), batch) or [0]:
            deadline.check()
            pixels = picture.crops(windows[start : start + batch], side)
            if mirrored:
                pixels = np.ascontiguousarray(pixels[..., ::-1])
            found.append(self._sessions[network].run(None, {"pixels": pixels})[0])
        return boxes, np.concatenate(found)

    def _suppress(self, boxes: Array, scores: Array, overlap: float) -> npt.NDArray[np.int64]:
        """Greedy non-maximum suppression by intersection over union: indices kept of the best, best first."""
        if not len(boxes):
            return np.empty(0, np.int64)
        if len(boxes) > MOST_CANDIDATES:
            best = np.sort(np.argsort(-scores, kind="stable")[:MOST_CANDIDATES])
            return best[self._suppress(boxes[best], scores[best], overlap)]
        inputs = {
            "boxes": boxes[None],
            "scores": scores[None, None],
            "limit": np.array([len(boxes)], np.int64),
            "overlap": np.array([overlap], np.float32),
        }
        kept: npt.NDArray[np.int64] = self._sessions["nms"].run(None, inputs)[0][:, 2]
        return kept


def pyramid_scales(height: int, width: int, min_face_size: float, factor: float) -> list[float]:
    """Scales at which a 12-pixel cell covers faces from `min_face_size` to the picture's short side; may be empty."""
    scale = CELL / min_face_size
    shortest = min(height, width) * scale
    scales = []
    while shortest >= CELL:
        scales.append(scale)
        scale *= factor
        shortest *= factor
    return scales


def _strips(height: int, width: int) -> Iterator[tuple[int, int, int]]:
    """Cut a pyramid level into horizontal strips that P-Net turns into the same cells as the whole level.

    Yields the first row of cells of each strip, and the strip's first and one-past-last row of pixels. A strip's height
    is even, so that pooling meets the same pairs of rows as it would in the whole level.
    """
    rows = (height - 1) // STRIDE - 4  # P-Net's output height: 3×3, pooled by two (rounded up), 3×3, 3×3
    count = max(1, round(height * width / STRIP_PIXELS))
    step = -(-rows // count)
    for first in range(0, rows, step):
        last = first + step
        yield first, STRIDE * first, height if last >= rows else STRIDE * (last - 1) + CELL


def _inside(picture: IntegralImage, boxes: Array) -> tuple[Array, Index]:
    """The boxes that lie at least partly inside the picture, and their windows [n,4] of whole pixels in it."""
    left, top, right, bottom = np.trunc(boxes).astype(np.intp).T
    windows = np.stack(
        [
            np.maximum(left, 1) - 1,
            np.maximum(top, 1) - 1,
            np.minimum(right, picture.width),
            np.minimum(bottom, picture.height),
        ],
        axis=1,
    )
    inside = (windows[:, 2] > windows[:, 0]) & (windows[:, 3] > windows[:, 1])
    return boxes[inside], windows[inside]


def _squared(boxes: Array) -> Array:
    """Each box grown to a square about its centre."""
    size = boxes[:, 2:4] - boxes[:, 0:2]
    side = size.max(axis=1, keepdims=True)
    corner = boxes[:, 0:2] + size * np.float32(0.5) - side * np.float32(0.5)
    return np.concatenate([corner, corner + side], axis=1)


def _corrected(boxes: Array, offsets: Array) -> Array:
    """Boxes moved by a network's offsets, which are in box widths and heights."""
    size = boxes[:, 2:4] - boxes[:, 0:2] + 1
    return boxes + offsets * np.tile(size, 2)


def _suppress_nested(boxes: Array, scores: Array, overlap: float) -> list[int]:
    """Non-maximum suppression by intersection over the smaller box: a face within a face goes. Best first."""
    left, top, right, bottom = boxes.T
    area = (right - left + 1) * (bottom - top + 1)
    order = np.argsort(scores)
    kept = []
    while len(order):
        best, rest = order[-1], order[:-1]
        kept.append(int(best))
        width = np.minimum(right[best], right[rest]) - np.maximum(left[best], left[rest]) + 1
        height = np.minimum(bottom[best], bottom[rest]) - np.maximum(top[best], top[rest]) + 1
        shared = np.maximum(0, width) * np.maximum(0, height)
        order = rest[shared / np.minimum(area[best], area[rest]) <= overlap]
    return kept


def _logit(probability: float) -> np.float32:
    return np.float32(math.log(probability / (1 - probability)))


def _probability(logit: Array) -> Array:
    return (1 / (1 + np.exp(-logit))).astype(np.float32)
