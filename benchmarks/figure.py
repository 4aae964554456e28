"""A figure: a table with a title, and a note on what it shows. All of them together are the report."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from benchmarks.timing import Ratio

Cell = str | int | float | Ratio | None


@dataclass(frozen=True)
class Figure:
    """`rows` have a cell for each column; `facts` are what a program may want of the figure, by name."""

    title: str
    note: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    facts: dict[str, Any] = field(default_factory=dict)

    def markdown(self) -> str:
        lines = [f"| {' | '.join(self.columns)} |", f"|{'|'.join(_rule(index) for index in range(len(self.columns)))}|"]
        lines += [f"| {' | '.join(_text(cell) for cell in row)} |" for row in self.rows]
        return "\n".join([f"### {self.title}", "", self.note, "", *lines, ""])

    def to_json(self) -> dict[str, Any]:
        rows = [dict(zip(self.columns, map(_plain, row), strict=True)) for row in self.rows]
        return {"title": self.title, "note": self.note, "rows": rows, "facts": self.facts}


def main(measure: Callable[[bool], Figure]) -> None:
    """Run one figure from the command line."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true", help="fewer rounds and fewer cases")
    print(measure(parser.parse_args().quick).markdown())


def _rule(column: int) -> str:
    return "---" if column == 0 else "---:"


def _text(cell: Cell) -> str:
    if cell is None:
        return "–"
    if isinstance(cell, float):
        return f"{cell:.3g}" if abs(cell) < 10 else f"{cell:,.0f}"
    return str(cell)


def _plain(cell: Cell) -> Any:
    return cell.to_json() if isinstance(cell, Ratio) else cell
