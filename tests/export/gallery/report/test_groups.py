"""Which columns divide people into groups, and which groups stand out; at each bound, by hand."""

from __future__ import annotations

import numpy as np
import pytest

from export.gallery.report.groups import Group, columns
from lookalike.gallery.people import Person


def people(departments: list[str], **metadata: list[str]) -> list[Person]:
    return [
        Person(f"p{n}", f"p{n}", department, (), {name: values[n] for name, values in metadata.items() if values[n]})
        for n, department in enumerate(departments)
    ]


def groups(departments: list[str], nearest: list[float], threshold: float = 0.5) -> dict[str, Group]:
    values = np.array(nearest, np.float32)
    ((column,), left_out) = columns(people(departments), (values / 2).astype(np.float32), values, threshold)
    assert column.name == "Department" and left_out == {}
    return {group.name: group for group in column.groups}


def test_a_group_in_numbers() -> None:
    """Of 0.1, 0.2 … 0.5 the percentiles are 0.14, 0.2, 0.3, 0.4, 0.46; medians are given as half of each."""
    found = groups(["a"] * 5 + ["b"], [0.1, 0.2, 0.3, 0.4, 0.5, 0.9], threshold=0.4)
    assert found["a"] == Group(
        "a", 5, 0.15, [0.14, 0.2, 0.3, 0.4, 0.46], above=2, share=0.4, few=True, stands_out=False
    )
    assert (found["b"].people, found["b"].nearest, found["b"].share) == (1, [0.9] * 5, 1.0)
    assert list(found) == ["b", "a"]  # nearest others first


def test_groups_are_in_the_order_of_their_middle() -> None:
    assert list(groups(["a"] * 3 + ["b"] * 3, [0.4, 0.41, 0.9, 0.1, 0.5, 0.51])) == ["b", "a"]


def test_two_people_can_be_divided_and_where_nobody_is_above_nobody_stands_out() -> None:
    assert list(groups(["a", "b"], [0.2, 0.1])) == ["a", "b"]
    found = groups(["a"] * 10 + ["b"] * 10, [0.1] * 20)
    assert [group.stands_out for group in found.values()] == [False, False]


@pytest.mark.parametrize(("size", "few"), [(9, True), (10, False)])
def test_ten_people_can_be_judged(size: int, few: bool) -> None:
    found = groups(["a"] * size + ["b"] * 90, [0.9] * size + [0.1] * 90)["a"]
    assert (found.few, found.stands_out) == (few, not few)


@pytest.mark.parametrize(("above", "stands_out"), [(8, False), (9, True)])
def test_a_share_stands_out_that_chance_would_not_bring_in_two_hundred_groups(above: int, stands_out: bool) -> None:
    """Of all 100 people 20 are above: of a group of 20 by chance 4, and 2.6 · √(20 · 0.2 · 0.8) = 4.65 more."""
    others = 20 - above
    nearest = [0.9] * above + [0.1] * (20 - above) + [0.9] * others + [0.1] * (80 - others)
    assert groups(["a"] * 20 + ["b"] * 80, nearest)["a"].stands_out is stands_out


def test_on_the_threshold_is_above() -> None:
    found = groups(["a", "a", "b", "b"], [0.5, 0.25, 0.25, 0.25])
    assert (found["a"].above, found["b"].above) == (1, 0)


@pytest.mark.parametrize(
    ("values", "count", "shown"),
    [
        (1, 60, None),  # all the same
        (2, 4, True),
        (2, 3, False),  # more than half as many values as people
        (20, 40, True),
        (21, 60, False),
    ],
)
def test_a_column_has_from_two_to_twenty_values_and_two_people_each(
    values: int, count: int, shown: bool | None
) -> None:
    told = [f"v{n % values}" for n in range(count)]
    similarities = np.zeros(count, np.float32)
    found, left_out = columns(people([""] * count, floor=told), similarities, similarities, 0.5)
    assert [column.name for column in found] == (["floor"] if shown else [])
    assert left_out == ({"floor": values} if shown is False else {})


def test_who_says_nothing_is_a_group_too() -> None:
    similarities = np.zeros(4, np.float32)
    (column,), _ = columns(people([""] * 4, floor=["1", "1", "", " "]), similarities, similarities, 0.5)
    assert {group.name: group.people for group in column.groups} == {"1": 2, "": 2}


def test_sixty_departments_are_shown_the_largest() -> None:
    departments = [f"d{n:02}" for n in range(62) for _ in range(1 if n in (5, 40) else 2)]
    similarities = np.zeros(len(departments), np.float32)
    (column,), _ = columns(people(departments), similarities, similarities, 0.5)
    assert (len(column.groups), column.left_out) == (60, 2)
    assert {group.name for group in column.groups}.isdisjoint({"d05", "d40"})


def test_one_person_is_not_divided() -> None:
    alone = np.zeros(1, np.float32)
    assert columns(people(["a"], floor=["1"]), alone, alone, 0.5) == ([], {})
