"""Where the report's pictures have their bars and marks. The page draws them as SVG: fewer lines than a library's call
and one file for it, sharp at every size, in the page's own colours by day and night, with a text for who cannot see it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

WIDTH, HEIGHT = 640, 220
BASE, SIDE = HEIGHT - 32, 14  # of the axis; on the left and right
_TOP = 34
_MOST_BARS = 40

Range = tuple[float, float]


class Bar(NamedTuple):
    """`middle` in percent, the others as they are drawn."""

    middle: float
    x: float
    y: float
    width: float
    height: float


def occupied(histogram: Sequence[int], marks: Sequence[float] = ()) -> Range:
    """Percent from … to that a histogram over 0…100 % and its marks need, in whole fives."""
    width = 100 / len(histogram)
    filled = [index for index, count in enumerate(histogram) if count]
    ends = [*marks, *([filled[0] * width, (filled[-1] + 1) * width] if filled else [])]
    low, high = min(ends, default=0), max(ends, default=100)
    below, above = low // 5 * 5, -(-high // 5) * 5
    return (below, above) if above > below else (max(0.0, below - 5), min(100.0, above + 5))


def bars(counts: Sequence[int], scope: Range) -> list[Bar]:
    """Of `counts`, evenly over 0…100 %, those within `scope` (percent); as many to a bar as make them wide enough."""
    low, high = scope
    width = 100 / len(counts)
    merge = max(1, -(-int((high - low) / width) // _MOST_BARS))
    starts = range(round(low / width), round(high / width), merge)
    heights = [sum(counts[start : start + merge]) for start in starts]
    tallest = max(heights, default=0) or 1
    drawn = []
    for left, count in zip((start * width for start in starts), heights, strict=True):
        if count:
            start, end = x(left, scope), x(min(high, left + merge * width), scope)
            # A single pair among millions shall still be seen.
            tall = max(2.0, (BASE - _TOP) * count / tallest)
            wide = max(1.0, end - start - 1.5)
            drawn.append(Bar(left + merge * width / 2, start + 0.75, BASE - tall, wide, tall))
    return drawn


def ticks(scope: Range) -> list[tuple[int, str]]:
    """Percents on the axis, and how their text is anchored, so that none is cut off at the edge."""
    step = next(step for step in (5, 10, 20) if (scope[1] - scope[0]) / step <= 6)
    first = int(-(-scope[0] // step) * step)
    anchors = {scope[0]: "start", scope[1]: "end"}
    return [(tick, anchors.get(tick, "middle")) for tick in range(first, int(scope[1]) + 1, step)]


def x(percent: float, scope: Range) -> float:
    """Where a percentage lies across a picture as wide as `scope`."""
    low, high = scope
    inside = min(max(percent, low), high)
    return SIDE + (inside - low) / (high - low) * (WIDTH - 2 * SIDE)
