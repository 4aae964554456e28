"""What blood, sun and years leave on a face: blushes, freckles, moles and lines."""

from __future__ import annotations

import numpy as np

from export.demo.canvas import Mask
from export.demo.curves import through
from export.demo.easel import Easel, tapered
from export.demo.palette import rgb


def paint_marks(easel: Easel, head: Mask) -> None:
    _blush(easel, head)
    _lines(easel, head)
    freckled, moled = easel.dice.chance(0.25), easel.dice.chance(0.25)
    if freckled and easel.look.age < 48 and easel.look.skin in ("porcelain", "fair", "rosy"):
        _freckles(easel)
    elif moled:
        x, y = easel.dice.between(0.30, 0.75), easel.dice.between(0.35, 1.15)
        mole = easel.spot(x * (1 if easel.dice.chance(0.5) else -1), y, 0.017, 0.016, 0.5)
        easel.canvas.paint(mole.within(head), easel.skin[0], 0.75)


def _blush(easel: Easel, head: Mask) -> None:
    face = easel.face
    rosy = 0.22 if easel.look.male else 0.34
    for x, y, wide, high, strength in (
        (-0.58, 0.42, 0.26, 0.20, rosy),
        (0.58, 0.42, 0.26, 0.20, rosy),
        (0.0, face.nose_tip, 0.14, 0.10, 0.24),
        (0.0, face.length - 0.16, 0.20, 0.10, 0.14),
    ):
        easel.canvas.glaze(easel.spot(x, y, wide, high, 15).within(head), rgb("f08e80"), strength)


def _freckles(easel: Easel) -> None:
    many = easel.dice.many
    for x, y, size in zip(many(-0.78, 0.78, 60), many(0, 1, 60), many(0.005, 0.011, 60), strict=True):
        spot = easel.spot(float(x), 0.24 + 0.30 * float(y) + 0.05 * abs(float(x)), float(size), float(size) * 0.9, 0.6)
        easel.canvas.glaze(spot, rgb("b5714c"), 0.36)


def _lines(easel: Easel, head: Mask) -> None:
    face, worn = easel.face, easel.look.worn
    wing, corner, mouth = face.nose_width, face.mouth_width + 0.07, face.mouth_y
    beside_nose = [
        (wing + 0.03, face.nose_tip + 0.02),
        (wing + 0.16, face.nose_tip + 0.13),
        (corner + 0.03, mouth - 0.13),
        (corner + 0.02, mouth),
    ]
    _crease(easel, head, beside_nose, 6.0, 0.04 + 0.38 * worn + 0.12 * face.smile, 2.8)
    eye = face.eye_x
    _crease(easel, head, [(eye - 0.20, 0.10), (eye - 0.06, 0.20), (eye + 0.17, 0.15)], 5.0, 0.08 + 0.34 * worn, 2.6)
    if worn < 0.35:
        return
    for lift in (-0.03, 0.03, 0.09):
        tail = [(eye + 0.27, lift), (eye + 0.34, lift * 1.5), (eye + 0.40, lift * 2.3)]
        _crease(easel, head, tail, 2.2, 0.5 * worn, 0.9)
    _crease(easel, head, [(corner, mouth + 0.03), (corner + 0.03, mouth + 0.16)], 4.0, 0.30 * worn, 2.2)
    for row, reach in ((-0.60, 0.46), (-0.71, 0.52), (-0.82, 0.40)):
        across = [(-reach, row + 0.03), (-0.2, row - 0.01), (0.02, row + 0.008), (0.2, row - 0.01), (reach, row + 0.03)]
        brow = easel.line(through(across, 40), tapered(3.0, 40, 0.05), 1.5)
        easel.canvas.glaze(brow.within(head), easel.skin[1], 0.34 * worn)


def _crease(
    easel: Easel, head: Mask, points: list[tuple[float, float]], width: float, strength: float, blur: float
) -> None:
    """A line on either side of the face."""
    for side in (-1, 1):
        line = through([(side * x, y) for x, y in points], 24)
        soft = easel.line(line, width * np.sin(np.linspace(0.12, np.pi - 0.05, 24)) ** 0.8, blur)
        easel.canvas.glaze(soft.within(head), easel.skin[1], strength)
