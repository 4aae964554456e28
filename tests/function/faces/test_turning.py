"""When a photo is looked at turned, and when for smaller faces; what is answered of faces that are hardly any."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field

import numpy as np
import pytest
from PIL import Image

from lookalike.arrays import Pixels
from lookalike.deadline import Deadline
from lookalike.faces.detector import Detector, Face
from lookalike.faces.embedder import Embedder
from lookalike.faces.probe import find_faces
from lookalike.faces.turning import detect_any_way_up
from lookalike.finder import Finder
from lookalike.options import DEFAULTS, LEAST_FACE, FindOptions
from lookalike.photo.decode import Photo
from tests.support import encoded

PICTURE = np.zeros((640, 1280, 3), np.uint8)
PICTURE[0, 0] = 255  # tells which way the picture was turned


def face(probability: float, shift: float = 0.0, side: float = 300) -> Face:
    return Face(np.array([10, 10, 10 + side, 10 + side], np.float32), probability, np.zeros((5, 2), np.float32), shift)


@dataclass
class Known(Detector):
    """A detector that finds given faces, by quarter turns and least side, and notes where it looked."""

    faces: dict[tuple[int, int], list[Face]]
    looked: list[tuple[int, int]] = field(default_factory=list)

    def detect(
        self, rgb: Pixels, min_face_size: float = 20.0, largest_first: bool = True, deadline: Deadline | None = None
    ) -> list[Face]:
        corners = [rgb[0, 0], rgb[-1, 0], rgb[-1, -1], rgb[0, -1]]
        turns = next(turns for turns, corner in enumerate(corners) if corner.any())
        self.looked.append((turns, round(min_face_size)))
        return self.faces.get((turns, round(min_face_size)), [])


SURE = face(0.9999)


def test_a_sure_upright_face_is_looked_for_once() -> None:
    detector = Known({(0, 80): [SURE]})
    found = detect_any_way_up(detector, PICTURE)
    assert (found.turns, found.faces, detector.looked) == (0, [SURE], [(0, 80)])


def test_smaller_faces_are_sought_before_the_photo_is_turned() -> None:
    detector = Known({(0, 40): [SURE]})
    assert detect_any_way_up(detector, PICTURE).faces == [SURE]
    assert detector.looked == [(0, 80), (0, 40)]


@pytest.mark.parametrize("turns", [1, 2, 3])
def test_each_way_up_is_tried(turns: int) -> None:
    found = detect_any_way_up(Known({(turns, 80): [SURE]}), PICTURE)
    assert (found.turns, found.faces) == (turns, [SURE])


@pytest.mark.parametrize("turns", [1, 2, 3])
def test_where_no_face_is_sure_small_ones_are_sought_each_way_up(turns: int) -> None:
    detector = Known({(turns, 40): [face(0.9999, side=70)]})
    found = detect_any_way_up(detector, PICTURE)
    assert (found.turns, [one.side for one in found.faces], found.smaller_possible) == (turns, [70], False)
    tried = [1, 3, 2][: [1, 3, 2].index(turns) + 1]
    assert detector.looked == [(0, 80), (0, 40), (1, 80), (3, 80), (2, 80), *((turn, 40) for turn in tried)]


@pytest.mark.parametrize(("probability", "counts"), [(0.9, False), (0.96, True)])
def test_of_small_faces_in_turned_photos_only_sure_ones_count(probability: float, counts: bool) -> None:
    found = detect_any_way_up(Known({(3, 40): [face(probability, side=70)]}), PICTURE)
    assert (len(found.faces), found.turns) == ((1, 3) if counts else (0, 0))


@pytest.mark.parametrize("size", [80, 40])
def test_a_guess_does_not_keep_small_faces_from_being_sought(size: int) -> None:
    detector = Known({(0, size): [face(0.7, 0.02)], (1, 40): [face(0.9999, side=70)]})
    assert detect_any_way_up(detector, PICTURE).turns == 1


@pytest.mark.parametrize(
    ("faces", "smallest"), [({(0, 80): [face(0.99, 0.005)]}, None), ({(2, 80): [face(0.99, 0.005)]}, None), ({}, 80.0)]
)
def test_small_faces_are_not_sought_beside_a_sure_one_nor_below_the_size_asked_for(
    faces: dict[tuple[int, int], list[Face]], smallest: float | None
) -> None:
    detector = Known(faces | {(1, 40): [face(0.9999, side=70)]})
    detect_any_way_up(detector, PICTURE, smallest)
    assert not {(1, 40), (2, 40), (3, 40)} & set(detector.looked)


@pytest.mark.parametrize(("seconds", "sought"), [(3.9, False), (60, True)])
def test_with_little_time_left_they_are_not_sought(seconds: float, sought: bool) -> None:
    detector = Known({})
    assert detect_any_way_up(detector, PICTURE, deadline=Deadline(seconds)).faces == []
    assert ((2, 40) in detector.looked) is sought


def test_a_sideways_photo_s_small_face_is_found(finder: Finder, hopper: Image.Image) -> None:
    """Of some 45 pixels, where the first searches look for 80 and more."""
    canvas = Image.new("RGB", (1280, 853), (104, 112, 122))
    canvas.paste(hopper.resize((154, 180)), (700, 300))
    for turns in (Image.Transpose.ROTATE_90, Image.Transpose.ROTATE_180):
        (found,) = finder.find([encoded(canvas.transpose(turns), "PNG")]).faces
        assert 35 < found.face.side < 80 and found.face.sure


def test_a_face_of_nine_tenths_leaves_the_other_ways_to_be_tried() -> None:
    """Portraits upside down were found as they were, with a probability of 0.95, and answered wrongly."""
    beside = face(0.9999, side=140)
    detector = Known({(0, 80): [face(0.95)], (2, 150): [SURE], (2, 80): [SURE, beside]})
    found = detect_any_way_up(detector, PICTURE)
    assert (found.turns, found.faces) == (2, [SURE, beside])
    # Turned, a face of 300 pixels is sought from half that up; all others once the turn is known.
    assert detector.looked == [(0, 80), (1, 150), (3, 150), (2, 150), (2, 80)]


def test_landmarks_that_the_mirror_moves_leave_the_other_ways_to_be_tried() -> None:
    """A sideways face is found as an upright one with a high probability, but its landmarks are guessed."""
    better = [face(0.9999, 0.01)]
    detector = Known({(0, 80): [face(0.9999, shift=0.06)], (1, 150): better, (1, 80): better})
    assert detect_any_way_up(detector, PICTURE).turns == 1


def test_where_no_way_up_is_better_the_photo_stays_as_it_is() -> None:
    doubtful = face(0.97, 0.02)
    found = detect_any_way_up(Known({(0, 80): [doubtful], (1, 80): [face(0.96, 0.02)]}), PICTURE)
    assert (found.turns, found.faces) == (0, [doubtful])


@pytest.mark.parametrize(("shift", "looked"), [(0.0371, [0]), (0.0372, [0, 1, 3, 2])])
def test_evidence_of_five_and_a_half_is_enough_not_to_turn_the_photo(shift: float, looked: list[int]) -> None:
    """A probability of 0.9999 has log-odds of 9.2102: the first face is left with 5.5002, the second with 5.4902."""
    detector = Known({(0, 80): [face(0.9999, shift)]})
    detect_any_way_up(detector, PICTURE)
    assert [turns for turns, _ in detector.looked] == looked


@pytest.mark.parametrize(("side", "again"), [(119.5, True), (120, False)])  # one and a half times 80
def test_a_face_nearly_as_small_as_what_was_sought_is_a_sign_of_smaller_ones(side: float, again: bool) -> None:
    small, many = face(0.9999, side=side), [face(0.9999, side=side), face(0.9999, side=70)]
    found = detect_any_way_up(Known({(0, 80): [small], (0, 40): many}), PICTURE)
    assert found.faces == (many if again else [small])
    assert not found.smaller_possible


@pytest.mark.parametrize(
    ("side", "looked"), [(60, [(0, 80), (0, 40)]), (59.5, [(0, 80), (0, 20)]), (25, [(0, 80), (0, 20)])]
)
def test_no_size_is_tried_that_would_leave_the_doubt(side: float, looked: list[tuple[int, int]]) -> None:
    small = [face(0.9999, side=side)]
    detector = Known({(0, size): small for size in (80, 40, 20)})
    detect_any_way_up(detector, PICTURE)
    assert detector.looked == looked


@pytest.mark.parametrize("shape", [(1280, 2560, 3), (2560, 1280, 3)])
def test_least_sides_are_shares_of_the_longer_side(shape: tuple[int, int, int]) -> None:
    """A sixteenth, then a thirty-second where nobody is sure, and a sixty-fourth where a face is that small."""
    picture = np.zeros(shape, np.uint8)
    picture[0, 0] = 255
    nobody, small = Known({}), Known({(0, 160): [face(0.9999, side=30)]})
    detect_any_way_up(nobody, picture)
    detect_any_way_up(small, picture)
    assert nobody.looked == [(0, 160), (0, 80), *((turns, size) for size in (160, 80) for turns in (1, 3, 2))]
    assert small.looked == [(0, 160), (0, 40)]


def test_it_says_when_faces_may_be_smaller_than_what_was_asked_for() -> None:
    faces = {(0, 200): [face(0.9999, side=220)], (0, 50): [face(0.9999, side=220)]}
    assert detect_any_way_up(Known(faces), PICTURE, 200).smaller_possible
    assert not detect_any_way_up(Known(faces), PICTURE, 50).smaller_possible
    least = Known({(0, LEAST_FACE): [face(0.9999, side=LEAST_FACE)]})
    assert not detect_any_way_up(least, PICTURE, LEAST_FACE).smaller_possible  # smaller ones are never sought


def test_evidence_is_log_odds_less_what_the_mirror_takes_away() -> None:
    assert face(0.5).evidence == pytest.approx(0)
    assert face(0.9, 0.01).evidence == pytest.approx(2.1972 - 1.0, abs=1e-3)
    assert face(1.0).evidence == face(0.9999).evidence == pytest.approx(9.2102, abs=1e-3)
    assert dataclasses.replace(SURE, mirror_shift=0.067).sure and not dataclasses.replace(SURE, mirror_shift=0.068).sure


@pytest.mark.parametrize(("count", "beyond"), [(100, 0), (101, 1)])
def test_faces_beyond_the_hundred_largest_are_counted(embedder: Embedder, count: int, beyond: int) -> None:
    photo = Photo(PICTURE, width=1280, height=640)
    faces = [*[SURE] * (count - 1), face(0.9999, side=290)]
    found = find_faces(Known({(0, 80): [*faces, face(0.6)]}), embedder, photo, DEFAULTS, Deadline())
    assert (len(found.probes), found.left_out, found.beyond_limit) == (100, 1, beyond)
    assert (found.probes[-1].face.side == 290) is (beyond == 0)


@pytest.fixture(scope="module")
def motorcycle() -> Image.Image:
    """A motorcycle, in whose engine MTCNN sees a face (scikit-image; Middlebury stereo datasets)."""
    import skimage.data

    return Image.fromarray(skimage.data.stereo_motorcycle()[0])


def test_beside_a_sure_face_an_unsure_one_is_left_out_and_counted(
    finder: Finder, motorcycle: Image.Image, hopper: Image.Image
) -> None:
    canvas = Image.new("RGB", (1260, 620), (104, 112, 122))
    canvas.paste(motorcycle, (0, 0))
    canvas.paste(hopper, (745, 10))
    photo = encoded(canvas, "PNG")
    answer = finder.find([photo], FindOptions(min_face_size=30))
    assert [found.face.probability > 0.99 for found in answer.faces] == [True]
    assert answer.left_out >= 1
    every = finder.find([photo], FindOptions(min_face_size=30, min_probability=0.0))
    assert len(every.faces) == 1 + answer.left_out and every.left_out == 0
    assert ["unsure" in found.warnings for found in every.faces] == [False, *[True] * answer.left_out]


def test_an_unsure_face_alone_is_answered_with_a_warning_and_never_strong(
    finder: Finder, motorcycle: Image.Image
) -> None:
    answer = finder.find([encoded(motorcycle, "PNG")], FindOptions(min_face_size=30))
    assert answer.faces and all("unsure" in found.warnings for found in answer.faces)
    assert not any(match.strong for found in answer.faces for match in found.matches)
    assert all(found.verdict != "strong" for found in answer.faces)
