"""Lips, closed or smiling over the upper teeth."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from export.demo.canvas import Array
from export.demo.curves import moved, through
from export.demo.easel import Easel
from export.demo.face import Face
from export.demo.palette import LIPSTICKS, blend, rgb

# Lips stand out a little from the face.
_DEPTH = 0.06


@dataclass(frozen=True)
class _Lines:
    """From the left corner to the right one, in face units: both lips' edges, outer and inner."""

    bow: Array
    top: Array
    low: Array
    pout: Array


def paint_mouth(easel: Easel) -> None:
    lines = _lines(easel.face)
    _paint_lips(easel, lines, _red(easel))
    if easel.face.teeth:
        _paint_teeth(easel, lines)
    _paint_seam(easel, lines)


def _lines(face: Face) -> _Lines:
    wide, y, upper, lower = face.mouth_width, face.mouth_y, face.upper_lip, face.lower_lip
    lift, gap = 0.13 * face.smile - 0.012, 0.085 * face.teeth

    def line(*half: tuple[float, float]) -> Array:
        """Through the corner and the given points of the left half, mirrored on the right; one corner is higher."""
        left = [(-wide, y - lift), *[(-wide * x, y + down) for x, down in half]]
        points = np.array([*left, *[(-x, down) for x, down in reversed(left) if x]])
        points[:, 1] -= 0.07 * face.smirk * points[:, 0] * np.abs(points[:, 0]) / wide
        return through(points, 61)

    return _Lines(
        bow=line((0.55, -upper * 0.66 - lift * 0.25), (0.20, -upper), (0, -upper * (1 - 0.30 * face.bow))),
        top=line((0.50, 0.005), (0, 0.012)),
        low=line((0.50, 0.010 + gap * 0.85), (0, 0.014 + gap * 1.15)),
        pout=line((0.55, gap + lower * 0.74), (0, gap + lower * 1.06)),
    )


def _red(easel: Easel) -> Array:
    if easel.look.male:
        return blend(easel.blood, easel.skin[2], 0.42)
    stick = LIPSTICKS[easel.look.seed % len(LIPSTICKS)]
    return blend(easel.blood, rgb(stick), 0.55) if stick else easel.blood


def _paint_lips(easel: Easel, lines: _Lines, red: Array) -> None:
    canvas, face, (deep, shade, _, light) = easel.canvas, easel.face, easel.skin
    canvas.glaze(easel.line(moved(lines.pout[12:-12], 0, 0.055), 6, 4.2, _DEPTH), shade, 0.42)
    upper = easel.shape(np.concatenate([lines.bow, lines.top[::-1]]), 0.9, _DEPTH)
    lower = easel.shape(np.concatenate([lines.low, lines.pout[::-1]]), 0.9, _DEPTH)
    canvas.paint(upper, blend(red, deep, 0.22), 0.82)
    canvas.paint(lower, red, 0.80)
    shine = moved(lines.pout[18:-18], 0, -face.lower_lip * 0.52)
    canvas.glow(easel.line(shine, 3.4, 2.4, _DEPTH).within(lower), light, 0.14 + 0.34 * face.sheen)
    canvas.glaze(easel.line(lines.pout[6:-6], 3, 2.0, _DEPTH).within(lower), shade, 0.40)
    canvas.glow(easel.line(moved(lines.bow[14:-14], 0, -0.02), 1.6, 1.3, _DEPTH), light, 0.28)


def _paint_teeth(easel: Easel, lines: _Lines) -> None:
    canvas, face = easel.canvas, easel.face
    inside = easel.shape(np.concatenate([lines.top, lines.low[::-1]]), 0.5, _DEPTH)
    canvas.paint(inside, rgb("f4eee6"))
    canvas.glaze(easel.line(lines.top, 4, 1.8, _DEPTH).within(inside), rgb("8a6a66"), 0.55)
    for side in (-1, 1):
        x, y = (
            side * face.mouth_width * 0.86,
            face.mouth_y - 0.066 * face.smile - 0.05 * side * face.smirk * face.mouth_width,
        )
        corner = easel.spot(x, y, face.mouth_width * 0.24, 0.065, 3, _DEPTH)
        canvas.glaze(corner.within(inside), rgb("7a4a46"), 0.7)
    canvas.paint(easel.line(lines.low, 1.4, 0.7, _DEPTH), blend(easel.skin[0], easel.blood, 0.4), 0.6)


def _paint_seam(easel: Easel, lines: _Lines) -> None:
    canvas, face, (deep, shade, _, _) = easel.canvas, easel.face, easel.skin
    taper = 2.3 * np.sin(np.linspace(0.18, np.pi - 0.18, len(lines.top))) ** 0.5
    canvas.paint(easel.line(lines.top, taper, 0.6, _DEPTH), blend(deep, rgb("2a0f10"), 0.35), 0.78)
    for side, (x, y) in ((-1, lines.top[0].tolist()), (1, lines.top[-1].tolist())):
        canvas.glaze(easel.spot(x + side * 0.012, y, 0.033, 0.028, 1.8, _DEPTH), shade, 0.62)
    philtrum = through([(0.0, face.nose_tip + 0.19), (0.0, face.mouth_y - face.upper_lip - 0.03)], 10)
    canvas.glaze(easel.line(philtrum, 5, 2.6, _DEPTH), shade, 0.22)
