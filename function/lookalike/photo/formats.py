"""Formats told by content, and which decoder opens them."""

from __future__ import annotations

import ctypes
from functools import cache

from PIL import Image, _imaging

_HEIF_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}
_AVIF_BRANDS = {b"avif", b"avis"}
_TIFF = (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")  # with + for *: BigTIFF


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
    if data[:4] in _TIFF:
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


@cache
def heif_registered() -> bool:
    """Whether HEIC can be read; the decoder (an optional dependency) is loaded when it is first needed."""
    if "HEIF" in Image.OPEN:
        return True
    try:
        from pi_heif import register_heif_opener
    except ImportError:
        return False
    register_heif_opener()
    return True


@cache
def silence_libtiff() -> None:
    """Of all decoders, libtiff alone writes what it thinks of a file to standard error: a line a tag, a line a row."""
    library = ctypes.CDLL(_imaging.__file__)  # a symbol is sought in the libraries under it, too
    for name in ("TIFFSetWarningHandler", "TIFFSetErrorHandler"):
        # A Pillow built without libtiff has nothing to silence.
        if hasattr(library, name):
            handler = library[name]
            handler.argtypes, handler.restype = [ctypes.c_void_p], ctypes.c_void_p
            handler(None)
