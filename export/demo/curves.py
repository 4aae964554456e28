"""Smooth lines through a few points."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from export.demo.canvas import Array


def through(points: Sequence[tuple[float, float]] | Array, samples: int = 32, closed: bool = False) -> Array:
    """A Catmull-Rom curve through the given points, as [samples, 2]."""
    knots = np.asarray(points, np.float64)
    count = len(knots)
    return along(knots, np.linspace(0, count if closed else count - 1, samples, endpoint=not closed), closed)


def along(knots: Array, places: Array, closed: bool = False) -> Array:
    """The curve through [knots, …] at the given places, 0 being the first knot and 1 the second: [places, …]."""
    if closed:
        ends, last = np.concatenate([knots[-1:], knots, knots[:2]]), len(knots)
    else:
        ends, last = _extended(knots), len(knots) - 1
    first = np.clip(np.floor(places).astype(int), 0, last - 1)
    step = (places - first).reshape(-1, *([1] * (knots.ndim - 1)))
    return _spline([ends[first + at] for at in range(4)], step)


def along_each(lines: Array, places: Array) -> Array:
    """The same for many open lines [count, knots, 2] at once, each at its own places [count, samples]."""
    first = np.clip(np.floor(places).astype(int), 0, lines.shape[1] - 2)
    ends = _extended(lines.swapaxes(0, 1)).swapaxes(0, 1)
    corners = [np.take_along_axis(ends, (first + at)[..., None], axis=1) for at in range(4)]
    return _spline(corners, (places - first)[..., None])


def moved(points: Array, across: float = 0.0, down: float = 0.0) -> Array:
    """The same elsewhere."""
    return np.asarray(points + np.array([across, down]))


def mirrored(points: Array) -> Array:
    """The same on the other side of the face."""
    return np.asarray(points * (-1, 1))


def _extended(knots: Array) -> Array:
    """One knot more at each end, where the line goes on straight."""
    return np.concatenate([2 * knots[:1] - knots[1:2], knots, 2 * knots[-1:] - knots[-2:-1]])


def _spline(corners: Sequence[Array], step: Array) -> Array:
    """Catmull and Rom's cubic between the second and the third of four corners, at `step` 0…1."""
    before, start, end, after = corners
    return 0.5 * (
        2 * start
        + (end - before) * step
        + (2 * before - 5 * start + 4 * end - after) * step**2
        + (3 * start - before - 3 * end + after) * step**3
    )
