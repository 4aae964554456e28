"""The cascade finds what facenet-pytorch's MTCNN.detect finds: the same faces, boxes, probabilities and landmarks."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageEnhance, ImageFilter, ImageOps

from export.demo import demo_people
from export.networks.facenet import facenet_pytorch
from lookalike.arrays import Array
from lookalike.deadline import Deadline
from lookalike.faces.detector import CELL, STRIDE, Detector, Face, _inside, _strips, _suppress_nested, pyramid_scales
from lookalike.faces.manifest import read_manifest
from lookalike.faces.networks import open_networks
from lookalike.faces.pixels import IntegralImage
from lookalike.settings import Settings

Change = Callable[[Image.Image], Image.Image]

BOX_PIXELS = 0.5
PROBABILITY = 1e-3


@pytest.fixture(scope="module")
def detector() -> Detector:
    return open_networks(read_manifest(Settings().models))[0]


@pytest.fixture(scope="module")
def reference() -> Callable[..., Any]:
    import torch

    torch.set_num_threads(1)
    return lambda **options: facenet_pytorch().MTCNN(keep_all=True, **options)


def assert_same(faces: list[Face], found: tuple[Any, Any, Any]) -> None:
    """`found` is what MTCNN.detect(…, landmarks=True) returns."""
    boxes, probabilities, landmarks = found
    if boxes is None:
        assert faces == []
        return
    assert len(faces) == len(boxes)
    for face, box, probability, points in zip(faces, boxes, probabilities, landmarks, strict=True):
        assert np.abs(face.box - box).max() <= BOX_PIXELS
        assert np.abs(face.landmarks - points).max() <= BOX_PIXELS
        assert abs(face.probability - probability) <= PROBABILITY


def wide(width: int) -> Change:
    return lambda image: image.resize((width, round(image.height * width / image.width)), Image.Resampling.BICUBIC)


def noisy(image: Image.Image) -> Image.Image:
    grain = np.random.default_rng(3).normal(0, 18, (image.height, image.width, 3))
    return Image.fromarray(np.clip(np.asarray(image) + grain, 0, 255).astype(np.uint8))


def compressed(image: Image.Image) -> Image.Image:
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=8)
    return Image.open(buffer).convert("RGB")


def stretched(image: Image.Image) -> Image.Image:
    return image.resize((700, 400))


CHANGES: dict[str, Change] = {
    **{f"{width} wide": wide(width) for width in (48, 97, 160, 233, 320, 480, 640, 901)},
    "dark": lambda image: ImageEnhance.Brightness(wide(400)(image)).enhance(0.2),
    "bright": lambda image: ImageEnhance.Brightness(wide(400)(image)).enhance(2.2),
    "blurred": lambda image: wide(400)(image).filter(ImageFilter.GaussianBlur(3)),
    "noisy": lambda image: noisy(wide(400)(image)),
    "compressed": lambda image: compressed(wide(400)(image)),
    "grey": lambda image: wide(400)(image).convert("L").convert("RGB"),
    "mirrored": lambda image: ImageOps.mirror(wide(333)(image)),
    "tilted": lambda image: wide(400)(image).rotate(25, expand=True),
    "sideways": lambda image: wide(301)(image).rotate(90, expand=True),
    "upside down": lambda image: wide(300)(image).rotate(180),
    "stretched": stretched,
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
@pytest.mark.parametrize("person", ["astronaut", "hopper"])
def test_one_person(
    person: str, change: Change, detector: Detector, reference: Any, request: pytest.FixtureRequest
) -> None:
    picture = change(request.getfixturevalue(person))
    assert_same(detector.detect(np.asarray(picture)), reference().detect(picture, landmarks=True))


@pytest.mark.parametrize("width", [250, 500, 1000, 1280])
def test_several_people(width: int, detector: Detector, reference: Any, scene: Image.Image) -> None:
    picture = wide(width)(scene)
    found = reference().detect(picture, landmarks=True)
    assert width < 500 or len(found[0]) >= 4
    assert_same(detector.detect(np.asarray(picture)), found)


@pytest.mark.parametrize("box", [(215, 0, 512, 300), (0, 0, 225, 300), (90, 110, 400, 400), (100, 0, 350, 115)])
def test_faces_cut_by_the_edge(
    box: tuple[int, int, int, int], detector: Detector, reference: Any, astronaut: Image.Image
) -> None:
    picture = astronaut.crop(box)
    assert_same(detector.detect(np.asarray(picture)), reference().detect(picture, landmarks=True))


@pytest.mark.parametrize("index", range(0, 75, 15))
def test_drawn_people(
    index: int, read_portrait: Callable[[Any], Image.Image], detector: Detector, reference: Any
) -> None:
    picture = read_portrait(demo_people()[index])
    assert_same(detector.detect(np.asarray(picture)), reference().detect(picture, landmarks=True))


@pytest.mark.parametrize(
    "options",
    [
        {"min_face_size": 40},
        {"min_face_size": 77.7},
        {"min_face_size": 400},
        {"factor": 0.5},
        {"thresholds": [0.3, 0.4, 0.5]},
        {"thresholds": [0.9, 0.95, 0.99]},
    ],
)
def test_other_arguments(options: dict[str, Any], detector: Detector, reference: Any, scene: Image.Image) -> None:
    arguments: dict[str, Any] = {name: value for name, value in options.items() if name != "min_face_size"}
    smallest = options.get("min_face_size", 20)
    faces = Detector(detector._sessions, **arguments).detect(np.asarray(scene), smallest)
    assert_same(faces, reference(**options).detect(scene, landmarks=True))


@pytest.mark.parametrize("seed", range(3))
def test_nobody_in_noise(seed: int, detector: Detector, reference: Any) -> None:
    picture = Image.fromarray(np.random.default_rng(seed).integers(0, 256, (211, 305, 3), dtype=np.uint8))
    assert_same(detector.detect(np.asarray(picture)), reference().detect(picture, landmarks=True))


@pytest.mark.parametrize("value", [0, 127, 255])
def test_nobody_on_a_blank(value: int, detector: Detector, reference: Any) -> None:
    picture = Image.new("RGB", (320, 240), (value, value, value))
    assert_same(detector.detect(np.asarray(picture)), reference().detect(picture, landmarks=True))


@pytest.mark.parametrize("size", [(1, 1), (3000, 13), (13, 3000), (19, 19), (1, 5000), (11, 2), (20, 20), (21, 900)])
def test_pictures_too_small_or_too_narrow_have_nobody(size: tuple[int, int], detector: Detector) -> None:
    """facenet-pytorch raises for most of these (its issue 176)."""
    random = np.random.default_rng(1)
    assert detector.detect(random.integers(0, 256, (*size, 3), dtype=np.uint8)) == []


def test_the_cascades_own_order_is_by_probability(detector: Detector, scene: Image.Image) -> None:
    faces = detector.detect(np.asarray(scene), largest_first=False)
    assert len(faces) == 4
    assert [face.probability for face in faces] == sorted((face.probability for face in faces), reverse=True)


def test_finding_is_repeatable(detector: Detector, scene: Image.Image) -> None:
    first, second = (detector.detect(np.asarray(scene)) for _ in range(2))
    for one, other in zip(first, second, strict=True):
        assert np.array_equal(one.box, other.box) and one.probability == other.probability


@pytest.mark.parametrize(
    ("height", "width", "smallest", "count"), [(12, 12, 12, 1), (19, 4000, 20, 0), (20, 20, 20, 1), (1280, 853, 20, 11)]
)
def test_the_pyramid_ends_where_a_cell_no_longer_fits(height: int, width: int, smallest: float, count: int) -> None:
    assert len(pyramid_scales(height, width, smallest, 0.709)) == count


@given(height=st.integers(CELL, 3000), width=st.integers(CELL, 5000))
def test_strips_have_every_row_of_cells_once(height: int, width: int) -> None:
    # A 3×3 convolution, pooling by two that rounds up, two more convolutions.
    cells = (height - 2 + 1) // 2 - 2 - 2
    reached = 0
    for first_row, first, last in _strips(height, width):
        assert first_row == reached and first == STRIDE * first_row and last <= height
        # Only where the whole level ends may a strip's height be odd, for there pooling rounds up.
        assert (last - first) % 2 == 0 or last == height
        reached += (last - first - 2 + 1) // 2 - 2 - 2
    assert reached == cells


def test_suppression_sees_the_best_candidates_only(detector: Detector, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of seven boxes side by side, the three best; of two that overlap, the better one."""
    boxes = np.array([[x, 0, x + 10, 10] for x in (0, 20, 40, 60, 80, 100, 101)], np.float32)
    scores = np.array([0.5, 0.9, 0.1, 0.8, 0.3, 0.85, 0.95], np.float32)
    monkeypatch.setattr("lookalike.faces.detector.MOST_CANDIDATES", 4)
    assert detector._suppress(boxes, scores, 0.5).tolist() == [6, 1, 3]
    monkeypatch.setattr("lookalike.faces.detector.MOST_CANDIDATES", 7)
    assert detector._suppress(boxes, scores, 0.5).tolist() == [6, 1, 3, 0, 4, 2]


