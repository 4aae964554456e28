"""The light on a face, from a relief of it: a dome for the head, with hills and hollows for the features."""

from __future__ import annotations

import numpy as np

from export.demo.canvas import COLUMNS, PIXELS, ROWS, Array
from export.demo.face import Face


def light_on(face: Face, worn: float) -> Array:
    """The tone of the skin, 0 (deepest shadow) … 1 (highlight), for each pixel of the canvas."""
    down, across = np.mgrid[0:ROWS, 0:COLUMNS].astype(np.float32) / np.float32(PIXELS)
    x, y = face.units(across, down)
    height = _head(face, x, y) + _features(face, x, y, worn)
    fall, slope = np.gradient(height * np.float32(face.scale * PIXELS))
    length = np.sqrt(slope**2 + fall**2 + 1)
    lamp = np.array([face.light, -0.52, 0.80], np.float32)
    lamp /= np.linalg.norm(lamp)
    facing = (-slope * lamp[0] - fall * lamp[1] + lamp[2]) / length
    # The wall behind throws some light back on the side that the lamp leaves dark.
    back = np.clip((slope * np.sign(lamp[0]) * 0.8 + 0.15) / length, 0, 1)
    sky = 0.5 - 0.5 * fall / length
    return np.asarray(0.03 + 0.70 * np.clip(facing, 0, 1) ** 1.15 + 0.10 * sky + 0.06 * back, np.float32)


def _head(face: Face, x: Array, y: Array) -> Array:
    # Towards crown and chin the outline closes, but the surface there bends back more than sideways.
    wide = (face.half_width(y) ** 6 + 0.66**6) ** (1 / 6)
    around = np.sqrt(1 - np.minimum(np.abs(x) / wide, 0.985) ** 2.6)
    upright = np.sqrt(1 - np.minimum(np.abs(y - 0.1) / 1.85, 0.97) ** 2.4)
    return np.asarray(0.62 * around * upright, np.float32)


def _features(face: Face, x: Array, y: Array, worn: float) -> Array:
    side = np.abs(x)

    def hill(at_x: float, at_y: float, wide: float, high: float) -> Array:
        return np.asarray(np.exp(-(((side - at_x) / wide) ** 2) - ((y - at_y) / high) ** 2))

    eye, mouth, tip = face.eye_x, face.mouth_y, face.nose_tip
    relief = 0.045 * hill(eye - 0.02, face.brow_y, 0.30, 0.11)
    relief -= 0.085 * hill(eye - 0.05, -0.08, 0.27, 0.16) + 0.05 * hill(0.17, -0.04, 0.10, 0.16)
    relief += 0.055 * hill(eye, 0.01, 0.20, 0.12)
    relief += (0.03 + 0.03 * face.cheekbone + 0.03 * face.smile) * hill(0.62, 0.40, 0.27, 0.23)
    relief -= (0.045 * face.cheekbone + 0.02 * worn - 0.015) * hill(0.64, 0.80, 0.22, 0.26)
    relief += 0.05 * hill(0.0, mouth - 0.03, 0.42, 0.26)
    relief += 0.030 * hill(0.08, mouth - 0.06, 0.16, 0.05) + 0.040 * hill(0.0, mouth + 0.09, 0.22, 0.055)
    relief -= 0.050 * hill(0.0, mouth + 0.225, 0.26, 0.065)
    relief += 0.075 * hill(0.0, face.length - 0.20, 0.12 + 0.4 * face.chin, 0.14)
    relief -= 0.016 * hill(0.0, 0.5 * (tip + mouth) + 0.05, 0.045, 0.09)
    return np.asarray(relief + _nose(face, x, y), np.float32)


def _nose(face: Face, x: Array, y: Array) -> Array:
    tip, base, near = face.nose_tip, face.nose_tip + 0.12, y.clip(-1, 1.5)
    reach = np.clip((y + 0.22) / (tip + 0.22), 0, 1)
    wide = 0.085 + 0.055 * reach
    hump = face.nose_hump * np.exp(-(((reach - 0.45) / 0.22) ** 2))
    bridge = (face.nose_bridge * (0.35 + 0.3 * reach) + 0.15 * reach**1.6 + hump) * np.exp(-((x / wide) ** 2))
    ends = 1 / (1 + np.exp((near - base) / 0.028)) / (1 + np.exp(-(near + 0.14) / 0.07))
    round_ = 0.62 * face.nose_width * (0.6 + 0.4 * face.nose_ball)
    ball = 0.085 * face.nose_ball * np.exp(-((x / round_) ** 2) - ((y - tip + face.nose_lift) / 0.10) ** 2)
    wings = 0.075 * np.exp(-(((np.abs(x) - face.nose_width * 0.82) / 0.065) ** 2) - ((y - base + 0.055) / 0.065) ** 2)
    return np.asarray(bridge * ends + ball + wings)
