"""The five steps together, on real photos and real networks."""

from __future__ import annotations

import dataclasses
import math

import numpy as np
import pytest
from PIL import Image, ImageEnhance, ImageOps

from lookalike.errors import InvalidParameter, NoFace
from lookalike.finder import Finder
from lookalike.options import CompareOptions, FindOptions
from tests.support import encoded


def best(finder: Finder, picture: Image.Image) -> str:
    return finder.find([encoded(picture, "PNG")]).faces[0].matches[0].person.name


@pytest.mark.parametrize(
    "change",
    [
        ImageOps.mirror,
        lambda picture: picture.resize((picture.width // 2, picture.height // 2)),
        lambda picture: picture.rotate(10),
        lambda picture: ImageEnhance.Brightness(picture).enhance(0.6),
        lambda picture: picture.convert("L"),
        lambda picture: picture.resize((picture.width * 3, picture.height * 3)),
    ],
)
def test_a_changed_photo_still_finds_its_person(
    finder: Finder, astronaut: Image.Image, hopper: Image.Image, change: object
) -> None:
    assert callable(change)
    assert best(finder, change(astronaut)) == "Eileen Collins"
    assert best(finder, change(hopper)) == "Grace Hopper"


@pytest.mark.parametrize("turns", [1, 2, 3])
def test_a_turned_photo_gives_the_same_face_in_its_own_coordinates(
    finder: Finder, hopper: Image.Image, turns: int
) -> None:
    upright = finder.find([encoded(hopper, "PNG")]).faces[0]
    turned_picture = Image.fromarray(np.rot90(np.asarray(hopper), -turns))
    turned = finder.find([encoded(turned_picture, "PNG")]).faces[0]
    assert turned.matches[0].similarity == pytest.approx(upright.matches[0].similarity, abs=1e-4)
    expected = upright.face.turned_back(turns, turned_picture.width, turned_picture.height)
    assert np.allclose(turned.face.box, expected.box, atol=0.01)
    assert np.allclose(turned.face.landmarks, expected.landmarks, atol=0.01)


def test_every_face_of_a_scene_is_answered_largest_first(finder: Finder, scene: Image.Image) -> None:
    answer = finder.find([encoded(scene, "PNG")], FindOptions(min_face_size=20))
    assert [face.matches[0].person.name for face in answer.faces] == [
        "Grace Hopper",
        "Eileen Collins",
        "Grace Hopper",
        "Eileen Collins",
    ]
    areas = [face.face.width * face.face.height for face in answer.faces]
    assert areas == sorted(areas, reverse=True)


def test_coordinates_refer_to_the_photo_as_given(finder: Finder, astronaut: Image.Image) -> None:
    small = finder.find([encoded(astronaut, "PNG")]).faces[0].face
    large = finder.find([encoded(astronaut.resize((3072, 3072)), "PNG")])
    assert (large.width, large.height) == (3072, 3072)
    assert np.allclose(large.faces[0].face.box / 6, small.box, atol=4)


def test_a_photo_with_exif_orientation_is_answered_upright(finder: Finder, hopper: Image.Image) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    sideways = encoded(hopper.transpose(Image.Transpose.ROTATE_90), "JPEG", exif=exif, quality=95)
    answer = finder.find([sideways])
    assert (answer.width, answer.height) == hopper.size
    assert answer.faces[0].matches[0].person.name == "Grace Hopper"


def test_several_photos_of_one_person_give_one_answer(finder: Finder, hopper: Image.Image) -> None:
    photos = [encoded(picture) for picture in (hopper, ImageOps.mirror(hopper), hopper.rotate(8))]
    blank = encoded(Image.new("RGB", (300, 300), "grey"))
    answer = finder.find([*photos, blank])
    assert len(answer.faces) == 1
    assert answer.faces[0].matches[0].person.name == "Grace Hopper"
    assert answer.photos is not None
    assert [photo.winner.person.name if photo.winner else None for photo in answer.photos] == ["Grace Hopper"] * 3 + [
        None
    ]
    assert [photo.faces for photo in answer.photos] == [1, 1, 1, 0]
    assert [photo.group for photo in answer.photos] == [0, 0, 0, None]
    assert not answer.different_people


def test_of_several_photos_the_first_has_its_size_and_remarks_told(finder: Finder, hopper: Image.Image) -> None:
    torn = encoded(Image.new("RGB", (300, 300), "grey"))[:-2]
    answer = finder.find([encoded(hopper), torn])
    assert (answer.width, answer.height, answer.remarks) == (*hopper.size, ())
    torn = encoded(hopper)[:-2]
    answer = finder.find([torn, encoded(Image.new("RGB", (300, 300), "grey"))])
    assert answer.remarks == ("incomplete",)


def test_where_no_photo_has_a_face_the_first_says_what_would_help(finder: Finder) -> None:
    dark, bright = (encoded(Image.new("RGB", (300, 300), colour)) for colour in ("black", "white"))
    for photos, hint in (((dark, bright), "too-dark"), ((bright, dark), "too-bright")):
        with pytest.raises(NoFace) as caught:
            finder.find(photos)
        assert caught.value.hint == hint


def test_photos_of_different_people_are_said_to_be_and_the_larger_group_is_answered(
    finder: Finder, astronaut: Image.Image, hopper: Image.Image
) -> None:
    photos = [encoded(picture) for picture in (astronaut, hopper, ImageOps.mirror(hopper))]
    answer = finder.find(photos)
    assert answer.different_people and answer.photos is not None
    assert [photo.group for photo in answer.photos] == [1, 0, 0]
    alone = finder.find(photos[1:])
    assert answer.faces[0].matches[0].person.name == "Grace Hopper"
    assert answer.faces[0].matches[0].similarity == pytest.approx(alone.faces[0].matches[0].similarity, abs=1e-6)
    assert not alone.different_people


def test_further_photos_bring_nobody_closer(finder: Finder, hopper: Image.Image) -> None:
    photos = [encoded(picture) for picture in (hopper.rotate(8), ImageOps.mirror(hopper), hopper.rotate(-8))]
    alone = [finder.find([photo], FindOptions(k=2)).faces[0].matches for photo in photos]
    together = finder.find(photos, FindOptions(k=2)).faces[0].matches
    for rank in (0, 1):
        average = np.mean([matches[rank].similarity for matches in alone])
        assert together[rank].similarity == pytest.approx(average, abs=1e-5)


def test_faces_below_the_asked_probability_are_left_out_and_counted(finder: Finder, scene: Image.Image) -> None:
    options = FindOptions(min_face_size=20)
    every = finder.find([encoded(scene, "PNG")], options)
    assert every.left_out == 0
    probabilities = sorted(face.face.probability for face in every.faces)
    asked = FindOptions(min_face_size=20, min_probability=probabilities[1])
    answer = finder.find([encoded(scene, "PNG")], asked)
    assert (len(answer.faces), answer.left_out) == (3, 1)


def test_parts_come_only_when_asked_for(finder: Finder, hopper: Image.Image) -> None:
    photo = encoded(hopper)
    plain = finder.find([photo]).faces[0]
    assert {plain.crop is None, plain.embedding is None, plain.mirror is None, plain.explanation is None} == {True}
    full = finder.find([photo], FindOptions(include=("crop", "embedding", "mirror", "explanation"))).faces[0]
    entry = finder.embedder.entry
    assert full.crop is not None and full.crop.shape == (entry.recipe.size, entry.recipe.size, 3)
    assert full.embedding is not None and full.embedding.shape == (entry.width,)
    assert full.mirror is not None and full.mirror.stable
    assert full.explanation is not None and np.abs(full.explanation).max() == pytest.approx(1)


def test_the_explanation_points_at_the_face(finder: Finder, astronaut: Image.Image) -> None:
    """The middle of an aligned face carries the likeness, its corners (hair, background) do not."""
    weights = finder.find([encoded(astronaut)], FindOptions(include=("explanation",))).faces[0].explanation
    assert weights is not None
    assert weights[2:5, 2:5].mean() > 5 * abs(weights[[0, 0, -1, -1], [0, -1, 0, -1]].mean())


def test_compares_two_photos(finder: Finder, astronaut: Image.Image, hopper: Image.Image) -> None:
    same = finder.compare(encoded(astronaut), encoded(ImageOps.mirror(astronaut)))
    assert same.same_person and same.percent == pytest.approx((1 + same.similarity) * 50)
    assert not finder.compare(encoded(astronaut), encoded(hopper)).same_person


def test_compares_the_faces_that_are_asked_for(finder: Finder, astronaut: Image.Image, scene: Image.Image) -> None:
    """The scene's faces are, from the largest on: Hopper, Collins, and a small one of each."""
    photo, crowd = encoded(astronaut, "PNG"), encoded(scene, "PNG")
    largest = finder.compare(photo, crowd)
    assert (largest.a.chosen, len(largest.a.probes), largest.b.chosen, len(largest.b.probes)) == (0, 1, 0, 4)
    alike = [finder.compare(photo, crowd, CompareOptions(b_face=face)).same_person for face in range(4)]
    assert sorted(map(bool, alike)) == [False, False, True, True]
    second = finder.compare(crowd, photo, CompareOptions(a_face=1)).to_json()["a"]
    assert second["chosen"] == 1 and second["box"] == second["faces"][1]["box"] != second["faces"][0]["box"]


def test_a_face_beyond_those_found_is_an_error(finder: Finder, astronaut: Image.Image, scene: Image.Image) -> None:
    with pytest.raises(InvalidParameter, match="“b_face” must be less than 4, the number of faces found"):
        finder.compare(encoded(astronaut), encoded(scene, "PNG"), CompareOptions(b_face=4))
    with pytest.raises(InvalidParameter, match="a_face"):
        finder.compare(encoded(astronaut), encoded(scene, "PNG"), CompareOptions(a_face=1, b_face=3))


def test_without_a_rule_it_does_not_say_whether_two_photos_show_one_person(
    finder: Finder, astronaut: Image.Image, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = finder.embedder.entry
    monkeypatch.setattr(finder.embedder, "entry", dataclasses.replace(known, same_person=math.inf))
    assert finder.compare(encoded(astronaut), encoded(astronaut)).same_person is None


def test_nobody_in_the_photo_is_an_error(finder: Finder) -> None:
    blank = encoded(Image.new("RGB", (300, 300), "grey"))
    with pytest.raises(NoFace):
        finder.find([blank])
    with pytest.raises(NoFace):
        finder.compare(blank, blank)


@pytest.mark.parametrize("size", [(1, 1), (3000, 13), (13, 3000), (1, 5000)])
def test_absurd_pictures_have_no_face(finder: Finder, size: tuple[int, int]) -> None:
    with pytest.raises(NoFace):
        finder.find([encoded(Image.new("RGB", size, "grey"), "PNG")])


def test_takes_one_to_five_photos(finder: Finder, hopper: Image.Image) -> None:
    for count in (0, 6):
        with pytest.raises(InvalidParameter, match="1–5 photos"):
            finder.find([encoded(hopper)] * count)
