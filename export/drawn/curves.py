"""Smooth lines through a few points."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from export.drawn.canvas import Array


def through(points: Sequence[tuple[float, float]] | Array, samples: int = 32, closed: bool = False) -> Array:
    """A Catmull-Rom curve through the given points, as [samples, 2]."""
    knots = np.asarray(points, np.float64)
    count = len(knots)
    place = np.linspace(0, count if closed else count - 1, samples, endpoint=not closed)
    return along(knots, place, closed)


def along(knots: Array, place: Array, closed: bool = False) -> Array:
    """The curve's points at the given places, 0 being the first knot and 1 the second: [len(place), …]."""
    count = len(knots)
    first = np.floor(place).astype(int)
    if not closed:
        first = np.clip(first, 0, count - 2)
    step = (place - first).reshape(-1, *([1] * (knots.ndim - 1)))
    before, start, end, after = (_knot(knots, first + offset, closed) for offset in (-1, 0, 1, 2))
    return _spline(before, start, end, after, step)


def along_each(lines: Array, places: Array) -> Array:
    """The same for many lines [count, knots, 2] at once, each at its own places [count, samples]."""
    last = lines.shape[1] - 1
    first = np.clip(np.floor(places).astype(int), 0, last - 1)
    step = (places - first)[..., None]
    # One knot more at each end, where the line goes on straight.
    ends = np.concatenate([2 * lines[:, :1] - lines[:, 1:2], lines, 2 * lines[:, -1:] - lines[:, -2:-1]], axis=1)
    before, start, end, after = (np.take_along_axis(ends, (first + at)[..., None], axis=1) for at in range(4))
    return _spline(before, start, end, after, step)


def moved(points: Array, across: float = 0.0, down: float = 0.0) -> Array:
    """The same elsewhere."""
    return np.asarray(points + np.array([across, down]))


def mirrored(points: Array) -> Array:
    """The same on the other side of the face."""
    return np.asarray(points * (-1, 1))


def _spline(before: Array, start: Array, end: Array, after: Array, step: Array) -> Array:
    return 0.5 * (
        2 * start
        + (end - before) * step
        + (2 * before - 5 * start + 4 * end - after) * step**2
        + (3 * start - before - 3 * end + after) * step**3
    )


def _knot(knots: Array, index: Array, closed: bool) -> Array:
    count = len(knots)
    if closed:
        return np.asarray(knots[index % count])
    # Beyond the ends the line goes on straight, so that it does not flatten there.
    inside = knots[np.clip(index, 0, count - 1)]
    past = (index - np.clip(index, 0, count - 1)).reshape(-1, *([1] * (knots.ndim - 1)))
    slope_first, slope_last = knots[min(1, count - 1)] - knots[0], knots[-1] - knots[max(count - 2, 0)]
    return np.asarray(inside + np.where(past < 0, slope_first, slope_last) * past)
