"""The lines of the nose that the relief leaves too soft."""

from __future__ import annotations

import numpy as np

from export.demo.curves import through
from export.demo.easel import Easel, tapered
from export.demo.palette import blend, rgb

# How far the nose stands out from the face, in face units.
_DEPTH = 0.16


def paint_nose(easel: Easel) -> None:
    canvas, face, lit = easel.canvas, easel.face, easel.lit
    deep, shade, _, light = easel.skin
    wide, base = face.nose_width, face.nose_tip + 0.115 - 0.4 * face.nose_lift
    under = through(
        [(-wide * 0.9, base + 0.02), (0, base + 0.065 - 0.9 * face.nose_lift), (wide * 0.9, base + 0.02)], 30
    )
    canvas.glaze(easel.line(under, 8, 4, _DEPTH * 0.7), shade, 0.50)
    for side in (-1, 1):
        high = 0.026 * face.nostril + 0.25 * max(face.nose_lift, 0)
        nostril = easel.spot(side * wide * 0.50, base - 0.005, 0.062 * face.nostril, high, 1.1, _DEPTH, -side * 0.28)
        canvas.paint(nostril, blend(deep, rgb("1c0d0b"), 0.35), 0.80)
        wing = np.array([(0.86, -0.125), (1.06, -0.06), (0.98, -0.005), (0.78, 0.01)]) * (side * wide, 1) + (0.0, base)
        curve = easel.line(through(wing, 20), tapered(2.4, 20), 1.0, _DEPTH * 0.8)
        canvas.glaze(curve, blend(deep, shade, 0.4), 0.60)
    ball = 0.026 + 0.010 * face.nose_ball
    tip = easel.spot(lit * 0.025, face.nose_tip - 0.02 - face.nose_lift, ball, ball * 0.85, 2.6, _DEPTH * 1.3)
    canvas.glow(tip, light, 0.14 + 0.46 * face.sheen)
    ridge = through([(lit * 0.02, 0.05), (lit * 0.02, face.nose_tip - 0.12)], 12)
    canvas.glow(
        easel.line(ridge, 4, 3.2, _DEPTH * 0.8), light, (0.10 + 0.6 * face.nose_bridge) * (0.6 + 0.6 * face.sheen)
    )
