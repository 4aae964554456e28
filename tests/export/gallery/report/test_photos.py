"""Photos under one name that fall apart or disagree, of people on a line: 1 apart is half alike, which is the rule."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import numpy as np
import pytest

from export.gallery.report.photos import Apart, disagreements
from lookalike.faces.manifest import EmbedderEntry
from lookalike.gallery.local import LocalGallery
from lookalike.gallery.people import Person, Portrait
from lookalike.gallery.scale import Scale
from tests.support import with_recipe


@pytest.fixture
def line(entry: EmbedderEntry) -> EmbedderEntry:
    return dataclasses.replace(with_recipe(entry, width=2, radius=1.0), same_person=0.5)


def apart(entry: EmbedderEntry, **people: Sequence[float]) -> tuple[list[Apart], list[Apart]]:
    """Of each person's photos at these places."""
    everybody = tuple(
        Person(name, name, "", tuple(Portrait(f"{name}{n}.jpg", f"{name}/{n}", "") for n in range(len(places))))
        for name, places in people.items()
    )
    rows = np.array([(place, 0) for places in people.values() for place in places], np.float32)
    return disagreements(LocalGallery(everybody, rows, entry, Scale(np.empty(0, np.float32), 0.5)), entry)


def test_names_are_looked_at_one_after_the_other_and_the_least_alike_come_first(line: EmbedderEntry) -> None:
    """`whole` hangs together, on the rule itself; `loose` by way of its middle; `two` and `far` fall apart."""
    falling, disagreeing = apart(
        line,
        whole=[0, 1],
        loose=[50, 51, 52],
        two=[100, 101.25],
        looser=[150, 151, 152, 151.5],
        far=[200, 201.5, 201.6],
    )
    assert [(seen.odd.source, seen.other.source, seen.similarity) for seen in falling] == [
        ("far/0", "far/1", -0.125),
        ("two/1", "two/0", 0.21875),
    ]
    assert [(seen.odd.source, seen.other.source, seen.similarity) for seen in disagreeing] == [
        ("loose/0", "loose/2", -1.0),
        ("looser/0", "looser/2", -1.0),
    ]


@pytest.mark.parametrize(("place", "rather"), [(2.4, 0.595), (2.5, 0.5), (3.0, None), (3.1, None)])
def test_whom_the_odd_photo_rather_shows_is_more_like_it_than_its_own(
    line: EmbedderEntry, place: float, rather: float | None
) -> None:
    """The odd one at 1.5 is 1.5 from the other of its name: −0.125, and so it is to somebody at 3."""
    ((seen,), _) = apart(line, q=[0, 1.5], r=[place], s=[90])
    assert (seen.odd.source, seen.similarity) == ("q/1", -0.125)
    assert (seen.rather.source if seen.rather else None, seen.rather_similarity) == (
        ("r/0", pytest.approx(rather)) if rather else (None, None)
    )


def test_similarities_have_five_digits(line: EmbedderEntry) -> None:
    """1.1111 apart is 0.38272839; 0.7777 apart 0.69759136."""
    ((seen,), _) = apart(line, q=[0, 1.1111], r=[1.1111 + 0.7777])
    assert (seen.similarity, seen.rather_similarity) == (0.38273, 0.69759)
