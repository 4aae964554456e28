"""A portrait from beginning to end, in the order in which a painter lays it on."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageFilter

from export.drawn import hair
from export.drawn.backdrop import paint_wall, paint_weave
from export.drawn.beard import paint_beard
from export.drawn.canvas import Array, Canvas, Mask
from export.drawn.clothes import dress
from export.drawn.eyes import paint_brows, paint_eyes
from export.drawn.face import Face
from export.drawn.glasses import paint_glasses, paint_temples
from export.drawn.hairstyles import HAIRSTYLES
from export.drawn.headscarf import paint_headscarf
from export.drawn.mouth import paint_mouth, paint_nose
from export.drawn.palette import HAIR, SKIN, rgb
from export.drawn.relief import light_on
from export.drawn.skin import paint_ears, paint_head, paint_neck
from export.drawn.style import Style
from export.drawn.traits import Dice, Look, face_of


def paint(look: Look) -> Image.Image:
    face, dice, canvas = face_of(look), Dice(look.seed + 7919), Canvas()
    colours = HAIR[look.hair_colour]
    style = HAIRSTYLES[look.hair](dice)
    paint_wall(canvas, face, dice)
    for sheet in style.behind:
        hair.paint(canvas, face, sheet, colours, dice)
    paint_neck(canvas, face, look)
    dress(canvas, face, look, dice)
    if not style.ears_hidden:
        paint_ears(canvas, face, look)
    head = paint_head(canvas, face, look, light_on(face, look.age), dice)
    paint_nose(canvas, face, look)
    paint_mouth(canvas, face, look)
    paint_eyes(canvas, face, look, dice)
    paint_brows(canvas, face, look, colours, dice)
    paint_beard(canvas, face, look, head, colours, dice)
    paint_temples(canvas, face, look)
    _paint_front_hair(canvas, face, look, style, head, dice)
    if look.hair == "headscarf":
        paint_headscarf(canvas, face, look)
    paint_glasses(canvas, face, look)
    paint_weave(canvas, dice)
    return canvas.image()


def _paint_front_hair(canvas: Canvas, face: Face, look: Look, style: Style, head: Mask, dice: Dice) -> None:
    """Drawn aside first: its shadow falls on the face before it lies over it."""
    aside = Canvas()
    cover = np.zeros(aside.rgb.shape[:2], np.float32)
    for sheet in style.front:
        laid = hair.paint(aside, face, sheet, HAIR[look.hair_colour], dice)
        cover[laid.box] = np.maximum(cover[laid.box], laid.cover)
    canvas.glaze(_cast(cover, face).within(head), rgb(SKIN[look.skin][0]), 0.55)
    canvas.rgb[:] = canvas.rgb * (1 - cover)[..., None] + aside.rgb


def _cast(cover: Array, face: Face) -> Mask:
    shifted = np.roll(cover, (7, int(round(-5 * np.sign(face.light)))), axis=(0, 1))
    soft = Image.fromarray((shifted * 255).astype(np.uint8)).filter(ImageFilter.GaussianBlur(5))
    return Mask(0, 0, np.asarray(soft, np.float32) / 255)
