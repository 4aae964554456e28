"""Mouth, and the lines of the nose that the relief leaves too soft."""

from __future__ import annotations

import numpy as np

from export.drawn.canvas import Canvas, ellipse, polygon, stroke
from export.drawn.curves import through
from export.drawn.face import Face
from export.drawn.palette import SKIN, blend, rgb
from export.drawn.skin import blood
from export.drawn.traits import Look


def paint_nose(canvas: Canvas, face: Face, look: Look) -> None:
    deep, shade, _, light = (rgb(stop) for stop in SKIN[look.skin])
    wide, base = face.nose_width, face.nose_tip + 0.115
    depth = 0.16
    under = through(
        [
            (-wide * 0.9, base - 0.01),
            (-wide * 0.4, base + 0.02),
            (0, base + 0.035),
            (wide * 0.4, base + 0.02),
            (wide * 0.9, base - 0.01),
        ],
        30,
    )
    canvas.glaze(stroke(face.place(under + (0, 0.03), depth * 0.7), 8, 4), shade, 0.50)
    for side in (-1, 1):
        spot = face.place(np.array([side * wide * 0.50, base - 0.005]), depth)
        nostril = ellipse((float(spot[0]), float(spot[1])), (0.062 * face.scale, 0.026 * face.scale), 1.1, -side * 0.28)
        canvas.paint(nostril, blend(deep, rgb("1c0d0b"), 0.35), 0.80)
        wing = through(
            [
                (side * wide * 0.86, base - 0.125),
                (side * wide * 1.06, base - 0.06),
                (side * wide * 0.98, base - 0.005),
                (side * wide * 0.78, base + 0.01),
            ],
            20,
        )
        taper = 2.4 * np.sin(np.linspace(0.1, np.pi - 0.1, 20))
        canvas.glaze(stroke(face.place(wing, depth * 0.8), taper, 1.0), blend(deep, shade, 0.4), 0.60)
    spot = face.place(np.array([np.sign(face.light) * 0.025, face.nose_tip - 0.02]), depth * 1.3)
    canvas.glow(ellipse((float(spot[0]), float(spot[1])), (4.2, 3.4), 2.6), light, 0.50)
    ridge = through([(np.sign(face.light) * 0.02, 0.05), (np.sign(face.light) * 0.02, face.nose_tip - 0.12)], 12)
    canvas.glow(stroke(face.place(ridge, depth * 0.8), 4, 3.2), light, 0.22)


def paint_mouth(canvas: Canvas, face: Face, look: Look) -> None:
    deep, shade, _, light = (rgb(stop) for stop in SKIN[look.skin])
    red = blood(look)
    if look.presents == "m":
        red = blend(red, rgb(SKIN[look.skin][2]), 0.42)
    wide, y = face.mouth_width, face.mouth_y
    lift = 0.11 * face.smile
    gap = 0.085 * face.teeth
    corner_y = y - lift
    seam_top = through(
        [(-wide, corner_y), (-wide * 0.5, y + 0.005), (0, y + 0.012), (wide * 0.5, y + 0.005), (wide, corner_y)], 48
    )
    seam_low = through(
        [
            (-wide, corner_y),
            (-wide * 0.5, y + 0.01 + gap * 0.85),
            (0, y + 0.014 + gap * 1.15),
            (wide * 0.5, y + 0.01 + gap * 0.85),
            (wide, corner_y),
        ],
        48,
    )
    bow = through(
        [
            (-wide, corner_y),
            (-wide * 0.55, y - face.upper_lip * 0.66 - lift * 0.25),
            (-wide * 0.20, y - face.upper_lip),
            (0, y - face.upper_lip * 0.74),
            (wide * 0.20, y - face.upper_lip),
            (wide * 0.55, y - face.upper_lip * 0.66 - lift * 0.25),
            (wide, corner_y),
        ],
        60,
    )
    pout = through(
        [
            (-wide, corner_y),
            (-wide * 0.55, y + gap + face.lower_lip * 0.74),
            (0, y + gap + face.lower_lip * 1.06),
            (wide * 0.55, y + gap + face.lower_lip * 0.74),
            (wide, corner_y),
        ],
        60,
    )
    place = lambda points: face.place(points, 0.06)  # noqa: E731

    canvas.glaze(stroke(place(pout[12:-12] + (0, 0.055)), 6, 4.2), shade, 0.42)
    upper = polygon(place(np.concatenate([bow, seam_top[::-1]])), 0.9)
    lower = polygon(place(np.concatenate([seam_low, pout[::-1]])), 0.9)
    canvas.paint(upper, blend(red, deep, 0.22), 0.82)
    canvas.paint(lower, red, 0.80)
    canvas.glow(stroke(place(pout[18:-18] - (0, face.lower_lip * 0.52)), 3.4, 2.4).within(lower), light, 0.42)
    canvas.glaze(stroke(place(pout[6:-6]), 3, 2.0).within(lower), shade, 0.40)
    canvas.glow(stroke(place(bow[14:-14] - (0, 0.02)), 1.6, 1.3), light, 0.28)
    if face.teeth:
        inside = polygon(place(np.concatenate([seam_top, seam_low[::-1]])), 0.5)
        canvas.paint(inside, rgb("f4eee6"))
        canvas.glaze(stroke(place(seam_top), 4, 1.8).within(inside), rgb("8a6a66"), 0.55)
        for side in (-1, 1):
            edge = place(np.array([[side * wide * 0.86, y - lift * 0.6]]))[0]
            canvas.glaze(
                ellipse((float(edge[0]), float(edge[1])), (wide * face.scale * 0.24, 8), 3).within(inside),
                rgb("7a4a46"),
                0.7,
            )
        canvas.paint(stroke(place(seam_low), 1.4, 0.7), blend(deep, red, 0.4), 0.6)
    taper = 2.3 * np.sin(np.linspace(0.18, np.pi - 0.18, 48)) ** 0.5
    canvas.paint(stroke(place(seam_top), taper, 0.6), blend(deep, rgb("2a0f10"), 0.35), 0.78)
    for side in (-1, 1):
        spot = place(np.array([[side * (wide + 0.012), corner_y]]))[0]
        canvas.glaze(ellipse((float(spot[0]), float(spot[1])), (4.0, 3.4), 1.8), shade, 0.62)
    dip = through([(0.0, face.nose_tip + 0.19), (0.0, y - face.upper_lip - 0.03)], 10)
    canvas.glaze(stroke(place(dip), 5, 2.6), shade, 0.22)
