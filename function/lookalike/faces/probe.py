"""The faces of a photo, and all that is found out about each: looked up once, carried by a Probe from here on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from PIL import Image

from lookalike.arrays import Pixels
from lookalike.deadline import Deadline
from lookalike.faces.detector import Detector, Face
from lookalike.faces.embedder import Embedder
from lookalike.faces.quality import Warning_, face_warnings
from lookalike.faces.turning import detect_any_way_up
from lookalike.options import MAX_FACES, FindOptions
from lookalike.photo.decode import Photo, no_finer

# A face is small when its side has fewer pixels than this share of the network's input: cut from a photo's own pixels
# its embedding is nearer to the face's own by 0.01 there, by 0.04 at 64 pixels of 150, by 0.2 at 32.
SMALL_SHARE = 0.6
# The longer side of the finest copy: each further pixel costs, and a face of 30 pixels in 1,280 has 75 there.
FINEST_SIDE = 3200
# Seconds that a photo may take to decode, in which nobody looks at the deadline.
DECODING_SECONDS = 2.5
_TURNS = {1: Image.Transpose.ROTATE_90, 2: Image.Transpose.ROTATE_180, 3: Image.Transpose.ROTATE_270}


@dataclass(frozen=True, slots=True)
class Probe:
    """A face of a photo, ready to be embedded.

    `face` in pixels of the photo as given; `upright` in pixels of the photo's `rgb` after `turns` quarter turns
    (np.rot90), in which the face was found; `chip` [size,size,3] as the embedder sees it.
    """

    face: Face
    upright: Face
    turns: int
    chip: Pixels
    warnings: tuple[Warning_, ...]


@dataclass(frozen=True, slots=True)
class Detection:
    """A photo's faces, largest first, at most MAX_FACES.

    `left_out` counts those that were not sure enough, `beyond_limit` those that are smaller than MAX_FACES others;
    `smaller_possible` says that a smaller one may have been missed.
    """

    probes: list[Probe]
    left_out: int = 0
    beyond_limit: int = 0
    smaller_possible: bool = False


def find_faces(
    detector: Detector, embedder: Embedder, photo: Photo, options: FindOptions, deadline: Deadline
) -> Detection:
    """The faces of a photo, whichever way up it is. Raises TookTooLong after the deadline.

    Where one is sure, those that are not are left out; `min_probability` leaves out by probability instead.
    """
    smallest = options.min_face_size * photo.scale if options.min_face_size is not None else None
    found = detect_any_way_up(detector, photo.rgb, smallest, deadline)
    wanted = found.sure or found.faces
    if options.min_probability is not None:
        wanted = [face for face in found.faces if face.probability >= options.min_probability]
    if deadline.left < DECODING_SECONDS:
        photo = replace(photo, finer=no_finer)
    chips = _chips(embedder, photo, found.turns, wanted[:MAX_FACES])
    probes = [_probe(photo, found.turns, face, chip) for face, chip in zip(wanted, chips, strict=False)]
    return Detection(
        probes,
        left_out=len(found.faces) - len(wanted),
        beyond_limit=len(wanted) - len(probes),
        smaller_possible=found.smaller_possible,
    )


def _chips(embedder: Embedder, photo: Photo, turns: int, faces: Sequence[Face]) -> list[Pixels]:
    """Of faces found in the photo's rgb after so many quarter turns, each [size,size,3] uint8: small ones from finer pixels.

    Raises DamagedPhoto, as the photo is decoded anew for them.
    """
    size = embedder.entry.recipe.size
    searched, small = _turned(Image.fromarray(photo.rgb), turns), [face.side < SMALL_SHARE * size for face in faces]
    least = min((face.side for face, is_small in zip(faces, small, strict=True) if is_small and face.sure), default=0)
    side = min(FINEST_SIDE, round(max(searched.size) * size / least)) if least and photo.scale < 1 else 0
    finer = photo.finer(side) if side > max(searched.size) else None
    if finer is None:
        return [embedder.cut(searched, face) for face in faces]
    finer, factor = _turned(finer, turns), max(finer.size) / max(searched.size)
    return [
        embedder.cut(finer, face.scaled(factor)) if is_small else embedder.cut(searched, face)
        for face, is_small in zip(faces, small, strict=True)
    ]


def _turned(picture: Image.Image, turns: int) -> Image.Image:
    """After quarter turns, counter-clockwise."""
    return picture.transpose(_TURNS[turns]) if turns else picture


def _probe(photo: Photo, turns: int, upright: Face, chip: Pixels) -> Probe:
    height, width = photo.rgb.shape[:2]
    size = (height, width) if turns % 2 else (width, height)
    return Probe(
        face=upright.turned_back(turns, width, height).scaled(1 / photo.scale),
        upright=upright,
        turns=turns,
        chip=chip,
        warnings=tuple(face_warnings(upright, chip, size, photo.scale)),
    )
