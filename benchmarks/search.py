"""Finding the five nearest people, exactly, in galleries of three sizes and both widths."""

from __future__ import annotations

from typing import Any

import numpy as np

from benchmarks.figure import Cell, Figure, main
from benchmarks.timing import cpu, in_turns
from lookalike.gallery.exact import Nearest

SIZES = (75, 10_000, 100_000)
WIDTHS = (128, 512)
MATCHES = 5


def measure(quick: bool = False) -> Figure:
    rows: list[list[Cell]] = []
    facts: dict[str, Any] = {}
    random = np.random.default_rng(5)
    for width in WIDTHS:
        for people in SIZES:
            gallery = random.normal(0, 1, (people, width)).astype(np.float32)
            gallery /= np.linalg.norm(gallery, axis=1, keepdims=True)
            probe = random.normal(0, 1, width).astype(np.float32)
            nearest = Nearest(gallery, np.arange(people))

            def plainly() -> Any:
                squared = np.square(gallery - probe).sum(axis=1)  # noqa: B023
                return np.argsort(squared)[:MATCHES]

            assert np.array_equal(nearest.people(probe, MATCHES)[0], plainly())
            turns = {"plain": cpu(plainly), "ours": cpu(lambda: nearest.people(probe, MATCHES))}  # noqa: B023
            timings = in_turns(turns, 5 if quick else 25)
            facts[f"{people}×{width}"] = round(timings.ms("ours"), 3)
            rows.append(
                [f"{people:,} × {width}", timings.ms("plain"), timings.ms("ours"), timings.ratio("plain", "ours")]
            )
    return Figure(
        "Search",
        f"CPU time in ms for the {MATCHES} nearest people, all compared, the same answer as comparing plainly in NumPy.",
        ["people × width", "plainly", "ours", "faster"],
        rows,
        facts,
    )


if __name__ == "__main__":
    main(measure)
