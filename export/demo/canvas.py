"""The surface a portrait is painted on: soft-edged masks, and colours mixed in floating point."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter

# The frame in which portraits are laid out; widths and blurs are given in its units, too.
WIDTH, HEIGHT = 600, 624
# Pixels a unit: sharp at the size at which the page shows a portrait, 512 pixels across.
PIXELS = 1.25
COLUMNS, ROWS = round(WIDTH * PIXELS), round(HEIGHT * PIXELS)
# Masks are drawn this many times larger and averaged down: smooth edges whatever the drawing routine does.
FINE = 3

Array = NDArray[np.floating]


@dataclass(frozen=True)
class Mask:
    """How far each pixel is covered, 0…1, in a rectangle [h, w] of pixels whose top left corner is at (left, top)."""

    left: int
    top: int
    cover: Array

    @property
    def box(self) -> tuple[slice, slice]:
        """Where the rectangle lies in a whole [ROWS, COLUMNS] plane."""
        height, width = self.cover.shape
        return slice(self.top, self.top + height), slice(self.left, self.left + width)

    def within(self, other: Mask) -> Mask:
        """Only what the other mask covers too."""
        return replace(self, cover=self.cover * other.plane()[self.box])

    def times(self, plane: Array) -> Mask:
        """Weakened by a whole plane of factors."""
        return replace(self, cover=self.cover * plane[self.box])

    def plane(self) -> Array:
        """Spread over the whole canvas."""
        whole = np.zeros((ROWS, COLUMNS), np.float32)
        whole[self.box] = self.cover
        return whole


class Canvas:
    """RGB in 0…1, [ROWS, COLUMNS, 3]."""

    def __init__(self) -> None:
        self.rgb: Array = np.zeros((ROWS, COLUMNS, 3), np.float32)

    def paint(self, mask: Mask, colour: Array, opacity: float = 1.0) -> None:
        """Lays a colour over what is there: one [3], one per pixel of the mask, or one per pixel of the whole canvas."""
        shade = np.asarray(colour, np.float32)
        if shade.shape[:2] == (ROWS, COLUMNS) != mask.cover.shape:
            shade = shade[mask.box]
        patch = self.rgb[mask.box]
        patch += (shade - patch) * (mask.cover * np.float32(opacity))[..., None]

    def glaze(self, mask: Mask, colour: Array, opacity: float = 1.0) -> None:
        """Multiplies: shadows and blushes that keep what is painted beneath them."""
        patch = self.rgb[mask.box]
        shade = np.asarray(colour, np.float32)
        patch *= 1 + (shade - 1) * (mask.cover * np.float32(opacity))[..., None]

    def glow(self, mask: Mask, colour: Array, opacity: float = 1.0) -> None:
        """Screens: light that never burns out."""
        patch = self.rgb[mask.box]
        shade = np.asarray(colour, np.float32)
        patch += (1 - patch) * shade * (mask.cover * np.float32(opacity))[..., None]

    def image(self) -> Image.Image:
        return Image.fromarray((self.rgb.clip(0, 1) * 255 + 0.5).astype(np.uint8))


def polygon(points: Array, blur: float = 0.0) -> Mask:
    """The inside of a closed outline [n, 2], its edge softened by `blur`."""
    points, blur = points * PIXELS, blur * PIXELS
    left, top, right, bottom = _frame(points, 3 * blur + 2)
    large = Image.new("L", ((right - left) * FINE, (bottom - top) * FINE))
    corners = ((points - (left, top)) * FINE).ravel().tolist()
    ImageDraw.Draw(large).polygon(corners, fill=255)
    return Mask(left, top, _soft(large.reduce(FINE), blur))


def stroke(line: Array, widths: float | Array, blur: float = 0.0) -> Mask:
    """A line [n, 2] as a brush leaves it, `widths` wide at each of its points."""
    along = np.gradient(line, axis=0)
    length = np.maximum(np.hypot(along[:, 0], along[:, 1]), 1e-6)
    across = np.stack([-along[:, 1], along[:, 0]], axis=1) / length[:, None]
    half = across * (np.broadcast_to(np.asarray(widths, np.float64), (len(line),))[:, None] / 2)
    return polygon(np.concatenate([line + half, (line - half)[::-1]]), blur)


def ellipse(centre: tuple[float, float], radii: tuple[float, float], blur: float = 0.0, angle: float = 0.0) -> Mask:
    """The angle is in radians."""
    around = np.linspace(0, 2 * np.pi, 48, endpoint=False)
    x, y = radii[0] * np.cos(around), radii[1] * np.sin(around)
    turned = np.stack([x * np.cos(angle) - y * np.sin(angle), x * np.sin(angle) + y * np.cos(angle)], axis=1)
    return polygon(turned + centre, blur)


def _frame(points: Array, margin: float) -> tuple[int, int, int, int]:
    """Left, top, right and bottom of the pixels round points in pixels."""
    low, high = np.floor(points.min(axis=0) - margin), np.ceil(points.max(axis=0) + margin)
    left, top = int(np.clip(low[0], 0, COLUMNS - 1)), int(np.clip(low[1], 0, ROWS - 1))
    return left, top, int(np.clip(high[0], left + 1, COLUMNS)), int(np.clip(high[1], top + 1, ROWS))


def _soft(image: Image.Image, blur: float) -> Array:
    if blur > 0:
        image = image.filter(ImageFilter.GaussianBlur(blur))
    return np.asarray(image, np.float32) / np.float32(255)
