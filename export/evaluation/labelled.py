"""Photos of which is known who they show, and pairs of them: from LFW's pairs.txt, a CSV, or a folder of people.

LFW: Huang et al., "Labeled Faces in the Wild" (2007); its folder is Name/Name_0001.jpg, its pairs.txt has ten folds.
"""

from __future__ import annotations

import csv
import hashlib
import itertools
import math
import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from export.errors import ExportError

FOLDS = 10
# Of one person, so that somebody with hundreds of photos does not outvote all others.
MOST_PAIRS_OF_ONE = 50
_PHOTOS = {".jpg", ".jpeg", ".png", ".webp", ".avif", ".heic", ".heif", ".gif", ".bmp", ".tif", ".tiff"}
_ANSWERS = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}


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


def read_labelled(source: Path, photos: Path | None = None) -> Labelled:
    """A folder of people, a .csv with the columns a, b and same, or else LFW's pairs.txt with its photos in `photos`.

    `photos` is by default the folder that `source` lies in. Raises UnusablePairs.
    """
    if not source.exists():
        raise UnusablePairs(f"There is no {source}.")
    if source.is_dir():
        return read_people(source)
    lines = _lines(source)
    root = photos or source.parent
    found = _from_csv(source, lines, root) if source.suffix.lower() == ".csv" else _from_lfw(source, lines, root)
    missing = [path for path in found.photos if not path.is_file()]
    if missing:
        named = f"{missing[0]} and {len(missing) - 1} more are" if len(missing) > 1 else f"{missing[0]} is"
        raise UnusablePairs(f"{named} missing: give the photos' folder with --photos.")
    return found


def read_people(folder: Path) -> Labelled:
    """Every folder with photos in it is a person. All pairs of one person's photos, and as many of different people."""
    photos = sorted(path for path in folder.rglob("*") if path.suffix.lower() in _PHOTOS and path.is_file())
    people = [path.parent.relative_to(folder).as_posix() for path in photos]
    pairs = pairs_of(people)
    if not any(pair.same for pair in pairs) or all(pair.same for pair in pairs):
        raise UnusablePairs(f"{folder} needs a folder for each person, at least two people, and two photos of one.")
    return Labelled(photos, people, pairs)


def pairs_of(people: Sequence[str]) -> list[Pair]:
    """Pairs of photos by who is on them: always the same ones for the same photos."""
    chance = random.Random(2007)  # noqa: S311 - a sample, not a secret
    by_person: dict[str, list[int]] = {}
    for photo, person in enumerate(people):
        by_person.setdefault(person, []).append(photo)
    same = []
    for own in by_person.values():
        together = list(itertools.combinations(own, 2))
        same += chance.sample(together, min(len(together), MOST_PAIRS_OF_ONE))
    possible = math.comb(len(people), 2) - sum(math.comb(len(own), 2) for own in by_person.values())
    different: dict[tuple[int, int], None] = {}
    while len(different) < min(len(same), possible):
        one, other = chance.sample(range(len(people)), 2)
        if people[one] != people[other]:
            different[min(one, other), max(one, other)] = None
    labelled = [(pair, True) for pair in same] + [(pair, False) for pair in different]
    # Whose threshold is sought must not be among those it is tried on: a person's pairs are in one fold.
    return [Pair(a, b, alike, _fold(people[a])) for (a, b), alike in labelled]


def _fold(person: str) -> int:
    return hashlib.sha256(person.encode()).digest()[0] % FOLDS


def _lines(source: Path) -> list[str]:
    try:
        return source.read_text(encoding="utf-8-sig").splitlines()
    except UnicodeDecodeError:
        raise UnusablePairs(f"{source} is not text.") from None


def _from_csv(source: Path, lines: list[str], root: Path) -> Labelled:
    table = csv.DictReader(lines)
    if not {"a", "b", "same"} <= set(table.fieldnames or ()):
        raise UnusablePairs(f"{source} needs the columns a, b and same.")
    collected = _Collected(root)
    for number, row in enumerate(table, start=2):
        answer = _ANSWERS.get((row["same"] or "").strip().lower())
        if answer is None or not row["a"] or not row["b"]:
            raise UnusablePairs(
                f"{source}, line {number}: two photos and whether they show the same person (yes or no)."
            )
        collected.add(row["a"].strip(), row["b"].strip(), answer, number % FOLDS)
    return collected.labelled([])


def _from_lfw(source: Path, lines: list[str], root: Path) -> Labelled:
    """pairs.txt: a line with the folds and the pairs of a kind in each; then matched and mismatched pairs, fold by fold."""
    fields = [(number, line.split()) for number, line in enumerate(lines, start=1) if line.strip()]
    if not fields or not all(field.isdigit() for field in fields[0][1]) or len(fields[0][1]) > 2:
        raise UnusablePairs(f"{source} is none of a folder of people, a .csv, and a pairs.txt as LFW has it.")
    # pairsDevTest.txt and its like have a single number: one fold.
    *folds, count = map(int, fields[0][1])
    collected = _Collected(root)
    for index, (number, field) in enumerate(fields[1:]):
        fold = index // (2 * count) if folds and count else index % FOLDS
        match field:
            case [name, one, other] if one.isdigit() and other.isdigit():
                collected.add(_lfw(root, name, one), _lfw(root, name, other), True, fold, name, name)
            case [name, one, other_name, other] if one.isdigit() and other.isdigit():
                collected.add(_lfw(root, name, one), _lfw(root, other_name, other), False, fold, name, other_name)
            case _:
                raise UnusablePairs(
                    f"{source}, line {number}: a name and two numbers, or two names with a number each."
                )
    return collected.labelled([collected.names[number] for number in range(len(collected.names))])


def _lfw(root: Path, name: str, number: str) -> str:
    """Name/Name_0001.jpg, or with another ending if that is what is there."""
    plain = f"{name}/{name}_{int(number):04d}"
    return next(
        (f"{plain}{kind}" for kind in (".jpg", ".png", ".jpeg") if (root / f"{plain}{kind}").is_file()), f"{plain}.jpg"
    )


class _Collected:
    """Photos numbered as they are first named, and the pairs of them."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._numbers: dict[str, int] = {}
        self._pairs: list[Pair] = []
        self.names: dict[int, str] = {}

    def add(self, first: str, second: str, same: bool, fold: int, *people: str) -> None:
        numbers = [self._numbers.setdefault(photo, len(self._numbers)) for photo in (first, second)]
        self.names.update(zip(numbers, people, strict=False))
        self._pairs.append(Pair(numbers[0], numbers[1], same, fold))

    def labelled(self, people: list[str]) -> Labelled:
        if not any(pair.same for pair in self._pairs) or all(pair.same for pair in self._pairs):
            raise UnusablePairs("There must be pairs of the same person and pairs of different people.")
        return Labelled([self._root / photo for photo in self._numbers], people, self._pairs)
