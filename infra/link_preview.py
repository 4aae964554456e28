"""What a link to the page shows in a messenger, and its QR code: made at publishing, when the address is known."""

from __future__ import annotations

import io
from functools import partial
from pathlib import Path

from PIL import Image, ImageDraw

from infra.bucket import File
from infra.site_files import ASKED_ANEW, PAGE

PREVIEW = "preview.jpg"
QR_CODE = "qr.svg"
SIZE = (1200, 630)
_COLUMNS, _ROWS = 8, 3
_WALL, _BRASS, _MAT, _MIRROR = "#1f463b", "#d8b26a", "#f9f2e4", "#c3d2c9"


def with_address(page: dict[str, File], address: str, portraits: Path) -> dict[str, File]:
    """The page with absolute addresses where messengers want them, a preview of the wall, and the QR code."""
    html = page[PAGE].read().decode().replace(f'content="{PREVIEW}"', f'content="{address}{PREVIEW}"')
    html = html.replace('property="og:url" content="./"', f'property="og:url" content="{address}"')
    made = {
        PAGE: _file(html.encode(), page[PAGE].content_type),
        PREVIEW: _file(wall(portraits), "image/jpeg"),
        QR_CODE: _file(qr_svg(address), "image/svg+xml"),
    }
    return page | made


def qr_svg(address: str) -> bytes:
    """The address as a QR code without a border."""
    import segno

    drawing = io.BytesIO()
    segno.make(address, micro=False).save(drawing, kind="svg", border=0, scale=8, xmldecl=False)
    return drawing.getvalue()


def wall(portraits: Path) -> bytes:
    """A JPEG of SIZE: framed portraits, and the mirror among them."""
    picture = Image.new("RGB", SIZE, _WALL)
    frame = SIZE[0] // _COLUMNS - 20
    files = sorted(portraits.glob("*-small.jpg"))[: _COLUMNS * _ROWS]
    for index, file in enumerate(files):
        row, column = divmod(index, _COLUMNS)
        with Image.open(file) as portrait:
            picture.paste(_framed(portrait, frame), (10 + column * (frame + 20), 12 + row * (SIZE[1] // _ROWS)))
    _draw_mirror(picture)
    data = io.BytesIO()
    picture.save(data, "JPEG", quality=82, optimize=True)
    return data.getvalue()


def _framed(portrait: Image.Image, width: int) -> Image.Image:
    """4 : 5, as on the page."""
    framed = Image.new("RGB", (width, width * 5 // 4), _BRASS)
    inner = (width - 16, width * 5 // 4 - 16)
    side = portrait.width
    middle = (side * 0.1, 0.0, side * 0.9, float(side))
    framed.paste(portrait.convert("RGB").resize(inner, Image.Resampling.LANCZOS, middle), (8, 8))
    return framed


def _draw_mirror(picture: Image.Image) -> None:
    """In the middle, with two rings: the page's own sign."""
    draw = ImageDraw.Draw(picture)
    middle, height = SIZE[0] // 2, SIZE[1] // 2
    draw.ellipse((middle - 200, height - 250, middle + 200, height + 250), _MIRROR, _BRASS, 16)
    for shift in (-38, 38):
        draw.ellipse((middle + shift - 72, height - 110, middle + shift + 72, height + 110), None, _WALL, 14)


def _file(content: bytes, kind: str) -> File:
    return File(partial(bytes, content), kind, ASKED_ANEW, len(content))
