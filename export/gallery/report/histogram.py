"""Histograms and spreads as inline SVG: no scripts, colours by CSS class, and a text of what is seen in each."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

WIDTH, HEIGHT = 640, 220
_TOP, _BOTTOM, _SIDE = 34, 32, 14
_MOST_BARS = 40

Range = tuple[float, float]


def occupied(histogram: Sequence[int], marks: Sequence[float] = ()) -> Range:
    """Percent from … to that a histogram over 0…100 % and its marks need, in whole fives."""
    width = 100 / len(histogram)
    filled = [index for index, count in enumerate(histogram) if count]
    ends = [*marks, *([filled[0] * width, (filled[-1] + 1) * width] if filled else [])]
    low, high = min(ends, default=0), max(ends, default=100)
    below, above = low // 5 * 5, -(-high // 5) * 5
    return (below, above) if above > below else (max(0.0, below - 5), min(100.0, above + 5))


def histogram(counts: Sequence[int], scope: Range, threshold: float, description: str) -> str:
    """Bars of `counts`, evenly over 0…100 %, within `scope` (percent); those from `threshold` (percent) on stand out."""
    low, high = scope
    width = 100 / len(counts)
    merge = max(1, -(-int((high - low) / width) // _MOST_BARS))
    bars = [
        (start * width, sum(counts[start : start + merge]))
        for start in range(round(low / width), round(high / width), merge)
    ]
    tallest = max((count for _, count in bars), default=0) or 1
    room = HEIGHT - _TOP - _BOTTOM
    drawn = []
    for left, count in bars:
        if count:
            x, right = _x(left, scope), _x(min(high, left + merge * width), scope)
            # A single pair among millions shall still be seen.
            tall = max(2.0, room * count / tallest)
            kind = "bar beyond" if left + merge * width / 2 >= threshold else "bar"
            drawn.append(
                f'<rect class="{kind}" x="{x + 0.75:.1f}" y="{HEIGHT - _BOTTOM - tall:.1f}" '
                f'width="{max(1, right - x - 1.5):.1f}" height="{tall:.1f}" rx="1.5"/>'
            )
    mark = _x(threshold, scope)
    anchor = "end" if mark > WIDTH / 2 else "start"
    shift = -8 if anchor == "end" else 8
    return (
        f'<svg class="histogram" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(description)}">'
        f"{''.join(drawn)}{_axis(scope)}"
        f'<line class="mark" x1="{mark:.1f}" x2="{mark:.1f}" y1="8" y2="{HEIGHT - _BOTTOM}"/>'
        f'<text class="mark-text" x="{mark + shift:.1f}" y="20" text-anchor="{anchor}">{threshold:.1f}%</text></svg>'
    )


def spread(percentiles: Sequence[float], scope: Range, threshold: float, description: str) -> str:
    """The 10th, 25th, 50th, 75th and 90th percentile (percent) as line, box and tick on a strip as wide as `scope`."""
    least, low, middle, high, most = (_x(value, scope) for value in percentiles)
    mark = _x(threshold, scope)
    return (
        f'<svg class="spread" viewBox="0 0 {WIDTH} 48" preserveAspectRatio="none" role="img" '
        f'aria-label="{escape(description)}">'
        f'<line class="track" x1="{_SIDE}" x2="{WIDTH - _SIDE}" y1="24" y2="24"/>'
        f'<line class="reach" x1="{least:.1f}" x2="{most:.1f}" y1="24" y2="24"/>'
        f'<rect class="bar" x="{low:.1f}" y="9" width="{max(2, high - low):.1f}" height="30" rx="4"/>'
        f'<line class="middle" x1="{middle:.1f}" x2="{middle:.1f}" y1="5" y2="43"/>'
        f'<line class="mark" x1="{mark:.1f}" x2="{mark:.1f}" y1="0" y2="48"/></svg>'
    )


def _axis(scope: Range) -> str:
    base = HEIGHT - _BOTTOM
    step = next(step for step in (5, 10, 20) if (scope[1] - scope[0]) / step <= 6)
    first = int(-(-scope[0] // step) * step)
    ticks = list(range(first, int(scope[1]) + 1, step))
    anchors = {scope[0]: "start", scope[1]: "end"}  # so that no label is cut off at the edge
    labels = (
        f'<text class="tick" x="{_x(tick, scope):.1f}" y="{HEIGHT - 6}" '
        f'text-anchor="{anchors.get(tick, "middle")}">{tick}%</text>'
        for tick in ticks
    )
    return f'<line class="track" x1="{_SIDE}" x2="{WIDTH - _SIDE}" y1="{base}" y2="{base}"/>{"".join(labels)}'


def _x(percent: float, scope: Range) -> float:
    low, high = scope
    inside = min(max(percent, low), high)
    return _SIDE + (inside - low) / (high - low) * (WIDTH - 2 * _SIDE)
