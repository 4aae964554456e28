"""An answer's JSON, written out by hand: every part, its digits, and what is left out when nobody asked for it."""

from __future__ import annotations

import base64
import io

import numpy as np
import pytest
from PIL import Image

from lookalike import schemas
from lookalike.answer import Answer, ComparedFace, Comparison, FoundFace, Mirror, PhotoSummary, jpeg_data_uri
from lookalike.faces.detector import Face
from lookalike.faces.probe import Probe
from lookalike.gallery.people import Match, Person

FACE = Face(
    np.array([1.234, 2.346, 11.5, 22.0], np.float32),
    0.9876543,
    np.linspace(0, 1.125, 10, dtype=np.float32).reshape(5, 2),
)
FACE_JSON = {
    "box": [1.23, 2.35, 11.5, 22.0],
    "probability": 0.98765,
    "landmarks": [[0.0, 0.12], [0.25, 0.38], [0.5, 0.62], [0.75, 0.88], [1.0, 1.12]],
    "warnings": ["blurred"],
}
PERSON = Person("ada-1", "Ada", "Mathematics", (), {"room": "3"})
PERSON_JSON = {"id": "ada-1", "name": "Ada", "department": "Mathematics", "portrait": "ada.jpg"}
MATCH = Match(2, PERSON, "ada.jpg", 0.1234567, 64.199, 41.36, True, np.zeros(2, np.float32))
MATCH_JSON = {
    "rank": 2,
    "person": PERSON_JSON,
    "similarity": 0.12346,
    "percent": 56.17,
    "closer_than": 64.1,
    "closer_than_nearest": 41.3,
    "strong": True,
}
TIMINGS: schemas.Timings = {"decode": 1.0, "detect": 2.0, "embed": 3.0, "search": 4.0, "total": 10.5}


def test_a_face_with_nothing_asked_for() -> None:
    found = FoundFace(FACE, ["blurred"], "clear", [MATCH])
    assert found.to_json() == FACE_JSON | {"verdict": "clear", "matches": [MATCH_JSON]}


def test_a_face_with_all_its_parts() -> None:
    crop = np.full((8, 6, 3), 120, np.uint8)
    found = FoundFace(
        FACE,
        ["blurred"],
        "strong",
        [],
        crop,
        embedding=np.array([0.123456789, -1], np.float32),
        mirror=Mirror(False, MATCH),
        explanation=np.array([[1, -0.3333333], [0, 0.5], [0.25, 0.125]], np.float32),
    ).to_json()
    assert found["embedding"] == [0.1234568, -1.0]
    assert found["mirror"] == {"stable": False, "person": PERSON_JSON, "similarity": 0.12346}
    weights = [[1.0, -0.33333], [0.0, 0.5], [0.25, 0.125]]
    assert found["explanation"] == {"rows": 3, "columns": 2, "weights": weights}
    head, _, data = found["crop"].partition(",")
    assert head == "data:image/jpeg;base64"
    picture = Image.open(io.BytesIO(base64.b64decode(data)))
    assert (picture.format, picture.size, picture.getpixel((3, 4))) == ("JPEG", (6, 8), (120, 120, 120))


def test_a_crop_is_a_jpeg_of_quality_88() -> None:
    """Which scales the standard's table, of 16 first and 121 at most, to 24 %: (16 · 24 + 50) / 100 and so on, rounded down."""
    picture = Image.open(io.BytesIO(base64.b64decode(jpeg_data_uri(np.zeros((8, 8, 3), np.uint8)).partition(",")[2])))
    luminance = picture.quantization[0]  # type: ignore[attr-defined]
    assert (luminance[0], max(luminance)) == (4, 29)


@pytest.mark.parametrize(("winner", "shown"), [(MATCH, PERSON_JSON), (None, None)])
def test_an_answer_for_several_photos(winner: Match | None, shown: object) -> None:
    photos = [PhotoSummary(640, 480, 2, winner, 1)]
    answer = Answer(
        "dlib", 640, 480, ("cut off",), [FoundFace(FACE, [], "none", [])], photos, 3, 2, True, False, TIMINGS
    )
    assert answer.to_json() == {
        "model": "dlib",
        "photo": {"width": 640, "height": 480, "remarks": ["cut off"]},
        "faces": [FACE_JSON | {"warnings": [], "verdict": "none", "matches": []}],
        "left_out": 3,
        "beyond_limit": 2,
        "smaller_possible": True,
        "different_people": False,
        "timings_ms": TIMINGS,
        "photos": [{"width": 640, "height": 480, "faces": 2, "winner": shown, "group": 1}],
    }


def test_an_answer_for_one_photo_says_nothing_of_photos() -> None:
    assert "photos" not in Answer("dlib", 6, 4, (), [], None, 0, 0, False, False, TIMINGS).to_json()


def test_a_comparison_shows_the_chosen_face_beside_all_of_them() -> None:
    second = Face(FACE.box + 100, 0.5, FACE.landmarks)
    chip = np.zeros((2, 2, 3), np.uint8)
    probes = [Probe(FACE, FACE, 0, chip, ("blurred",)), Probe(second, second, 0, chip, ())]
    sides = [ComparedFace(640, 480, probes, chosen) for chosen in (1, 0)]
    found = Comparison("dlib", 0.1234567, 56.172835, None, sides[0], sides[1], TIMINGS).to_json()
    second_json = FACE_JSON | {"box": [101.23, 102.35, 111.5, 122.0], "probability": 0.5, "warnings": []}
    faces = {"width": 640, "height": 480, "faces": [FACE_JSON, second_json]}
    assert found == {
        "model": "dlib",
        "similarity": 0.12346,
        "percent": 56.17,
        "same_person": None,
        "a": faces | second_json | {"chosen": 1},
        "b": faces | FACE_JSON | {"chosen": 0},
        "timings_ms": TIMINGS,
    }
