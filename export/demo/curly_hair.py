"""Curly, permed and closely cropped hair: heaps of arcs instead of sheets of strands."""

from __future__ import annotations

import numpy as np

from export.demo.canvas import Array
from export.demo.strands import Curls, Sheet
from export.demo.style import CROWN, HAIRLINE, Style, Tress, between, whole
from export.demo.traits import Dice

# Down to the ear lobe on the one line, so that hair may frame the face; and closed round the head behind it.
_LOW_INNER = np.concatenate([HAIRLINE, [(0.99, 0.36)]])
_LOW_OUTER = np.concatenate([CROWN, [(1.08, 0.40)]])


def buzz(dice: Dice) -> Style:
    return Style(front=_heap(whole(HAIRLINE[:6]), whole(CROWN[:6]) * (0.955, 0.93), 1500, 0.020, 1.2, 5.0))


def curly(dice: Dice) -> Style:
    size = dice.between(1.02, 1.08)
    return Style(front=_heap(whole(HAIRLINE[:6]) * (1, 0.97), whole(CROWN[:6]) * (size, size), 620, 0.075, 1.7, 7.0))


def afro(dice: Dice) -> Style:
    size = dice.between(1.16, 1.24)
    inner, outer = whole(_LOW_INNER) * (1, 0.96), whole(_LOW_OUTER) * (size * 1.04, size * 0.97)
    behind = Curls(inner * 0.7, outer, 500, 0.06, 1.5, 0.14, 14.0)
    return Style([behind], _heap(inner, outer, 1150, 0.050, 1.5, 8.0), ears_hidden=True)


def perm(dice: Dice) -> Style:
    size = dice.between(1.07, 1.13)
    inner, outer = whole(_LOW_INNER) * (1, 0.94), whole(_LOW_OUTER) * (size, size * 0.99)
    behind = Curls(inner * 0.7, outer, 300, 0.08, 1.8, 0.14, 14.0)
    return Style([behind], _heap(inner, outer, 620, 0.085, 1.8, 8.0), ears_hidden=True)


def long_curly(dice: Dice) -> Style:
    low = dice.between(1.3, 1.7)
    inner = np.concatenate([HAIRLINE, [(0.94, 0.5), (0.86, 0.9), (0.80, low - 0.1)]]) * (1, 0.97)
    outer = np.concatenate([CROWN * (1.10, 1.02), [(1.24, 0.5), (1.30, 0.9), (1.22, low)]])
    behind = Curls(whole(inner) * (0.4, 1), whole(outer), 560, 0.085, 1.8, 0.16, 16.0)
    return Style([behind], _heap(whole(inner), whole(outer), 950, 0.080, 1.8, 8.0), ears_hidden=True)


def _heap(
    inner: Array,
    outer: Array,
    count: int,
    radius: float,
    width: float,
    under: float,
) -> list[Tress]:
    # Below the curls a dark mass, through which no skin is seen.
    lines = between(inner * (1.0, 1.02), outer * 0.94, 15)
    mass = Sheet(lines, 330, 3.5, wander=0.02, ragged=0.0, clump=0.0, dim=0.20, under=14.0)
    return [mass, Curls(inner, outer, count, radius, width, 0.0, under)]
