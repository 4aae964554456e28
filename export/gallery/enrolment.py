"""One photo file to its largest face's embedding and portrait, or to the reason why there is none."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from export.gallery.leftovers import portrait_name
from export.gallery.people import Enrolment
from export.gallery.portrait import portrait
from lookalike.errors import DamagedPhoto, EmptyPhoto, LookalikeError, NoFace, TooLarge, UnsupportedPhoto, UnusualPhoto
from lookalike.faces.probe import Probe
from lookalike.finder import Finder
from lookalike.photo.formats import photo_format

# The function's limit on uploads is the gateway's; photos on one's own disk may well be larger.
MAX_BYTES = 100_000_000
# A second face counts when its side is at least this share of the largest one's: not someone in the background.
_RIVAL = 0.5
_NOTES = {"unsure": "perhaps not a face"}


@dataclass(frozen=True, slots=True)
class Refused:
    reason: str


Outcome = tuple[Enrolment, bytes] | Refused


def enrol(finder: Finder, path: Path) -> Outcome:
    """The face steps of the finder, on the largest face: what they gave, and the portrait as a JPEG.

    Nothing that is wrong with a file is raised.
    """
    data = b""
    try:
        if path.stat().st_size > MAX_BYTES:
            return Refused(f"it is larger than {MAX_BYTES // 1_000_000} MB")
        data = path.read_bytes()
        picture, probes = finder.read_faces(data)
    except OSError as error:
        return Refused(f"it cannot be read ({error.strerror})")
    except LookalikeError as error:
        return Refused(_reason(error, data))
    if not probes:
        return Refused("no face was found in it")
    jpeg = portrait(picture, probes[0])
    embedding = finder.embedder.embed([probes[0].chip])[0]
    return Enrolment(hashlib.sha256(data).hexdigest(), portrait_name(jpeg), _notes(probes), embedding), jpeg


def _notes(probes: Sequence[Probe]) -> tuple[str, ...]:
    face = probes[0].face
    rivals = [probe for probe in probes[1:] if probe.face.width >= _RIVAL * face.width]
    notes = [_NOTES.get(warning, warning.replace("-", " ")) for warning in probes[0].warnings]
    if rivals:
        notes.append(f"{len(rivals) + 1} faces, the largest was taken")
    return tuple(notes)


def _reason(error: LookalikeError, data: bytes) -> str:
    match error:
        case EmptyPhoto():
            return "it is empty"
        case DamagedPhoto():
            return "it is damaged or incomplete"
        case UnusualPhoto():
            return f"this kind of photo ({error.facts['kind']}) is not read"
        case UnsupportedPhoto() if photo_format(data) == "HEIF":
            return "HEIC needs the optional package pi-heif"
        case UnsupportedPhoto():
            return "it is not a photo in a format that is read"
        case TooLarge():
            return f"it has {error.facts['size']}, more than {error.facts['limit']}"
        case NoFace():
            return "no face was found in it"
        case _:
            return str(error)
