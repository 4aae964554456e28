"""A photo with its faces marked, for `lookalike find --draw`."""

from __future__ import annotations

from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from lookalike.answer import Answer
from lookalike.photo.decode import read_photo

# Fonts with Hangul, where the usual systems keep them; Pillow's own font has Latin letters only.
FONTS = ("NotoSansCJK-Regular.ttc", "NotoSansKR-Regular.ttf", "NanumGothic.ttf", "AppleSDGothicNeo.ttc", "malgun.ttf")
COLOURS = ("#ffb300", "#00acc1", "#e53935", "#7cb342", "#8e24aa", "#f4511e")


def draw_faces(data: bytes, answer: Answer, path: Path) -> None:
    """Write the upright photo with boxes, landmarks and each face's best match; the format follows the file's name."""
    picture = Image.fromarray(read_photo(data).rgb)
    canvas = ImageDraw.Draw(picture)
    unit = max(2, round(max(picture.size) / 400))
    font = _font(unit * 8)
    for number, found in enumerate(answer.faces):
        colour = COLOURS[number % len(COLOURS)]
        left, top, right, bottom = (float(value) for value in found.face.box)
        canvas.rectangle((left, top, right, bottom), outline=colour, width=unit)
        for x, y in found.face.landmarks:
            canvas.ellipse((x - unit, y - unit, x + unit, y + unit), fill=colour)
        if found.matches:
            best = found.matches[0]
            label = _printable(f"{best.person.name} {best.percent:.0f}%", font)
            place = canvas.textbbox((left, bottom + unit), label, font=font)
            canvas.rectangle((place[0] - unit, place[1] - unit, place[2] + unit, place[3] + unit), fill=colour)
            canvas.text((left, bottom + unit), label, fill="black", font=font)
    picture.save(path)


def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    for name in FONTS:
        try:
            return ImageFont.truetype(name, size)
        except OSError:
            continue
    return ImageFont.load_default(size)


def _printable(label: str, font: ImageFont.FreeTypeFont | ImageFont.ImageFont) -> str:
    """The label, without the letters that only a font with Hangul could show."""
    if isinstance(font, ImageFont.FreeTypeFont) and font.getname()[0] not in ("Aileron", None):
        return label
    return label.encode("ascii", "ignore").decode().strip()
