"""The index of a very large gallery, which `lookalike serve` then searches instead of every embedding."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from export.files import exclusive, sha256
from lookalike.arrays import Array
from lookalike.errors import SetupError
from lookalike.faces.manifest import EmbedderEntry
from lookalike.gallery.directory import read_gallery, read_header
from lookalike.gallery.mapped import index_file, index_paths, new_index

BATCH = 1000
ROUNDS = 5
CHECK = 64  # the expansion of the searches that check: whoever is found so is found by those that look further, too

Rows = npt.NDArray[np.intp]
Progress = Callable[[int, int], None]  # embeddings added and then checked, and twice their number


class NoUsearch(SetupError):
    en = "usearch, the library that makes and reads the index, is missing. Install it with: pip install usearch"


class NotFindable(SetupError):
    en = "In the index of {path}, {count} faces would not be found. Nothing was changed; please report this."


def build_index(directory: Path, entry: EmbedderEntry, progress: Progress) -> Path:
    """Make the gallery's index, in which everybody is found. Raises NoUsearch, or what open_gallery raises."""
    try:
        index = new_index(entry.width, CHECK)
    except ModuleNotFoundError:
        raise NoUsearch() from None
    with exclusive(directory):
        _, embeddings, _ = read_gallery(directory, entry, mapped=True)
        total = 2 * len(embeddings)
        for rows in _batches(np.arange(len(embeddings))):
            index.add(rows, embeddings[rows])
            progress(int(rows[-1]) + 1, total)
        lost = _lost(index, embeddings, lambda checked: progress(len(embeddings) + checked, total))
        _mend(index, embeddings, lost, directory)
        header = read_header(directory, entry)
        unfinished = directory / f".{index_file(header, '0' * 64)}.new"
        index.save(unfinished)
        path = unfinished.replace(directory / index_file(header, sha256(unfinished)))
        for old in index_paths(directory, header):
            if old != path:
                old.unlink()
    return path


def _mend(index: Any, embeddings: Array, lost: Rows, directory: Path) -> None:
    """Threads that add neighbours at the same moment may leave a face that no way leads to: it is added again, alone."""
    for _ in range(ROUNDS):
        if not len(lost):
            return
        index.remove(lost)
        index.add(lost, embeddings[lost], threads=1)
        lost = _lost(index, embeddings, lambda checked: None)
    if len(lost):
        raise NotFindable(path=directory, count=len(lost))


def _lost(index: Any, embeddings: Array, progress: Callable[[int], None]) -> Rows:
    """Rows that are not among the ten nearest to themselves, unless those ten are all the same."""
    lost = []
    for rows in _batches(np.arange(len(embeddings))):
        found = index.search(embeddings[rows], min(10, len(embeddings)))
        itself = (found.keys.astype(np.intp) == rows[:, None]).any(axis=1)
        missing = ~itself & (found.distances[:, -1] > 0)
        lost.append(rows[missing])
        progress(int(rows[-1]) + 1)
    return np.concatenate(lost) if lost else np.empty(0, np.intp)


def _batches(rows: Rows) -> Iterator[Rows]:
    for start in range(0, len(rows), BATCH):
        yield rows[start : start + BATCH]
