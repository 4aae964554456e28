"""Photos found near a probe become people, nearest first; equal ones always in one order."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from lookalike.gallery.people import Person
from lookalike.gallery.ranking import Candidate, best_of_each, match, ranked
from lookalike.gallery.scale import Scale

SCALE = Scale(np.array([-0.5, 0.5], np.float32), 0.9, np.array([0.0, 0.4], np.float32))


def person(name: str) -> Person:
    return Person(name, name.upper(), "", ())


def candidate(name: str, portrait: str, squared: float) -> Candidate:
    return Candidate(person(name), portrait, np.full(4, squared, np.float32), squared)


def test_of_a_persons_photos_the_nearest_stays_and_of_equal_ones_the_first() -> None:
    found = best_of_each(
        [candidate("a", "far", 0.3), candidate("a", "near", 0.1), candidate("a", "same", 0.1), candidate("b", "b", 0.2)]
    )
    assert {name: one.portrait for name, one in found.items()} == {"a": "near", "b": "b"}


def test_people_come_nearest_first_and_equal_ones_by_their_names() -> None:
    candidates = [candidate(name, name, squared) for name, squared in (("c", 0.2), ("b", 0.1), ("a", 0.2), ("d", 0.3))]
    found = ranked(candidates, 3, 1.0, SCALE, 0.5)
    assert [(one.rank, one.person.id) for one in found] == [(1, "b"), (2, "a"), (3, "c")]
    assert [one.similarity for one in found] == pytest.approx([0.95, 0.9, 0.9], abs=1e-6)


@pytest.mark.parametrize(("similarity", "strong"), [(0.5, True), (0.4999, False)])
def test_a_likeness_is_strong_from_the_very_similarity_on(similarity: float, strong: bool) -> None:
    found = match(2, person("a"), "a.jpg", np.zeros(4, np.float32), similarity, SCALE, 0.5)
    assert found.strong is strong and (found.rank, found.portrait) == (2, "a.jpg")


def test_a_match_says_what_its_similarity_means_here() -> None:
    found = match(1, person("a"), "a.jpg", np.zeros(4, np.float32), 0.25, SCALE, 0.5)
    assert (found.closer_than, found.closer_than_nearest) == pytest.approx((75, 62.5))
    assert dataclasses.replace(found, similarity=0.3).percent == 65
