"""Neck, ears and the bare skin of the head."""

from __future__ import annotations

import numpy as np

from export.demo.canvas import COLUMNS, PIXELS, ROWS, Array, Mask, polygon, stroke
from export.demo.curves import mirrored, moved, through
from export.demo.easel import Easel
from export.demo.face import Face
from export.demo.palette import SKIN, blend, ramp, rgb
from export.demo.relief import light_on

_EAR = [(0.93, -0.16), (1.05, -0.24), (1.15, -0.12), (1.14, 0.16), (1.06, 0.42), (0.98, 0.52), (0.92, 0.42)]


def paint_neck(easel: Easel) -> None:
    """It goes straight down even when the head is turned or tilted."""
    canvas, face, (deep, shade, _, _) = easel.canvas, easel.face, easel.skin
    wide = 0.56 if easel.look.male else 0.45
    right = [(wide, 0.9), (wide - 0.02, 1.55), (wide + 0.05, 1.90), (wide + 0.30, 2.06), (1.1, 2.3), (1.1, 3.6)]
    outline = through([*right, *[(-x, y) for x, y in reversed(right)]], 120, closed=True)
    neck = polygon(face.upright(outline), 0.7)
    canvas.paint(neck, ramp(SKIN[easel.look.skin], _round(face)))
    jaw = moved(face.outline() * (0.98, 1.0), -0.12 * face.light, 0.24 - face.shoulders)
    canvas.glaze(polygon(face.upright(jaw), 9).within(neck), blend(shade, deep, 0.25), 0.85)
    for side in (-1, 1):
        tendon = through([(side * 0.42, 1.62), (side * 0.26, 2.0), (side * 0.10, 2.3)], 20)
        canvas.glaze(stroke(face.upright(tendon), 6, 4).within(neck), shade, 0.25)


def paint_ears(easel: Easel) -> None:
    canvas, (deep, shade, _, _) = easel.canvas, easel.skin
    right = moved(through(_EAR, 60, closed=True), easel.face.cheek - 1.0, 0.04)
    for side in (-1, 1):
        points = right if side > 0 else mirrored(right)
        middle = points.mean(axis=0)
        ear = easel.shape(points)
        canvas.paint(ear, _flat(easel, 0.56 if side == easel.lit else 0.40))
        canvas.glaze(ear, rgb("ff9c8a"), 0.22)
        hollow = moved((points - middle) * (0.50, 0.56) + middle, -side * 0.01, -0.02)
        canvas.glaze(easel.shape(hollow, 3).within(ear), shade, 0.55)
        canvas.glaze(easel.line((points[8:38] - middle) * (0.80, 0.84) + middle, 2.2, 1.2).within(ear), deep, 0.35)


def paint_earrings(easel: Easel) -> None:
    if easel.look.male or not easel.dice.chance(0.6):
        return
    colour = rgb(("f2eadb", "d8b257", "b9c3cc")[easel.dice.pick(3)])
    for side in (-1, 1):
        x = side * easel.face.cheek
        easel.canvas.glaze(easel.spot(x, 0.60, 0.040, 0.040, 1.6), rgb("5a3a34"), 0.5)
        easel.canvas.paint(easel.spot(x, 0.585, 0.034, 0.034, 0.5), colour)
        easel.canvas.glow(easel.spot(x + easel.lit * 0.010, 0.575, 0.012, 0.012, 0.6), rgb("ffffff"), 0.8)


def paint_head(easel: Easel) -> Mask:
    """Without features; returns what it covers."""
    face, canvas = easel.face, easel.canvas
    head = easel.shape(face.outline(), 0.5)
    canvas.paint(head, ramp(SKIN[easel.look.skin], light_on(face, easel.look.worn)))
    if easel.look.hair in ("bald", "horseshoe"):
        canvas.glow(easel.spot(easel.lit * 0.34, -1.12, 0.24, 0.10, 11, angle=easel.lit * 0.4), rgb("fff4e6"), 0.42)
        canvas.glow(easel.spot(easel.lit * 0.36, -1.14, 0.09, 0.035, 4, angle=easel.lit * 0.4), rgb("ffffff"), 0.35)
    return head


def _round(face: Face) -> Array:
    """A tone that darkens round a cylinder, away from the light."""
    x = ((np.arange(COLUMNS) / PIXELS - face.centre[0]) / face.scale / 0.62).clip(-1.6, 1.6)
    tone = 0.50 + 0.16 * x * np.sign(face.light) - 0.10 * np.abs(x) ** 2.5
    return np.broadcast_to(tone.astype(np.float32), (ROWS, COLUMNS))


def _flat(easel: Easel, tone: float) -> Array:
    return np.asarray(ramp(SKIN[easel.look.skin], np.full((1, 1), tone))[0, 0])
