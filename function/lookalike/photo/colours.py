"""A decoded picture in whatever colours to RGB of the wanted size, in sRGB.

At full size, converting colours would take several times the memory that the picture has: large pictures are converted
and averaged in bands, and only what is left is resized.
"""

from __future__ import annotations

import io
from collections.abc import Callable

import numpy as np
from PIL import Image

# Small enough for the copies of a band to be no matter beside the picture.
_BAND_PIXELS = 1_000_000
# As Pillow's resize(…, reducing_gap=2.0): averaged by whole numbers down to twice the wanted size, then interpolated.
_GAP = 2.0
_DEEP = ("I;16", "I;16L", "I;16B", "I;16N")
_DEPTHS = (10, 12)  # bits of greyscale that cameras keep in 16
# Tables of a profile for four colours have one or two megabytes.
_MOST_PROFILE = 4_000_000
_SRGB = (b"sRGB", "sRGB".encode("utf-16-be"))  # in its name: nothing to do
_SPACES = {"RGB": "RGB ", "L": "GRAY", "CMYK": "CMYK"}


def to_rgb(image: Image.Image, size: tuple[int, int]) -> Image.Image:
    """The picture at `size` (no larger than it is) as sRGB; transparency becomes white, a broken profile is ignored."""
    small = _on_white(_shrunk(image, size))
    return _by_profile(small, image.info.get("icc_profile")) or _as_rgb(small)


def _shrunk(image: Image.Image, size: tuple[int, int]) -> Image.Image:
    prepared = _preparation(image)
    if image.size == size:
        return _faded_back(prepared(image))
    across, down = (max(1, int(have / want / _GAP)) for have, want in zip(image.size, size, strict=True))
    small = _averaged(image, prepared, across, down)
    box = (0, 0, image.width / across, image.height / down)
    return _faded_back(small.resize(size, Image.Resampling.BILINEAR, box, reducing_gap=None))


def _averaged(
    image: Image.Image, prepared: Callable[[Image.Image], Image.Image], across: int, down: int
) -> Image.Image:
    """Each `across` × `down` pixels, or what is left of them at the edges, as one."""
    if (across, down) == (1, 1):
        return prepared(image)
    rows = max(1, _BAND_PIXELS // image.width // down) * down
    size = (-(-image.width // across), -(-image.height // down))
    averaged = Image.new(prepared(image.crop((0, 0, 1, 1))).mode, size)
    for top in range(0, image.height, rows):
        band = image.crop((0, top, image.width, min(top + rows, image.height)))
        averaged.paste(prepared(band).reduce((across, down)), (0, top // down))
    return averaged


def _preparation(image: Image.Image) -> Callable[[Image.Image], Image.Image]:
    """What makes a part of the picture fit to be averaged."""
    if image.mode in _DEEP:
        return _eight_bits(image)
    if image.mode in ("LA", "PA", "RGBA") or "transparency" in image.info:
        # With premultiplied colours, clear pixels lend nothing to those beside them.
        return lambda part: part.convert("RGBA").convert("RGBa")
    if image.mode == "1":
        return lambda part: part.convert("L")
    if image.mode in ("P", "RGBX"):
        return lambda part: part.convert("RGB")
    return lambda part: part


def _faded_back(image: Image.Image) -> Image.Image:
    return image.convert("RGBA") if image.mode == "RGBa" else image


def _as_rgb(image: Image.Image) -> Image.Image:
    if image.mode in ("I", "F"):
        return _stretched(image).convert("RGB")
    return image.convert("RGB")


def _on_white(image: Image.Image) -> Image.Image:
    if image.mode != "RGBA":
        return image
    return Image.alpha_composite(Image.new("RGBA", image.size, "white"), image).convert("RGB")


def _eight_bits(image: Image.Image) -> Callable[[Image.Image], Image.Image]:
    """Greyscale of 16 bits, or of the fewer that all of its values fit in."""
    highest = int(image.getextrema()[1])  # type: ignore[arg-type]
    bits = next((depth for depth in _DEPTHS if highest < 2**depth), 16)
    step = (2**bits - 1) / 255
    return lambda part: Image.fromarray((np.asarray(part) / np.float32(step)).astype(np.uint8))


def _stretched(image: Image.Image) -> Image.Image:
    """Greyscale of 32 bits, whole numbers or floats of no known range: what they hold becomes black to white."""
    values = np.asarray(image).astype(np.float64)
    values[~np.isfinite(values)] = 0
    low, high = float(values.min()), float(values.max())
    return Image.fromarray(((values - low) * (255 / max(high - low, 1e-6))).astype(np.uint8))


def _by_profile(image: Image.Image, profile: bytes | None) -> Image.Image | None:
    """The picture by its colour profile (ICC.1), as browsers show it; None without one that fits and can be used.

    Telephones write Display P3, whose red is redder than sRGB's: left alone, skin comes out pale.
    """
    space = _SPACES.get(image.mode)
    if not profile or space is None or len(profile) > _MOST_PROFILE or any(name in profile for name in _SRGB):
        return None
    # The colour management library is loaded with the first such photo.
    from PIL import ImageCms

    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        if source.profile.xcolor_space != space:
            return None
        target = ImageCms.createProfile("sRGB")
        return ImageCms.profileToProfile(image, source, target, outputMode="RGB")
    except (ImageCms.PyCMSError, OSError, ValueError):
        return None
