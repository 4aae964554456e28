"""Faces to embeddings: each face is cut as the manifest says, and the network sees all of them in batches."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PIL import Image

from lookalike.arrays import Array, Pixels
from lookalike.faces.align import align_face, crop_face
from lookalike.faces.detector import Face, Session
from lookalike.faces.manifest import EmbedderEntry

BATCH = 8


class Embedder:
    """One face network and the way it wants its faces."""

    def __init__(self, entry: EmbedderEntry, session: Session) -> None:
        self.entry = entry
        self._session = session

    def cut(self, rgb: Pixels, face: Face) -> Pixels:
        """The face as the network sees it: [size,size,3] uint8, from a picture [h,w,3] uint8."""
        picture = Image.fromarray(rgb)
        if self.entry.cut == "box":
            return crop_face(picture, face.box, self.entry.size, self.entry.margin)
        return align_face(picture, face.landmarks, self.entry.size)

    def embed(self, chips: Sequence[Pixels]) -> Array:
        """Embeddings [n,width] float32 of cut faces, each [size,size,3] uint8."""
        if not chips:
            return np.empty((0, self.entry.width), np.float32)
        parts = [self._run(np.stack(chips[start : start + BATCH])) for start in range(0, len(chips), BATCH)]
        return np.concatenate(parts)

    def average(self, embeddings: Array) -> Array:
        """One steadier embedding [width] of several [n,width] of the same person."""
        mean: Array = embeddings.mean(axis=0)
        if self.entry.unit_length:
            mean /= np.linalg.norm(mean)
        return mean

    def similarity(self, first: Array, second: Array) -> Array:
        """Similarities −1…1 of embeddings [n,width] (or [width]) and [width]."""
        squared: Array = np.square(first - second).sum(axis=-1)
        return similarity_from(squared, self.entry.radius)

    def _run(self, chips: Pixels) -> Array:
        pixels = (chips.astype(np.float32) - np.array(self.entry.mean, np.float32)) / np.float32(self.entry.scale)
        faces = np.ascontiguousarray(pixels.transpose(0, 3, 1, 2))
        embeddings: Array = self._session.run(None, {"face": faces})[0]
        return embeddings


def similarity_from(squared_distance: Array, radius: float) -> Array:
    """1 − d²/(2·radius²), within −1…1: the cosine seen from the embeddings' common centre."""
    similarity: Array = np.clip(1 - squared_distance / np.float32(2 * radius * radius), -1, 1).astype(np.float32)
    return similarity
