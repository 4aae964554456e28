"""What may make a face hard to recognise, found from its box, its landmarks and its pixels."""

from __future__ import annotations

from typing import Literal

import numpy as np

from lookalike.arrays import Array, Pixels
from lookalike.faces.detector import Face

Warning_ = Literal["too-small", "cut-by-edge", "turned", "blurred", "too-dark", "too-bright", "unsure"]

MIN_SIDE = 60  # pixels of the photo; below, the networks' 150–160-pixel input is mostly made up
DARK, BRIGHT = 55, 215  # mean luma 0…255
# Mean absolute Laplacian over luma's standard deviation, on a face scaled to the network's input.
SHARPNESS = 0.055
TURNED = 0.32  # the nose's way off the eyes' middle, in eye distances


def face_warnings(face: Face, chip: Pixels, picture_size: tuple[int, int], scale: float) -> list[Warning_]:
    """Warnings of one face.

    `face` and `picture_size` (width, height) in pixels of the picture that was searched, which is `scale` times the
    photo; `chip` [s,s,3] is the face as the network sees it.
    """
    light = luma(chip)
    checks: dict[Warning_, bool] = {
        "too-small": min(face.width, face.height) / scale < MIN_SIDE,
        "cut-by-edge": _cut(face, picture_size),
        "turned": _turn(face) > TURNED,
        "blurred": sharpness(light) < SHARPNESS,
        "too-dark": float(light.mean()) < DARK,
        "too-bright": float(light.mean()) > BRIGHT,
        "unsure": not face.sure,
    }
    return [name for name, found in checks.items() if found]


def picture_hint(rgb: Pixels) -> str:
    """Why no face may have been found in a picture [h,w,3]: a hint for NoFace."""
    if min(rgb.shape[:2]) < MIN_SIDE:
        return "too-small"
    light = luma(rgb)
    if float(light.mean()) < DARK / 2:
        return "too-dark"
    if float(light.mean()) > (BRIGHT + 255) / 2:
        return "too-bright"
    if float(light.std()) > 8 and sharpness(light) < SHARPNESS / 3:
        return "blurred"
    return "none-found"


def luma(rgb: Pixels) -> Array:
    """ITU-R BT.601 luma 0…255 of [h,w,3]."""
    weights = np.array([0.299, 0.587, 0.114], np.float32)
    return (rgb.astype(np.float32) @ weights).astype(np.float32)


def sharpness(light: Array) -> float:
    """Mean absolute Laplacian in units of the contrast, so that a dim picture is not called blurred."""
    middle = light[1:-1, 1:-1]
    laplacian = light[:-2, 1:-1] + light[2:, 1:-1] + light[1:-1, :-2] + light[1:-1, 2:] - 4 * middle
    return float(np.abs(laplacian).mean() / max(float(middle.std()), 1.0))


def _cut(face: Face, picture_size: tuple[int, int]) -> bool:
    slack = 0.04 * face.side
    left, top, right, bottom = face.box
    return bool(left < -slack or top < -slack or right > picture_size[0] + slack or bottom > picture_size[1] + slack)


def _turn(face: Face) -> float:
    """How far the nose tip lies off the middle between the eyes, along the line of the eyes, in eye distances."""
    left, right, nose = face.landmarks[:3]
    eyes = right - left
    length = float(eyes @ eyes)
    return abs(float((nose - (left + right) / 2) @ eyes) / length) if length > 0 else 1.0
