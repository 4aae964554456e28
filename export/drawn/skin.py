"""Neck, ears and the skin of the face, with what the years write on it."""

from __future__ import annotations

import numpy as np

from export.drawn.canvas import Array, Canvas, Mask, Points, ellipse, polygon, stroke
from export.drawn.curves import mirrored, through
from export.drawn.face import Face
from export.drawn.palette import LIPS, SKIN, blend, ramp, rgb
from export.drawn.traits import Dice, Look


def paint_neck(canvas: Canvas, face: Face, look: Look) -> None:
    """The neck goes straight down even when the head is turned or tilted."""
    wide = 0.56 if look.presents == "m" else 0.45
    right = [(wide, 0.9), (wide - 0.02, 1.55), (wide + 0.05, 1.90), (wide + 0.30, 2.06), (1.1, 2.3), (1.1, 3.6)]
    outline = through([*right, *[(-x, y) for x, y in reversed(right)]], 120, closed=True) + (0, face.shoulders)
    neck = polygon(_upright(face, outline), 0.7)
    tone = _across(face, neck, 0.50, 0.16)
    canvas.paint(neck, ramp(SKIN[look.skin], tone))
    under_chin = polygon(_upright(face, face.outline() * (0.98, 1.0) + (-0.12 * face.light, 0.24)), 9)
    canvas.glaze(under_chin.within(neck), blend(rgb(SKIN[look.skin][1]), rgb(SKIN[look.skin][0]), 0.25), 0.85)
    for side in (-1, 1):
        tendon = through([(side * 0.42, 1.62), (side * 0.26, 2.0), (side * 0.10, 2.3)], 20)
        canvas.glaze(stroke(_upright(face, tendon), 6, 4).within(neck), rgb(SKIN[look.skin][1]), 0.25)


def paint_ears(canvas: Canvas, face: Face, look: Look) -> None:
    shell = through(
        [(0.93, -0.16), (1.05, -0.24), (1.15, -0.12), (1.14, 0.16), (1.06, 0.42), (0.98, 0.52), (0.92, 0.42)],
        60,
        closed=True,
    ) + (face.cheek - 1.0, 0.04)
    for side in (-1, 1):
        points = shell if side > 0 else mirrored(shell)
        ear = polygon(face.place(points), 0.6)
        lit = 0.56 if side * face.light > 0 else 0.40
        canvas.paint(ear, ramp(SKIN[look.skin], np.full(canvas.rgb.shape[:2], lit, np.float32)))
        canvas.glaze(ear, rgb("ff9c8a"), 0.22)
        middle = points.mean(axis=0)
        hollow = polygon(face.place((points - middle) * (0.50, 0.56) + middle - (side * 0.01, 0.02)), 3)
        canvas.glaze(hollow.within(ear), rgb(SKIN[look.skin][1]), 0.55)
        rim = stroke(face.place((points[8:38] - middle) * (0.80, 0.84) + middle), 2.2, 1.2)
        canvas.glaze(rim.within(ear), rgb(SKIN[look.skin][0]), 0.35)


def paint_head(canvas: Canvas, face: Face, look: Look, light: Array, dice: Dice) -> Mask:
    """The head without its features; returns what it covers."""
    head = polygon(face.place(face.outline()), 0.5)
    canvas.paint(head, ramp(SKIN[look.skin], light))
    _blush(canvas, face, look, head)
    _age(canvas, face, look, head)
    if dice.between(0, 1) < 0.14 and look.skin in ("porcelain", "fair", "rosy", "light"):
        _freckles(canvas, face, look, dice)
    return head


def _blush(canvas: Canvas, face: Face, look: Look, head: Mask) -> None:
    rosy = 0.34 if look.presents == "f" else 0.22
    for x, y, wide, high, strength in (
        (-0.58, 0.42, 0.26, 0.20, rosy),
        (0.58, 0.42, 0.26, 0.20, rosy),
        (0.0, face.nose_tip, 0.14, 0.10, 0.26),
        (0.0, face.length - 0.16, 0.20, 0.10, 0.14),
    ):
        spot = ellipse(_at(face, x, y), (wide * face.scale, high * face.scale), 15)
        canvas.glaze(spot.within(head), rgb("f08e80"), strength)


