"""Beards and moustaches, strand by strand, and the shadow of a shaven one."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from export.demo import hair
from export.demo.canvas import Mask
from export.demo.curves import through
from export.demo.easel import Easel
from export.demo.face import Face
from export.demo.palette import rgb
from export.demo.strands import Sheet
from export.demo.style import between, guides

BEARDS = ("stubble", "short", "full", "goatee", "moustache")

_FINE = Sheet(np.zeros((2, 4, 2)), count=420, width=1.2, wander=0.015, ragged=0.2, clump=0.4)


def paint_beard(easel: Easel, head: Mask) -> None:
    face, beard = easel.face, easel.look.beard
    sheets: list[Sheet] = []
    if beard in ("stubble", "full", "short"):
        _shadow(easel, head, 0.42 if beard == "stubble" else 0.55)
    if beard in ("full", "short"):
        half = _jaw(face, 0.22 if beard == "full" else 0.06)
        sheets += [half, half.flipped()]
    if beard == "goatee":
        sheets += [_chin(face)]
    if beard in ("full", "short", "goatee", "moustache"):
        half = _moustache(face)
        sheets += [half, half.flipped()]
    for sheet in sheets:
        hair.paint(easel.canvas, easel.face, sheet, easel.hair, easel.dice)


def _shadow(easel: Easel, head: Mask, strength: float) -> None:
    face = easel.face
    mouth, low = face.mouth_y, face.length
    beside = (face.mouth_width + 0.20, mouth - 0.02)
    right = [(0.26, mouth - 0.22), beside, (0.80, 0.42), (0.97, 0.05), (1.0, 0.5), (0.86, 1.1), (0.45, low + 0.1)]
    left = [(-x, y) for x, y in reversed(right)]
    outline = through([(0.0, mouth - 0.26), *right, (0.0, low + 0.12), *left], 120, closed=True)
    easel.canvas.glaze(easel.shape(outline, 8).within(head), rgb(easel.hair[1]) * 0.5 + 0.42, strength)


def _jaw(face: Face, below: float) -> Sheet:
    """The right half, from the ear round to the chin."""
    mouth, low, wide, jaw = face.mouth_y, face.length, face.mouth_width, face.jaw
    cheek = [(0.93, -0.02), (0.84, 0.40), (wide + 0.20, mouth - 0.02), (wide + 0.03, mouth + 0.17), (0.0, mouth + 0.24)]
    edge = [
        (0.985, 0.32),
        (jaw + 0.12, 0.78),
        (jaw, mouth + 0.32),
        (face.chin + 0.14, low - 0.03 + below * 0.7),
        (0.0, low + below),
    ]
    return replace(_FINE, guides=between(through(cheek, 9), through(edge, 9), 9, 1.06))


def _chin(face: Face) -> Sheet:
    mouth, low = face.mouth_y, face.length
    lines = [
        [(x * 0.19, mouth + 0.23 + 0.03 * x * x), (x * 0.24, low - 0.18), (x * 0.15, low + 0.13 - 0.10 * x * x)]
        for x in np.linspace(-1, 1, 7)
    ]
    return replace(_FINE, guides=guides(*lines), count=190, ragged=0.25, clump=0.6)


def _moustache(face: Face) -> Sheet:
    """The right half: from under the nose down to the lip, and outwards past the corner of the mouth."""
    # However small the mouth, wide enough not to look like a brush.
    wide, top = max(face.mouth_width, 0.34), face.nose_tip + 0.165
    lip = face.mouth_y - 0.035
    corner = face.mouth_y - 0.11 * face.smile
    lines = [
        [(-0.02, top + 0.03), (-0.01, 0.5 * (top + lip)), (0.01, lip)],
        [(0.07, top + 0.01), (0.10, 0.5 * (top + lip)), (0.13, lip - 0.01)],
        [(0.14, top + 0.03), (wide * 0.55, 0.55 * (top + lip)), (wide * 0.72, lip - 0.02)],
        [(0.19, top + 0.06), (wide * 0.82, 0.5 * (top + corner) + 0.03), (wide + 0.07, corner + 0.03)],
    ]
    return replace(_FINE, guides=guides(*lines, knots=7), count=150, width=1.1, wander=0.01, ragged=0.3, clump=0.35)
