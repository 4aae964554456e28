"""Long and gathered hairstyles, as guide lines in face units."""

from __future__ import annotations

import numpy as np

from export.demo.canvas import Array
from export.demo.short_hair import swept_back
from export.demo.strands import Sheet
from export.demo.style import Style, Tress, both, cap, guides
from export.demo.traits import Dice


def long_straight(dice: Dice) -> Style:
    return _long(dice, low=dice.between(2.2, 2.7), part=dice.between(0.0, 0.2), wave=0.0)


def long_wavy(dice: Dice) -> Style:
    return _long(dice, low=dice.between(1.9, 2.4), part=dice.between(0.0, 0.25), wave=dice.between(0.045, 0.075))


def long_bangs(dice: Dice) -> Style:
    style = _long(dice, low=dice.between(1.9, 2.5), part=0.0, wave=dice.between(0.0, 0.03))
    return Style(style.behind, [*style.front, *_fringe(dice)], ears_hidden=True)


def shoulder(dice: Dice) -> Style:
    return _long(dice, low=dice.between(1.45, 1.75), part=dice.between(0.1, 0.35), wave=dice.between(0.01, 0.045))


def bob(dice: Dice) -> Style:
    low = dice.between(0.95, 1.30)
    behind = guides(
        [(-0.30, -1.60), (-1.10, -0.90), (-1.20, 0.1), (-1.06, low)],
        [(0.0, -1.60), (0.0, -0.60), (0.0, 0.4), (0.0, low)],
        [(0.30, -1.60), (1.10, -0.90), (1.20, 0.1), (1.06, low)],
    )
    half = guides(
        [(-0.03, -1.71), (0.64, -1.66), (1.15, -1.08), (1.25, -0.1), (1.19, low - 0.15), (0.98, low)],
        [(-0.01, -1.46), (0.52, -1.46), (1.00, -1.00), (1.14, -0.1), (1.10, low - 0.15), (0.90, low + 0.03)],
        [(0.01, -1.22), (0.42, -1.26), (0.85, -0.92), (1.03, -0.14), (1.01, low - 0.2), (0.84, low + 0.03)],
        [(0.02, -1.06), (0.32, -1.08), (0.72, -0.80), (0.94, -0.16), (0.94, low - 0.25), (0.80, low)],
    )
    front = [cap(), *both(Sheet(half, 440, ragged=0.05))]
    return Style([Sheet(behind, 320, width=2.2, dim=0.18, under=12)], front, ears_hidden=True)


def bob_bangs(dice: Dice) -> Style:
    style = bob(dice)
    return Style(style.behind, [*style.front, *_fringe(dice)], ears_hidden=True)


def bun(dice: Dice) -> Style:
    """Drawn back tightly, with a knot on top."""
    top = dice.between(-1.84, -1.74)
    around = np.linspace(0, 2 * np.pi, 12) + 0.6
    rings = [
        [(radius * np.cos(angle), top + 0.80 * radius * np.sin(angle)) for angle in around]
        for radius in (0.36, 0.26, 0.15, 0.05)
    ]
    knot = Sheet(guides(*rings, knots=18), 260, width=2.4, clump=0.0, under=9.0)
    return Style([knot], swept_back(dice).front)


def low_tail(dice: Dice) -> Style:
    """Parted at the side, gathered at the nape, the tail over one shoulder."""
    tail = guides(
        [(0.70, 0.7), (1.02, 1.2), (1.05, 1.9), (0.86, 2.7)],
        [(0.66, 0.8), (0.86, 1.3), (0.88, 1.9), (0.74, 2.8)],
        [(0.60, 0.9), (0.70, 1.4), (0.70, 2.0), (0.62, 2.7)],
    )
    right = guides(
        [(0.18, -1.69), (0.78, -1.50), (1.08, -0.96), (1.10, -0.30), (0.98, 0.20)],
        [(0.24, -1.34), (0.66, -1.28), (0.98, -0.82), (1.04, -0.30), (0.98, 0.12)],
        [(0.28, -1.02), (0.54, -1.00), (0.82, -0.72), (0.94, -0.32), (0.98, 0.04)],
    )
    left = guides(
        [(0.32, -1.67), (-0.50, -1.68), (-1.04, -1.06), (-1.10, -0.32), (-0.98, 0.20)],
        [(0.30, -1.34), (-0.34, -1.42), (-0.90, -0.94), (-1.03, -0.32), (-0.98, 0.12)],
        [(0.30, -1.04), (-0.14, -1.12), (-0.70, -0.84), (-0.93, -0.34), (-0.98, 0.04)],
    )
    front = [cap(), Sheet(right, 300), Sheet(left, 380)]
    return Style([Sheet(tail, 260, width=2.0)], front).on_either_side(dice)


def _long(dice: Dice, low: float, part: float, wave: float) -> Style:
    behind = guides(
        [(-0.30, -1.60), (-1.00, -1.10), (-1.14, -0.30), (-1.16, 0.8), (-1.12, low)],
        [(-0.20, -1.60), (-0.60, -0.60), (-0.70, 0.4), (-0.70, 1.2), (-0.66, low)],
        [(0.20, -1.60), (0.60, -0.60), (0.70, 0.4), (0.70, 1.2), (0.66, low)],
        [(0.30, -1.60), (1.00, -1.10), (1.14, -0.30), (1.16, 0.8), (1.12, low)],
    )
    back = Sheet(behind, 420, width=2.2, dim=0.16, wave=wave, under=12)
    falls = [Sheet(_fall(part * side, low) * (side, 1), 460, wave=wave, clump=0.7) for side in (-1, 1)]
    return Style([back], [cap(), *falls], ears_hidden=True).on_either_side(dice)


def _fall(part: float, low: float) -> Array:
    """Hair from a parting at x = `part` down the right side of the face to `low`."""
    lines = [
        [
            (part - 0.03 + 0.2 * inward, top),
            (0.60 - inward + 0.45 * part, top + 0.04 - 0.2 * inward),
            (1.10 - 1.5 * inward + 0.1 * part, -1.14 + 1.2 * inward),
            (1.21 - 1.1 * inward, -0.22),
            (1.23 - 1.05 * inward, 0.85),
            (1.17 - 1.2 * inward, low),
        ]
        for inward, top in ((0.0, -1.70), (0.10, -1.47), (0.19, -1.24), (0.25, -1.05))
    ]
    return guides(*lines)


def _fringe(dice: Dice) -> list[Tress]:
    low = dice.between(-0.46, -0.37)
    lines = [
        [(x * 0.40, -1.67), (x * 0.84, -1.44), (x * 1.04, -0.92), (x * 0.98, low + 0.20 * abs(x) ** 3)]
        for x in np.linspace(-0.84, 0.84, 11)
    ]
    return [Sheet(guides(*lines), 460, ragged=0.10, clump=0.65)]
