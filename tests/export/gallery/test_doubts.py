"""What the embeddings of enrolled photos give rise to doubt, and what mends it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from export.gallery.doubts import doubts
from export.gallery.people import EnrolledPerson, Enrolment, Origin, Row
from lookalike.arrays import Array
from lookalike.faces.manifest import EmbedderEntry


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
