"""Files of labelled pairs: LFW's pairs.txt and its copies as CSV, deepface's master.csv, and a plain a, b, same.

LFW: Huang et al., "Labeled Faces in the Wild" (2007); its folder is Name/Name_0001.jpg, its pairs.txt has ten folds.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path

from export.evaluation.labelled import FOLDS, Labelled, Pair, UnusablePairs, has_both_kinds, read_people

_ANSWERS = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}
# Two photos and whether they show one person: ours, and deepface's.
_COLUMNS = (("a", "b", "same"), ("file_x", "file_y", "Decision"))
_LFW_COLUMNS = ["name", "imagenum1"]

Rows = Iterable[tuple[int, Sequence[str]]]  # line numbers and cells


def read_labelled(source: Path, photos: Path | None = None) -> Labelled:
    """A folder of people, or a file of pairs whose photos are in `photos`, by default the folder `source` lies in.

    Raises UnusablePairs.
    """
    if not source.exists():
        raise UnusablePairs(f"There is no {source}.")
    if source.is_dir():
        return read_people(source)
    lines = _lines(source)
    root = photos or source.parent
    labelled = _from_csv(source, lines, root) if source.suffix.lower() == ".csv" else _from_lfw(source, lines, root)
    missing = [path for path in labelled.photos if not path.is_file()]
    if missing:
        named = f"{missing[0]} and {len(missing) - 1} more are" if len(missing) > 1 else f"{missing[0]} is"
        raise UnusablePairs(f"{named} missing: give the photos' folder with --photos.")
    return labelled


def _lines(source: Path) -> list[str]:
    try:
        return source.read_text(encoding="utf-8-sig").splitlines()
    except UnicodeDecodeError:
        raise UnusablePairs(f"{source} is not text.") from None


def _from_csv(source: Path, lines: list[str], root: Path) -> Labelled:
    header, *rows = list(csv.reader(lines)) or [[]]
    numbered = [(number, row) for number, row in enumerate(rows, start=2) if any(cell.strip() for cell in row)]
    for columns in _COLUMNS:
        if set(columns) <= set(header):
            places = [header.index(column) for column in columns]
            return _from_answers(source, numbered, places, root)
    if header[:2] == _LFW_COLUMNS:
        # Without the line that says how many pairs a fold has; in LFW's order, its folds are tenths of the list.
        folds = [index * FOLDS // len(numbered) for index in range(len(numbered))]
        return _from_names(source, numbered, folds, root)
    raise UnusablePairs(
        f"{source} needs the columns a, b and same; or those of deepface (file_x, file_y, Decision) or of LFW "
        "(name, imagenum1, imagenum2)."
    )


def _from_answers(source: Path, rows: Rows, places: Sequence[int], root: Path) -> Labelled:
    collected = _Collected(root)
    for number, row in rows:
        first, second, answer = ([*row, "", "", ""][place].strip() for place in places)
        same = _ANSWERS.get(answer.lower())
        if same is None or not first or not second:
            raise UnusablePairs(
                f"{source}, line {number}: two photos and whether they show the same person (yes or no)."
            )
        collected.add(first, second, same, number % FOLDS)
    return collected.labelled()


def _from_lfw(source: Path, lines: list[str], root: Path) -> Labelled:
    """pairs.txt: a line with the folds and the pairs of a kind in each; then matched and mismatched pairs, fold by fold."""
    fields = [(number, line.split()) for number, line in enumerate(lines, start=1) if line.strip()]
    if not fields or not all(field.isdigit() for field in fields[0][1]) or len(fields[0][1]) > 2:
        raise UnusablePairs(f"{source} is none of a folder of people, a .csv, and a pairs.txt as LFW has it.")
    # pairsDevTest.txt and its like have a single number: one fold.
    *folds, count = map(int, fields[0][1])
    rows = fields[1:]
    numbers = [index // (2 * count) if folds and count else index % FOLDS for index in range(len(rows))]
    return _from_names(source, rows, numbers, root)


def _from_names(source: Path, rows: Rows, folds: Sequence[int], root: Path) -> Labelled:
    """Rows of a name and two numbers, or of two names with a number each."""
    collected = _Collected(root)
    for (number, row), fold in zip(rows, folds, strict=True):
        match [cell.strip() for cell in row if cell.strip()]:
            case [name, one, other] if one.isdigit() and other.isdigit():
                collected.add(_lfw(root, name, one), _lfw(root, name, other), True, fold, name, name)
            case [name, one, other_name, other] if one.isdigit() and other.isdigit():
                collected.add(_lfw(root, name, one), _lfw(root, other_name, other), False, fold, name, other_name)
            case _:
                raise UnusablePairs(
                    f"{source}, line {number}: a name and two numbers, or two names with a number each."
                )
    return collected.labelled()


def _lfw(root: Path, name: str, number: str) -> str:
    """Name/Name_0001.jpg, or with another ending if that is what is there."""
    plain = f"{name}/{name}_{int(number):04d}"
    return next(
        (f"{plain}{kind}" for kind in (".jpg", ".png", ".jpeg") if (root / f"{plain}{kind}").is_file()), f"{plain}.jpg"
    )


class _Collected:
    """Photos numbered as they are first named, the pairs of them, and who is on each where that is said."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._numbers: dict[str, int] = {}
        self._pairs: list[Pair] = []
        self._names: dict[int, str] = {}

    def add(self, first: str, second: str, same: bool, fold: int, *people: str) -> None:
        numbers = [self._numbers.setdefault(photo, len(self._numbers)) for photo in (first, second)]
        self._names.update(zip(numbers, people, strict=False))
        self._pairs.append(Pair(numbers[0], numbers[1], same, fold))

    def labelled(self) -> Labelled:
        if not has_both_kinds(self._pairs):
            raise UnusablePairs("There must be pairs of the same person and pairs of different people.")
        people = [self._names[number] for number in sorted(self._names)]
        return Labelled([self._root / photo for photo in self._numbers], people, self._pairs)
