"""Where strands run: sheets of them between guide lines, and heaps of curls."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from export.demo.canvas import Array
from export.demo.curves import along, along_each, mirrored
from export.demo.traits import Dice

_SAMPLES = 19


@dataclass(frozen=True)
class Sheet:
    """Strands between guide lines [guides, knots, 2] in face units, from the one at the back to the one in front."""

    guides: Array
    count: int = 420
    width: float = 1.6
    # How unruly: sideways wandering, a wave's height, and by how much of their length strands differ.
    wander: float = 0.012
    wave: float = 0.0
    ragged: float = 0.10
    # How much strands gather into pointed locks; how much darker the whole lies; how much it is padded underneath.
    clump: float = 0.5
    dim: float = 0.0
    under: float = 4.0

    def flipped(self) -> Sheet:
        return replace(self, guides=mirrored(self.guides))

    def lines(self, dice: Dice) -> Array:
        """The strands' points [count, samples, 2] in face units."""
        last = len(self.guides) - 1
        spread = np.sort(dice.many(0, last, self.count) + dice.many(-0.12, 0.12, self.count)).clip(0, last)
        length = 1 - self.ragged * dice.many(0, 1, self.count) ** 1.5
        # Samples fall elsewhere on each strand, so that steps in tone do not line up across the hair.
        part = np.linspace(0, 1, _SAMPLES) ** dice.many(0.85, 1.15, self.count, 1)
        places = part * length[:, None] * (self.guides.shape[1] - 1)
        points = along_each(along(self.guides, spread), places)
        grow = part[..., None]
        points = points + (_lock_middles(points, 14) - points) * self.clump * grow**2.5
        points = points + dice.many(-1, 1, self.count, 1, 2) * self.wander * (0.35 + grow)
        if self.wave:
            # Neighbours wave together, in locks.
            phase = np.round(spread * 2.6)[:, None] * 1.7 + dice.many(0, 0.7, self.count, 1) + part * 11.0
            points[..., 0] += self.wave * np.sin(phase) * np.clip(part * 1.8 - 0.15, 0, 1)
        return points


@dataclass(frozen=True)
class Curls:
    """Small arcs between an inner and an outer line [knots, 2] in face units, the outermost behind."""

    inner: Array
    outer: Array
    count: int
    radius: float
    width: float = 1.6
    dim: float = 0.0
    under: float = 6.0

    def flipped(self) -> Curls:
        return replace(self, inner=mirrored(self.inner), outer=mirrored(self.outer))

    def lines(self, dice: Dice) -> Array:
        """The curls' points [count, samples, 2] in face units."""
        round_ = dice.many(0, len(self.inner) - 1, self.count)
        outward = np.sort(dice.many(0, 1, self.count) ** 0.8)[::-1]
        start, end = along(self.inner, round_), along(self.outer, round_)
        middle = start + (end - start) * outward[:, None]
        turn = dice.many(0, 2 * np.pi, self.count, 1) + np.linspace(0, 5.0, _SAMPLES) * dice.many(
            0.8, 1.2, self.count, 1
        )
        radius = self.radius * dice.many(0.6, 1.25, self.count, 1) * np.linspace(1.0, 0.55, _SAMPLES)
        return middle[:, None] + np.stack([radius * np.cos(turn), radius * np.sin(turn)], axis=-1)


def _lock_middles(points: Array, size: int) -> Array:
    """For each strand the middle of the lock it belongs to."""
    edges = np.arange(0, len(points), size)
    counts = np.diff(np.append(edges, len(points)))
    return np.repeat(np.add.reduceat(points, edges, axis=0) / counts[:, None, None], counts, axis=0)
