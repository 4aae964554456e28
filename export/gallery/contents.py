"""The files of a gallery directory, from people and back: the format that lookalike.gallery reads."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Sequence
from itertools import repeat
from pathlib import Path
from typing import Any

import numpy as np

from export.gallery.people import EnrolledPerson, from_json, to_json
from export.gallery.statistics import statistics
from lookalike.faces.manifest import EmbedderEntry
from lookalike.gallery.directory import (
    GALLERY_FILE,
    GALLERY_VERSION,
    read_entries,
    read_header,
    read_rows,
    unexpected_content_is_damage,
)


def gallery_files(people: Sequence[EnrolledPerson], entry: EmbedderEntry) -> dict[str, bytes]:
    """Names and bytes of the gallery's files, gallery.json among them."""
    embeddings = np.empty((sum(len(person.rows) for person in people), entry.width), np.float32)
    rows = [row.enrolment.embedding for person in people for row in person.rows]
    if rows:
        np.stack(rows, out=embeddings)
    counts = np.array([len(person.rows) for person in people], np.intp)
    scale = statistics(embeddings, counts, entry)
    buffer = io.BytesIO()
    np.save(buffer, embeddings, allow_pickle=False)
    parts = {"embeddings": (buffer.getvalue(), "npy"), "people": (to_json(people), "json")}
    hashes = {part: hashlib.sha256(data).hexdigest() for part, (data, _) in parts.items()}
    names = {part: f"{part}-{hashes[part][:12]}.{suffix}" for part, (_, suffix) in parts.items()}
    header = {
        "version": GALLERY_VERSION,
        "fingerprint": entry.fingerprint,
        "model": entry.model,
        "width": entry.width,
        "radius": entry.radius,
        "embeddings": {"file": names["embeddings"], "sha256": hashes["embeddings"], "rows": len(embeddings)},
        "people": {"file": names["people"], "sha256": hashes["people"], "count": len(people)},
        "pairs": {"count": scale.pairs, "quantiles": [round(float(value), 5) for value in scale.quantiles]},
        "stands_out": None if scale.stands_out is None else round(scale.stands_out, 4),
        "nearest": {"quantiles": [round(float(value), 5) for value in scale.nearest]},
    }
    return {names[part]: data for part, (data, _) in parts.items()} | {GALLERY_FILE: json.dumps(header).encode()}


def read_people(directory: Path, entry: EmbedderEntry) -> list[EnrolledPerson]:
    """Everyone in a gallery, with what only the builder needs; one of an earlier version, too.

    Raises what open_gallery raises for a damaged one.
    """
    header = read_header(directory, entry, oldest=1)
    _, embeddings = read_rows(directory, header, entry)
    with unexpected_content_is_damage(directory):
        return from_json(read_entries(directory, header), embeddings)


def read_names(directory: Path) -> tuple[dict[str, Any], list[EnrolledPerson]]:
    """gallery.json and everyone in it, whichever network made it, without their embeddings ([0]).

    Raises MissingFile, or DamagedFile when that cannot be told.
    """
    header = read_header(directory, None)
    with unexpected_content_is_damage(directory):
        return header, from_json(read_entries(directory, header, hashed=False), repeat(np.empty(0, np.float32)))
