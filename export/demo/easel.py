"""What every step of a portrait works with: the canvas, the sitter and brushes that know the sitter's proportions."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from export.demo.canvas import Array, Canvas, Mask, ellipse, polygon, stroke
from export.demo.face import Face
from export.demo.palette import HAIR, LIPS, SKIN, blend, rgb
from export.demo.traits import Dice, Look


@dataclass(frozen=True)
class Easel:
    """Brushes take points and sizes in face units, widths of lines and blurs in the frame's; `depth` is as in Face.place."""

    canvas: Canvas
    face: Face
    look: Look
    dice: Dice

    def shape(self, outline: Array, blur: float = 0.6, depth: float = 0.0) -> Mask:
        return polygon(self.face.place(outline, depth), blur)

    def line(self, points: Array, width: float | Array, blur: float, depth: float = 0.0) -> Mask:
        return stroke(self.face.place(points, depth), width, blur)

    def spot(
        self, x: float, y: float, wide: float, high: float, blur: float, depth: float = 0.0, angle: float = 0.0
    ) -> Mask:
        across, down = self.face.place(np.array([x, y]), depth).tolist()
        return ellipse((across, down), (wide * self.face.scale, high * self.face.scale), blur, angle + self.face.tilt)

    @property
    def lit(self) -> float:
        """The side that the light comes from: −1 or 1."""
        return float(np.sign(self.face.light))

    @property
    def skin(self) -> tuple[Array, Array, Array, Array]:
        """Deep shadow, shadow, flesh and light."""
        deep, shade, flesh, light = SKIN[self.look.skin]
        return rgb(deep), rgb(shade), rgb(flesh), rgb(light)

    @property
    def blood(self) -> Array:
        """The colour of lips and of the rims of the lids."""
        return rgb(LIPS[self.look.skin])

    @property
    def hair(self) -> tuple[str, str, str]:
        return HAIR[self.look.hair_colour]

    @property
    def brow_colour(self) -> Array:
        dark, body, _ = (rgb(stop) for stop in self.hair)
        colour = blend(dark, body, 0.55)
        return blend(colour, rgb("9a9a9c"), 0.3) if self.look.age > 55 else colour


def tapered(width: float, count: int, ends: float = 0.12) -> Array:
    """The widths of a brush stroke that swells and thins again: `ends` says how thin it starts."""
    return np.asarray(width * np.sin(np.linspace(ends, np.pi - ends, count)))
