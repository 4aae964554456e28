"""The demo gallery's people: who they are, how they are drawn, and that the networks tell them apart."""

from __future__ import annotations

import dataclasses
import io
import re
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from export.demo import DrawnPerson, demo_people, draw_portrait, write_demo_photos
from export.demo.beard import BEARDS
from export.demo.clothes import WARDROBE
from export.demo.glasses import SHAPES
from export.demo.hairstyles import HAIRSTYLES
from export.demo.palette import HAIR, IRIS, SKIN
from export.gallery.table import read_table
from lookalike.arrays import Array
from lookalike.faces.probe import Probe
from lookalike.finder import Finder
from lookalike.photo.decode import Photo
from lookalike.settings import Settings
from tests.support import encoded, largest_face

Enrolled = tuple[Finder, list[tuple[Photo, Probe, Array]]]

PEOPLE = demo_people()


def test_each_department_has_fifteen_people() -> None:
    assert Counter(person.department for person in PEOPLE) == {
        "Humanitas College": 15,
        "Biomedical Engineering": 15,
        "Computer Engineering": 15,
        "Software Convergence": 15,
        "Electronic Engineering": 15,
    }


@pytest.mark.parametrize("part", ["id", "name"])
def test_nobody_is_called_like_another(part: str) -> None:
    assert len({getattr(person, part) for person in PEOPLE}) == len(PEOPLE)


def test_names_are_given_in_korean_and_in_english() -> None:
    for person in PEOPLE:
        assert re.fullmatch(r"[가-힣 ]+ \([A-Z][A-Za-zí' ]+\)", person.name), person.name


def test_ids_make_plain_file_names() -> None:
    for person in PEOPLE:
        assert re.fullmatch(r"[a-z]+(-[a-z]+)+", person.id), person.id


def test_everybody_teaches_something_of_their_own() -> None:
    assert len({person.metadata["research"] for person in PEOPLE}) == len(PEOPLE)
    assert all(person.metadata["title"] for person in PEOPLE)


@pytest.mark.parametrize("person", PEOPLE, ids=lambda person: person.id)
def test_looks_use_only_what_can_be_drawn(person: DrawnPerson) -> None:
    look = person.look
    assert look.presents in ("f", "m")
    assert look.skin in SKIN
    assert look.eyes in IRIS
    assert look.hair in HAIRSTYLES
    assert look.hair_colour in HAIR
    assert look.clothes in WARDROBE
    # An unknown word here would quietly mean none.
    assert look.beard in ("", *BEARDS)
    assert look.glasses in ("", *SHAPES)


def test_a_portrait_is_the_same_every_time() -> None:
    first, second = draw_portrait(PEOPLE[0]), draw_portrait(PEOPLE[0])
    assert (first.mode, first.size) == ("RGB", (750, 780))
    assert first.tobytes() == second.tobytes()


def test_another_seed_is_another_face() -> None:
    person = PEOPLE[0]
    other = dataclasses.replace(person, look=dataclasses.replace(person.look, seed=person.look.seed + 1))
    difference = np.asarray(draw_portrait(person), np.int16) - np.asarray(draw_portrait(other), np.int16)
    assert np.abs(difference).mean() > 5


def test_photos_are_listed_as_a_gallery_reads_them(tmp_path: Path) -> None:
    some = PEOPLE[::30]
    found = read_table(write_demo_photos(tmp_path, some))
    assert found.left_out == []
    assert [(photo.name, photo.department, photo.metadata) for photo in found.photos] == [
        (person.name, person.department, person.metadata) for person in some
    ]
    assert [photo.source for photo in found.photos] == [f"{person.department}/{person.id}.jpg" for person in some]


def test_photos_show_the_portraits(tmp_path: Path) -> None:
    write_demo_photos(tmp_path, PEOPLE[:1])
    with Image.open(tmp_path / PEOPLE[0].department / f"{PEOPLE[0].id}.jpg") as photo:
        difference = np.asarray(photo, np.int16) - np.asarray(draw_portrait(PEOPLE[0]), np.int16)
    assert np.abs(difference).mean() < 2


def test_a_drawing_that_fails_leaves_no_list(tmp_path: Path) -> None:
    bald = dataclasses.replace(PEOPLE[1].look, hair="none such")
    with pytest.raises(KeyError, match="none such"):
        write_demo_photos(tmp_path, [PEOPLE[0], dataclasses.replace(PEOPLE[1], look=bald)])
    assert not list(tmp_path.rglob("*.csv"))
    assert not list(tmp_path.rglob("*.part"))


@pytest.fixture(scope="module")
def photos(demo_photos: list[Path]) -> list[bytes]:
    """Everybody's photo, as files hold them."""
    return [path.read_bytes() for path in demo_photos]


@pytest.fixture(scope="module")
def enrolled(photos: list[bytes]) -> Enrolled:
    """Everybody's face as the networks in use see it."""
    finder = Finder.open(Settings(), with_gallery=False)
    return finder, [largest_face(finder, photo) for photo in photos]


@pytest.mark.slow
def test_every_portrait_is_found_as_one_certain_face(enrolled: Enrolled) -> None:
    finder, faces = enrolled
    assert len(faces) == 75
    for person, (photo, probe, _) in zip(PEOPLE, faces, strict=True):
        assert probe.face.probability >= 0.985, person.id
        assert probe.warnings == (), person.id
        assert len(finder.detect(photo).probes) == 1, person.id


@pytest.mark.slow
def test_no_two_portraits_are_taken_for_one_person(enrolled: Enrolled) -> None:
    finder, faces = enrolled
    embeddings = np.stack([embedding for _, _, embedding in faces])
    alike = np.stack([finder.embedder.similarity(embeddings, embedding) for embedding in embeddings])
    pairs = alike[np.triu_indices(len(alike), 1)]
    assert pairs.max() < 0.97
    # All drawn by one hand, they are more alike than people are; still a ranking of them must mean something.
    assert np.median(pairs) < 0.75


@pytest.mark.slow
def test_a_portrait_is_recognised_in_a_worse_copy(enrolled: Enrolled, photos: list[bytes]) -> None:
    finder, faces = enrolled
    embeddings = np.stack([embedding for _, _, embedding in faces])
    for index in range(0, len(photos), 7):
        with Image.open(io.BytesIO(photos[index])) as photo:
            worse = photo.resize((350, 364)).point(lambda level: level * 0.8)
        similarity = finder.embedder.similarity(embeddings, largest_face(finder, encoded(worse, quality=40))[2])
        assert np.argmax(similarity) == index, PEOPLE[index].id
