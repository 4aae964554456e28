"""From which size on an index pays on one machine: `python -m benchmarks.mapped` (three minutes, most of them indexing).

No part of `make bench`, which measures what runs on Lambda.
"""

from __future__ import annotations

from functools import partial

import numpy as np

from benchmarks import ours
from benchmarks.figure import Cell, Figure, main
from benchmarks.timing import cpu, in_turns
from lookalike.arrays import Array
from lookalike.faces.manifest import EmbedderEntry
from lookalike.gallery.local import LocalGallery
from lookalike.gallery.mapped import MappedGallery, new_index
from lookalike.gallery.people import Person, Portrait
from lookalike.gallery.scale import Scale

INDEXED = (30_000, 60_000, 100_000)
EXACT_ONLY = (300_000, 1_000_000)
PROBES = 50
MATCHES = 5
# Faces vary in far fewer ways than an embedding has numbers; without that, no index would find its way.
FREEDOM = 32


def measure(quick: bool = False) -> Figure:
    entry = ours.networks()[1].entry
    scale = Scale(np.linspace(-1, 1, 1001, dtype=np.float32), 0.5)
    rows: list[list[Cell]] = []
    for count in INDEXED[:1] if quick else INDEXED + EXACT_ONLY:
        faces, probes = np.split(_embeddings(count + PROBES, entry), [count])
        people = tuple(Person(f"p{n}", "", "", (Portrait("", "", ""),)) for n in range(count))
        galleries: dict[str, LocalGallery | MappedGallery] = {"exact": LocalGallery(people, faces, entry, scale)}
        if count in INDEXED:
            index = new_index(entry.width)
            index.add(np.arange(count), faces)
            galleries["mapped"] = MappedGallery(people, faces, index, entry, scale)
        turns = {name: cpu(partial(_search, gallery, probes)) for name, gallery in galleries.items()}
        timings = in_turns(turns, 3 if quick else 7)
        found = {name: [_search(gallery, [probe]) for probe in probes] for name, gallery in galleries.items()}
        rows.append([f"{count:,} × {entry.width}", timings.ms("exact") / PROBES, None, None, None])
        if "mapped" in galleries:
            shared = [len(one & other) for one, other in zip(found["exact"], found["mapped"], strict=True)]
            share = f"{sum(shared) / (MATCHES * PROBES):.1%}"
            rows[-1][2:] = [timings.ms("mapped") / PROBES, timings.ratio("exact", "mapped"), share]
    return Figure(
        "Large galleries on one machine",
        f"CPU time in ms for the {MATCHES} nearest people: all compared, or only the 100 photos that the index takes for the "
        f"nearest. Random embeddings with {FREEDOM} degrees of freedom.",
        ["people × width", "exactly", "by index", "faster", "of the nearest five found"],
        rows,
    )


def _embeddings(count: int, entry: EmbedderEntry) -> Array:
    """[count,width] float32, as far from their centre as the network's own."""
    random = np.random.default_rng(9)
    spread = entry.radius / np.sqrt(FREEDOM * entry.width)
    ways = random.normal(0, spread, (FREEDOM, entry.width)).astype(np.float32)
    return random.standard_normal((count, FREEDOM), np.float32) @ ways


def _search(gallery: LocalGallery | MappedGallery, probes: Array | list[Array]) -> set[str]:
    return {match.person.id for probe in probes for match in gallery.search(probe, MATCHES)}


if __name__ == "__main__":
    main(measure)
