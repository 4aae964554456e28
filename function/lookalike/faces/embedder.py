"""Faces to embeddings: each face is cut as the manifest says, and the network sees all of them in batches."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from PIL import Image

from lookalike.faces.detector import Array, Face, Session
from lookalike.faces.manifest import EmbedderEntry

Pixels = npt.NDArray[np.uint8]

BATCH = 8
# Where the landmarks lie in an aligned 150×150 chip, pixel centres at +0.5: the mean face of dlib's own aligner,
# reduced to MTCNN's five points.
TEMPLATE = np.array(
    [(47.549, 46.599), (100.476, 46.599), (74.013, 76.562), (50.415, 103.023), (97.610, 103.023)], np.float64
)
TEMPLATE_SIZE = 150


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


def crop_face(picture: Image.Image, box: Array, size: int, margin: int = 0) -> Pixels:
    """The box with its margin (in pixels of the result), resized to a square: facenet-pytorch's extract_face."""
    spread = margin * (box[2:4] - box[0:2]) / (size - margin) / 2
    left, top = (int(max(value, 0)) for value in box[0:2] - spread)
    right, bottom = (int(min(value, limit)) for value, limit in zip(box[2:4] + spread, picture.size, strict=True))
    # A box thinner than a pixel, which only a damaged picture gives, still has to be a picture.
    crop = picture.crop((left, top, max(right, left + 1), max(bottom, top + 1)))
    return np.asarray(crop.resize((size, size), Image.Resampling.BILINEAR))


def align_face(picture: Image.Image, landmarks: Array, size: int) -> Pixels:
    """Turn, scale and shift the face so that its landmarks [5,2] fit TEMPLATE best; black beyond the picture."""
    matrix = fit_similarity(TEMPLATE * (size / TEMPLATE_SIZE), landmarks.astype(np.float64))
    # The template counts pixel centres as +0.5, as Pillow does; landmarks as whole numbers.
    matrix[:, 2] += 0.5
    step = int(np.hypot(matrix[0, 0], matrix[1, 0]))
    if step >= 2:
        picture, origin = _reduced_around(picture, matrix, size, step)
        matrix[:, 2] -= origin
        matrix /= step
    chip = picture.transform((size, size), Image.Transform.AFFINE, tuple(matrix.ravel()), Image.Resampling.BILINEAR)
    return np.asarray(chip)


def fit_similarity(source: npt.NDArray[np.float64], target: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """The 2×3 matrix of rotation, scale and shift that takes points `source` [n,2] to `target` [n,2], least squares.

    Written with complex numbers, in which a rotation with scale is one factor (Umeyama 1991 without reflection).
    """
    a, b = source @ np.array([1, 1j]), target @ np.array([1, 1j])
    centred = a - a.mean()
    factor = (centred.conj() @ (b - b.mean())) / (centred.conj() @ centred).real
    shift = b.mean() - factor * a.mean()
    return np.array([[factor.real, -factor.imag, shift.real], [factor.imag, factor.real, shift.imag]])


def _reduced_around(
    picture: Image.Image, matrix: npt.NDArray[np.float64], size: int, step: int
) -> tuple[Image.Image, npt.NDArray[np.float64]]:
    """The part of the picture that the chip covers, `step` times smaller, and that part's upper left corner [2]."""
    corners = np.array([(0, 0, 1), (size, 0, 1), (0, size, 1), (size, size, 1)]) @ matrix.T
    limit = np.array(picture.size)
    # Whole steps from the picture's own corner, so that the part has the pixels which the whole would have.
    low = np.clip(np.floor(corners.min(axis=0) / step - 2) * step, 0, (limit - 1) // step * step).astype(int)
    high = np.clip(np.ceil(corners.max(axis=0) / step + 2) * step, low + 1, limit).astype(int)
    return picture.reduce(step, (*low.tolist(), *high.tolist())), low.astype(np.float64)
