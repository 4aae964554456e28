"""Bytes to upright RGB pixels: told by content, held to limits before decoding, large photos decoded small."""

from __future__ import annotations

import io
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from PIL import Image

from lookalike.arrays import Pixels
from lookalike.deadline import Deadline
from lookalike.errors import DamagedPhoto, EmptyPhoto, LookalikeError, TooLarge, UnsupportedPhoto
from lookalike.photo.colours import to_rgb
from lookalike.photo.formats import heif_registered, photo_format, silence_libtiff
from lookalike.photo.jpeg_segments import Jpeg, read_segments
from lookalike.photo.limits import check_file, check_picture

# A photo with odd metadata is no news to the operator.
warnings.filterwarnings("ignore", category=UserWarning, module="PIL")
# Our own limit on pixels, checked on the header, replaces Pillow's warning.
Image.MAX_IMAGE_PIXELS = None

# All photos of a request together, in photos of the largest size.
_LARGEST_TOGETHER = 2
# A JPEG without its end is read when it lacks no more than this share of its rows, beyond the blocks in which it ends.
_MISSING = 0.02
# Whatever follows the last byte, a decoder that has the whole picture does not look at it.
_ENDINGS = (b"\xff\xd9", b"\x35\xca\x53\xac\x5a\x93\x6c\xa5" * 8 + b"\xff\xd9")

_ORIENTATION_TAG = 0x0112
_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def no_finer(side: int) -> Image.Image | None:
    """Of a photo that is not decoded twice."""
    return None


@dataclass(frozen=True, slots=True)
class Photo:
    """An upright photo. `rgb` [h,w,3] uint8 may be smaller than the photo as given: `scale` = rgb's width / width.

    `remarks` are slugs of what the asker should know of the file, such as that a part of it was missing. `finer` decodes
    the photo once more, with a longer side of so many pixels; None where that is more than its request may take.
    """

    rgb: Pixels
    width: int
    height: int
    remarks: tuple[str, ...] = ()
    finer: Callable[[int], Image.Image | None] = no_finer

    @property
    def scale(self) -> float:
        return float(self.rgb.shape[1] / self.width)


@dataclass(frozen=True, slots=True)
class _File:
    """A photo whose headers were read and held to the limits, and whose pixels were not. `asks` as check_picture says."""

    image: Image.Image
    jpeg: Jpeg | None
    asks: float


@dataclass(slots=True)
class _Allowance:
    """What a request may still ask of decoders, in `pixels` as check_picture counts them."""

    max_pixels: int
    pixels: float

    def finer(self, data: bytes, side: int) -> Image.Image | None:
        """See Photo.finer."""
        file = _open(data, self.max_pixels)
        # Whether enough of an incomplete photo is there was found out at its other size; see-through and deep pictures
        # take several times their memory to be made fine copies of. Neither comes out of a camera.
        as_taken = file.image.mode in ("RGB", "L") and "transparency" not in file.image.info
        if file.asks > self.pixels or not as_taken or (file.jpeg and not file.jpeg.whole):
            return None
        self.pixels -= file.asks
        with _damage_named():
            return _upright(file.image, _stored(file.image, side))


def read_photos(
    photos: Sequence[bytes], max_pixels: int, working_side: int | None, deadline: Deadline | None = None
) -> list[Photo]:
    """All photos of a request, which ask for no more than two of the largest do. Raises what read_photo raises.

    All of them are held to their limits before the first is decoded. Decoding one once more (Photo.finer) counts, too.
    """
    deadline, files = deadline or Deadline(), [_open(data, max_pixels) for data in photos]
    total, most = sum(file.asks for file in files), _LARGEST_TOGETHER * max_pixels
    if total > most:
        limit = f"{most / 1e6:.0f} megapixels in all photos together"
        raise TooLarge(size=f"{total / 1e6:.0f} megapixels", limit=limit)
    allowance, read = _Allowance(max_pixels, most - total), []
    for data in photos:
        deadline.check()
        # A decoder keeps its whole picture: it is let go of before the next one begins.
        read.append(replace(_decode(files.pop(0), working_side), finer=partial(allowance.finer, data)))
    return read


