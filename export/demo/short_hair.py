"""Short hairstyles, as guide lines in face units."""

from __future__ import annotations

import numpy as np

from export.demo.strands import Sheet
from export.demo.style import CROWN, HAIRLINE, Style, between, both, cap, guides, sides, whole
from export.demo.traits import Dice


def side_part(dice: Dice) -> Style:
    lift = dice.between(0.0, 0.10)
    sweep = guides(
        [(0.42, -1.65), (-0.12, -1.74 - lift), (-0.72, -1.48 - lift), (-1.07, -0.98), (-1.08, -0.50)],
        [(0.42, -1.38), (-0.10, -1.56 - lift), (-0.66, -1.30 - lift), (-1.02, -0.82), (-1.03, -0.46)],
        [(0.44, -1.16), (0.02, -1.34 - lift), (-0.52, -1.18 - lift), (-0.90, -0.76), (-0.95, -0.44)],
        [(0.46, -1.00), (0.14, -1.16), (-0.30, -1.10), (-0.70, -0.84), (-0.88, -0.52)],
    )
    short = guides(
        [(0.30, -1.68), (0.72, -1.48), (1.00, -1.06), (1.09, -0.60)],
        [(0.36, -1.24), (0.64, -1.14), (0.88, -0.84), (0.98, -0.50)],
        [(0.42, -1.02), (0.60, -0.96), (0.78, -0.78), (0.90, -0.46)],
    )
    return Style(front=[cap(), *sides(), Sheet(short, 260), Sheet(sweep, 500)]).on_either_side(dice)


def swept_back(dice: Dice) -> Style:
    rise = dice.between(0.0, 0.10)
    back = between(whole(HAIRLINE[:6]), whole(CROWN[:6]) - (0, rise), 15)
    return Style(front=[cap(rise), *sides(), Sheet(back, 600, ragged=0.06)])


def crop(dice: Dice) -> Style:
    """Brushed up from the forehead and to one side."""
    rise, lean = dice.between(0.0, 0.14), dice.between(0.04, 0.14)
    rim = whole(CROWN[:5])
    rim = rim - np.stack([np.zeros(len(rim)), rise * np.cos(rim[:, 0] * 1.3)], axis=1) + (lean, 0)
    top = Sheet(between(whole(HAIRLINE[:5]), rim, 13), 520, wander=0.035, ragged=0.35, clump=0.75)
    return Style(front=[cap(rise * 0.6), *sides(), top]).on_either_side(dice)


def two_block(dice: Dice) -> Style:
    """A full fringe over short sides."""
    low, lean = dice.between(-0.58, -0.44), dice.between(0.06, 0.16)
    lines = [
        [
            (0.20 + x * 0.30, -1.36),
            (0.10 + x * 0.80, -1.69 + 0.30 * x * x),
            (x * 1.12, -1.34 + 0.32 * x * x),
            (x * 1.06, -0.98 + 0.10 * x * x),
            (x * 0.97 - lean * (1 - x * x), low + 0.26 * x * x),
        ]
        for x in np.linspace(-0.90, 0.90, 11)
    ]
    fringe = Sheet(guides(*lines), 600, ragged=0.16, wander=0.015, clump=0.6)
    return Style(front=[cap(size=0.90), *sides(0.04), fringe]).on_either_side(dice)


def curtain(dice: Dice) -> Style:
    """Parted in the middle, falling to both sides of the forehead."""
    low = dice.between(-0.34, -0.10)
    half = guides(
        [(-0.04, -1.68), (0.55, -1.64), (1.02, -1.18), (1.12, -0.62), (1.08, low)],
        [(0.00, -1.40), (0.46, -1.46), (0.90, -1.06), (1.02, -0.60), (1.00, low)],
        [(0.01, -1.18), (0.36, -1.26), (0.74, -0.96), (0.90, -0.60), (0.93, low - 0.04)],
        [(0.02, -1.04), (0.26, -1.10), (0.56, -0.86), (0.76, -0.58), (0.86, low - 0.14)],
    )
    return Style(front=[cap(), *sides(), *both(Sheet(half, 380, wave=0.02))])


def receding(dice: Dice) -> Style:
    """High temples, what is left combed back."""
    high = dice.between(1.20, 1.36)
    line = np.array([(0, -high), (0.22, -high - 0.02), (0.46, -1.36), (0.70, -1.16), (0.84, -0.78), (0.92, -0.34)])
    back = between(whole(line), whole(CROWN[:6]) * (1.0, 0.97), 15, 1.02)
    return Style(front=[*sides(), Sheet(back, 420, ragged=0.10, wander=0.02)])


def horseshoe(dice: Dice) -> Style:
    """Bald above, a wreath at the sides."""
    wreath = guides(
        [(0.90, -0.86), (1.02, -0.60), (1.06, -0.36), (1.06, -0.18)],
        [(0.90, -0.76), (0.99, -0.50), (1.02, -0.24), (1.02, -0.06)],
        [(0.90, -0.62), (0.94, -0.40), (0.965, -0.14), (0.965, 0.12)],
    )
    return Style(front=both(Sheet(wreath, 200, width=1.2, wander=0.02, ragged=0.3, under=3.0)))


def bald(dice: Dice) -> Style:
    return Style()


def pixie(dice: Dice) -> Style:
    low = dice.between(-0.48, -0.36)
    sweep = guides(
        [(0.48, -1.62), (-0.10, -1.76), (-0.74, -1.48), (-1.12, -0.90), (-1.10, -0.20), (-1.00, 0.14)],
        [(0.50, -1.36), (-0.04, -1.52), (-0.66, -1.28), (-1.02, -0.76), (-1.03, -0.20), (-0.97, 0.16)],
        [(0.52, -1.14), (0.10, -1.28), (-0.46, -1.08), (-0.82, -0.72), (-0.94, -0.28), (-0.93, 0.10)],
        [(0.56, -1.00), (0.30, -1.06), (-0.10, -0.92), (-0.46, -0.66), (-0.66, low), (-0.74, low + 0.16)],
    )
    short = guides(
        [(0.38, -1.66), (0.82, -1.40), (1.10, -0.90), (1.10, -0.20), (1.00, 0.20)],
        [(0.46, -1.16), (0.74, -1.06), (0.96, -0.70), (1.00, -0.20), (0.95, 0.16)],
        [(0.54, -1.00), (0.70, -0.92), (0.86, -0.62), (0.93, -0.24), (0.92, 0.06)],
    )
    front = [cap(), Sheet(short, 330, ragged=0.2), Sheet(sweep, 520, ragged=0.2)]
    return Style(front=front).on_either_side(dice)
