"""Eyebrows, hair by hair."""

from __future__ import annotations

import numpy as np

from export.drawn.canvas import Array
from export.drawn.curves import through
from export.drawn.easel import Easel

_HAIRS = 46


def paint_brows(easel: Easel) -> None:
    for side in (-1, 1):
        _paint_brow(easel, _spine(easel, side))


def _spine(easel: Easel, side: int) -> Array:
    """The line a brow follows from its inner end, [40, 2] in face units."""
    face = easel.face
    x, y, arch = face.eye_x, face.brow_y, face.brow_arch
    knots = [
        (x - 0.25, y + 0.015 + face.brow_slant * 0.5),
        (x - 0.06, y - arch * 0.45 + 0.01),
        (x + 0.13, y - arch),
        (x + 0.31, y + 0.055 - arch * 0.35 - face.brow_slant * 0.3),
    ]
    return through(knots, 40) * (side, 1)


def _paint_brow(easel: Easel, spine: Array) -> None:
    canvas, dice, colour = easel.canvas, easel.dice, easel.brow_colour
    part = np.linspace(0, 1, 40)
    weight = easel.face.brow_weight * (0.55 + 0.75 * np.sin(np.pi * (part * 0.75 + 0.2))) * (1 - 0.75 * part**3)
    canvas.paint(easel.line(spine, weight * easel.face.scale * 0.80, 1.6), colour, 0.58)
    across, lean = dice.many(-0.5, 0.5, _HAIRS), dice.many(0.7, 1.2, _HAIRS)
    for index, start in enumerate(np.linspace(0, 0.93, _HAIRS)):
        root = int(start * 39)
        course = spine[min(root + 3, 39)] - spine[max(root - 3, 0)]
        course = course / np.linalg.norm(course)
        # At the inner end hairs stand up; outwards they lie down along the brow.
        rise = np.array([0.0, -0.75 * (1 - start)])
        reach = (course + rise) * lean[index] * 0.050
        origin = spine[root] + np.array([0, across[index] * weight[root] * 0.8 + 0.012])
        hair = through(np.stack([origin, origin + reach * 0.6, origin + reach + course * 0.02]), 8)
        canvas.paint(easel.line(hair, np.linspace(1.4, 0.4, 8), 0.4), colour, 0.50)
