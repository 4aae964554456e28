"""From subjects to answers, over a gallery that answers what the test says: which part comes when, and of whom."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from lookalike import answering
from lookalike.answering import answer_faces, photo_summaries
from lookalike.arrays import Array
from lookalike.deadline import Deadline
from lookalike.errors import TookTooLong
from lookalike.faces.detector import Face
from lookalike.faces.probe import Detection, Probe
from lookalike.faces.subjects import Several, Subject
from lookalike.gallery.people import Match, Person
from lookalike.options import FindOptions, Part
from lookalike.photo.decode import Photo

FACE = Face(np.array([0, 0, 10, 10], np.float32), 0.99, np.zeros((5, 2), np.float32))
CHIP = np.zeros((4, 4, 3), np.uint8)


class Told:
    """A gallery whose nearest person is number `embedding[0]`, and that remembers what it was asked."""

    def __init__(self, people: int = 3) -> None:
        self.asked: list[tuple[float, int, float]] = []
        self._people = people

    def search(self, probe: Array, k: int, spread: float = 0.0) -> list[Match]:
        self.asked.append((float(probe[0]), k, spread))
        first = int(probe[0])
        names = [f"p{(first + number) % 3}" for number in range(min(k, self._people))]
        return [
            Match(rank, Person(name, name, "", ()), f"{name}.jpg", 0.6 - rank / 10, 0, 0, True, np.full(1, rank))
            for rank, name in enumerate(names, start=1)
        ]


def subject(number: int, warnings: tuple[Any, ...] = (), mirrored: int | None = None, spread: float = 0.0) -> Subject:
    mirror = None if mirrored is None else np.full(1, mirrored, np.float32)
    return Subject(Probe(FACE, FACE, 0, CHIP, warnings), np.full(1, number, np.float32), mirror, spread, spread * 2)


def answered(subjects: Sequence[Subject], *include: Part, gallery: Told | None = None, k: int = 2) -> list[Any]:
    options = FindOptions(k=k, include=include)
    return answer_faces(None, gallery or Told(), subjects, options, Deadline())  # type: ignore[arg-type]


@pytest.fixture
def explained(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The targets of every explanation."""
    targets: list[float] = []

    def explain(embedder: object, chip: object, target: Array, deadline: Deadline) -> Array:
        targets.append(float(target[0]))
        return target

    monkeypatch.setattr(answering, "explain", explain)
    return targets


def test_each_face_has_its_own_matches_verdict_and_warnings() -> None:
    gallery = Told()
    first, second = answered([subject(0, ("blurred",), spread=0.25), subject(2)], gallery=gallery)
    assert [match.person.id for match in first.matches + second.matches] == ["p0", "p1", "p2", "p0"]
    assert (first.warnings, second.warnings, first.verdict) == (["blurred"], [], "strong")
    assert gallery.asked == [(0, 2, 0.25), (2, 2, 0)]


def test_what_may_be_no_face_is_no_likeness() -> None:
    (face,) = answered([subject(0, ("unsure",))])
    assert [match.strong for match in face.matches] == [False, False] and face.verdict == "clear"


def test_parts_are_those_asked_for(explained: list[float]) -> None:
    (bare,) = answered([subject(0, mirrored=None)])
    assert bare.crop is bare.embedding is bare.mirror is bare.explanation is None
    (cropped,) = answered([subject(0)], "crop")
    assert cropped.crop is CHIP and cropped.embedding is None
    (embedded,) = answered([subject(1)], "embedding")
    assert embedded.embedding.tolist() == [1] and embedded.crop is None
    assert explained == []


def test_the_first_three_faces_are_explained_by_their_first_match(explained: list[float]) -> None:
    faces = answered([subject(number) for number in range(4)], "explanation", "crop")
    assert [face.explanation is not None for face in faces] == [True, True, True, False]
    assert all(face.crop is CHIP for face in faces) and explained == [1, 1, 1]


@pytest.mark.parametrize(("mirrored", "stable"), [(1, True), (2, False)])
def test_the_mirror_image_is_stable_when_it_finds_the_same_person(mirrored: int, stable: bool) -> None:
    gallery = Told()
    (face,) = answered([subject(1, mirrored=mirrored, spread=0.25)], gallery=gallery)
    assert face.mirror.stable is stable and face.mirror.match.person.id == f"p{mirrored}"
    assert gallery.asked[1] == (mirrored, 1, 0.5)


def test_over_an_empty_gallery_nobody_is_mirrored_or_explained(explained: list[float]) -> None:
    (face,) = answered([subject(1, mirrored=1)], "explanation", gallery=Told(people=0))
    assert (face.matches, face.verdict, face.mirror, face.explanation) == ([], "none", None, None)


@pytest.mark.parametrize("people", [3, 0])
def test_each_photo_says_who_would_have_won_with_it_alone(people: int) -> None:
    photos = [Photo(np.zeros((2, 2, 3), np.uint8), width, 480) for width in (640, 320)]
    detections = [Detection([subject(2).probe] * 2), Detection([])]
    gallery = Told(people)
    several = Several(subject(0), [subject(2, spread=0.5), None], [1, None])
    first, second = photo_summaries(gallery, photos, detections, several)  # type: ignore[arg-type]
    assert (first.width, first.height, first.faces, first.group) == (640, 480, 2, 1)
    assert (first.winner.person.id if first.winner else None) == ("p2" if people else None)
    assert (second.width, second.faces, second.winner, second.group) == (320, 0, None, None)
    assert gallery.asked == [(2, 1, 0)]


def test_nobody_is_looked_up_once_the_time_is_over() -> None:
    gallery = Told()
    with pytest.raises(TookTooLong):
        answer_faces(None, gallery, [subject(0)], FindOptions(), Deadline(-1))  # type: ignore[arg-type]
    assert gallery.asked == []
