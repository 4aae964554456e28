"""Beards and moustaches, strand by strand, and the shadow of a shaven one."""

from __future__ import annotations

import numpy as np

from export.drawn.canvas import Canvas, Mask, polygon
from export.drawn.curves import mirrored, through
from export.drawn.face import Face
from export.drawn.hair import paint
from export.drawn.palette import rgb
from export.drawn.strands import Sheet
from export.drawn.traits import Dice, Look


def paint_beard(canvas: Canvas, face: Face, look: Look, head: Mask, colours: tuple[str, str, str], dice: Dice) -> None:
    if look.beard in ("stubble", "full", "short"):
        _shadow(canvas, face, head, colours, 0.42 if look.beard == "stubble" else 0.55)
    sheets: list[Sheet] = []
    if look.beard in ("full", "short"):
        sheets += _jaw(face, 0.22 if look.beard == "full" else 0.06)
    if look.beard == "goatee":
        sheets += _chin(face)
    if look.beard in ("full", "short", "goatee", "moustache"):
        sheets += _moustache(face)
    for sheet in sheets:
        paint(canvas, face, sheet, colours, dice)


def _shadow(canvas: Canvas, face: Face, head: Mask, colours: tuple[str, str, str], strength: float) -> None:
    mouth, low = face.mouth_y, face.length
    right = [
        (0.0, mouth - 0.26),
        (0.26, mouth - 0.22),
        (face.mouth_width + 0.20, mouth - 0.02),
        (0.80, 0.42),
        (0.97, 0.05),
        (1.0, 0.5),
        (0.86, 1.1),
        (0.45, low + 0.1),
    ]
    outline = through([*right, (0.0, low + 0.12), *[(-x, y) for x, y in reversed(right[1:])]], 120, closed=True)
    canvas.glaze(polygon(face.place(outline), 8).within(head), rgb(colours[1]) * 0.5 + 0.42, strength)


def _jaw(face: Face, below: float) -> list[Sheet]:
    mouth, low, wide = face.mouth_y, face.length, face.mouth_width
    inner = through(
        [(0.93, -0.02), (0.84, 0.40), (wide + 0.20, mouth - 0.02), (wide + 0.03, mouth + 0.17), (0.0, mouth + 0.24)], 9
    )
    outer = through(
        [
            (0.985, 0.32),
            (face.jaw + 0.12, 0.78),
            (face.jaw + 0.0, mouth + 0.32),
            (face.chin + 0.14, low - 0.03 + below * 0.7),
            (0.0, low + below),
        ],
        9,
    )
    middle = 0.45 * inner + 0.55 * outer + (0.03, -0.02)
    guides = np.stack([through(np.stack(three), 7) for three in zip(inner, middle, outer, strict=True)])
    half = Sheet(guides, 330, width=1.2, wander=0.02, ragged=0.3, clump=0.5)
    return [half, Sheet(mirrored(guides), 330, width=1.2, wander=0.02, ragged=0.3, clump=0.5)]


def _chin(face: Face) -> list[Sheet]:
    mouth, low = face.mouth_y, face.length
    lines = []
    for x in np.linspace(-1, 1, 7):
        lines.append(
            through(
                [
                    (x * 0.19, mouth + 0.23 + 0.03 * x * x),
                    (x * 0.24, low - 0.18),
                    (x * 0.15, low + 0.13 - 0.10 * x * x),
                ],
                7,
            )
        )
    return [Sheet(np.stack(lines), 190, width=1.2, wander=0.015, ragged=0.25, clump=0.6)]


def _moustache(face: Face) -> list[Sheet]:
    top, wide = face.mouth_y - face.upper_lip - 0.13, face.mouth_width
    low = face.mouth_y + 0.03 - 0.11 * face.smile
    guides = np.stack(
        [
            through([(0.0, top + 0.02), (0.16, top + 0.02), (wide * 0.80, top + 0.12), (wide + 0.05, low)], 7),
            through([(0.0, top + 0.06), (0.14, top + 0.055), (wide * 0.70, top + 0.12), (wide + 0.01, low - 0.01)], 7),
            through([(0.0, top + 0.11), (0.12, top + 0.11), (wide * 0.62, top + 0.145), (wide * 0.90, low - 0.035)], 7),
        ]
    )
    half = Sheet(guides, 150, width=1.1, wander=0.012, ragged=0.35, clump=0.4)
    return [half, Sheet(mirrored(guides), 150, width=1.1, wander=0.012, ragged=0.35, clump=0.4)]
