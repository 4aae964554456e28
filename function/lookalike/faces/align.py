"""A face out of its picture: a box resized, or five landmarks brought to where a network's template has them."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from PIL import Image

from lookalike.arrays import Array, Pixels

Matrix = npt.NDArray[np.float64]


def crop_face(picture: Image.Image, box: Array, size: int, margin: int = 0) -> Pixels:
    """The box with its margin (in pixels of the result), resized to a square: facenet-pytorch's extract_face."""
    spread = margin * (box[2:4] - box[0:2]) / (size - margin) / 2
    left, top = (int(max(value, 0)) for value in box[0:2] - spread)
    right, bottom = (int(min(value, limit)) for value, limit in zip(box[2:4] + spread, picture.size, strict=True))
    # A box thinner than a pixel, which only a damaged picture gives, still has to be a picture.
    crop = picture.crop((left, top, max(right, left + 1), max(bottom, top + 1)))
    # Across, then down: which of the two Pillow does first depends on its version and on the sizes, and so would last bits.
    across = crop.resize((size, crop.height), Image.Resampling.BILINEAR)
    return np.asarray(across.resize((size, size), Image.Resampling.BILINEAR))


def align_face(picture: Image.Image, landmarks: Array, template: Matrix, size: int) -> Pixels:
    """Turn, scale and shift the face so that its landmarks [5,2] fit `template` best; black beyond the picture.

    `template` [5,2] says where they lie in the chip [size,size,3], with pixel centres at +0.5; in `landmarks`, which are
    pixels of the picture, centres are whole numbers.
    """
    matrix = fit_similarity(template, landmarks.astype(np.float64))
    # Pillow counts pixel centres as +0.5 on both sides.
    matrix[:, 2] += 0.5
    step = int(np.hypot(matrix[0, 0], matrix[1, 0]))
    if step >= 2:
        picture, origin = _reduced_around(picture, matrix, size, step)
        matrix[:, 2] -= origin
        matrix /= step
    chip = picture.transform((size, size), Image.Transform.AFFINE, tuple(matrix.ravel()), Image.Resampling.BILINEAR)
    return np.asarray(chip)


def fit_similarity(source: Matrix, target: Matrix) -> Matrix:
    """The 2×3 matrix of rotation, scale and shift that takes points `source` [n,2] to `target` [n,2], least squares.

    Written with complex numbers, in which a rotation with scale is one factor (Umeyama 1991 without reflection).
    """
    a, b = source @ np.array([1, 1j]), target @ np.array([1, 1j])
    centred = a - a.mean()
    factor = (centred.conj() @ (b - b.mean())) / (centred.conj() @ centred).real
    shift = b.mean() - factor * a.mean()
    return np.array([[factor.real, -factor.imag, shift.real], [factor.imag, factor.real, shift.imag]])


def _reduced_around(picture: Image.Image, matrix: Matrix, size: int, step: int) -> tuple[Image.Image, Matrix]:
    """The part of the picture that the chip covers, `step` times smaller, and that part's upper left corner [2]."""
    corners = np.array([(0, 0, 1), (size, 0, 1), (0, size, 1), (size, size, 1)]) @ matrix.T
    limit = np.array(picture.size)
    # Whole steps from the picture's own corner, so that the part has the pixels which the whole would have.
    low = np.clip(np.floor(corners.min(axis=0) / step - 2) * step, 0, (limit - 1) // step * step).astype(int)
    high = np.clip(np.ceil(corners.max(axis=0) / step + 2) * step, low + 1, limit).astype(int)
    return picture.reduce(step, (*low.tolist(), *high.tolist())), low.astype(np.float64)
