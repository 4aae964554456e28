"""Which faces of a photo are answered, and out of which pixels each is cut. Detector and network are told what to find."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from PIL import Image

from lookalike.arrays import Pixels
from lookalike.deadline import Deadline
from lookalike.faces.detector import Detector, Face
from lookalike.faces.embedder import Embedder
from lookalike.faces.manifest import EmbedderEntry
from lookalike.faces.probe import Detection, find_faces
from lookalike.faces.recipe import Recipe
from lookalike.options import FindOptions
from lookalike.photo.decode import Photo

# A network for faces of 100 pixels: one of less than 60 is small.
ENTRY = EmbedderEntry("m", "fp32", Recipe("box", 100, (0.0, 0.0, 0.0), 1.0, 1, False, 1.0), 0.5, "0")
WIDTH, HEIGHT = 640, 400


def face(side: float, probability: float = 0.9999, left: float = 30, top: float = 40, shift: float = 0.0) -> Face:
    landmarks = np.array([(0.3, 0.35), (0.7, 0.35), (0.5, 0.6), (0.35, 0.8), (0.65, 0.8)], np.float32)
    corner = np.array([left, top], np.float32)
    box = np.array([left, top, left + side, top + side], np.float32)
    return Face(box, probability, corner + landmarks * np.float32(side), shift)


class Told(Detector):
    """Finds the same faces wherever it looks, after so many quarter turns only, and keeps the least sides asked for."""

    def __init__(self, *faces: Face, turns: int = 0) -> None:
        self.faces, self.turns, self.least = list(faces), turns, list[float]()

    def detect(self, rgb: Pixels, min_face_size: float = 20.0, *_: Any, deadline: Deadline | None = None) -> list[Face]:
        self.least.append(min_face_size)
        marked = [rgb[0, 0, 0], rgb[-1, 0, 0], rgb[-1, -1, 0], rgb[0, -1, 0]].index(255)
        return self.faces if marked == self.turns else []


class Cutting(Embedder):
    """Keeps out of what size of picture each face was cut, and its box there."""

    def __init__(self) -> None:
        super().__init__(ENTRY, None)  # type: ignore[arg-type]
        self.cuts: list[tuple[tuple[int, int], list[float]]] = []

    def cut(self, picture: Image.Image, face: Face) -> Pixels:
        self.cuts.append((picture.size, face.box.tolist()))
        return np.full((100, 100, 3), 128, np.uint8)


class Decoding:
    """The photo's finer copies, and the sides they were asked for with."""

    def __init__(self, there: bool = True) -> None:
        self.there, self.sides = there, list[int]()

    def __call__(self, side: int) -> Image.Image | None:
        self.sides.append(side)
        return Image.new("RGB", (side, side * HEIGHT // WIDTH)) if self.there else None


def photo(scale: float = 1.0, finer: Decoding | None = None, size: tuple[int, int] = (WIDTH, HEIGHT)) -> Photo:
    """A photo that was searched at this size, `scale` times its own."""
    rgb = np.zeros((size[1], size[0], 3), np.uint8)
    rgb[0, 0] = 255
    return Photo(rgb, round(size[0] / scale), round(size[1] / scale), finer=finer or Decoding(there=False))


def found(told: Told, picture: Photo, seconds: float = 60, **options: Any) -> tuple[Detection, Cutting]:
    cutting = Cutting()
    return find_faces(told, cutting, picture, FindOptions(**options), Deadline(seconds)), cutting


def test_beside_a_sure_face_those_that_are_not_are_left_out_and_counted() -> None:
    unsure = face(90, 0.9)  # log-odds of 2.2, where 2.5 are sure
    detection, _ = found(Told(face(120), unsure, unsure), photo())
    assert ([probe.face.side for probe in detection.probes], detection.left_out) == ([120], 2)
    detection, _ = found(Told(unsure, unsure), photo())
    assert (len(detection.probes), detection.left_out) == (2, 0)
    assert all("unsure" in probe.warnings for probe in detection.probes)


def test_faces_of_the_probability_that_is_asked_for_are_answered() -> None:
    faces = [face(120, 0.75), face(110, 0.5), face(100, 0.4999)]
    detection, _ = found(Told(*faces), photo(), min_probability=0.5)
    assert ([probe.face.side for probe in detection.probes], detection.left_out) == ([120, 110], 1)


def test_a_hundred_faces_are_answered_and_no_more() -> None:
    """Those beyond were found, and are no doubtful ones."""
    detection, cutting = found(Told(*[face(90)] * 101), photo())
    assert (len(detection.probes), len(cutting.cuts), detection.left_out) == (100, 100, 0)


def test_a_least_side_counts_in_pixels_of_the_photo() -> None:
    told = Told(face(120))
    detection, _ = found(told, photo(scale=0.25), min_face_size=240)
    assert told.least == [60] and not detection.smaller_possible
    told = Told(face(80))
    detection, _ = found(told, photo(scale=0.25), min_face_size=240)
    assert told.least == [60] and detection.smaller_possible


@pytest.mark.parametrize("turns", [0, 1, 2, 3])
def test_a_face_is_cut_upright_and_answered_in_the_photo_as_it_lies(turns: int) -> None:
    upright = face(120, left=30, top=40)
    detection, cutting = found(Told(upright, turns=turns), photo(scale=0.5))
    (probe,) = detection.probes
    size = (HEIGHT, WIDTH) if turns % 2 else (WIDTH, HEIGHT)
    assert (probe.turns, probe.upright) == (turns, upright)
    assert cutting.cuts == [(size, [30, 40, 150, 160])]
    # In the photo, twice as large: one turn takes (x, y) to (y, 640 − x), two to (640 − x, 400 − y), three to (400 − y, x).
    boxes = [(60, 80, 300, 320), (960, 60, 1200, 300), (980, 480, 1220, 720), (80, 500, 320, 740)]
    assert probe.face.box.tolist() == list(boxes[turns])


@pytest.mark.parametrize(("turns", "cut"), [(0, True), (1, False)])
def test_what_is_cut_by_an_edge_depends_on_which_way_up_the_photo_was(turns: int, cut: bool) -> None:
    """At 380 to 500 down, beyond an edge at 400 but not at 640."""
    (probe,) = found(Told(face(120, top=380), turns=turns), photo())[0].probes
    assert ("cut-by-edge" in probe.warnings) is cut


def test_too_small_is_told_in_pixels_of_the_photo() -> None:
    for scale, small in ((1.0, True), (0.5, False)):
        (probe,) = found(Told(face(50)), photo(scale))[0].probes
        assert ("too-small" in probe.warnings) is small


def test_small_faces_are_cut_from_a_copy_in_which_the_smallest_sure_one_fills_the_network_s_input() -> None:
    decoding = Decoding()
    faces = [face(60), face(59), face(40), face(25, 0.9999, shift=0.08)]  # the last is not sure
    _, cutting = found(Told(*faces), photo(0.25, decoding), min_probability=0.5)
    assert decoding.sides == [1600]  # 640 · 100 / 40
    sizes = [size for size, _ in cutting.cuts]
    assert sizes == [(640, 400), (1600, 1000), (1600, 1000), (1600, 1000)]
    assert cutting.cuts[0][1] == [30, 40, 90, 100]
    assert cutting.cuts[2][1] == [75, 100, 175, 200]  # two and a half times as large


def test_a_turned_photo_s_finer_copy_is_turned_as_well() -> None:
    decoding = Decoding()
    _, cutting = found(Told(face(40), turns=1), photo(0.25, decoding))
    assert decoding.sides == [1600] and cutting.cuts == [((1000, 1600), [75, 100, 175, 200])]


@pytest.mark.parametrize(
    ("side", "scale", "sides"),
    [
        (60, 0.25, []),  # large enough
        (59.5, 0.25, [1076]),  # 640 · 100 / 59.5
        (40, 1.0, []),  # there are no finer pixels
        (20, 0.25, [3200]),  # which is as fine as any
        (20.5, 0.25, [3122]),
    ],
)
def test_how_fine_the_copy_is(side: float, scale: float, sides: list[int]) -> None:
    decoding = Decoding()
    found(Told(face(side)), photo(scale, decoding))
    assert decoding.sides == sides


def test_no_copy_is_finer_than_three_thousand_two_hundred_pixels() -> None:
    for width, sides in ((1280, [3200]), (3200, [])):
        decoding = Decoding()
        found(Told(face(30)), photo(0.25, decoding, (width, 800)))
        assert decoding.sides == sides


def test_unsure_faces_alone_are_not_decoded_again() -> None:
    decoding = Decoding()
    detection, cutting = found(Told(face(40, 0.9)), photo(0.25, decoding))
    assert decoding.sides == [] and len(cutting.cuts) == len(detection.probes) == 1


@pytest.mark.parametrize(("seconds", "times"), [(2.4, 0), (30, 1)])
def test_decoding_again_needs_two_and_a_half_seconds(seconds: float, times: int) -> None:
    decoding = Decoding()
    found(Told(face(40)), photo(0.25, decoding), seconds)
    assert len(decoding.sides) == times


def test_unless_told_nothing_was_left_out_or_may_be_missing() -> None:
    assert Detection([]) == Detection([], left_out=0, smaller_possible=False)
