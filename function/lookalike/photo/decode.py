"""Bytes to upright RGB pixels: formats told by content, limits before decoding, large photos decoded small."""

from __future__ import annotations

import io
import warnings
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PIL import Image

from lookalike.errors import DamagedPhoto, EmptyPhoto, TooLarge, UnsupportedPhoto
from lookalike.photo.heif_items import pixels_to_decode
from lookalike.photo.jpeg_segments import without_metadata

# A photo with odd metadata is no news to the operator.
warnings.filterwarnings("ignore", category=UserWarning, module="PIL")
# Our own limit on pixels, checked on the header, replaces Pillow's warning.
Image.MAX_IMAGE_PIXELS = None

# What JPEG can hold; a picture of 1 × 50 million pixels is an attack on whoever resizes it.
LONGEST_SIDE = 65_535
# Their decoders take twice the time or memory for a pixel.
_HEAVY = ("WEBP", "AVIF", "HEIF")
# A HEIF picture's tiles reach beyond its edges, and a camera adds maps of depth and brightness.
_HEIF_OVERHEAD = 1.5
_MOST_STRIPS = 100_000  # of a TIFF

_ORIENTATION_TAG = 0x0112
_TILE_WIDTH_TAG, _TILE_LENGTH_TAG, _STRIPS_TAG = 322, 323, 273
_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_DEEP = ("I;16", "I;16L", "I;16B", "I;16N")
_HEIF_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}
_AVIF_BRANDS = {b"avif", b"avis"}


@dataclass(frozen=True, slots=True)
class Photo:
    """An upright photo. `rgb` [h,w,3] uint8 may be smaller than the photo as given: `scale` = rgb's width / width.

    `remarks` are slugs of what the asker should know of the file, such as that a part of it was missing.
    """

    rgb: npt.NDArray[np.uint8]
    width: int
    height: int
    remarks: tuple[str, ...] = ()

    @property
    def scale(self) -> float:
        return float(self.rgb.shape[1] / self.width)


def read_photo(data: bytes, max_pixels: int = 50_000_000, working_side: int | None = None) -> Photo:
    """Decode a photo, apply its EXIF orientation, and shrink its longer side to `working_side` when it is larger.

    JPEG, PNG, WebP, AVIF, GIF (first frame), BMP, TIFF and, where pi-heif is installed, HEIC; greyscale, palette,
    16-bit and CMYK become RGB, transparency becomes white. Of WebP, AVIF and HEIC, half of `max_pixels` is read. Raises
    EmptyPhoto, UnsupportedPhoto, TooLarge (pixels) or DamagedPhoto.
    """
    if not data:
        raise EmptyPhoto()
    kind = photo_format(data)
    if kind is None or (kind == "HEIF" and not _heif_registered()):
        raise UnsupportedPhoto(heif=", HEIC" if _heif_registered() else "")
    # Decoders raise whatever their format's parser stumbles over (struct.error, IndexError, …): all of it means that
    # the bytes are not a whole photo.
    try:
        inside = pixels_to_decode(data) / _HEIF_OVERHEAD if kind in ("AVIF", "HEIF") else 0
        image = Image.open(io.BytesIO(without_metadata(data) if kind == "JPEG" else data), formats=[kind])
        width, height = image.size
        _check_tiles(image, max_pixels)
    except Exception as error:
        raise DamagedPhoto() from error
    most = max_pixels / 2 if kind in _HEAVY else max_pixels
    if width * height > most:
        raise TooLarge(size=f"{width}×{height} pixels", limit=f"{most / 1e6:.0f} megapixels")
    if inside > most:
        raise DamagedPhoto()
    if max(width, height) > LONGEST_SIDE:
        raise TooLarge(size=f"{width}×{height} pixels", limit=f"{LONGEST_SIDE} pixels a side")
    try:
        return _decode(image, working_side)
    except Exception as error:
        raise DamagedPhoto() from error


def photo_format(data: bytes) -> str | None:
    """Pillow's name of the format these bytes begin as, None for one that is not read."""
    if data.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "WEBP"
    if data[:6] in (b"GIF87a", b"GIF89a"):
        return "GIF"
    if data[:4] in (b"II*\0", b"MM\0*"):
        return "TIFF"
    if data[:2] == b"BM":
        return "BMP"
    if data[4:8] == b"ftyp":
        brands = {data[start : start + 4] for start in (8, *range(16, min(len(data), 64), 4))}
        if brands & _AVIF_BRANDS:
            return "AVIF"
        if brands & _HEIF_BRANDS:
            return "HEIF"
    return None


