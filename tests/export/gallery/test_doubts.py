"""What the embeddings of enrolled photos give rise to doubt, and what mends it."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import numpy as np
import pytest

from export.gallery import doubts as module
from export.gallery import likeness
from export.gallery.doubts import doubts
from export.gallery.likeness import pairs_reaching, unlinked
from export.gallery.people import EnrolledPerson, Enrolment, Origin, Row
from lookalike.arrays import Array
from lookalike.faces.manifest import EmbedderEntry
from tests.support import with_recipe


@pytest.fixture
def strangers(entry: EmbedderEntry) -> Array:
    """[40,width]: nobody like anybody, similarity about 0."""
    directions = np.random.default_rng(5).normal(size=(40, entry.width))
    rows: Array = (directions / np.linalg.norm(directions, axis=1, keepdims=True) * entry.radius).astype(np.float32)
    return rows


def alike(embedding: Array, similarity: float, entry: EmbedderEntry, seed: int = 1) -> Array:
    """Another embedding at exactly this similarity."""
    direction = np.random.default_rng(seed).normal(size=len(embedding))
    length = entry.radius * np.sqrt(2 * (1 - similarity))
    row: Array = (embedding + direction / np.linalg.norm(direction) * length).astype(np.float32)
    return row


def person(name: str, embeddings: Sequence[Array], origin: Origin = "build") -> EnrolledPerson:
    rows = [
        Row(Enrolment(f"{name} {number}", "portrait.jpg", (), embedding), f"{name}/{number}.jpg", origin)
        for number, embedding in enumerate(embeddings)
    ]
    return EnrolledPerson(name, "", rows)


def said(people: Sequence[EnrolledPerson], entry: EmbedderEntry, changed: set[str] | None = None) -> list[str]:
    return [f"{remark.source}: {remark.text}" for remark in doubts(people, entry, changed)]


def test_people_who_are_different_and_photos_that_belong_together_give_none(
    entry: EmbedderEntry, strangers: Array
) -> None:
    own = [strangers[0], alike(strangers[0], 0.8, entry), alike(strangers[0], 0.7, entry, 2)]
    assert said([person("Kim", own), *(person(f"p{n}", [strangers[n]]) for n in range(1, 9))], entry) == []
    assert said([], entry) == []


def test_a_photo_unlike_all_others_of_the_person(entry: EmbedderEntry, strangers: Array) -> None:
    own = [strangers[0], strangers[1], alike(strangers[0], 0.8, entry)]
    (text,) = said([person("Kim Minsu", own)], entry)
    assert text.startswith("Kim Minsu/1.jpg: it does not look like the other photos of Kim Minsu (")
    assert "put it under their name, then lookalike gallery build PHOTOS" in text
    (text,) = said([person("Kim Minsu", own, origin="add")], entry)
    assert "lookalike gallery remove kim-minsu-" in text and "add the right photos again" in text


def test_an_older_photo_that_another_one_connects_is_none(entry: EmbedderEntry, strangers: Array) -> None:
    # The first and the last do not reach the rule; the one between does with both.
    middle = (strangers[0] + strangers[1]) / 2
    chain = [strangers[0], middle, strangers[1]]
    assert not any("does not look like" in text for text in said([person("Kim", chain)], entry))


@pytest.mark.parametrize(("similarity", "saved_anew"), [(0.93, False), (0.95, True)])
def test_the_same_photo_saved_anew(entry: EmbedderEntry, strangers: Array, similarity: float, saved_anew: bool) -> None:
    found = said([person("Kim", [strangers[0], alike(strangers[0], similarity, entry)])], entry)
    assert len(found) == saved_anew
    if saved_anew:
        assert found[0].startswith("Kim/1.jpg: it seems to be Kim/0.jpg saved anew")
        assert "lookalike gallery build PHOTOS" in found[0]


def test_two_names_that_look_like_one_person(entry: EmbedderEntry, strangers: Array) -> None:
    twin = alike(strangers[0], 0.78, entry)
    everybody = [person(f"p{n}", [strangers[n]]) for n in range(9)]
    (text,) = said([*everybody, person("Kim", [twin])], entry)
    assert text.startswith("p0 / Kim: they look like one person (89% alike).")
    assert "lookalike gallery remove kim-" in text and "photos from the folder" in text
    (text,) = said([*everybody, person("Kim", [twin], origin="import")], entry)
    assert "folder" not in text


def test_of_one_change_only_what_concerns_it(entry: EmbedderEntry, strangers: Array) -> None:
    twins = [person("Kim", [strangers[0]]), person("Lee", [alike(strangers[0], 0.78, entry)])]
    wrong = person("Park", [strangers[1], strangers[2]])
    others = [person(f"p{n}", [strangers[n]]) for n in range(3, 9)]
    everybody = [*twins, wrong, *others]
    assert len(said(everybody, entry)) == 2
    assert [text.split(":")[0] for text in said(everybody, entry, {wrong.id})] == ["Park/1.jpg"]
    assert [text.split(":")[0] for text in said(everybody, entry, {twins[1].id})] == ["Kim / Lee"]
    assert said(everybody, entry, {others[0].id}) == []


def test_where_nearly_all_reach_the_rule_nobody_is_taken_for_another(entry: EmbedderEntry, strangers: Array) -> None:
    dense = [person(f"p{n}", [strangers[n] * np.float32(0.3)]) for n in range(20)]
    assert said(dense, entry) == []


@pytest.fixture
def plane(entry: EmbedderEntry) -> EmbedderEntry:
    """Embeddings of two numbers, of which 1 apart is half alike: on the rule itself."""
    return dataclasses.replace(with_recipe(entry, width=2, radius=1.0), same_person=0.5)


def places(*across: float) -> list[Array]:
    return [np.array([place, 0], np.float32) for place in across]


def test_on_the_rule_itself_two_photos_show_one_person(plane: EmbedderEntry, monkeypatch: pytest.MonkeyPatch) -> None:
    kim = person("Kim", places(0, 1))
    assert said([kim], plane) == []
    assert len(said([person("Kim", places(0, 1.01))], plane)) == 1
    monkeypatch.setattr(module, "SAME_PHOTO", 0.5)
    (text,) = said([kim], plane)
    assert "saved anew" in text


def test_how_alike_a_doubtful_photo_is_at_most_may_be_less_than_half(plane: EmbedderEntry) -> None:
    """2 apart is a similarity of −1, 1.5 apart of −0.125: 44 %."""
    (text,) = said([person("Kim", places(0, 0.5, 2))], plane)
    assert text.startswith("Kim/2.jpg") and "(44% alike at most)" in text


def test_a_pair_that_a_change_concerns_is_said_after_a_more_alike_one_that_it_does_not(plane: EmbedderEntry) -> None:
    people = [person(name, [row]) for name, row in zip("abcd", places(0, 0.1, 20, 20.5), strict=True)]
    (text,) = said(people, plane, {people[3].id})
    assert text.startswith("c / d: they look like one person")


def test_one_photo_alone_gives_none(plane: EmbedderEntry) -> None:
    assert said([person("Kim", places(0))], plane) == []


def test_of_more_photos_than_can_be_compared_nothing_is_said(
    plane: EmbedderEntry, monkeypatch: pytest.MonkeyPatch
) -> None:
    kim = person("Kim", places(0, 0.5, 2))
    monkeypatch.setattr(module, "MOST_ROWS", 3)
    assert len(said([kim], plane)) == 1
    assert said([kim, person("Lee", places(9))], plane) == []


@pytest.mark.parametrize("block", [4_000_000, 1])
def test_pairs_on_the_rule_are_found_most_alike_first_whatever_is_compared_at_once(
    plane: EmbedderEntry, block: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(likeness, "_BLOCK", block)
    rows = np.array(places(0, 10, 1, 20, 10.5, 11.6), np.float32)  # the last is 1.1 from the one before
    found = pairs_reaching(rows, np.ones(6, np.intp), plane)
    assert found == [(0.875, 1, 4), (0.5, 0, 2)]


@pytest.mark.parametrize("people", [2, 3])
def test_the_rule_is_meant_up_to_one_other_each(plane: EmbedderEntry, people: int) -> None:
    """Three in a row, each 1 apart, are two pairs, of four sides: more than there are people."""
    rows = np.array(places(0, 1, 9)[:people], np.float32)
    assert pairs_reaching(rows, np.ones(people, np.intp), plane) == [(0.5, 0, 1)]
    assert pairs_reaching(np.array(places(0, 1, 2), np.float32), np.ones(3, np.intp), plane) is None


@pytest.mark.parametrize(
    ("together", "odd"),
    [
        ([{0, 1, 2}, {3}], [3]),
        ([{0}, {1, 2, 3}], [0]),
        ([{0, 3}, {1, 2}], [1, 2]),  # of halves the one without the first photo
        ([{0, 1, 2, 3}], []),
    ],
)
def test_the_smaller_part_of_a_person_s_photos_is_odd(together: list[set[int]], odd: list[int]) -> None:
    linked = np.array([[any({a, b} <= part for part in together) and a != b for a in range(4)] for b in range(4)])
    assert np.flatnonzero(unlinked(linked)).tolist() == odd
