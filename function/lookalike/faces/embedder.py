"""Faces to embeddings: each face is cut as its recipe says, and the network sees all of them in batches."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PIL import Image

from lookalike.arrays import Array, Pixels
from lookalike.deadline import Deadline
from lookalike.faces.detector import Face, Session
from lookalike.faces.manifest import EmbedderEntry

BATCH = 8


class Embedder:
    """One face network and the way it wants its faces."""

    def __init__(self, entry: EmbedderEntry, session: Session) -> None:
        self.entry = entry
        self._session = session

    def cut(self, picture: Image.Image, face: Face) -> Pixels:
        """The face as the network sees it: [size,size,3] uint8."""
        return self.entry.recipe.chip(picture, face)

    def embed(self, chips: Sequence[Pixels], deadline: Deadline | None = None) -> Array:
        """Embeddings [n,width] float32 of cut faces, each [size,size,3] uint8.

        Raises TookTooLong when the deadline passes between two batches.
        """
        deadline, parts = deadline or Deadline(), [np.empty((0, self.entry.width), np.float32)]
        for start in range(0, len(chips), BATCH):
            deadline.check()
            parts.append(self._run(np.stack(chips[start : start + BATCH])))
        return np.concatenate(parts)

    @staticmethod
    def average(embeddings: Array) -> tuple[Array, float]:
        """The mean [width] of several embeddings [n,width] of one person, and their spread: the mean d² to that mean.

        The d² from anything to the mean, and the spread, add up to the mean of its d² to each of the embeddings. With
        the spread added, a similarity to the mean is therefore the mean of the similarities: steadier with every
        further photo, and no greater. Without it, everybody would come closer with every photo, strangers too.
        """
        mean: Array = embeddings.mean(axis=0)
        return mean, float(np.square(embeddings - mean).sum(axis=1).mean())

    def similarity(self, first: Array, second: Array) -> Array:
        """Similarities −1…1 of embeddings [n,width] (or [width]) and [width]."""
        squared: Array = np.square(first - second).sum(axis=-1)
        return similarity_from(squared, self.entry.radius)

    def _run(self, chips: Pixels) -> Array:
        embeddings: Array = self._session.run(None, {"face": self.entry.recipe.normalised(chips)})[0]
        return embeddings


def similarity_from(squared_distance: Array, radius: float) -> Array:
    """1 − d²/(2·radius²), within −1…1: the cosine seen from the embeddings' common centre."""
    similarity: Array = np.clip(1 - squared_distance / np.float32(2 * radius * radius), -1, 1).astype(np.float32)
    return similarity
