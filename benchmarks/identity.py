"""Do our faces equal facenet-pytorch's? A figure about speed means nothing otherwise, so each asks here first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from lookalike.faces.detector import Face

# What the first issue demands, in pixels and in probability.
MOST_PIXELS = 0.5
MOST_PROBABILITY = 1e-3
LOWEST_COSINE = 0.99999


class NotIdentical(Exception):
    """The two sides answered differently."""


@dataclass(frozen=True)
class Difference:
    """Largest differences over all faces: pixels of boxes and landmarks, and probability."""

    pixels: float = 0.0
    probability: float = 0.0


def compare(name: str, ours: Sequence[Face], theirs: tuple[Any, Any, Any]) -> Difference:
    """`theirs` as MTCNN.detect(…, landmarks=True) returns it, in lists. Raises NotIdentical."""
    boxes, probabilities, landmarks = (part or [] for part in theirs)
    if len(boxes) != len(ours):
        raise NotIdentical(f"{name}: {len(ours)} faces, facenet-pytorch finds {len(boxes)}")
    pixels = max(
        float(max(np.abs(face.box - box).max(), np.abs(face.landmarks - points).max()))
        for face, box, points in zip(ours, boxes, landmarks, strict=True)
    )
    probability = max(abs(face.probability - p) for face, p in zip(ours, probabilities, strict=True))
    if pixels > MOST_PIXELS or probability > MOST_PROBABILITY:
        raise NotIdentical(f"{name}: {pixels:.3g} pixels and {probability:.2g} in probability apart")
    return Difference(pixels, float(probability))


def compare_embeddings(ours: npt.NDArray[np.float32], theirs: npt.NDArray[np.float32]) -> None:
    """[n,width] each, unit length. Raises NotIdentical."""
    cosine = float((ours * theirs).sum(axis=1).min())
    if not cosine >= LOWEST_COSINE:
        raise NotIdentical(f"embeddings have a cosine of {cosine:.6f}")
