"""What the sitters wear."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from export.demo.canvas import Array, Mask
from export.demo.curves import mirrored, through
from export.demo.easel import Easel
from export.demo.palette import blend, rgb
from export.demo.tailor import Tailor

_COLLAR = np.array([(0.56, 1.60), (0.66, 1.84), (0.40, 2.42), (0.05, 2.26), (0.30, 1.96)])
_HOOD = [(0.52, 1.58), (0.80, 1.72), (0.92, 2.02), (0.46, 2.34), (0.04, 2.44), (0.40, 2.06)]
_ROLL = [(-0.56, 1.62), (0.0, 1.76), (0.56, 1.62), (0.64, 2.0), (0.0, 2.18), (-0.64, 2.0)]
_LOOP = [(-0.66, 1.66), (0.0, 1.88), (0.66, 1.66), (0.84, 2.02), (0.36, 2.34), (-0.20, 2.40), (-0.84, 2.06)]


def dress(easel: Easel) -> None:
    WARDROBE[easel.look.clothes](Tailor(easel))


def suit(tailor: Tailor) -> None:
    shirt = _shirt(tailor, tailor.inner)
    right = np.array([(0.09, 2.22), (0.15, 2.34), (0.10, 2.42), (0.19, 3.4)])
    blade = np.concatenate([right, mirrored(right)[::-1]])
    tailor.shadow(blade, shirt, 4, 0.3)
    tie = tailor.piece(blade, tailor.accent, 0.35)
    for row in np.arange(2.5, 3.4, 0.13) if tailor.dice.chance(0.5) else ():
        tailor.seam([(-0.25, row + 0.10), (0.25, row - 0.10)], tie, 2.2, 0.30)
    tailor.seam([(-0.11, 2.41), (0.11, 2.41)], tie, 2.0, 0.45)
    _collar(tailor, tailor.inner)
    _jacket(tailor, tailor.main, 2.95)


def blazer(tailor: Tailor) -> None:
    _shirt(tailor, tailor.inner)
    _collar(tailor, tailor.inner)
    _jacket(tailor, tailor.main, 2.80)


def lab_coat(tailor: Tailor) -> None:
    _shirt(tailor, tailor.lighter(tailor.accent, 0.25))
    _collar(tailor, tailor.lighter(tailor.accent, 0.25))
    _jacket(tailor, rgb("eff1f2"), 2.85)


def sweater(tailor: Tailor) -> None:
    mask = tailor.body([(0.72, 1.87), (0.50, 2.06), (0.0, 2.20)], tailor.main)
    rim = [(-0.70, 1.90), (-0.50, 2.10), (0.0, 2.25), (0.50, 2.10), (0.70, 1.90)]
    tailor.seam([(x, y + 0.09) for x, y in rim], mask, 2.0, 0.35)
    for x in np.linspace(-0.62, 0.62, 25):
        y = 2.25 - 0.40 * (x / 0.66) ** 2
        tailor.seam([(x, y - 0.05), (x * 1.06, y + 0.08)], mask, 1.2, 0.22)


def shirt_sweater(tailor: Tailor) -> None:
    _shirt(tailor, tailor.inner)
    mask = tailor.body([(0.72, 1.87), (0.46, 2.18), (0.0, 2.52)], tailor.main)
    tailor.seam([(-0.70, 1.94), (-0.46, 2.24), (0.0, 2.58), (0.46, 2.24), (0.70, 1.94)], mask, 2.0, 0.35)
    _collar(tailor, tailor.inner)


def turtleneck(tailor: Tailor) -> None:
    mask = tailor.body([(0.72, 1.87), (0.30, 1.98), (0.0, 2.02)], tailor.main)
    tube = through(_ROLL, 80, closed=True)
    tailor.shadow(tube, mask, 5, 0.45)
    roll = tailor.piece(tube, tailor.lighter(tailor.main))
    for x in np.linspace(-0.52, 0.52, 21):
        tailor.seam([(x, 1.72 - 0.2 * x * x), (x * 1.10, 2.14 - 0.3 * x * x)], roll, 1.2, 0.20)


def blouse(tailor: Tailor) -> None:
    mask = tailor.body([(0.72, 1.87), (0.42, 2.16), (0.0, 2.48)], blend(tailor.main, tailor.inner, 0.35))
    tailor.seam([(-0.70, 1.93), (-0.42, 2.22), (0.0, 2.54), (0.42, 2.22), (0.70, 1.93)], mask, 1.8, 0.30)
    tailor.seam([(0.0, 2.50), (0.02, 3.2)], mask, 1.6, 0.3)
    if tailor.dice.chance(0.6):
        tailor.cord([(-0.50, 1.80), (-0.30, 2.06), (0.0, 2.20), (0.30, 2.06), (0.50, 1.80)], 1.6, rgb("d9b45a"))
        tailor.bead(0.0, 2.22, 3.4, rgb("f3ead6"))


def scarf(tailor: Tailor) -> None:
    mask = tailor.body([(0.72, 1.87), (0.40, 2.10), (0.0, 2.2)], tailor.main)
    loop = through(_LOOP, 90, closed=True)
    tailor.shadow(loop, mask, 6, 0.45)
    wrap = tailor.piece(loop, tailor.accent, 0.55)
    for start, end in ((1.76, 2.02), (1.84, 2.18), (1.94, 2.34)):
        tailor.seam([(-0.74, start + 0.06), (-0.1, end), (0.74, start)], wrap, 5, 0.28)


def hoodie(tailor: Tailor) -> None:
    mask = tailor.body([(0.72, 1.87), (0.46, 2.08), (0.0, 2.24)], tailor.main)
    for side in (-1, 1):
        hood = through(_HOOD, 60, closed=True) * (side, 1)
        tailor.shadow(hood, mask, 5, 0.5)
        tailor.piece(hood, tailor.lighter(tailor.main))
        tailor.cord([(side * 0.17, 2.36), (side * 0.20, 2.62), (side * 0.16, 2.9)], 3.0, tailor.inner)


def hanbok(tailor: Tailor) -> None:
    """A jeogori: the right front lies over the left one, each with its collar band and a white strip along the neck."""
    colour = blend(tailor.main, tailor.inner, 0.45)
    mask = tailor.body([(0.72, 1.87), (0.42, 2.14), (0.0, 2.46)], colour)
    _band(tailor, [(-0.66, 1.80), (-0.34, 2.18), (0.20, 2.72)], -1)
    front = [(0.72, 1.86), (0.38, 2.20), (-0.10, 2.62), (-0.42, 3.4), (1.2, 3.4), (1.2, 2.3), (0.9, 2.0)]
    tailor.piece(np.array(front), colour, within=mask)
    _band(tailor, [(0.66, 1.80), (0.34, 2.18), (-0.14, 2.66), (-0.44, 3.3)], 1)


def _band(tailor: Tailor, edge: list[tuple[float, float]], side: int) -> None:
    line = through(edge, 30)
    outward = np.array([side * 0.15, 0.04])
    tailor.piece(np.concatenate([line, (line + outward)[::-1]]), tailor.accent, 0.35)
    tailor.piece(np.concatenate([line, (line + outward * 0.45)[::-1]]), rgb("f8f5ef"), 0.2)


def _shirt(tailor: Tailor, colour: Array) -> Mask:
    mask = tailor.body([(0.72, 1.87), (0.42, 1.98), (0.0, 2.26)], colour)
    tailor.seam([(0.0, 2.26), (0.0, 3.2)], mask, 1.6, 0.22)
    return mask


def _collar(tailor: Tailor, colour: Array) -> None:
    for side in (-1, 1):
        mask = tailor.piece(_COLLAR * (side, 1), colour, 0.28)
        tailor.seam([(side * 0.40, 2.41), (side * 0.05, 2.26)], mask, 1.4, 0.25)


def _jacket(tailor: Tailor, colour: Array, low: float) -> None:
    """Open down to `low`, with lapels."""
    mask = tailor.body([(0.72, 1.87), (0.46, 2.28), (0.05, low)], colour)
    lapel = [(0.66, 1.84), (0.82, 1.96), (0.90, 2.30), (0.72, 2.34), (0.76, 2.44), (0.06, low + 0.06), (0.42, 2.30)]
    for side in (-1, 1):
        outline = np.array(lapel) * (side, 1)
        tailor.shadow(outline, mask, 4, 0.45)
        piece = tailor.piece(outline, tailor.lighter(colour), 0.40)
        tailor.seam([(side * 0.90, 2.30), (side * 0.72, 2.34), (side * 0.76, 2.44)], piece, 1.6, 0.6)


WARDROBE: dict[str, Callable[[Tailor], None]] = {
    "suit": suit,
    "blazer": blazer,
    "lab-coat": lab_coat,
    "sweater": sweater,
    "shirt-sweater": shirt_sweater,
    "turtleneck": turtleneck,
    "blouse": blouse,
    "scarf": scarf,
    "hoodie": hoodie,
    "hanbok": hanbok,
}
