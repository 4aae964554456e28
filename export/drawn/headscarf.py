"""A scarf that covers the hair and falls in folds to the shoulders."""

from __future__ import annotations

import numpy as np

from export.drawn.canvas import Canvas, polygon, stroke
from export.drawn.curves import mirrored, through
from export.drawn.face import Face
from export.drawn.palette import CLOTHES, blend, rgb
from export.drawn.traits import Look

_OUTER = [
    (0.0, -1.62),
    (0.50, -1.54),
    (0.92, -1.20),
    (1.13, -0.60),
    (1.16, 0.10),
    (1.10, 0.80),
    (1.02, 1.40),
    (1.16, 2.0),
]
_OPENING = [(0.0, -1.00), (0.42, -0.96), (0.74, -0.70), (0.90, -0.20), (0.92, 0.40), (0.76, 1.02), (0.40, 1.42)]


def paint_headscarf(canvas: Canvas, face: Face, look: Look) -> None:
    colour = rgb(CLOTHES[look.seed % len(CLOTHES)][2])
    right = [*_OUTER, (1.02, 2.5), (0.30, 2.66)]
    outer = through([*right, *[(-x, y) for x, y in reversed(right[1:])]], 140, closed=True)
    low = face.length - 0.06
    opening = [*_OPENING, (0.0, low)]
    inner = through([*opening, *[(-x, y) for x, y in reversed(opening[1:-1])]], 120, closed=True)
    hole = polygon(face.place(inner), 0.6)
    cloth = polygon(face.place(outer), 0.6)
    cloth = cloth.times(1 - hole.plane())

    shadow = polygon(face.place(inner), 6).times(1 - polygon(face.place(inner * (0.93, 0.95)), 8).plane())
    canvas.glaze(shadow.within(hole), rgb("5a3a36"), 0.55)
    canvas.paint(cloth, colour)
    for side in (-1, 1):
        dark = side * face.light < 0
        edge = through(_OUTER, 40) * (side * 0.98, 1)
        canvas.glaze(stroke(face.place(edge), 40 if dark else 22, 14).within(cloth), rgb("2c2238"), 0.60)
        for reach in (0.22, 0.45, 0.68, 0.88):
            fold = (1 - reach) * through(_OPENING + [(0.10, 1.60)], 40) + reach * through(
                [*_OUTER[:-1], (0.6, 2.2)], 40
            )
            taper = 7 * np.sin(np.linspace(0.3, np.pi - 0.1, 40))
            line = fold if side > 0 else mirrored(fold)
            canvas.glaze(stroke(face.place(line), taper, 2.6).within(cloth), rgb("2c2238"), 0.34)
            canvas.glow(stroke(face.place(line) - (5 * side, 2), taper * 0.6, 2.6).within(cloth), rgb("ffffff"), 0.14)
    throat = through([(-0.86, 1.05), (-0.30, 1.80), (0.45, 1.95), (1.05, 1.70)], 40)
    for drop in (0.0, 0.22, 0.42):
        taper = 9 * np.sin(np.linspace(0.2, np.pi - 0.2, 40))
        canvas.glaze(stroke(face.place(throat + (0, drop)), taper, 3).within(cloth), rgb("2c2238"), 0.42)
        canvas.glow(stroke(face.place(throat + (0, drop - 0.06)), taper * 0.6, 3).within(cloth), rgb("ffffff"), 0.12)
    rim = face.place(np.concatenate([inner, inner[:1]]))
    canvas.paint(stroke(rim, 4.5, 1.2).within(cloth), blend(colour, rgb("ffffff"), 0.22), 0.8)