def _age(canvas: Canvas, face: Face, look: Look, head: Mask) -> None:
    shade = rgb(SKIN[look.skin][1])
    worn = float(np.clip((look.age - 34) / 40, 0, 1))

    def crease(points: list[tuple[float, float]], width: float, strength: float, blur: float) -> None:
        if strength < 0.03:
            return
        for side in (-1, 1):
            line = through([(side * x, y) for x, y in points], 24)
            taper = width * np.sin(np.linspace(0.12, np.pi - 0.05, 24)) ** 0.8
            canvas.glaze(stroke(face.place(line), taper, blur).within(head), shade, strength)

    mouth, wing = face.mouth_y, face.nose_width
    corner = face.mouth_width + 0.07
    crease(
        [
            (wing + 0.03, face.nose_tip + 0.02),
            (wing + 0.16, face.nose_tip + 0.13),
            (corner + 0.03, mouth - 0.13),
            (corner + 0.02, mouth),
        ],
        6.0,
        0.04 + 0.38 * worn + 0.12 * face.smile,
        2.8,
    )
    inner, outer = face.eye_x - 0.20, face.eye_x + 0.17
    crease([(inner, 0.10), (face.eye_x - 0.06, 0.20), (outer, 0.15)], 5.0, 0.08 + 0.34 * worn, 2.6)
    if worn > 0.35:
        for lift in (-0.03, 0.03, 0.09):
            start = face.eye_x + 0.27
            crease([(start, lift), (start + 0.07, lift * 1.5), (start + 0.13, lift * 2.3)], 2.2, 0.5 * worn, 0.9)
        _brow_lines(canvas, face, head, shade, 0.34 * worn)
        crease([(corner, mouth + 0.03), (corner + 0.03, mouth + 0.16)], 4.0, 0.30 * worn, 2.2)


def _brow_lines(canvas: Canvas, face: Face, head: Mask, shade: Array, strength: float) -> None:
    for row, reach in ((-0.60, 0.46), (-0.71, 0.52), (-0.82, 0.40)):
        line = through(
            [(-reach, row + 0.03), (-0.2, row - 0.01), (0.02, row + 0.008), (0.2, row - 0.01), (reach, row + 0.03)], 40
        )
        taper = 3.0 * np.sin(np.linspace(0.05, np.pi - 0.05, 40)) ** 0.7
        canvas.glaze(stroke(face.place(line), taper, 1.5).within(head), shade, strength)


def _freckles(canvas: Canvas, face: Face, look: Look, dice: Dice) -> None:
    for x, y, size in zip(dice.many(-0.8, 0.8, 70), dice.many(0.0, 1.0, 70), dice.many(0.7, 1.5, 70), strict=True):
        spot = ellipse(_at(face, x, 0.22 + 0.34 * y + 0.05 * abs(x)), (size, size * 0.9), 0.6)
        canvas.glaze(spot, rgb("b5714c"), 0.45)


def blood(look: Look) -> Array:
    """The colour of lips and lid rims."""
    return rgb(LIPS[look.skin])


def _upright(face: Face, points: Points) -> Points:
    return points * face.scale + face.centre


def _at(face: Face, x: float, y: float) -> tuple[float, float]:
    spot = face.place(np.array([x, y]))
    return float(spot[0]), float(spot[1])


def _across(face: Face, mask: Mask, tone: float, swing: float) -> Array:
    """A tone that darkens round a cylinder, away from the light."""
    height, width = mask.plane().shape
    x = ((np.arange(width) - face.centre[0]) / face.scale / 0.62).clip(-1.6, 1.6)
    lit = tone + swing * x * np.sign(face.light) - 0.10 * np.abs(x) ** 2.5
    return np.broadcast_to(lit.astype(np.float32), (height, width))