def test_windows_are_whole_pixels_inside_the_picture() -> None:
    """Of boxes whose pixels count from one, as in the first MTCNN: cut off towards zero, and one less to the left and above."""
    picture = IntegralImage(np.zeros((60, 100, 3), np.uint8))
    boxes = [
        (0.9, 0.2, 30.7, 40.9),
        (-0.9, -7.5, 30, 40),
        (1.2, 2.9, 99.9, 59.9),
        (50, 20, 101.5, 77),
        (97.9, 57.1, 120, 80),
        (101, 10, 140, 30),  # beyond the right edge
        (10, 61, 30, 90),  # and below
        (-30, 10, -0.5, 30),
        (10, -30, 30, -0.5),
    ]
    inside, windows = _inside(picture, np.array(boxes, np.float32))
    assert windows.tolist() == [
        [0, 0, 30, 40],
        [0, 0, 30, 40],
        [0, 1, 99, 59],
        [49, 19, 100, 60],
        [96, 56, 100, 60],
    ]
    assert np.array_equal(inside, np.array(boxes[:5], np.float32))


@pytest.mark.parametrize(("left", "kept"), [(93, [0, 1]), (92, [0])])
def test_a_face_goes_that_lies_by_more_than_seven_tenths_in_a_better_one(left: int, kept: list[int]) -> None:
    """Of ten columns from `left` on, those up to 99 are shared; pixels at both ends count."""
    across, down = (left, 40, left + 9, 49), (40, left, 49, left + 9)
    for smaller in (across, down):
        boxes = np.array([(0, 0, 99, 99), smaller], np.float32)
        assert _suppress_nested(boxes, np.array([0.9, 0.8], np.float32), 0.7) == kept


