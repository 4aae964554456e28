"""What a hairstyle is made of, and the lines on the head that all of them share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from export.demo.canvas import Array
from export.demo.curves import along, mirrored, through
from export.demo.strands import Curls, Sheet
from export.demo.traits import Dice

Tress = Sheet | Curls

# From the middle of the forehead round to the ear: where hair begins, and where it ends against the wall.
HAIRLINE = np.array(
    [(0.0, -1.02), (0.30, -1.02), (0.56, -0.95), (0.76, -0.74), (0.87, -0.44), (0.94, -0.12), (0.96, 0.14)]
)
CROWN = np.array(
    [(0.0, -1.70), (0.40, -1.64), (0.76, -1.42), (1.00, -1.04), (1.09, -0.56), (1.09, -0.14), (1.05, 0.12)]
)


@dataclass(frozen=True)
class Style:
    behind: Sequence[Tress] = ()
    front: Sequence[Tress] = ()
    ears_hidden: bool = False

    def on_either_side(self, dice: Dice) -> Style:
        """A parting may be on the left or on the right."""
        if dice.between(0, 1) < 0.5:
            return self
        return Style([t.flipped() for t in self.behind], [t.flipped() for t in self.front], self.ears_hidden)


def guides(*lines: Sequence[tuple[float, float]], knots: int = 8) -> Array:
    return np.stack([through(line, knots) for line in lines])


def both(tress: Tress) -> list[Tress]:
    return [tress, tress.flipped()]


def whole(half: Array) -> Array:
    """A line round the head from its right half."""
    return np.concatenate([mirrored(half[:0:-1]), half])


def between(inner: Array, outer: Array, count: int, bulge: float = 1.03) -> Array:
    """Guides that run outwards from one line round the head to another."""
    places = np.linspace(0, len(inner) - 1, count)
    start, end = along(inner, places), along(outer, places)
    middle = 0.5 * (start + end) * (bulge, 1.02)
    return np.stack([through(np.stack(three), 8) for three in zip(start, middle, end, strict=True)])


def cap(rise: float = 0.0, size: float = 0.975) -> Sheet:
    """The dark back of the head, seen wherever the front leaves a gap."""
    rim = whole(CROWN[:5])
    lines = between(rim * (0.80, 0.74), rim * size - (0, rise), 15)
    return Sheet(lines, count=260, width=2.4, wander=0.0, ragged=0.0, clump=0.0, dim=0.14)


def sides(low: float = 0.10) -> list[Tress]:
    """Short hair over the temples, cut round the ear, with a sideburn before it."""
    return both(
        Sheet(
            guides(
                [(1.00, -1.10), (1.10, -0.72), (1.11, -0.46), (1.08, -0.22)],
                [(0.94, -1.06), (1.03, -0.66), (1.05, -0.38), (1.03, -0.12)],
                [(0.87, -0.98), (0.96, -0.58), (1.00, -0.30), (0.995, low - 0.13)],
                [(0.79, -0.88), (0.90, -0.50), (0.955, -0.20), (0.965, low)],
            ),
            count=230,
            width=1.3,
            ragged=0.30,
            clump=0.2,
            dim=0.05,
            under=3.0,
        )
    )
