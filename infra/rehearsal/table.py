"""What was looked at, what was seen, and whether it was as it should be."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Row:
    what: str
    seen: str
    well: bool


@dataclass(slots=True)
class Table:
    rows: list[Row] = field(default_factory=list)

    def see(self, what: str, well: bool, seen: object) -> None:
        """A line at once, for whoever waits; the table in the end."""
        row = Row(what, " ".join(str(seen).split())[:160], bool(well))
        self.rows.append(row)
        print(f"{'✓' if row.well else '✗'} {row.what}: {row.seen}", flush=True)

    @contextmanager
    def step(self, what: str) -> Iterator[None]:
        """A step that fails is one row, and the next begins. KeyboardInterrupt goes through."""
        started = time.monotonic()
        print(f"\n{what} …", flush=True)
        try:
            yield
        except Exception as error:
            self.see(what, False, f"{type(error).__name__}: {error}")
        print(f"  ({time.monotonic() - started:.0f} s)", flush=True)

    @property
    def failed(self) -> list[Row]:
        return [row for row in self.rows if not row.well]

    def markdown(self) -> str:
        rows = [f"| {row.what} | {'' if row.well else '**not as it should be:** '}{row.seen} |" for row in self.rows]
        return "\n".join(["| looked at | seen |", "| --- | --- |", *rows])
