"""What the sitters wear. Clothes hang from upright shoulders, however the head is held."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from export.drawn.canvas import HEIGHT, WIDTH, Array, Canvas, Mask, Points, ellipse, polygon, stroke
from export.drawn.curves import mirrored, through
from export.drawn.face import Face
from export.drawn.palette import CLOTHES, blend, rgb
from export.drawn.traits import Dice, Look

_SHOULDER = [(0.66, 1.88), (1.02, 2.02), (1.52, 2.20), (1.84, 2.52), (1.98, 3.0), (2.0, 3.4)]


class Tailor:
    """Cuts pieces in face units and gives each the fall of light on cloth."""

    def __init__(self, canvas: Canvas, face: Face, look: Look, dice: Dice) -> None:
        self.canvas, self.face, self.dice = canvas, face, dice
        self.broad = 1.05 if look.presents == "m" else 0.92
        self.main, self.inner, self.accent = (rgb(code) for code in CLOTHES[dice.pick(len(CLOTHES))])

    def piece(self, outline: Points, colour: Array, edge: float = 0.5, soft: bool = False) -> Mask:
        mask = polygon(self._pixels(outline), 0.6)
        self.canvas.paint(mask, colour)
        self.canvas.paint(mask, blend(colour, rgb("ffffff"), 0.30), 0.40) if soft else None
        self.canvas.glaze(mask.times(self._falloff()), rgb("39324a"), edge)
        return mask

    def body(self, neckline: Points, colour: Array) -> Mask:
        """The whole garment below a neckline that runs from the left shoulder to the right one."""
        side = through(_SHOULDER, 40) * (self.broad, 1)
        outline = np.concatenate([neckline, side, mirrored(side)[::-1]])
        mask = self.piece(outline, colour)
        for _ in range(7):
            self._fold(mask)
        return mask

    def seam(self, line: list[tuple[float, float]], within: Mask, width: float = 1.6, dark: float = 0.5) -> None:
        points = self._pixels(through(line, 24))
        self.canvas.glaze(stroke(points, width, 0.7).within(within), rgb("201a26"), dark)

    def shadow(self, outline: Points, within: Mask, blur: float = 5, dark: float = 0.4) -> None:
        self.canvas.glaze(polygon(self._pixels(outline), blur).within(within), rgb("2a2233"), dark)

    def button(self, x: float, y: float, colour: Array) -> None:
        middle = self._pixels(np.array([[x, y]]))[0]
        self.canvas.paint(ellipse((float(middle[0]), float(middle[1])), (3.4, 3.4), 0.6), colour)

    def _fold(self, within: Mask) -> None:
        between = self.dice.between
        side = 1 if between(0, 1) < 0.5 else -1
        x, y = side * between(0.5, 1.6), between(2.1, 2.5)
        line = [(x, y), (x + between(-0.12, 0.12), y + 0.3), (x - side * between(0.0, 0.35), y + between(0.5, 0.9))]
        points = self._pixels(through(line, 20))
        taper = between(5, 11) * np.sin(np.linspace(0.1, np.pi, 20))
        self.canvas.glaze(stroke(points, taper, 6).within(within), rgb("2a2233"), 0.26)
        self.canvas.glow(stroke(points + (6, 1), taper * 0.6, 4).within(within), rgb("ffffff"), 0.06)

    def _falloff(self) -> Array:
        x = (np.arange(WIDTH, dtype=np.float32) - self.face.centre[0]) / self.face.scale / 1.9
        y = (np.arange(HEIGHT, dtype=np.float32) - self.face.centre[1]) / self.face.scale
        side = (0.45 - 0.55 * x * np.sign(self.face.light)).clip(0, 1)
        return (side[None] * 0.85 + 0.3 * ((y - 2.0) / 1.0).clip(0, 1)[:, None]).clip(0, 1).astype(np.float32)

    def _pixels(self, points: Points) -> Points:
        return (points + (0, self.face.shoulders)) * self.face.scale + self.face.centre


def _neckline(knots: list[tuple[float, float]]) -> Points:
    """A neckline from its right half, given from the shoulder to the middle."""
    return through([(-x, y) for x, y in knots] + [(x, y) for x, y in reversed(knots[:-1])], 60)


def _collar(tailor: Tailor, colour: Array, drop: float = 2.36, high: float = 1.60) -> None:
    for side in (-1, 1):
        wing = np.array(
            [(0.56, high), (0.66, high + 0.24), (0.40, drop + 0.06), (0.05, drop - 0.10), (0.30, high + 0.36)]
        )
        outline = wing * (side, 1)
        tailor.shadow(outline + (0, 0.05), tailor.piece(outline + (0, 0.0), colour, 0.0), 3, 0.0)
        mask = tailor.piece(outline, colour, 0.28)
        tailor.seam([(side * 0.40, drop + 0.05), (side * 0.05, drop - 0.10)], mask, 1.4, 0.25)


def _shirt(tailor: Tailor, colour: Array) -> Mask:
    mask = tailor.body(_neckline([(0.60, 1.74), (0.42, 1.98), (0.0, 2.26)]), colour)
    tailor.seam([(0.0, 2.26), (0.0, 3.2)], mask, 1.6, 0.22)
    return mask


def _jacket(tailor: Tailor, colour: Array, low: float) -> Mask:
    """Open down to `low`, with lapels."""
    neckline = _neckline([(0.68, 1.84), (0.46, 2.28), (0.05, low)])
    mask = tailor.body(neckline, colour)
    for side in (-1, 1):
        lapel = np.array(
            [(0.64, 1.82), (0.82, 1.98), (0.90, 2.30), (0.72, 2.34), (0.76, 2.44), (0.06, low + 0.06), (0.42, 2.30)]
        )
        outline = lapel * (side, 1)
        tailor.shadow(outline + (side * 0.03, 0.04), mask, 4, 0.45)
        piece = tailor.piece(outline, blend(colour, rgb("ffffff"), 0.06), 0.40)
        tailor.seam([(side * 0.90, 2.30), (side * 0.72, 2.34), (side * 0.76, 2.44)], piece, 1.6, 0.6)
    return mask


def suit(tailor: Tailor) -> None:
    shirt = _shirt(tailor, tailor.inner)
    blade = np.array(
        [
            (-0.09, 2.22),
            (0.09, 2.22),
            (0.15, 2.34),
            (0.10, 2.42),
            (0.19, 3.4),
            (-0.19, 3.4),
            (-0.10, 2.42),
            (-0.15, 2.34),
        ]
    )
    tailor.shadow(blade + (0.04, 0.02), shirt, 4, 0.3)
    tie = tailor.piece(blade, tailor.accent, 0.35)
    for row in np.arange(2.5, 3.4, 0.13) if tailor.dice.between(0, 1) < 0.5 else ():
        tailor.seam([(-0.25, row + 0.10), (0.25, row - 0.10)], tie, 2.2, 0.30)
    tailor.seam([(-0.11, 2.41), (0.11, 2.41)], tie, 2.0, 0.45)
    _collar(tailor, tailor.inner)
    _jacket(tailor, tailor.main, 2.95)


def blazer(tailor: Tailor) -> None:
    _shirt(tailor, tailor.inner)
    _collar(tailor, tailor.inner, drop=2.34)
    _jacket(tailor, tailor.main, 2.80)


def lab_coat(tailor: Tailor) -> None:
    _shirt(tailor, blend(tailor.accent, rgb("ffffff"), 0.25))
    _collar(tailor, blend(tailor.accent, rgb("ffffff"), 0.25))
    _jacket(tailor, rgb("eff1f2"), 2.85)


def sweater(tailor: Tailor) -> None:
    mask = tailor.body(_neckline([(0.62, 1.80), (0.48, 2.02), (0.0, 2.20)]), tailor.main)
    band = through([(-0.65, 1.80), (-0.48, 2.06), (0.0, 2.25), (0.48, 2.06), (0.65, 1.80)], 40)
    tailor.shadow(np.concatenate([band, (band + (0, 0.11))[::-1]]), mask, 1.2, 0.20)
    for x in np.linspace(-0.55, 0.55, 23):
        y = 2.25 - 0.38 * (x / 0.6) ** 2
        tailor.seam([(x, y - 0.05), (x * 1.06, y + 0.06)], mask, 1.2, 0.22)


def shirt_sweater(tailor: Tailor) -> None:
    _shirt(tailor, tailor.inner)
    mask = tailor.body(_neckline([(0.66, 1.84), (0.44, 2.16), (0.0, 2.52)]), tailor.main)
    tailor.seam([(-0.66, 1.88), (-0.44, 2.22), (0.0, 2.58), (0.44, 2.22), (0.66, 1.88)], mask, 2.0, 0.35)
    _collar(tailor, tailor.inner)


def turtleneck(tailor: Tailor) -> None:
    mask = tailor.body(_neckline([(0.60, 1.78), (0.30, 1.98), (0.0, 2.02)]), tailor.main)
    tube = through([(-0.56, 1.62), (0.0, 1.76), (0.56, 1.62), (0.64, 2.0), (0.0, 2.18), (-0.64, 2.0)], 80, closed=True)
    tailor.shadow(tube + (0, 0.07), mask, 5, 0.45)
    roll = tailor.piece(tube, blend(tailor.main, rgb("ffffff"), 0.05), 0.5)
    for x in np.linspace(-0.52, 0.52, 21):
        tailor.seam([(x, 1.72 - 0.2 * x * x), (x * 1.10, 2.14 - 0.3 * x * x)], roll, 1.2, 0.20)


def blouse(tailor: Tailor) -> None:
    neckline = _neckline([(0.66, 1.88), (0.40, 2.16), (0.0, 2.48)])
    mask = tailor.body(neckline, blend(tailor.main, tailor.inner, 0.35))
    tailor.seam([(-0.64, 1.94), (-0.42, 2.22), (0.0, 2.54), (0.42, 2.22), (0.64, 1.94)], mask, 1.8, 0.30)
    tailor.seam([(0.0, 2.50), (0.02, 3.2)], mask, 1.6, 0.3)
    chain = through([(-0.52, 1.82), (-0.30, 2.06), (0.0, 2.20), (0.30, 2.06), (0.52, 1.82)], 40)
    tailor.canvas.paint(stroke(tailor._pixels(chain), 1.6, 0.5), rgb("d9b45a"), 0.85)
    tailor.button(0.0, 2.22, rgb("f3ead6"))


def scarf(tailor: Tailor) -> None:
    tailor.body(_neckline([(0.66, 1.90), (0.40, 2.10), (0.0, 2.2)]), tailor.main)
    loop = through(
        [(-0.66, 1.66), (0.0, 1.88), (0.66, 1.66), (0.84, 2.02), (0.36, 2.34), (-0.20, 2.40), (-0.84, 2.06)],
        90,
        closed=True,
    )
    wrap = tailor.piece(loop, tailor.accent, 0.55)
    for start, end in ((1.76, 2.02), (1.84, 2.18), (1.94, 2.34)):
        tailor.seam([(-0.74, start + 0.06), (-0.1, end), (0.74, start)], wrap, 5, 0.28)


def hoodie(tailor: Tailor) -> None:
    mask = tailor.body(_neckline([(0.62, 1.80), (0.46, 2.04), (0.0, 2.24)]), tailor.main)
    for side in (-1, 1):
        hood = through(
            [(0.52, 1.58), (0.80, 1.72), (0.92, 2.02), (0.46, 2.34), (0.04, 2.44), (0.40, 2.06)], 60, closed=True
        ) * (side, 1)
        tailor.shadow(hood + (0, 0.06), mask, 5, 0.5)
        tailor.piece(hood, blend(tailor.main, rgb("ffffff"), 0.07), 0.5)
        cord = [(side * 0.17, 2.36), (side * 0.20, 2.62), (side * 0.16, 2.9)]
        tailor.canvas.paint(stroke(tailor._pixels(through(cord, 20)), 3.0, 0.6), tailor.inner)


def hanbok(tailor: Tailor) -> None:
    """A jeogori: crossed fronts, with the white collar strip."""
    colour = blend(tailor.main, tailor.inner, 0.45)
    tailor.body(_neckline([(0.64, 1.82), (0.40, 2.14), (0.0, 2.50)]), colour)
    under = np.array([(-0.62, 1.80), (-0.74, 1.90), (0.22, 2.90), (0.34, 2.76)])
    over = np.array([(0.62, 1.80), (0.74, 1.90), (-0.34, 3.06), (-0.46, 2.92)])
    for strip in (under, over):
        tailor.piece(strip, rgb("f8f5ef"), 0.25)
        tailor.piece(
            strip + np.array([(0, 0), (0, 0), (0, 0), (0, 0)]) + (np.sign(strip[0, 0]) * 0.11, 0.07),
            tailor.accent,
            0.35,
        )


WARDROBE: dict[str, Callable[[Tailor], None]] = {
    "suit": suit, "blazer": blazer, "lab-coat": lab_coat, "sweater": sweater, "shirt-sweater": shirt_sweater,
    "turtleneck": turtleneck, "blouse": blouse, "scarf": scarf, "hoodie": hoodie, "hanbok": hanbok,
}  # fmt: skip


def dress(canvas: Canvas, face: Face, look: Look, dice: Dice) -> None:
    WARDROBE[look.clothes](Tailor(canvas, face, look, dice))
