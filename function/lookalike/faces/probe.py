"""The faces of a photo, and all that is found out about each: looked up once, carried by a Probe from here on."""

from __future__ import annotations

from dataclasses import dataclass

from lookalike.arrays import Pixels
from lookalike.deadline import Deadline
from lookalike.faces.detector import Detector, Face
from lookalike.faces.embedder import Embedder
from lookalike.faces.quality import Warning_, face_warnings
from lookalike.faces.turning import detect_any_way_up, quarter_turned
from lookalike.options import MAX_FACES, FindOptions
from lookalike.photo.decode import Photo


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

    `left_out` counts those that were not sure enough; `smaller_possible` says that a smaller one may have been missed.
    """

    probes: list[Probe]
    left_out: int = 0
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
    turned = quarter_turned(photo.rgb, found.turns)
    probes = [_probe(embedder, photo, turned, found.turns, face) for face in wanted[:MAX_FACES]]
    return Detection(probes, len(found.faces) - len(wanted), found.smaller_possible)


def _probe(embedder: Embedder, photo: Photo, turned: Pixels, turns: int, upright: Face) -> Probe:
    """Of a face found in `turned`, which is the photo's rgb after so many quarter turns."""
    height, width = photo.rgb.shape[:2]
    chip = embedder.cut(turned, upright)
    return Probe(
        face=upright.turned_back(turns, width, height).scaled(1 / photo.scale),
        upright=upright,
        turns=turns,
        chip=chip,
        warnings=tuple(face_warnings(upright, chip, (turned.shape[1], turned.shape[0]), photo.scale)),
    )
