"""Hair, strand by strand: drawn from the back to the front, catching the light where the head is round."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageDraw

from export.demo.canvas import COLUMNS, PIXELS, ROWS, Array, Canvas, Mask
from export.demo.curves import along
from export.demo.face import Face
from export.demo.palette import ramp
from export.demo.strands import Curls, Sheet
from export.demo.traits import Dice

# Strands are drawn this many times larger; a strand is one or two pixels wide in the picture.
_FINE = 2
_UNIT = _FINE * PIXELS


def paint(canvas: Canvas, face: Face, tress: Sheet | Curls, colours: tuple[str, str, str], dice: Dice) -> Mask:
    """Paints a tress in a ramp of hair colours; returns what it covers."""
    lines = tress.lines(dice)
    tones = (_tones(face, lines, dice) - tress.dim).clip(0.02, 1)
    widths = np.maximum(1, np.round(tress.width * _UNIT * dice.many(0.7, 1.3, len(lines)))).astype(int)
    drawn = _draw(face.place(lines) * _UNIT, (1 + tones * 254).astype(int), widths, tress)
    return _lay(canvas, drawn, colours)


def _draw(lines: Array, levels: Array, widths: Array, tress: Sheet | Curls) -> Image.Image:
    """Strands in grey, `_FINE` times as large as the picture; 0 is where there is none."""
    large = Image.new("L", (COLUMNS * _FINE, ROWS * _FINE))
    draw = ImageDraw.Draw(large)
    middle = lines.shape[1] * 2 // 3
    # Only what bends sharply shows how its pieces are joined.
    joint = "curve" if isinstance(tress, Curls) else None
    # Underneath, broad and dark, what closes the gaps between strands.
    for line, level in zip(lines[::3].tolist(), (levels[::3].mean(axis=1) * 0.55).tolist(), strict=True):
        corners, tone = [(x, y) for x, y in line], max(int(level), 6)
        draw.line(corners[1 : middle + 1], fill=tone, width=round(tress.under * _UNIT), joint=joint)
        draw.line(corners[middle:-2], fill=tone, width=round(tress.under * _UNIT * 0.6), joint=joint)
    for line, tones, width in zip(lines.tolist(), levels.tolist(), widths.tolist(), strict=True):
        corners, thin_from = [(x, y) for x, y in line], len(line) - 5
        for at in range(0, len(corners) - 1, 2):
            thin = width if at < thin_from else max(1, width - 1 - (at - thin_from) // 2)
            draw.line(corners[at : at + 3], fill=tones[at + 1], width=thin)
    return large


def _tones(face: Face, lines: Array, dice: Dice) -> Array:
    """Tone of each strand at each sample: locks, then the roundness of the head, then the sheen across it."""
    count, samples = lines.shape[:2]
    lock = along(dice.many(-1, 1, 24), np.linspace(0, 22.99, count))
    tone = 0.34 + 0.07 * lock[:, None] + dice.many(-0.09, 0.09, count, 1)
    out, up = lines[..., 0] / 1.22, (lines[..., 1] + 0.1) / 1.62
    lamp = np.sign(face.light)
    tone = tone + 0.10 * lamp * out.clip(-1, 1) - 0.12 * up.clip(-1, 0.8) - 0.20 * np.abs(out).clip(0, 1.1) ** 4
    # What lies across the light shines, what hangs along it does not: this shows waves and curls.
    course = np.gradient(lines, axis=1)
    tone = tone + 0.11 * (course[..., 0] ** 2 / (course**2).sum(axis=-1).clip(1e-9) - 0.5)
    band = up + 0.58 + 0.20 * (out - 0.25 * lamp) ** 2 + dice.many(-0.11, 0.11, count, 1)
    sheen = np.exp(-((band / 0.15) ** 2)) * np.exp(-(((out - 0.30 * lamp) / 0.60) ** 2))
    ends = np.linspace(0, 1, samples)[None] ** 6
    return np.asarray(tone + 0.36 * sheen * dice.many(0.4, 1.1, count, 1) - 0.08 * ends, np.float32)


def _lay(canvas: Canvas, large: Image.Image, colours: tuple[str, str, str]) -> Mask:
    left, top, right, bottom = large.getbbox() or (0, 0, 1, 1)
    left, top, right, bottom = left // _FINE, top // _FINE, -(-right // _FINE), -(-bottom // _FINE)
    large = large.crop((left * _FINE, top * _FINE, right * _FINE, bottom * _FINE))
    covered = np.asarray(large.point(lambda level: 255 if level else 0).reduce(_FINE), np.float32) / 255
    tone = np.asarray(large.reduce(_FINE), np.float32) / 255 / np.maximum(covered, 1 / 255)
    mask = Mask(left, top, covered)
    canvas.paint(mask, ramp(colours, tone))
    return mask
