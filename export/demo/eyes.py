"""Eyes: white, iris, lids and lashes."""

from __future__ import annotations

import numpy as np

from export.demo.canvas import Array, Mask
from export.demo.curves import moved, through
from export.demo.easel import Easel
from export.demo.face import Face
from export.demo.palette import IRIS, blend, rgb

_UPPER = [(-0.50, 0.10), (-0.34, -0.38), (-0.08, -0.64), (0.18, -0.60), (0.38, -0.30), (0.50, 0.02)]


def paint_eyes(easel: Easel) -> None:
    gaze = (easel.dice.between(-0.012, 0.012), easel.dice.between(-0.004, 0.008))
    for side in (-1, 1):
        upper, lower = _lids(easel.face, side)
        opening = _paint_ball(easel, upper, lower)
        _paint_iris(easel, side * easel.face.eye_x + gaze[0], gaze[1] - 0.012, opening)
        _shade_ball(easel, side, upper, opening)
        _paint_lids(easel, upper, lower)


def _lids(face: Face, side: int) -> tuple[Array, Array]:
    """Upper and lower lid from the inner to the outer corner, in face units."""
    squint = 0.22 * face.smile
    lower = [(-0.50, 0.10), (-0.30, 0.26 - squint * 0.4), (0.0, 0.38 - squint), (0.28, 0.31 - squint), (0.50, 0.02)]
    lids = []
    for curve in (_UPPER, lower):
        points = through(np.array(curve) * (face.eye_width, face.eye_open), 40)
        points[:, 1] -= face.eye_slant * points[:, 0]
        lids.append(moved(points, face.eye_x) * (side, 1))
    return lids[0], lids[1]


def _paint_ball(easel: Easel, upper: Array, lower: Array) -> Mask:
    canvas, (_, shade, flesh, light) = easel.canvas, easel.skin
    # The lids' own volume first: a soft shadow above, a lit bulge between fold and lashes.
    socket = np.concatenate([moved(upper, 0, -0.10), moved(lower[::-1], 0, 0.02)])
    canvas.glaze(easel.shape(socket, 5), blend(shade, flesh, 0.35), 0.34)
    if not easel.look.male:
        tints = ("b98a8a", "a98aa0", "b59a80", "c9a79a")
        canvas.glaze(easel.shape(socket, 4), rgb(tints[easel.look.seed % len(tints)]), 0.30)
    canvas.glow(easel.line(moved(upper[6:-6], 0, -0.045), 4, 2.2), light, 0.16)
    opening = easel.shape(np.concatenate([upper, lower[::-1]]), 0.35)
    canvas.paint(opening, blend(rgb("f6f0ea"), flesh, 0.10))
    return opening


def _paint_iris(easel: Easel, x: float, y: float, opening: Mask) -> None:
    canvas, away = easel.canvas, -easel.lit
    size = 0.092 if easel.look.male else 0.098
    dark, bright = (rgb(stop) for stop in IRIS[easel.look.eyes])

    def disc(across: float, down: float, wide: float, high: float, blur: float) -> Mask:
        return easel.spot(x + across * size, y + down * size, wide * size, high * size, blur).within(opening)

    canvas.paint(disc(0, 0, 1, 1, 0.6), blend(dark, bright, 0.25))
    canvas.paint(disc(0, 0, 0.82, 0.82, 1.2), blend(dark, bright, 0.75))
    # Light enters from above on one side and lights the iris from within on the other.
    canvas.glow(disc(away * 0.25, 0.42, 0.5, 0.34, 1.5), bright, 0.75)
    canvas.paint(disc(0, 0, 0.43, 0.43, 0.5), rgb("0b0808"))
    canvas.paint(disc(-away * 0.34, -0.36, 0.24, 0.27, 0.35), rgb("ffffff"), 0.95)
    canvas.paint(disc(away * 0.40, 0.42, 0.11, 0.11, 0.4), rgb("ffffff"), 0.5)


def _shade_ball(easel: Easel, side: int, upper: Array, opening: Mask) -> None:
    canvas = easel.canvas
    canvas.glaze(easel.line(moved(upper, 0, 0.022), 6, 1.8).within(opening), rgb("8d7d80"), 0.75)
    x, y = upper[0].tolist()
    canvas.paint(easel.spot(x + side * 0.016, y + 0.005, 0.022, 0.016, 0.9).within(opening), easel.blood, 0.7)


def _paint_lids(easel: Easel, upper: Array, lower: Array) -> None:
    canvas, (deep, shade, _, light) = easel.canvas, easel.skin
    ink, along = blend(rgb("120c0c"), deep, 0.15), np.linspace(0, 1, len(upper))
    lash = (1.2 + 3.0 * np.sin(np.pi * along**0.8) ** 0.7 + along) * (0.72 if easel.look.male else 1.0)
    canvas.paint(easel.line(moved(upper, 0, -0.004), lash, 0.5), ink, 0.95)
    if not easel.look.male:
        (x, y), out = upper[-1].tolist(), np.sign(upper[-1, 0])
        wing = through([(x - out * 0.06, y - 0.025), (x, y), (x + out * 0.05, y - 0.035)], 12)
        canvas.paint(easel.line(wing, np.linspace(3.0, 0.4, 12), 0.5), ink, 0.85)
    canvas.paint(easel.line(moved(lower, 0, 0.006), 0.9 + 0.8 * along, 0.6), blend(deep, easel.blood, 0.4), 0.62)
    canvas.glow(easel.line(moved(lower[4:-4], 0, 0.035), 2.6, 1.4), light, 0.20)
    depth = easel.face.lid_fold
    fold = upper.copy()
    fold[:, 1] -= 0.028 + 0.05 * depth * np.sin(np.pi * along) ** 0.6
    taper = (0.8 + 1.3 * depth) * np.sin(np.linspace(0.25, np.pi - 0.2, len(upper)))
    canvas.paint(easel.line(fold, taper, 0.7), blend(deep, shade, 0.25), 0.35 + 0.35 * depth)
