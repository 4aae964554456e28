"""What the report counts and shows, of people on a line: 1 apart is half alike, which is the network's rule."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Sequence

import numpy as np
import pytest

from export.gallery.report.data import Findings, findings
from lookalike.arrays import Array
from lookalike.faces.manifest import EmbedderEntry
from lookalike.gallery.local import LocalGallery
from lookalike.gallery.people import Person, Portrait
from lookalike.gallery.scale import Scale
from tests.support import with_recipe

NOTHING = np.empty(0, np.float32)
PAIRS = np.linspace(-0.5, 0.5, 1001, dtype=np.float32)  # of which 99.9 % are below 0.499


@pytest.fixture
def line(entry: EmbedderEntry) -> EmbedderEntry:
    return dataclasses.replace(with_recipe(entry, width=2, radius=1.0), same_person=0.5)


def found(
    places: Sequence[float], entry: EmbedderEntry, pairs: Array = PAIRS, nearest: Sequence[float] = (0.0, 0.2, 0.4)
) -> Findings:
    people = tuple(
        Person(f"p{n}", f"p{n}", "", (Portrait(f"{n}.jpg", f"p{n}.jpg", f"{n}"),)) for n in range(len(places))
    )
    embeddings = np.array([(place, 0) for place in places], np.float32).reshape(-1, 2)
    scale = Scale(pairs, entry.same_person, np.array(nearest, np.float32))
    return findings(LocalGallery(people, embeddings, entry, scale), entry)


def without_rule(entry: EmbedderEntry) -> EmbedderEntry:
    return dataclasses.replace(entry, same_person=math.inf)


def far(people: int) -> list[float]:
    return [5.0 * n for n in range(people)]


def test_twelve_pairs_are_shown_of_equal_ones_in_the_order_of_the_people(line: EmbedderEntry) -> None:
    closest = found(far(6), line).closest  # of fifteen
    assert len(closest) == 12
    assert [(pair.first.name, pair.second.name) for pair in closest[:6]] == [
        *(("p0", f"p{other}") for other in (1, 2, 3, 4, 5)),
        ("p1", "p2"),
    ]


def test_three_hundred_pairs_may_be_one_person_each_and_all_are_counted(line: EmbedderEntry) -> None:
    seen = found([5.0 * n + half for n in range(301) for half in (0, 0.5)], line)
    assert (len(seen.one_person_two_names), seen.one_person_two_names_count) == (300, 301)
    assert (seen.pairs_beyond_rule, seen.rule_is_meant, len(seen.closest)) == (301, True, 12)


@pytest.mark.parametrize(("people", "usual", "told"), [(9, 0.5, False), (10, 0.36, True)])
def test_of_ten_people_it_is_told_how_alike_nine_have_nobody_else(
    line: EmbedderEntry, people: int, usual: float, told: bool
) -> None:
    """Of 0, 0.2 and 0.4, evenly, nine tenths of the way is 0.36."""
    seen = found(far(people), line)
    assert (seen.usual_nearest, seen.usual_from_people) == (usual, told)
    assert found(far(people), line, nearest=()).usual_nearest == 0.5
    assert found(far(people), without_rule(line), nearest=()).usual_nearest == 1.0


def test_where_the_rule_is_meant_pairs_that_reach_it_are_doubtful_however_usual(line: EmbedderEntry) -> None:
    """0.9 apart is a similarity of 0.595, which a thousandth of these pairs exceed by far."""
    seen = found([*far(10), 0.9], line, pairs=np.linspace(0, 1, 1001, dtype=np.float32))
    assert (seen.one_person_two_names_count, seen.rule_is_meant) == (1, True)


def test_where_it_is_not_meant_only_the_unusual_are_and_twelve_are_shown(line: EmbedderEntry) -> None:
    seen = found([0.02 * n for n in range(20)], line, pairs=np.linspace(0, 1, 1001, dtype=np.float32))
    # From 0.999 on: 0.04 apart (0.9992) and nearer, which are 18 and 19 pairs.
    assert (seen.rule_is_meant, seen.one_person_two_names_count) == (False, 37)
    assert len(seen.one_person_two_names) == len(seen.closest) == 12


@pytest.mark.parametrize(("similarity", "doubles"), [(0.499, 1), (0.4989, 0)])
def test_without_a_rule_the_most_alike_thousandth_is_doubtful(
    line: EmbedderEntry, similarity: float, doubles: int
) -> None:
    """A similarity of s is √(2 − 2s) apart."""
    seen = found([0, math.sqrt(2 - 2 * similarity)], without_rule(line))
    assert (seen.one_person_two_names_count, seen.pairs_beyond_rule, seen.same_person) == (doubles, 0, None)


def test_without_a_rule_or_pairs_to_compare_with_nobody_is_doubtful(line: EmbedderEntry) -> None:
    assert found([0, 0.5], without_rule(line), pairs=NOTHING).one_person_two_names_count == 0


def test_similarities_have_five_digits(line: EmbedderEntry) -> None:
    seen = found(far(10), line, pairs=np.array([0.1234567], np.float32), nearest=[0.7654321])
    assert (seen.median, seen.usual_nearest) == (0.12346, 0.76543)
    assert found(far(10), line, pairs=NOTHING).median is None
    assert found([0, 0.7777], line).closest[0].similarity == 0.69759  # of 0.69759136