def read_photo(data: bytes, max_pixels: int = 50_000_000, working_side: int | None = None) -> Photo:
    """Decode a photo, apply its orientation and colour profile, and shrink its longer side to `working_side`.

    JPEG, PNG, WebP, AVIF, GIF (first frame), BMP, TIFF and, where pi-heif is installed, HEIC; greyscale, palette,
    16-bit and CMYK become RGB, transparency becomes white. Limits on pixels differ by format: see limits.py. Raises
    EmptyPhoto, UnsupportedPhoto, UnusualPhoto, TooLarge or DamagedPhoto.
    """
    return _decode(_open(data, max_pixels), working_side)


def _open(data: bytes, max_pixels: int) -> _File:
    if not data:
        raise EmptyPhoto()
    kind = photo_format(data)
    if kind is None or (kind == "HEIF" and not heif_registered()):
        raise UnsupportedPhoto(heif=", HEIC" if heif_registered() else "")
    if kind == "TIFF":
        silence_libtiff()
    with _damage_named():
        asks = check_file(kind, data, max_pixels)
        jpeg = read_segments(data) if kind == "JPEG" else None
        image = _opened(kind, jpeg.data if jpeg else data)
        return _File(image, jpeg, max(asks, check_picture(kind, image, max_pixels, jpeg)))


def _decode(file: _File, working_side: int | None) -> Photo:
    size = file.image.size
    with _damage_named():
        cut_off = file.jpeg if file.jpeg and not file.jpeg.whole else None
        picture = _without_its_end(cut_off, working_side) if cut_off else _stored(file.image, working_side)
        rgb = np.asarray(_upright(file.image, picture))
        width, height = size[::-1] if _orientation(file.image) >= 5 else size
    return Photo(rgb, width, height, ("incomplete",) if cut_off else ())


@contextmanager
def _damage_named() -> Iterator[None]:
    """Decoders raise whatever their format's parser stumbles over: all of it means that the bytes are not a whole photo."""
    try:
        yield
    except LookalikeError:
        raise
    except Exception as error:
        raise DamagedPhoto() from error


def _opened(kind: str, data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data), formats=[kind])


def _stored(image: Image.Image, working_side: int | None) -> Image.Image:
    """The picture as RGB of the working size, as it lies in the file."""
    shrink = min(1.0, working_side / max(image.size)) if working_side else 1.0
    size = (max(1, round(image.width * shrink)), max(1, round(image.height * shrink)))
    if shrink < 1:
        # JPEG can be decoded at 1/2, 1/4 or 1/8 for a fraction of the time; other formats ignore this.
        image.draft(None, size)
    image.load()
    return to_rgb(image, size)


def _without_its_end(jpeg: Jpeg, working_side: int | None) -> Image.Image:
    """The picture of a JPEG that lost its end, when next to nothing else went with it. Raises DamagedPhoto.

    It is decoded twice, with two different things behind its last byte: from where the two differ on, it is made up.
    """
    images = [_opened("JPEG", jpeg.data + ending) for ending in _ENDINGS]
    height = images[0].height
    pictures = [_stored(image, working_side) for image in images]
    first, second = map(np.asarray, pictures)
    made_up = np.flatnonzero((first != second).any(axis=(1, 2)))
    missing = 1 - made_up[0] / len(first) if len(made_up) else 0.0
    # The row of blocks in which the file ends is made up from where it ends, and interpolation blurs that by a row or two.
    if not jpeg.settled or missing > _MISSING + jpeg.row / height + 2 / len(first):
        raise DamagedPhoto()
    return pictures[0]


def _upright(image: Image.Image, picture: Image.Image) -> Image.Image:
    """`picture` turned as its file `image` says. A decoder that turned it says so by now."""
    turn = _UPRIGHT.get(_orientation(image))
    return picture if turn is None else picture.transpose(turn)


def _orientation(image: Image.Image) -> int:
    """EXIF orientation 1…8; damaged EXIF is no reason to refuse a photo, so it counts as upright."""
    try:
        value = image.getexif().get(_ORIENTATION_TAG, 1)
    except Exception:
        return 1
    return value if isinstance(value, int) and value in _UPRIGHT else 1
