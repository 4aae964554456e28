"""Photos of one person are together, the largest group first."""

from __future__ import annotations

import dataclasses
import math

import numpy as np
import pytest

from lookalike.faces.embedder import Embedder
from lookalike.faces.grouping import same_person_groups
from tests.support import with_recipe

# On a line: photos 0.6 apart are 1 − 0.36/2 = 0.82 alike, 1.1 apart 0.395, where the rule is 0.5 and the radius 1.
A, B, C = 0.0, 5.0, 10.0


@pytest.mark.parametrize(
    ("places", "groups"),
    [
        ([A], [0]),
        ([A, A + 0.6], [0, 0]),
        ([A, B], [0, 1]),
        ([A, B, B + 0.6], [1, 0, 0]),
        ([B, A, B + 0.6, A + 0.6], [0, 1, 0, 1]),
        ([C, A, B, A + 0.6, A + 1.1], [1, 0, 2, 0, 0]),  # the last one by way of the one between
        ([A + 1.1, C, A, A + 0.6], [0, 1, 0, 0]),
        ([A, A + 1.0], [0, 0]),  # on the rule itself
        ([A, A + 1.1], [0, 1]),
    ],
)
def test_groups(embedder: Embedder, places: list[float], groups: list[int]) -> None:
    entry = dataclasses.replace(with_recipe(embedder.entry, width=2, radius=1.0), same_person=0.5)
    embeddings = np.array([(place, 0.3) for place in places], np.float32)
    assert same_person_groups(embeddings, entry) == groups


def test_without_a_rule_nobody_is_called_somebody_else(embedder: Embedder) -> None:
    entry = dataclasses.replace(with_recipe(embedder.entry, width=2, radius=1.0), same_person=math.inf)
    assert same_person_groups(np.array([(A, 0), (B, 0), (C, 0)], np.float32), entry) == [0, 0, 0]
