"""People by department and by metadata: does telling them apart work worse for some group?

A network that knows few faces of some kind puts them close together. Then people of that group have nearer others, and
more of them have another person beyond the threshold than the tenth of all people for which it was set.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from lookalike.arrays import Array
from lookalike.gallery.people import Person

MOST_VALUES = 20
MOST_DEPARTMENTS = 60
FEWEST_TO_JUDGE = 10
_STANDARD_DEVIATIONS = 2.6  # of a share, which chance alone exceeds once in about 200 groups
_SPREAD = (10, 25, 50, 75, 90)  # percentiles


@dataclass(frozen=True, slots=True)
class Group:
    """`median`: of its people's median similarity to everyone else. `nearest`: the 10th, 25th, 50th, 75th and 90th
    percentile of how alike their nearest other person is. `above`: people whose nearest reaches the threshold."""

    name: str  # empty where it is not said
    people: int
    median: float
    nearest: list[float]
    above: int
    share: float  # 0…1, of people above
    few: bool  # too few to judge
    stands_out: bool  # a greater share than chance explains


@dataclass(frozen=True, slots=True)
class Column:
    name: str
    groups: list[Group]  # nearest others first
    left_out: int  # groups, the smallest


def columns(
    people: Sequence[Person], medians: Array, nearest: Array, threshold: float
) -> tuple[list[Column], dict[str, int]]:
    """Departments and metadata columns that divide people into comparable groups; and the other columns' value counts.

    `medians` and `nearest` are [people] similarities.
    """
    if len(people) < 2:
        return [], {}
    found, left_out = [], {}
    departments = [person.department for person in people]
    if len(set(departments)) > 1:
        found.append(_column("Department", departments, medians, nearest, threshold))
    for name in sorted({name for person in people for name in person.metadata}):
        values = [person.metadata.get(name, "").strip() for person in people]
        different = len(set(values))
        if 2 <= different <= min(MOST_VALUES, len(people) // 2):
            found.append(_column(name, values, medians, nearest, threshold))
        elif different > 1:
            left_out[name] = different
    return found, left_out


def _column(name: str, values: Sequence[str], medians: Array, nearest: Array, threshold: float) -> Column:
    whole = float((nearest >= threshold).mean())
    kinds, kind = np.unique(np.array(values, object), return_inverse=True)
    sizes = np.bincount(kind)
    largest = np.argsort(-sizes, kind="stable")[:MOST_DEPARTMENTS]
    groups = [
        _group(str(kinds[index]), medians[kind == index], nearest[kind == index], threshold, whole) for index in largest
    ]
    return Column(name, sorted(groups, key=lambda group: -group.nearest[2]), len(kinds) - len(largest))


def _group(name: str, medians: Array, nearest: Array, threshold: float, whole: float) -> Group:
    people = len(nearest)
    above = int((nearest >= threshold).sum())
    few = people < FEWEST_TO_JUDGE
    chance = whole * people + _STANDARD_DEVIATIONS * float(np.sqrt(people * whole * (1 - whole)))
    return Group(
        name=name,
        people=people,
        median=round(float(np.median(medians)), 5),
        nearest=[round(float(value), 5) for value in np.percentile(nearest, _SPREAD)],
        above=above,
        share=round(above / people, 4),
        few=few,
        stands_out=not few and above > chance,
    )
