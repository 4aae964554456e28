"""A scarf that covers the hair and falls in folds to the shoulders."""

from __future__ import annotations

import numpy as np

from export.demo.canvas import Array, Mask
from export.demo.curves import moved, through
from export.demo.easel import Easel, tapered
from export.demo.face import Face
from export.demo.palette import CLOTHES, blend, rgb

_OUTER = [(0.0, -1.62), (0.50, -1.54), (0.92, -1.20), (1.13, -0.60), (1.16, 0.10), (1.10, 0.80), (1.02, 1.40)]
_HEM = [(1.16, 2.0), (1.02, 2.5), (0.30, 2.66)]
_SHADE = "2c2238"


def paint_headscarf(easel: Easel) -> None:
    canvas, colour = easel.canvas, rgb(CLOTHES[easel.look.seed % len(CLOTHES)][2])
    inner = _opening(easel.face)
    hole = easel.shape(inner)
    right = [*_OUTER, *_HEM]
    outline = through([*right, *[(-x, y) for x, y in reversed(right[1:])]], 140, closed=True)
    cloth = easel.shape(outline).times(1 - hole.plane())

    shadow = easel.shape(inner, 6).times(1 - easel.shape(inner * (0.93, 0.95), 8).plane())
    canvas.glaze(shadow.within(hole), rgb("5a3a36"), 0.55)
    canvas.paint(cloth, colour)
    for side in (-1, 1):
        edge = through(_OUTER, 40) * (side * 0.98, 1)
        wide = 22 if side == easel.lit else 40
        canvas.glaze(easel.line(edge, wide, 14).within(cloth), rgb(_SHADE), 0.60)
        _drape(easel, cloth, inner, side)
    throat = through([(-0.86, 1.05), (-0.30, 1.80), (0.45, 1.95), (1.05, 1.70)], 40)
    for drop in (0.0, 0.22, 0.42):
        _fold(easel, cloth, moved(throat, 0, drop), 9, 0.42)
    rim = easel.line(np.concatenate([inner, inner[:1]]), 4.5, 1.2)
    canvas.paint(rim.within(cloth), blend(colour, rgb("ffffff"), 0.22), 0.8)


def _opening(face: Face) -> Array:
    """Where the face is seen: just inside its own outline."""
    heights = np.array([-0.70, -0.30, 0.10, 0.50, 0.86, 1.16]) * (face.length / 1.55)
    right = [(0.0, -1.00), (0.42, -0.95)]
    right += list(zip((face.half_width(heights) * 0.93).tolist(), heights.tolist(), strict=True))
    left = [(-x, y) for x, y in reversed(right[1:])]
    return through([*right, (0.0, face.length - 0.05), *left], 120, closed=True)


def _drape(easel: Easel, cloth: Mask, inner: Array, side: int) -> None:
    """Folds that run down between the face and the outer edge."""
    near = inner[:52] * (side, 1)
    far = through([*_OUTER[:-1], (0.6, 2.2)], 52) * (side, 1)
    for reach in (0.22, 0.45, 0.68, 0.88):
        _fold(easel, cloth, (1 - reach) * near + reach * far, 7, 0.34)


def _fold(easel: Easel, cloth: Mask, line: Array, width: float, depth: float) -> None:
    taper = tapered(width, len(line), 0.25)
    easel.canvas.glaze(easel.line(line, taper, 2.8).within(cloth), rgb(_SHADE), depth)
    easel.canvas.glow(easel.line(moved(line, 0, -0.05), taper * 0.6, 2.8).within(cloth), rgb("ffffff"), 0.13)
