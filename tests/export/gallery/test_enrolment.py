"""What is kept of a photo's largest face, and the reason why nothing is. The finder finds what it is given."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from export.gallery.enrolment import Outcome, Refused, enrol
from export.gallery.leftovers import portrait_name
from export.gallery.portrait import portrait
from lookalike.arrays import Array, Pixels
from lookalike.deadline import Deadline
from lookalike.errors import (
    DamagedPhoto,
    EmptyPhoto,
    LookalikeError,
    NoFace,
    TookTooLong,
    TooLarge,
    UnsupportedPhoto,
    UnusualPhoto,
)
from lookalike.faces.detector import Face
from lookalike.faces.embedder import Embedder
from lookalike.faces.probe import Probe
from lookalike.faces.quality import Warning_
from lookalike.finder import Finder
from lookalike.photo.decode import Photo

PICTURE = Photo(np.full((60, 80, 3), 200, np.uint8), width=80, height=60)


class Middle(Embedder):
    """Takes the first number of a chip for its embedding [1]."""

    def __init__(self) -> None:
        pass

    def embed(self, chips: Sequence[Pixels], deadline: Deadline | None = None) -> Array:
        return np.array([[chip[0, 0, 0]] for chip in chips], np.float32)


class Given(Finder):
    """Finds these faces in every photo, or raises this error."""

    def __init__(self, found: Sequence[Probe] | LookalikeError) -> None:
        self.found = found
        self.embedder = Middle()

    def read_faces(self, data: bytes) -> tuple[Photo, list[Probe]]:
        if isinstance(self.found, LookalikeError):
            raise self.found
        return PICTURE, list(self.found)


def probe(width: float, *warnings: Warning_) -> Probe:
    """A face that is twice as high as wide; its chip says how wide."""
    landmarks = np.array([(30, 20), (50, 20), (40, 30), (32, 40), (48, 40)], np.float32)
    face = Face(np.array([10, 10, 10 + width, 10 + 2 * width], np.float32), 0.99, landmarks)
    return Probe(face, face, 0, np.full((1, 1, 3), width, np.uint8), warnings)


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    path = tmp_path / "photo.jpg"
    path.write_bytes(b"anything")
    return path


def notes(outcome: Outcome) -> tuple[str, ...]:
    assert not isinstance(outcome, Refused)
    return outcome[0].notes


def test_of_the_largest_face_come_embedding_and_portrait_and_of_the_file_its_hash(photo: Path) -> None:
    outcome = enrol(Given([probe(30), probe(20)]), photo)
    assert not isinstance(outcome, Refused)
    kept, jpeg = outcome
    assert (kept.sha256, kept.embedding.tolist()) == (hashlib.sha256(b"anything").hexdigest(), [30])
    assert jpeg == portrait(PICTURE, probe(30)) and kept.portrait == portrait_name(jpeg)


@pytest.mark.parametrize(
    ("others", "said"),
    [
        ([], ()),
        ([14], ()),
        ([15], ("2 faces, the largest was taken",)),
        ([29, 15, 14], ("3 faces, the largest was taken",)),
    ],
)
def test_faces_at_least_half_as_wide_as_the_largest_are_mentioned(
    photo: Path, others: list[float], said: tuple[str, ...]
) -> None:
    assert notes(enrol(Given([probe(30), *map(probe, others)]), photo)) == said


def test_the_largest_face_s_warnings_are_told_in_words(photo: Path) -> None:
    finder = Given([probe(30, "unsure", "cut-by-edge"), probe(20, "blurred")])
    assert notes(enrol(finder, photo)) == ("perhaps not a face", "cut by edge", "2 faces, the largest was taken")


@pytest.mark.parametrize(
    ("error", "content", "reason"),
    [
        (EmptyPhoto(), b"", "it is empty"),
        (DamagedPhoto(), b"x", "it is damaged or incomplete"),
        (UnusualPhoto(kind="CMYK"), b"x", "this kind of photo (CMYK) is not read"),
        (UnsupportedPhoto(heif=""), b"\0\0\0\x18ftypheic", "HEIC needs the optional package pi-heif"),
        (UnsupportedPhoto(heif=""), b"x", "it is not a photo in a format that is read"),
        (TooLarge(size="9×9 pixels", limit="50 megapixels"), b"x", "it has 9×9 pixels, more than 50 megapixels"),
        (NoFace(), b"x", "no face was found in it"),
        (TookTooLong(limit=9), b"x", str(TookTooLong(limit=9))),
    ],
)
def test_what_the_finder_refuses_is_refused_in_a_few_words(
    photo: Path, error: LookalikeError, content: bytes, reason: str
) -> None:
    photo.write_bytes(content)
    assert enrol(Given(error), photo) == Refused(reason)


def test_a_photo_without_a_face_is_refused(photo: Path) -> None:
    assert enrol(Given([]), photo) == Refused("no face was found in it")


def test_a_file_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    assert enrol(Given([]), tmp_path / "none.jpg") == Refused("it cannot be read (No such file or directory)")


@pytest.mark.parametrize(("size", "read"), [(100_000_000, True), (100_000_001, False)])
def test_a_hundred_million_bytes_may_be_read(
    photo: Path, monkeypatch: pytest.MonkeyPatch, size: int, read: bool
) -> None:
    with photo.open("wb") as file:
        file.truncate(size)
    monkeypatch.setattr(Path, "read_bytes", lambda path: b"as if it were read")
    assert enrol(Given([]), photo) == Refused("no face was found in it" if read else "it is larger than 100 MB")
