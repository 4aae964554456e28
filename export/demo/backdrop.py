"""The wall behind the sitter, laid on with a broad brush, and the weave of the canvas over all."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageFilter

from export.demo.canvas import COLUMNS, HEIGHT, ROWS, WIDTH, Array, stroke
from export.demo.curves import through
from export.demo.easel import Easel
from export.demo.palette import WALLS, blend, rgb


def paint_wall(easel: Easel) -> None:
    bright, dark = (rgb(code) for code in WALLS[easel.dice.pick(len(WALLS))])
    down, across = np.mgrid[0:ROWS, 0:COLUMNS].astype(np.float32)
    # The same lamp as for the face lights the wall, but beyond the head: on the other side.
    x = across / COLUMNS - (0.5 - 0.22 * easel.lit)
    y = down / ROWS - 0.38
    away = np.clip(np.sqrt(x * x + 0.7 * y * y) * 1.25, 0, 1)[..., None]
    easel.canvas.rgb[:] = bright + (dark - bright) * away**1.2
    for _ in range(26):
        _dab(easel, bright, dark)


def _dab(easel: Easel, bright: Array, dark: Array) -> None:
    between = easel.dice.between
    x, y = between(-40, WIDTH + 40), between(-20, HEIGHT + 20)
    reach, lean = between(50, 130), between(-0.9, -0.3)
    line = [(x - reach, y - reach * lean), (x, y + between(-14, 14)), (x + reach, y + reach * lean)]
    width = between(24, 64) * np.sin(np.linspace(0.3, np.pi - 0.3, 16)) ** 0.5
    easel.canvas.paint(stroke(through(line, 16), width, 5), blend(dark, bright, between(0.1, 1.0)), 0.16)


def paint_weave(easel: Easel) -> None:
    """A faint grain, so that smooth shading looks painted and never shows bands."""
    grain = Image.fromarray(easel.dice.many(0, 255, ROWS, COLUMNS).astype(np.uint8))
    weave = np.asarray(grain.filter(ImageFilter.GaussianBlur(0.8)), np.float32) / 255 - 0.5
    easel.canvas.rgb *= (1 + 0.05 * weave)[..., None]
