"""Spectacles, with their shadow and a reflection in each lens."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from export.demo.canvas import Array, polygon, stroke
from export.demo.curves import moved, through
from export.demo.easel import Easel
from export.demo.palette import FRAMES, blend, rgb

# Glasses sit a little before the face.
_DEPTH = 0.06


@dataclass(frozen=True)
class _Shape:
    """Half width and height of a lens; how square it is (2 is an ellipse); the thickness of the frame; the corner's sweep."""

    wide: float
    high: float
    square: float
    thick: float
    sweep: float = 0.0
    metal: bool = False


SHAPES = {
    "round": _Shape(0.285, 0.265, 2.0, 2.6, metal=True),
    "oval": _Shape(0.310, 0.215, 2.3, 2.4, metal=True),
    "square": _Shape(0.315, 0.235, 3.8, 3.8),
    "thin": _Shape(0.310, 0.195, 3.2, 1.7, metal=True),
    "cat": _Shape(0.315, 0.225, 2.6, 3.6, sweep=0.16),
    "bold": _Shape(0.325, 0.255, 3.0, 5.0),
}


def paint_temples(easel: Easel) -> None:
    """The arms that go back to the ears: hair falls over them."""
    shape = SHAPES.get(easel.look.glasses)
    if shape is None:
        return
    start = _middle(easel) + shape.wide - 0.01
    for side in (-1, 1):
        arm = through([(side * start, -0.05 - shape.sweep * 0.5), (side * 0.99, -0.07), (side * 1.04, -0.05)], 14)
        easel.canvas.paint(easel.line(arm, shape.thick * 0.9, 0.5), blend(_colour(easel), rgb("000000"), 0.25))


def paint_glasses(easel: Easel) -> None:
    shape = SHAPES.get(easel.look.glasses)
    if shape is None:
        return
    middle, colour = _middle(easel), _colour(easel)
    for side in (-1, 1):
        _paint_lens(easel, shape, moved(_lens(shape) * (side, 1), side * middle, 0.045), colour)
    gap = middle - shape.wide
    bridge = through([(-gap - 0.02, 0.0), (-gap * 0.5, -0.055), (gap * 0.5, -0.055), (gap + 0.02, 0.0)], 20)
    easel.canvas.glaze(easel.line(moved(bridge, 0, 0.035), shape.thick, 1.8, _DEPTH), rgb("7a5a52"), 0.4)
    easel.canvas.paint(easel.line(bridge, shape.thick, 0.45, _DEPTH), colour)


def _paint_lens(easel: Easel, shape: _Shape, rim: Array, colour: Array) -> None:
    canvas = easel.canvas
    edge = easel.face.place(np.concatenate([rim, rim[:1]]), _DEPTH)
    canvas.glaze(stroke(moved(edge, 1.0, 4.0), shape.thick * 1.1, 2.2), rgb("6d4b45"), 0.42)
    glass = polygon(edge, 0.5)
    canvas.glow(glass, rgb("dfeaf2"), 0.05)
    centre, high = edge.mean(axis=0), float(np.ptp(edge[:, 1]))
    for shift, width in ((-0.30, 0.16), (-0.04, 0.06)):
        band = moved(np.array([(0.38, -0.6), (-0.38, 0.6)]), shift) * high + centre
        canvas.glow(stroke(band, width * high, 1.2).within(glass), rgb("ffffff"), 0.10)
    canvas.paint(stroke(edge, shape.thick, 0.45), colour)
    shine = stroke(moved(edge[30:44], 0, -shape.thick * 0.18), shape.thick * 0.35, 0.5)
    canvas.glow(shine, rgb("ffffff"), 0.65 if shape.metal else 0.30)


def _lens(shape: _Shape) -> Array:
    """A superellipse that narrows a little downwards; a cat's eye rises to its outer corner."""
    around = np.linspace(0, 2 * np.pi, 64, endpoint=False)
    cos, sin = np.cos(around), np.sin(around)
    x = shape.wide * np.sign(cos) * np.abs(cos) ** (2 / shape.square)
    y = shape.high * np.sign(sin) * np.abs(sin) ** (2 / shape.square)
    x = x * (1 - 0.10 * np.clip(y / shape.high, 0, 1))
    return np.stack([x, y - shape.sweep * np.clip(x / shape.wide, 0, 1) ** 2 * (y < 0)], axis=1)


def _middle(easel: Easel) -> float:
    return 0.98 * easel.face.eye_x + 0.01


def _colour(easel: Easel) -> Array:
    return rgb(FRAMES[easel.look.seed % len(FRAMES)])
