"""Time and memory of the worst request that is accepted, by format: `python -m tests.trust.bounds [FORMAT…]`.

Each coding of a format (tests/trust/codings.py) is tried at 50 megapixels and, where that is refused, at the largest
size that is read, with one photo in the request and with five: first every choice for itself, then, for as long as
--minutes say, what chance makes of the worst so far. What was tried is kept in .cache/bounds until the code changes, so
that an interrupted search goes on. It ends with status 1 if an accepted request takes more than SECONDS of processor
time or MEGABYTES beyond what the process had.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections.abc import Iterator
from typing import Any

from tests.trust.attacks import LIMIT
from tests.trust.codings import FORMATS
from tests.trust.meter import Cost
from tests.trust.notes import CACHE, Notes, Trial

SECONDS = 8.0
# The deadline is looked at between steps: the last one may go beyond it.
STEP = 0.5
MEGABYTES = 450
# Megapixels: the general limit, and those of formats and codings that are held to less.
SIZES = (50, 33, 25, 18.7, 16, 12.5, 8, 4, 1)
SHAPES = (1.5, 60.0, 1 / 60)  # width / height
FIVE = 0.4  # of the largest size, where five of that size are refused: as many pixels as a request may have


class Search:
    """Over one format's codings. `worst` by time and by memory, of one photo."""

    def __init__(self, kind: str, notes: Notes) -> None:
        self.kind, self._notes = kind, notes
        self._choices: dict[str, Any] = {**FORMATS[kind][1], "shape": SHAPES}
        self.worst: dict[str, tuple[float, dict[str, Any]]] = {}

    def sweep(self) -> None:
        """Every choice for itself, beginning with the first of each, and going on from what was worst."""
        first = {name: values[0] for name, values in self._choices.items()}
        self.attempt(first)
        for name, values in self._choices.items():
            parent = self.worst.get("seconds", (0.0, first))[1]
            for value in values if isinstance(values, tuple) else values[:: max(1, len(values) // 3)]:
                self.attempt(parent | {name: value})

    def step(self, chance: random.Random) -> None:
        """Change up to three choices of the worst so far."""
        if not self.worst:
            return
        _, parent = self.worst[chance.choice(list(self.worst))]
        names = chance.sample(list(self._choices), min(len(self._choices), chance.randint(1, 3)))
        self.attempt(parent | {name: chance.choice(self._choices[name]) for name in names})

    def attempt(self, coding: dict[str, Any]) -> None:
        """At the largest size that is read, and five at once where that is worse than all before."""
        for megapixels in SIZES:
            cost = self._notes.cost(Trial(self.kind, coding, megapixels, 1))
            if cost and not cost.refused:
                if self._is_worse(cost, coding):
                    self._five(coding, megapixels)
                return

    def _five(self, coding: dict[str, Any], megapixels: float) -> None:
        for share in (1, FIVE):
            cost = self._notes.cost(Trial(self.kind, coding, megapixels * share, 5))
            if cost and not cost.refused:
                return

    def _is_worse(self, cost: Cost, coding: dict[str, Any]) -> bool:
        worse = False
        for measure in ("seconds", "megabytes"):
            if getattr(cost, measure) > self.worst.get(measure, (0.0, {}))[0]:
                self.worst[measure] = (getattr(cost, measure), coding)
                worse = True
        return worse


def rows(kind: str, notes: Notes) -> Iterator[str]:
    """A format's line of the table, and the codings that were worst."""
    tried = [(trial, cost) for trial, cost in notes.all(kind) if cost.bytes * trial.photos <= LIMIT]
    cells, codings = [], []
    for photos in (1, 5):
        accepted = [(cost, trial) for trial, cost in tried if trial.photos == photos and not cost.refused]
        for measure, unit in (("seconds", "s"), ("megabytes", "MB")):
            cost, trial = max(accepted, key=lambda pair: getattr(pair[0], measure), default=(None, None))
            cells.append(f"{getattr(cost, measure):.3g} {unit}" if cost else "–")
            codings.append(f"    {photos} × {cells[-1]}: {trial}")
    largest = max((trial.megapixels for trial, cost in tried if trial.photos == 1 and not cost.refused), default=0)
    refused = max((cost.seconds for _, cost in tried if cost.refused), default=0.0)
    yield f"| {kind} | {len(tried)} | {largest} MP | {' | '.join(cells)} | {refused:.1f} s |"
    yield from codings


def beyond(cost: Cost) -> bool:
    return cost.seconds > SECONDS + STEP or (not cost.refused and cost.megabytes > MEGABYTES)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.trust.bounds", description=__doc__)
    parser.add_argument("formats", nargs="*", help="parts of names; all formats without any")
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args()
    notes, until = Notes(CACHE), time.monotonic() + 60 * asked.minutes
    kinds = [kind for kind in FORMATS if not asked.formats or any(part in kind for part in asked.formats)]
    searches = [Search(kind, notes) for kind in kinds]
    for search in searches:
        search.sweep()
        print(next(rows(search.kind, notes)), flush=True)
    chance = random.Random(asked.seed)
    while time.monotonic() < until:
        chance.choice(searches).step(chance)
    print(
        "\n| | tried | read up to | one | | five | | refused |\n| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |"
    )
    found = [list(rows(kind, notes)) for kind in kinds]
    print("\n".join([table for table, *_ in found] + [line for _, *lines in found for line in lines]))
    too_much = [(trial, cost) for kind in kinds for trial, cost in notes.all(kind) if beyond(cost)]
    for trial, cost in sorted(too_much, key=lambda pair: pair[1].seconds):
        print(f"TOO MUCH: {trial}: {cost}")
    return int(bool(too_much))


if __name__ == "__main__":
    sys.exit(main())
