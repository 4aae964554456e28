"""Spectacles, with their shadow and a reflection in each lens."""

from __future__ import annotations

import numpy as np

from export.drawn.canvas import Array, Canvas, Points, polygon, stroke
from export.drawn.curves import through
from export.drawn.face import Face
from export.drawn.palette import FRAMES, blend, rgb
from export.drawn.traits import Look

# Half width and half height of a lens, how square it is (2 is an ellipse), how thick the frame, upsweep of the corner.
_SHAPES = {
    "round": (0.285, 0.265, 2.0, 2.6, 0.0),
    "oval": (0.310, 0.215, 2.3, 2.4, 0.0),
    "square": (0.315, 0.235, 3.8, 3.8, 0.0),
    "thin": (0.310, 0.195, 3.2, 1.7, 0.0),
    "cat": (0.315, 0.225, 2.6, 3.6, 0.16),
    "bold": (0.325, 0.255, 3.0, 5.0, 0.0),
}


def paint_temples(canvas: Canvas, face: Face, look: Look) -> None:
    """The arms that go back to the ears: hair falls over them."""
    if look.glasses not in _SHAPES:
        return
    wide, _, _, thick, sweep = _SHAPES[look.glasses]
    start = _middle(face) + wide - 0.01
    for side in (-1, 1):
        arm = through([(side * start, -0.05 - sweep * 0.5), (side * 0.99, -0.07), (side * 1.04, -0.05)], 14)
        canvas.paint(stroke(face.place(arm), thick * 0.9, 0.5), blend(_colour(look), rgb("000000"), 0.25))


def paint_glasses(canvas: Canvas, face: Face, look: Look) -> None:
    if look.glasses not in _SHAPES:
        return
    wide, high, square, thick, sweep = _SHAPES[look.glasses]
    metal = look.glasses in ("thin", "round", "oval")
    colour, middle = _colour(look), _middle(face)
    for side in (-1, 1):
        rim = _lens(wide, high, square, sweep) * (side, 1) + (side * middle, 0.045)
        _paint_lens(canvas, face, rim, colour, thick, metal)
    gap = middle - wide
    bridge = through([(-gap - 0.02, 0.0), (-gap * 0.5, -0.055), (gap * 0.5, -0.055), (gap + 0.02, 0.0)], 20)
    canvas.glaze(stroke(face.place(bridge + (0, 0.035), 0.05), thick, 1.8), rgb("7a5a52"), 0.4)
    canvas.paint(stroke(face.place(bridge, 0.05), thick, 0.45), colour)


def _middle(face: Face) -> float:
    return 0.98 * face.eye_x + 0.01


def _colour(look: Look) -> Array:
    return rgb(FRAMES[look.seed % len(FRAMES)])


def _paint_lens(canvas: Canvas, face: Face, rim: Points, colour: Points, thick: float, metal: bool) -> None:
    edge = face.place(np.concatenate([rim, rim[:1]]), 0.06)
    canvas.glaze(stroke(edge + (1.0, 4.0), thick * 1.1, 2.2), rgb("6d4b45"), 0.42)
    glass = polygon(edge, 0.5)
    canvas.glow(glass, rgb("dfeaf2"), 0.05)
    centre = edge.mean(axis=0)
    high = np.ptp(edge[:, 1])
    for shift, width in ((-0.30, 0.16), (-0.04, 0.06)):
        top = centre + (shift * high + 0.38 * high, -0.6 * high)
        low = centre + (shift * high - 0.38 * high, 0.6 * high)
        canvas.glow(stroke(np.stack([top, low]), width * high, 1.2).within(glass), rgb("ffffff"), 0.10)
    canvas.paint(stroke(edge, thick, 0.45), colour)
    shine = stroke(edge[30:44] - (0, thick * 0.18), thick * 0.35, 0.5)
    canvas.glow(shine, rgb("ffffff"), 0.65 if metal else 0.30)


def _lens(wide: float, high: float, square: float, sweep: float) -> Points:
    around = np.linspace(0, 2 * np.pi, 64, endpoint=False)
    cos, sin = np.cos(around), np.sin(around)
    x = wide * np.sign(cos) * np.abs(cos) ** (2 / square)
    y = high * np.sign(sin) * np.abs(sin) ** (2 / square)
    # The lower edge of a lens narrows a little; a cat's eye rises to its outer corner.
    x = x * (1 - 0.10 * np.clip(y / high, 0, 1))
    return np.stack([x, y - sweep * np.clip(x / wide, 0, 1) ** 2 * (y < 0)], axis=1)
