"""A portrait from beginning to end, in the order in which a painter lays it on."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageFilter

from export.demo import hair
from export.demo.backdrop import paint_wall, paint_weave
from export.demo.beard import paint_beard
from export.demo.brows import paint_brows
from export.demo.canvas import COLUMNS, PIXELS, ROWS, Array, Canvas, Mask
from export.demo.clothes import dress
from export.demo.easel import Easel
from export.demo.eyes import paint_eyes
from export.demo.glasses import paint_glasses, paint_temples
from export.demo.hairstyles import HAIRSTYLES
from export.demo.head import paint_earrings, paint_ears, paint_head, paint_neck
from export.demo.headscarf import paint_headscarf
from export.demo.marks import paint_marks
from export.demo.mouth import paint_mouth
from export.demo.nose import paint_nose
from export.demo.style import Style
from export.demo.traits import Dice, Look, face_of


def paint(look: Look) -> Image.Image:
    # Apart from the face's own dice, so that a change of the drawing leaves the proportions alone.
    easel = Easel(Canvas(), face_of(look), look, Dice(look.seed + 7919))
    style = HAIRSTYLES[look.hair](easel.dice)
    paint_wall(easel)
    for tress in style.behind:
        hair.paint(easel.canvas, easel.face, tress, easel.hair, easel.dice)
    paint_neck(easel)
    dress(easel)
    if not style.ears_hidden:
        paint_ears(easel)
    head = paint_head(easel)
    paint_marks(easel, head)
    paint_nose(easel)
    paint_mouth(easel)
    paint_eyes(easel)
    paint_brows(easel)
    paint_beard(easel, head)
    paint_temples(easel)
    _paint_hair(easel, style, head)
    if look.hair == "headscarf":
        paint_headscarf(easel)
    if not style.ears_hidden:
        paint_earrings(easel)
    paint_glasses(easel)
    paint_weave(easel)
    return easel.canvas.image()


def _paint_hair(easel: Easel, style: Style, head: Mask) -> None:
    """Drawn aside first: its shadow falls on the face before it lies over it."""
    aside, cover = Canvas(), np.zeros((ROWS, COLUMNS), np.float32)
    for tress in style.front:
        laid = hair.paint(aside, easel.face, tress, easel.hair, easel.dice)
        cover[laid.box] = np.maximum(cover[laid.box], laid.cover)
    easel.canvas.glaze(_cast(cover, easel.lit).within(head), easel.skin[0], 0.55)
    easel.canvas.rgb[:] = easel.canvas.rgb * (1 - cover)[..., None] + aside.rgb


def _cast(cover: Array, lit: float) -> Mask:
    shifted = np.roll(cover, (round(7 * PIXELS), round(-5 * lit * PIXELS)), axis=(0, 1))
    soft = Image.fromarray((shifted * 255).astype(np.uint8)).filter(ImageFilter.GaussianBlur(5 * PIXELS))
    return Mask(0, 0, np.asarray(soft, np.float32) / 255)
