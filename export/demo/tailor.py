"""Pieces of cloth with the light on them. Clothes hang from upright shoulders, however the head is held."""

from __future__ import annotations

import numpy as np

from export.demo.canvas import COLUMNS, PIXELS, ROWS, Array, Mask, ellipse, polygon, stroke
from export.demo.curves import mirrored, moved, through
from export.demo.easel import Easel
from export.demo.palette import CLOTHES, blend, rgb

Outline = list[tuple[float, float]]

_SHOULDER = [(0.72, 1.87), (1.02, 2.00), (1.52, 2.20), (1.84, 2.52), (1.98, 3.0), (2.0, 3.4)]
_DARK = "2a2233"


class Tailor:
    """Cuts pieces given in face units, with the shoulders where they usually are."""

    def __init__(self, easel: Easel) -> None:
        self.canvas, self.face, self.dice = easel.canvas, easel.face, easel.dice
        self._broad = 1.05 if easel.look.male else 0.94
        self.main, self.inner, self.accent = (rgb(code) for code in CLOTHES[easel.dice.pick(len(CLOTHES))])
        self._away = self._falloff()

    def body(self, neckline: Outline, colour: Array) -> Mask:
        """A garment below a neckline, given by its right half from the shoulder to the middle."""
        side = through(_SHOULDER, 40) * (self._broad, 1)
        right = through(neckline, 30)
        outline = np.concatenate([mirrored(right), right[::-1], side, mirrored(side)[::-1]])
        mask = self.piece(outline, colour)
        for _ in range(6):
            self._fold(mask)
        return mask

    def piece(self, outline: Array | Outline, colour: Array, dark: float = 0.5, within: Mask | None = None) -> Mask:
        mask = polygon(self._placed(outline), 0.6)
        if within:
            mask = mask.within(within)
        self.canvas.paint(mask, colour)
        self.canvas.glaze(mask.times(self._away), rgb("39324a"), dark)
        return mask

    def shadow(self, outline: Array | Outline, within: Mask, blur: float = 5, dark: float = 0.4) -> None:
        """What a piece that lies above throws on the one below."""
        low = moved(self._placed(outline), -3 * np.sign(self.face.light), 6)
        self.canvas.glaze(polygon(low, blur).within(within), rgb(_DARK), dark)

    def seam(self, line: Outline, within: Mask, width: float = 1.6, dark: float = 0.5) -> None:
        points = self._placed(through(line, 24))
        self.canvas.glaze(stroke(points, width, 0.7).within(within), rgb("201a26"), dark)

    def cord(self, line: Outline, width: float, colour: Array) -> None:
        self.canvas.paint(stroke(self._placed(through(line, 32)), width, 0.5), colour, 0.9)

    def bead(self, x: float, y: float, size: float, colour: Array) -> None:
        across, down = self._placed([(x, y)])[0].tolist()
        self.canvas.paint(ellipse((across, down), (size, size), 0.6), colour)
        self.canvas.glow(ellipse((across - 1, down - 1), (size / 3, size / 3), 0.6), rgb("ffffff"), 0.6)

    def lighter(self, colour: Array, part: float = 0.06) -> Array:
        return blend(colour, rgb("ffffff"), part)

    def _fold(self, within: Mask) -> None:
        between = self.dice.between
        side = 1 if self.dice.chance(0.5) else -1
        x, y = side * between(0.6, 1.5), between(2.15, 2.5)
        line = [(x, y), (x + between(-0.12, 0.12), y + 0.3), (x - side * between(0.0, 0.35), y + between(0.5, 0.9))]
        points = self._placed(through(line, 20))
        taper = between(7, 14) * np.sin(np.linspace(0.1, np.pi, 20))
        self.canvas.glaze(stroke(points, taper, 7).within(within), rgb(_DARK), 0.22)
        self.canvas.glow(stroke(moved(points, 7, 1), taper * 0.6, 5).within(within), rgb("ffffff"), 0.05)

    def _falloff(self) -> Array:
        x = (np.arange(COLUMNS) / PIXELS - self.face.centre[0]) / self.face.scale / 1.9
        y = (np.arange(ROWS) / PIXELS - self.face.centre[1]) / self.face.scale
        side = (0.45 - 0.55 * x * np.sign(self.face.light)).clip(0, 1)
        return np.asarray((side[None] * 0.85 + 0.3 * (y - 2.0).clip(0, 1)[:, None]).clip(0, 1), np.float32)

    def _placed(self, points: Array | Outline) -> Array:
        return self.face.upright(np.asarray(points, np.float64))
