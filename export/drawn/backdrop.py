"""The wall behind the sitter, laid on with a broad brush, and the weave of the canvas over all."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageFilter

from export.drawn.canvas import HEIGHT, WIDTH, Array, Canvas, stroke
from export.drawn.curves import through
from export.drawn.face import Face
from export.drawn.palette import WALLS, blend, rgb
from export.drawn.traits import Dice


def paint_wall(canvas: Canvas, face: Face, dice: Dice) -> None:
    bright, dark = (rgb(code) for code in WALLS[dice.pick(len(WALLS))])
    down, across = np.mgrid[0:HEIGHT, 0:WIDTH].astype(np.float32)
    # Light falls on the wall from the same side as on the face, but reaches it on the other side of the head.
    x = (across - WIDTH * (0.5 - 0.22 * np.sign(face.light))) / WIDTH
    y = (down - HEIGHT * 0.38) / HEIGHT
    away = np.clip(np.sqrt(x * x + 0.7 * y * y) * 1.25, 0, 1)[..., None]
    canvas.rgb[:] = bright + (dark - bright) * (away**1.2)
    for _ in range(26):
        _dab(canvas, bright, dark, dice)


def _dab(canvas: Canvas, bright: Array, dark: Array, dice: Dice) -> None:
    x, y = dice.between(-40, WIDTH + 40), dice.between(-20, HEIGHT + 20)
    reach, lean = dice.between(50, 130), dice.between(-0.9, -0.3)
    line = [(x - reach, y - reach * lean), (x, y + dice.between(-14, 14)), (x + reach, y + reach * lean)]
    width = dice.between(24, 64) * np.sin(np.linspace(0.3, np.pi - 0.3, 16)) ** 0.5
    colour = blend(dark, bright, dice.between(0.1, 1.0))
    canvas.paint(stroke(through(line, 16), width, 5), colour, 0.16)


def paint_weave(canvas: Canvas, dice: Dice) -> None:
    """A faint grain, so that smooth shading looks painted and never shows bands."""
    grain = dice.many(0, 255, HEIGHT, WIDTH).astype(np.uint8)
    brushed = Image.fromarray(grain).filter(ImageFilter.GaussianBlur(0.8))
    weave = np.asarray(brushed, np.float32) / 255 - 0.5
    canvas.rgb *= (1 + 0.05 * weave)[..., None]