class Levels(Detector):
    """A cascade that proposes given boxes, [n,9] a level."""

    def __init__(self, detector: Detector, levels: list[list[tuple[float, ...]]]) -> None:
        super().__init__(detector._sessions)
        self.levels = iter(levels)

    def _propose_at(self, *_: Any) -> Array:
        return np.array(next(self.levels), np.float32).reshape(-1, 9)


def test_of_proposals_on_several_levels_the_best_come_first_moved_and_squared(detector: Detector) -> None:
    """Offsets are in widths and heights of their box: the first is moved to (12, 3)–(42, 39) and grows by 3 to each side."""
    plain = (0.0, 0.0, 0.0, 0.0)
    first, over_it = (10, 5, 30, 25, 0.9, 0.1, -0.1, 0.6, 0.7), (11, 5, 31, 25, 0.8, *plain)
    levels = [[over_it, (60, 70, 80, 90, 0.7, *plain)], [], [first, (200, 10, 220, 30, 0.95, *plain)]]
    found = Levels(detector, levels)._propose(None, [1.0, 0.7, 0.5], Deadline())  # type: ignore[arg-type]
    assert found.tolist() == [[200, 10, 220, 30], [9, 3, 45, 39], [60, 70, 80, 90]]


class Stages(Detector):
    """A cascade whose first two stages find so many boxes, and which notes what it is given to refine and to settle."""

    def __init__(self, proposed: int, refined: int) -> None:
        super().__init__({})
        self.proposed, self.refined = (numbered(count) for count in (proposed, refined))
        self.given: list[Array] = []

    def _propose(self, *_: Any) -> Array:
        return self.proposed

    def _refine(self, picture: Any, boxes: Array, deadline: Any) -> Array:
        self.given.append(boxes)
        return self.refined

    def _settle(self, picture: Any, boxes: Array, deadline: Any) -> list[Face]:
        self.given.append(boxes)
        return []


def numbered(count: int) -> Array:
    return np.repeat(np.arange(count, dtype=np.float32)[:, None], 4, axis=1)


@pytest.mark.parametrize(("proposed", "refined"), [(8000, 2000), (8001, 2001)])
def test_no_more_than_the_best_are_refined_and_settled(proposed: int, refined: int) -> None:
    """Each stage gives its best first; a photo of a hundred people has 4,000 proposals, of which 820 are refined."""
    stages = Stages(proposed, refined)
    stages.detect(np.zeros((90, 120, 3), np.uint8))
    assert [boxes.tolist() for boxes in stages.given] == [numbered(8000).tolist(), numbered(2000).tolist()]


def test_a_picture_made_of_candidates_takes_no_longer_than_a_crowd(detector: Detector) -> None:
    """Random dots, on which P-Net fires at tens of thousands of places."""
    counted: list[int] = []
    run = detector._sessions["nms"].run

    class Counting:
        def run(self, outputs: Any, inputs: Any) -> Any:
            counted.append(inputs["boxes"].shape[1])
            return run(outputs, inputs)

    limited = Detector(detector._sessions | {"nms": Counting()}, thresholds=(0.01, 0.7, 0.7))
    limited.detect(np.random.default_rng(1).integers(0, 256, (700, 900, 3), np.uint8), 20)
    assert max(counted) == 10_000
