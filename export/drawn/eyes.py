"""Eyes: white, iris, lids and lashes; and the brows above them."""

from __future__ import annotations

import numpy as np

from export.drawn.canvas import Canvas, Mask, Points, ellipse, polygon, stroke
from export.drawn.curves import through
from export.drawn.face import Face
from export.drawn.palette import IRIS, SKIN, blend, rgb
from export.drawn.skin import blood
from export.drawn.traits import Dice, Look


def paint_eyes(canvas: Canvas, face: Face, look: Look, dice: Dice) -> None:
    gaze = (dice.between(-0.012, 0.012), dice.between(-0.004, 0.008))
    for side in (-1, 1):
        _paint_eye(canvas, face, look, side, gaze)


def _paint_eye(canvas: Canvas, face: Face, look: Look, side: int, gaze: tuple[float, float]) -> None:
    upper, lower = _lids(face, side)
    opening = polygon(face.place(np.concatenate([upper, lower[::-1]])), 0.35)
    deep, shade, flesh, light = (rgb(stop) for stop in SKIN[look.skin])

    # The lids' own volume: a soft shadow above, a lit bulge between fold and lashes.
    socket = polygon(face.place(np.concatenate([upper - (0, 0.10), lower[::-1] + (0, 0.02)])), 5)
    canvas.glaze(socket, blend(shade, flesh, 0.35), 0.34)
    canvas.glow(stroke(face.place(upper[6:-6] - (0, 0.045)), 4, 2.2), light, 0.16)

    white = blend(rgb("f6f0ea"), flesh, 0.10)
    canvas.paint(opening, white)
    _paint_iris(canvas, face, look, side, gaze, opening)
    canvas.glaze(stroke(face.place(upper + (0, 0.022)), 6, 1.8).within(opening), rgb("8d7d80"), 0.75)
    corner = face.place(upper[0])
    canvas.paint(ellipse((corner[0] + side * 2.0, corner[1] + 0.6), (2.6, 1.9), 0.9).within(opening), blood(look), 0.7)

    _paint_lids(canvas, face, look, upper, lower)


def _paint_iris(canvas: Canvas, face: Face, look: Look, side: int, gaze: tuple[float, float], opening: Mask) -> None:
    middle = face.place(np.array([side * face.eye_x + gaze[0], -0.012 + gaze[1] - face.eye_slant * 0.05]))
    x, y = float(middle[0]), float(middle[1])
    radius = face.scale * (0.098 if look.presents == "f" else 0.092)
    dark, bright = (rgb(stop) for stop in IRIS[look.eyes])
    canvas.paint(ellipse((x, y), (radius, radius), 0.6).within(opening), blend(dark, bright, 0.25))
    canvas.paint(ellipse((x, y), (radius * 0.82, radius * 0.82), 1.2).within(opening), blend(dark, bright, 0.75))
    # Light enters from above on one side and lights the iris from within on the other.
    away = -np.sign(face.light)
    glint = ellipse((x + away * radius * 0.25, y + radius * 0.42), (radius * 0.5, radius * 0.34), 1.5)
    canvas.glow(glint.within(opening), bright, 0.75)
    canvas.paint(ellipse((x, y), (radius * 0.43, radius * 0.43), 0.5).within(opening), rgb("0b0808"))
    spark = (x - away * radius * 0.34, y - radius * 0.36)
    canvas.paint(ellipse(spark, (radius * 0.24, radius * 0.27), 0.35).within(opening), rgb("ffffff"), 0.95)
    small = (x + away * radius * 0.40, y + radius * 0.42)
    canvas.paint(ellipse(small, (radius * 0.11, radius * 0.11), 0.4).within(opening), rgb("ffffff"), 0.5)


