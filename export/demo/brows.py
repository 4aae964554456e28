"""Eyebrows, hair by hair."""

from __future__ import annotations

import numpy as np

from export.demo.canvas import Array
from export.demo.curves import along_each, through
from export.demo.easel import Easel

_HAIRS = 46


def paint_brows(easel: Easel) -> None:
    part = np.linspace(0, 1, 40)
    weight = easel.face.brow_weight * (0.55 + 0.75 * np.sin(np.pi * (part * 0.75 + 0.2))) * (1 - 0.75 * part**3)
    for side in (-1, 1):
        spine = _spine(easel, side)
        soft = easel.line(spine, weight * easel.face.scale * 0.80, 1.6)
        easel.canvas.paint(soft, easel.brow_colour, 0.58)
        for hair in _hairs(easel, spine, weight):
            easel.canvas.paint(easel.line(hair, np.linspace(1.4, 0.4, 8), 0.4), easel.brow_colour, 0.50)


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


def _hairs(easel: Easel, spine: Array, weight: Array) -> Array:
    """[hairs, 8, 2] in face units, each rooted somewhere across the brow's weight."""
    across, lean = easel.dice.many(-0.5, 0.5, _HAIRS), easel.dice.many(0.7, 1.2, _HAIRS, 1)
    start = np.linspace(0, 0.93, _HAIRS)
    root = (start * 39).astype(int)
    course = spine[np.minimum(root + 3, 39)] - spine[np.maximum(root - 3, 0)]
    course = course / np.linalg.norm(course, axis=1, keepdims=True)
    # At the inner end hairs stand up; outwards they lie down along the brow.
    rise = np.stack([np.zeros(_HAIRS), -0.75 * (1 - start)], axis=1)
    reach = (course + rise) * lean * 0.050
    origin = spine[root] + np.stack([np.zeros(_HAIRS), across * weight[root] * 0.8 + 0.012], axis=1)
    knots = np.stack([origin, origin + reach * 0.6, origin + reach + course * 0.02], axis=1)
    return along_each(knots, np.tile(np.linspace(0, 2, 8), (_HAIRS, 1)))
