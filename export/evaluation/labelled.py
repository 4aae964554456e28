"""Photos of which is known who they show, and pairs of them: from a folder of people, or a file of pairs (pair_files.py)."""

from __future__ import annotations

import hashlib
import itertools
import math
import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from export.errors import ExportError

FOLDS = 10
# So many pairs are compared in seconds; a folder of some 600 photos has more.
MOST_PAIRS = 200_000
# Of one person, where not all pairs are taken, so that somebody with hundreds of photos does not outvote all others.
MOST_PAIRS_OF_ONE = 50
_PHOTOS = {".jpg", ".jpeg", ".png", ".webp", ".avif", ".heic", ".heif", ".gif", ".bmp", ".tif", ".tiff"}

Indices = tuple[int, int]


class UnusablePairs(ExportError):
    """The file or folder holds no labelled photos that can be used."""


@dataclass(frozen=True)
class Pair:
    """Indices of two photos, whether they show the same person, and the fold for cross-validation."""

    first: int
    second: int
    same: bool
    fold: int


@dataclass(frozen=True)
class Labelled:
    """`people` names who is on each photo; it is empty where only pairs are labelled."""

    photos: list[Path]
    people: list[str]
    pairs: list[Pair]


def read_people(folder: Path) -> Labelled:
    """Every folder with photos in it is a person; the pairs are those of pairs_of. Raises UnusablePairs."""
    photos = sorted(path for path in folder.rglob("*") if path.suffix.lower() in _PHOTOS and path.is_file())
    people = [path.parent.relative_to(folder).as_posix() for path in photos]
    pairs = pairs_of(people)
    if not has_both_kinds(pairs):
        raise UnusablePairs(f"{folder} needs a folder for each person, at least two people, and two photos of one.")
    return Labelled(photos, people, pairs)


def has_both_kinds(pairs: Sequence[Pair]) -> bool:
    """Whether some pairs show one person and some show two."""
    return len({pair.same for pair in pairs}) == 2


def pairs_of(people: Sequence[str], most: int = MOST_PAIRS) -> list[Pair]:
    """All pairs of photos, by who is on them; of more than `most`, a sample that is the same for the same photos.

    A sample has at most half of them of one person each, and MOST_PAIRS_OF_ONE of anybody.
    """
    if math.comb(len(people), 2) <= most:
        chosen = list(itertools.combinations(range(len(people)), 2))
    else:
        chosen = _sample(people, most)
    # Whose threshold is sought must not be among those it is tried on: a person's pairs are in one fold.
    return [Pair(a, b, people[a] == people[b], _fold(people[a])) for a, b in chosen]


def _sample(people: Sequence[str], most: int) -> list[Indices]:
    chance = random.Random(2007)  # noqa: S311 - a sample, not a secret
    by_person: dict[str, list[int]] = {}
    for photo, person in enumerate(people):
        by_person.setdefault(person, []).append(photo)
    same: list[Indices] = []
    for own in by_person.values():
        together = list(itertools.combinations(own, 2))
        same += chance.sample(together, min(len(together), MOST_PAIRS_OF_ONE))
    same = chance.sample(same, min(len(same), most // 2))
    possible = math.comb(len(people), 2) - sum(math.comb(len(own), 2) for own in by_person.values())
    different: dict[Indices, None] = {}
    while len(different) < min(most - len(same), possible):
        one, other = chance.sample(range(len(people)), 2)
        if people[one] != people[other]:
            different[min(one, other), max(one, other)] = None
    return [*same, *different]


def _fold(person: str) -> int:
    return hashlib.sha256(person.encode()).digest()[0] % FOLDS