def _paint_lids(canvas: Canvas, face: Face, look: Look, upper: Points, lower: Points) -> None:
    deep, shade, _, light = (rgb(stop) for stop in SKIN[look.skin])
    ink = blend(rgb("120c0c"), deep, 0.15)
    along = np.linspace(0, 1, len(upper))
    feminine = look.presents == "f"
    lash = (1.2 + 3.0 * np.sin(np.pi * along**0.8) ** 0.7 + 1.0 * along) * (1.0 if feminine else 0.72)
    canvas.paint(stroke(face.place(upper - (0, 0.004)), lash, 0.5), ink, 0.95)
    if feminine:
        tip = upper[-1]
        direction = np.sign(upper[-1, 0] - upper[0, 0])
        wing = through([tip - (direction * 0.06, 0.025), tip, tip + (direction * 0.05, -0.035)], 12)
        canvas.paint(stroke(face.place(wing), np.linspace(3.0, 0.4, 12), 0.5), ink, 0.85)
    rim = 0.9 + 0.8 * along
    canvas.paint(stroke(face.place(lower + (0, 0.006)), rim, 0.6), blend(deep, blood(look), 0.4), 0.62)
    canvas.glow(stroke(face.place(lower[4:-4] + (0, 0.035)), 2.6, 1.4), light, 0.20)
    fold = upper * 1.0 - np.stack(
        [np.zeros(len(upper)), 0.028 + 0.05 * face.lid_fold * np.sin(np.pi * along) ** 0.6], 1
    )
    taper = (0.8 + 1.3 * face.lid_fold) * np.sin(np.linspace(0.25, np.pi - 0.2, len(upper)))
    canvas.paint(stroke(face.place(fold), taper, 0.7), blend(deep, shade, 0.25), 0.35 + 0.35 * face.lid_fold)


def _lids(face: Face, side: int) -> tuple[Points, Points]:
    """Upper and lower lid from the inner to the outer corner, in face units."""
    wide, high = face.eye_width, face.eye_open
    squint = 0.22 * face.smile
    upper = [(-0.50, 0.10), (-0.34, -0.38), (-0.08, -0.64), (0.18, -0.60), (0.38, -0.30), (0.50, 0.02)]
    lower = [(-0.50, 0.10), (-0.30, 0.26 - squint * 0.4), (0.0, 0.38 - squint), (0.28, 0.31 - squint), (0.50, 0.02)]
    lids = []
    for curve in (upper, lower):
        points = through([(x * wide, y * high) for x, y in curve], 40)
        points[:, 1] -= face.eye_slant * points[:, 0]
        lids.append((points + (face.eye_x, 0.0)) * (side, 1))
    return lids[0], lids[1]


def paint_brows(canvas: Canvas, face: Face, look: Look, hair: tuple[str, str, str], dice: Dice) -> None:
    dark, body, _ = (rgb(stop) for stop in hair)
    colour = blend(dark, body, 0.55)
    if look.age > 55:
        colour = blend(colour, rgb("9a9a9c"), 0.3)
    for side in (-1, 1):
        _paint_brow(canvas, face, look, colour, side, dice)


def _paint_brow(canvas: Canvas, face: Face, look: Look, colour: Points, side: int, dice: Dice) -> None:
    x, y, arch = face.eye_x, face.brow_y, face.brow_arch
    knots = [
        (x - 0.25, y + 0.03 + face.brow_slant * 0.5),
        (x - 0.06, y - arch * 0.45 + 0.01),
        (x + 0.13, y - arch),
        (x + 0.31, y + 0.055 - arch * 0.35 - face.brow_slant * 0.3),
    ]
    spine = through(knots, 40) * (side, 1)
    part = np.linspace(0, 1, 40)
    weight = face.brow_weight * (0.55 + 0.75 * np.sin(np.pi * np.clip(part * 0.75 + 0.2, 0, 1))) * (1 - 0.75 * part**3)
    canvas.paint(stroke(face.place(spine), weight * face.scale * 0.80, 1.6), colour, 0.58)
    count = 46
    for start, across, lean in zip(
        np.linspace(0, 0.93, count), dice.many(-0.5, 0.5, count), dice.many(0.7, 1.2, count), strict=True
    ):
        root = int(start * 39)
        direction = spine[min(root + 3, 39)] - spine[max(root - 3, 0)]
        direction = direction / np.linalg.norm(direction)
        upward = np.array([0.0, -1.0]) * (0.75 - 0.75 * start) * lean
        reach = (direction * lean + upward) * 0.050
        origin = spine[root] + (0, across * weight[root] * 0.8 + 0.012)
        hair = through([tuple(origin), tuple(origin + reach * 0.6), tuple(origin + reach + direction * 0.02)], 8)
        canvas.paint(stroke(face.place(hair), np.linspace(1.4, 0.4, 8), 0.4), colour, 0.50)