def _check_tiles(image: Image.Image, max_pixels: int) -> None:
    """A TIFF's picture may be small and its tiles gigantic, or its strips countless. Raises ValueError or TypeError."""
    tags = getattr(image, "tag_v2", {})
    tile = float(tags.get(_TILE_WIDTH_TAG, 0)) * float(tags.get(_TILE_LENGTH_TAG, 0))
    strips = tags.get(_STRIPS_TAG, ())
    if tile > max_pixels or (isinstance(strips, tuple) and len(strips) > _MOST_STRIPS):
        raise ValueError("tiles or strips beyond any measure")


def _decode(image: Image.Image, working_side: int | None) -> Photo:
    width, height = image.size
    orientation = _orientation(image)
    shrink = min(1.0, working_side / max(width, height)) if working_side else 1.0
    target = (max(1, round(width * shrink)), max(1, round(height * shrink)))
    if shrink < 1:
        # JPEG can be decoded at 1/2, 1/4 or 1/8 for a fraction of the time; other formats ignore this.
        image.draft(None, target)
    image.load()
    picture = _as_rgb(_shrunk(image, target))
    if orientation in _UPRIGHT:
        picture = picture.transpose(_UPRIGHT[orientation])
        if orientation >= 5:
            width, height = height, width
    return Photo(np.asarray(picture), width, height)


def _orientation(image: Image.Image) -> int:
    """EXIF orientation 1…8; damaged EXIF is no reason to refuse a photo, so it counts as upright."""
    try:
        value = image.getexif().get(_ORIENTATION_TAG, 1)
    except Exception:
        return 1
    return value if isinstance(value, int) else 1


def _shrunk(image: Image.Image, size: tuple[int, int]) -> Image.Image:
    """At full size, the colours' conversion would take several times the memory and time that it takes afterwards."""
    if image.size == size:
        return image
    if image.mode in _DEEP:
        image = _eight_bits(image)
    elif image.mode == "PA" or "transparency" in image.info:
        image = image.convert("RGBA")
    elif image.mode in ("1", "P"):
        image = image.convert("L" if image.mode == "1" else "RGB")
    if image.mode not in ("LA", "RGBA"):
        return image.resize(size, Image.Resampling.BILINEAR, reducing_gap=2.0)
    # With premultiplied colours, clear pixels lend nothing to those beside them.
    faded = image.convert("La" if image.mode == "LA" else "RGBa")
    return faded.resize(size, Image.Resampling.BILINEAR, reducing_gap=2.0).convert(image.mode)


def _as_rgb(image: Image.Image) -> Image.Image:
    if image.mode in _DEEP:
        return _eight_bits(image).convert("RGB")
    if image.mode in ("I", "F"):
        return _stretched(image).convert("RGB")
    if "A" in image.mode or "a" in image.mode or "transparency" in image.info:
        rgba = image.convert("RGBA")
        white = Image.new("RGBA", rgba.size, "white")
        return Image.alpha_composite(white, rgba).convert("RGB")
    return image.convert("RGB")


def _eight_bits(image: Image.Image) -> Image.Image:
    """Greyscale of 16 bits, 0…65535."""
    return Image.fromarray((np.asarray(image) // 257).astype(np.uint8))


def _stretched(image: Image.Image) -> Image.Image:
    """Greyscale of 32 bits, whole numbers or floats of no known range: what they hold becomes black to white."""
    values = np.asarray(image).astype(np.float64)
    values[~np.isfinite(values)] = 0
    low, high = float(values.min()), float(values.max())
    return Image.fromarray(((values - low) * (255 / max(high - low, 1e-6))).astype(np.uint8))


def _heif_registered() -> bool:
    """Whether HEIC can be read; the decoder (an optional dependency) is loaded when it is first needed."""
    if "HEIF" in Image.OPEN:
        return True
    try:
        from pi_heif import register_heif_opener
    except ImportError:
        return False
    register_heif_opener()
    return True
