"""Small faces are cut from the photo's own pixels: which, from how many of them, and when not."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from lookalike.deadline import Deadline
from lookalike.faces.probe import DECODING_SECONDS, FINEST_SIDE, Probe
from lookalike.finder import Finder
from lookalike.options import FindOptions
from lookalike.photo.decode import Photo, read_photos
from tests.support import encoded, largest_face

WALL = (104, 112, 122)


def standing(portrait: Image.Image, size: tuple[int, int], corner: tuple[int, int], scale: float) -> Image.Image:
    picture = Image.new("RGB", size, WALL)
    picture.paste(portrait.resize((round(portrait.width * scale), round(portrait.height * scale))), corner)
    return picture


def alike(finder: Finder, first: Probe, second: Probe) -> float:
    one, other = finder.embedder.embed([first.chip, second.chip])
    return float(finder.embedder.similarity(one, other))


class Asked:
    """Stands for a photo's finer decoding, and keeps the sides that were asked for."""

    def __init__(self, photo: Image.Image | None) -> None:
        self.photo, self.sides = photo, list[int]()

    def __call__(self, side: int) -> Image.Image | None:
        self.sides.append(side)
        if self.photo is None:
            return None
        factor = side / max(self.photo.size)
        return self.photo.resize((round(self.photo.width * factor), round(self.photo.height * factor)))


def searched(picture: Image.Image, side: int, finer: Asked) -> Photo:
    factor = side / max(picture.size)
    rgb = np.asarray(picture.resize((round(picture.width * factor), round(picture.height * factor))))
    return Photo(rgb, *picture.size, finer=finer)


@pytest.mark.parametrize("turns", [0, 1, 2, 3])
def test_a_face_that_is_small_in_a_large_photo_is_as_alike_as_in_its_portrait(
    finder: Finder, astronaut: Image.Image, turns: int
) -> None:
    """About 42 pixels of the 1,280 that are searched, where it would be 0.86 alike."""
    _, plain, _ = largest_face(finder, encoded(astronaut, "PNG"))
    scene = standing(astronaut, (3800, 2500), (2300, 700), 1.0)
    photo = encoded(Image.fromarray(np.rot90(np.asarray(scene), turns)), quality=92)
    (picture,) = read_photos([photo], 50_000_000, 1280)
    (probe,) = finder.detect(picture, FindOptions(min_face_size=100)).probes
    assert probe.upright.side < 60 and probe.turns == -turns % 4
    assert alike(finder, probe, plain) > 0.95


def test_the_finer_copy_is_just_as_fine_as_the_smallest_sure_face_needs(
    finder: Finder, astronaut: Image.Image, hopper: Image.Image
) -> None:
    """With two small faces it is made once, and the smaller one fills the network's input."""
    scene = standing(astronaut, (3000, 2000), (300, 700), 1.4)
    scene.paste(hopper.resize((400, 469)), (1900, 900))
    asked = Asked(scene)
    probes = finder.detect(searched(scene, 1280, asked)).probes
    least = min(probe.upright.side for probe in probes)
    assert len(probes) == 2 and asked.sides == [round(1280 * finder.embedder.entry.recipe.size / least)]
    assert 1280 < asked.sides[0] < 3000


def test_no_copy_is_finer_than_the_finest(finder: Finder, astronaut: Image.Image) -> None:
    asked = Asked(None)
    finder.detect(searched(standing(astronaut, (6400, 4200), (3000, 1200), 1.0), 1280, asked))
    assert asked.sides == [FINEST_SIDE]


def test_without_a_finer_copy_the_searched_one_is_cut(finder: Finder, astronaut: Image.Image) -> None:
    scene = standing(astronaut, (3800, 2500), (2300, 700), 1.0)
    (probe,) = finder.detect(searched(scene, 1280, Asked(None))).probes
    assert alike(finder, probe, largest_face(finder, encoded(astronaut, "PNG"))[1]) < 0.93


def test_a_large_face_is_not_decoded_again_nor_one_in_a_photo_as_small_as_it_came(
    finder: Finder, astronaut: Image.Image
) -> None:
    large, own = Asked(None), Asked(None)
    (probe,) = finder.detect(searched(standing(astronaut, (3800, 2500), (1000, 100), 4.0), 1280, large)).probes
    finder.detect(Photo(np.asarray(standing(astronaut, (1200, 800), (300, 200), 0.6)), 1200, 800, finer=own))
    assert probe.upright.side > 0.6 * finder.embedder.entry.recipe.size
    assert large.sides == own.sides == []


def test_beside_a_small_face_a_large_one_is_cut_as_ever(
    finder: Finder, astronaut: Image.Image, hopper: Image.Image
) -> None:
    scene = standing(hopper, (3800, 2500), (200, 100), 3.5)
    scene.paste(astronaut, (2900, 900))
    without, with_it = (
        finder.detect(searched(scene, 1280, Asked(finer)), FindOptions(min_face_size=90)).probes
        for finer in (None, scene)
    )
    assert len(without) == len(with_it) == 2
    assert np.array_equal(without[0].chip, with_it[0].chip)
    assert not np.array_equal(without[1].chip, with_it[1].chip)


@pytest.mark.parametrize(("seconds", "times"), [(DECODING_SECONDS - 0.01, 0), (DECODING_SECONDS + 30, 1)])
def test_nothing_is_decoded_again_that_may_outlast_the_deadline(
    finder: Finder, astronaut: Image.Image, seconds: float, times: int
) -> None:
    asked = Asked(None)
    photo = searched(standing(astronaut, (3800, 2500), (2300, 700), 1.0), 1280, asked)
    finder.detect(photo, deadline=Deadline(seconds))
    assert len(asked.sides) == times
