"""An evaluation as one SVG picture: the ROC, and how the similarities of both kinds of pairs lie.

Without matplotlib: that would be some 50 lines fewer, for packages of 70 MB that nothing else here needs.
"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

import numpy as np

from export.evaluation.evaluate import Evaluation
from export.evaluation.judge import Array, Roc

_WIDTH, _HEIGHT, _SIDE, _TOP, _LEFT = 880, 430, 340, 60, 60
_RIGHT = _LEFT + _SIDE + 80
_LEAST = 1e-3  # the smallest rate of mistakes drawn
_BINS = 50
_STYLE = (
    "text{font:13px system-ui,sans-serif;fill:#222}.small{font-size:11px}.title{font-size:16px}"
    ".axis{stroke:#888;fill:none}.grid{stroke:#ddd}.curve{stroke:#0b6bcb;stroke-width:2;fill:none}"
    ".same{fill:#0b6bcb;fill-opacity:.55}.different{fill:#c2410c;fill-opacity:.45}.mark{stroke:#222;stroke-dasharray:4 3}"
)


def plot(evaluation: Evaluation) -> str:
    """The picture as text."""
    verification = evaluation.verification
    title = (
        f"{evaluation.model} ({evaluation.precision}): accuracy {verification.accuracy:.2%}, "
        f"equal error rate {verification.roc.equal_error_rate:.2%}"
    )
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" width="{_WIDTH}" height="{_HEIGHT}">',
        f"<style>{_STYLE}</style>",
        f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="#fff"/>',
        _text(_LEFT, 30, title, "title"),
        *_roc(verification.roc),
        *_similarities(verification.same, verification.different, verification.threshold),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _roc(roc: Roc) -> Iterable[str]:
    yield from _frame(_LEFT, "different people taken for one", "one person recognised")
    for rate in (1e-3, 1e-2, 1e-1, 1.0):
        x = _log(rate)
        yield f'<line class="grid" x1="{x:.1f}" y1="{_TOP}" x2="{x:.1f}" y2="{_TOP + _SIDE}"/>'
        yield _text(x, _TOP + _SIDE + 16, f"{rate:.1%}" if rate < 0.01 else f"{rate:.0%}", "small", "middle")
    # A step up where the threshold passes a pair of one person, a step right where it passes one of different people.
    points = [(_log(roc.false[0]), _share(roc.true[0]))]
    for false, true in zip(roc.false[1:], roc.true[1:], strict=True):
        points += [(_log(false), points[-1][1]), (_log(false), _share(true))]
    yield f'<polyline class="curve" points="{" ".join(f"{x:.1f},{y:.1f}" for x, y in points)}"/>'


def _similarities(same: Array, different: Array, threshold: float) -> Iterable[str]:
    yield from _frame(_RIGHT, "similarity", "share of pairs")
    edges = np.linspace(-1, 1, _BINS + 1)
    heights = {
        name: np.histogram(values, edges)[0] / len(values)
        for name, values in (("different", different), ("same", same))
    }
    tallest = max(float(height.max()) for height in heights.values())
    step = _SIDE / _BINS
    for name, height in heights.items():
        for index in np.flatnonzero(height).tolist():
            tall = height[index] / tallest * _SIDE
            x, y = _RIGHT + index * step, _TOP + _SIDE - tall
            yield f'<rect class="{name}" x="{x:.1f}" y="{y:.1f}" width="{step:.1f}" height="{tall:.1f}"/>'
    for value in (-1, -0.5, 0, 0.5, 1):
        yield _text(_RIGHT + (value + 1) / 2 * _SIDE, _TOP + _SIDE + 16, f"{value:g}", "small", "middle")
    mark = _RIGHT + (threshold + 1) / 2 * _SIDE
    yield f'<line class="mark" x1="{mark:.1f}" y1="{_TOP}" x2="{mark:.1f}" y2="{_TOP + _SIDE}"/>'
    yield _text(mark, _TOP - 6, f"threshold {threshold:.2f}", "small", "middle")
    for row, (name, words) in enumerate((("same", "one person"), ("different", "different people"))):
        y = _TOP + 12 + 18 * row
        yield f'<rect class="{name}" x="{_RIGHT + 8}" y="{y}" width="12" height="12"/>'
        yield _text(_RIGHT + 26, y + 11, words, "small")


def _frame(left: float, across: str, up: str) -> Iterable[str]:
    yield f'<rect class="axis" x="{left}" y="{_TOP}" width="{_SIDE}" height="{_SIDE}"/>'
    yield _text(left + _SIDE / 2, _TOP + _SIDE + 34, across, "small", "middle")
    x, y = left - 34, _TOP + _SIDE / 2
    yield f'<text class="small" text-anchor="middle" transform="translate({x},{y}) rotate(-90)">{escape(up)}</text>'


def _log(rate: float) -> float:
    return _LEFT + float(np.log10(max(rate, _LEAST) / _LEAST) / np.log10(1 / _LEAST)) * _SIDE


def _share(share: float) -> float:
    return _TOP + (1 - share) * _SIDE


def _text(x: float, y: float, words: str, kind: str, anchor: str = "start") -> str:
    return f'<text class="{kind}" x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(words)}</text>'
