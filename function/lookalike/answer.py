"""What the finder answers, and its JSON (see schemas.py): the same for `lookalike find --json` and the HTTP API."""

from __future__ import annotations

import base64
import io
from dataclasses import dataclass

from PIL import Image

from lookalike import schemas
from lookalike.arrays import Array, Pixels
from lookalike.faces.detector import Face
from lookalike.faces.probe import Probe
from lookalike.gallery.people import Match, Person
from lookalike.gallery.scale import rounded_down
from lookalike.gallery.verdict import Verdict


@dataclass(frozen=True, slots=True)
class Mirror:
    """The answer for the face's mirror image: an unstable winner is one that changes with it."""

    stable: bool
    match: Match

    def to_json(self) -> schemas.Mirror:
        return {
            "stable": self.stable,
            "person": person_json(self.match.person, self.match.portrait),
            "similarity": _rounded(self.match.similarity),
        }


@dataclass(frozen=True, slots=True)
class FoundFace:
    """A face with its matches, best first, and the parts that were asked for."""

    face: Face
    warnings: list[str]
    verdict: Verdict
    matches: list[Match]
    crop: Pixels | None = None
    embedding: Array | None = None
    mirror: Mirror | None = None
    explanation: Array | None = None

    def to_json(self) -> schemas.Face:
        found = face_json(self.face, self.warnings)
        matches = [match_json(match) for match in self.matches]
        face: schemas.Face = {
            "box": found["box"],
            "probability": found["probability"],
            "landmarks": found["landmarks"],
            "warnings": found["warnings"],
            "verdict": self.verdict,
            "matches": matches,
        }
        if self.crop is not None:
            face["crop"] = jpeg_data_uri(self.crop)
        if self.embedding is not None:
            face["embedding"] = [_rounded(value, 7) for value in self.embedding]
        if self.mirror is not None:
            face["mirror"] = self.mirror.to_json()
        if self.explanation is not None:
            face["explanation"] = _grid_json(self.explanation)
        return face


@dataclass(frozen=True, slots=True)
class PhotoSummary:
    """One of several photos of a person: its size, its faces, and who would have won with this photo alone.

    `group` is 0 for the person answered for, 1… for others, None without a face.
    """

    width: int
    height: int
    faces: int
    winner: Match | None
    group: int | None

    def to_json(self) -> schemas.PhotoSummary:
        return {
            "width": self.width,
            "height": self.height,
            "faces": self.faces,
            "winner": person_json(self.winner.person, self.winner.portrait) if self.winner else None,
            "group": self.group,
        }


@dataclass(frozen=True, slots=True)
class Answer:
    """`width`, `height` and `remarks` of the (first) upright photo; faces largest first.

    `left_out` faces were not sure enough, `beyond_limit` too many to answer; `smaller_possible`: smaller ones may be
    missing; `different_people`: several photos seem to show more than one person, and the answer is for most of them.
    """

    model: str
    width: int
    height: int
    remarks: tuple[str, ...]
    faces: list[FoundFace]
    photos: list[PhotoSummary] | None
    left_out: int
    beyond_limit: int
    smaller_possible: bool
    different_people: bool
    timings_ms: schemas.Timings

    def to_json(self) -> schemas.Answer:
        answer: schemas.Answer = {
            "model": self.model,
            "photo": {"width": self.width, "height": self.height, "remarks": list(self.remarks)},
            "faces": [face.to_json() for face in self.faces],
            "left_out": self.left_out,
            "beyond_limit": self.beyond_limit,
            "smaller_possible": self.smaller_possible,
            "different_people": self.different_people,
            "timings_ms": self.timings_ms,
        }
        if self.photos is not None:
            answer["photos"] = [photo.to_json() for photo in self.photos]
        return answer


@dataclass(frozen=True, slots=True)
class ComparedFace:
    """A photo's size, its faces, largest first, and which of them was compared."""

    width: int
    height: int
    probes: list[Probe]
    chosen: int

    def to_json(self) -> schemas.ComparedFace:
        faces = [face_json(probe.face, list(probe.warnings)) for probe in self.probes]
        size: schemas.Size = {"width": self.width, "height": self.height}
        return {**size, **faces[self.chosen], "chosen": self.chosen, "faces": faces}


@dataclass(frozen=True, slots=True)
class Comparison:
    """One face of each of two photos; `same_person` by the network's own rule, None where it has none."""

    model: str
    similarity: float
    percent: float
    same_person: bool | None
    a: ComparedFace
    b: ComparedFace
    timings_ms: schemas.Timings

    def to_json(self) -> schemas.Compared:
        return {
            "model": self.model,
            "similarity": _rounded(self.similarity),
            "percent": _rounded(self.percent, 2),
            "same_person": self.same_person,
            "a": self.a.to_json(),
            "b": self.b.to_json(),
            "timings_ms": self.timings_ms,
        }


def face_json(face: Face, warnings: list[str]) -> schemas.FaceBase:
    return {
        "box": [_rounded(value, 2) for value in face.box],
        "probability": _rounded(face.probability),
        "landmarks": [[_rounded(value, 2) for value in point] for point in face.landmarks],
        "warnings": warnings,
    }


def match_json(match: Match) -> schemas.Match:
    return {
        "rank": match.rank,
        "person": person_json(match.person, match.portrait),
        "similarity": _rounded(match.similarity),
        "percent": _rounded(match.percent, 2),
        "closer_than": rounded_down(match.closer_than),
        "closer_than_nearest": rounded_down(match.closer_than_nearest),
        "strong": match.strong,
    }


def person_json(person: Person, portrait: str) -> schemas.Person:
    return {"id": person.id, "name": person.name, "department": person.department, "portrait": portrait}


def jpeg_data_uri(rgb: Pixels) -> str:
    buffer = io.BytesIO()
    Image.fromarray(rgb).save(buffer, "JPEG", quality=88)
    return "data:image/jpeg;base64," + base64.b64encode(buffer.getvalue()).decode()


def _grid_json(weights: Array) -> schemas.Explanation:
    rows, columns = weights.shape
    return {"rows": rows, "columns": columns, "weights": [[_rounded(value) for value in row] for row in weights]}


def _rounded(value: float, digits: int = 5) -> float:
    return round(float(value), digits)
