"""A portrait for someone of whom there is an embedding but no photo: initials, or a head and shoulders."""

from __future__ import annotations

import colorsys
import hashlib
import unicodedata

from PIL import Image, ImageDraw, ImageFont

from export.gallery.portrait import SIDE, jpeg

_OVERSAMPLING = 2


def placeholder(name: str) -> bytes:
    """A JPEG in a quiet colour that is always the same for the same name."""
    side = SIDE * _OVERSAMPLING
    picture = Image.new("RGB", (side, side), _colour(name, 0.42))
    draw = ImageDraw.Draw(picture)
    initials = latin_initials(name)
    if initials:
        font = ImageFont.load_default(side * 0.38)
        draw.text((side / 2, side / 2), initials, _colour(name, 0.92), font, anchor="mm")
    else:
        _draw_silhouette(draw, side, _colour(name, 0.68))
    return jpeg(picture.resize((SIDE, SIDE), Image.Resampling.LANCZOS))


def latin_initials(name: str) -> str:
    """First letters of the first and last word; "" in scripts that Pillow's own font cannot write."""
    words = name.split()
    letters = [unicodedata.normalize("NFKD", word)[0].upper() for word in dict.fromkeys((words[0], words[-1]))]
    return "".join(letters) if all(letter.isascii() and letter.isalnum() for letter in letters) else ""


def _draw_silhouette(draw: ImageDraw.ImageDraw, side: int, colour: tuple[int, int, int]) -> None:
    draw.ellipse([side * share for share in (0.33, 0.18, 0.67, 0.58)], fill=colour)
    draw.ellipse([side * share for share in (0.14, 0.64, 0.86, 1.5)], fill=colour)


def _colour(name: str, lightness: float) -> tuple[int, int, int]:
    hue = hashlib.sha256(name.encode()).digest()[0] / 256
    red, green, blue = (round(255 * channel) for channel in colorsys.hls_to_rgb(hue, lightness, 0.28))
    return red, green, blue
