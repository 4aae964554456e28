"""What an interrupted build had already done: one line of JSON a photo, only ever appended to.

It holds embeddings, so it goes as soon as the gallery is written, and whenever a person is removed.
"""

from __future__ import annotations

import base64
import json
from pathlib import Path

import numpy as np

from export.gallery.people import Enrolment
from lookalike.faces.manifest import EmbedderEntry


class Journal:
    """Lines of another network are passed over; so is a line torn by a kill or a crash."""

    def __init__(self, path: Path, entry: EmbedderEntry) -> None:
        self.path = path
        self._entry = entry

    def read(self) -> dict[str, Enrolment]:
        """Finished photos by their sha256."""
        try:
            lines = self.path.read_bytes().split(b"\n")
        except FileNotFoundError:
            return {}
        parsed = [self._parse(line) for line in lines]
        return {enrolment.sha256: enrolment for enrolment in parsed if enrolment is not None}

    def append(self, enrolment: Enrolment) -> None:
        data = {
            "fingerprint": self._entry.fingerprint,
            "sha256": enrolment.sha256,
            "portrait": enrolment.portrait,
            "notes": list(enrolment.notes),
            "embedding": base64.b64encode(enrolment.embedding.astype("<f4").tobytes()).decode(),
        }
        with self.path.open("ab") as file:
            # The line break comes first, so that a line torn before does not take this one with it.
            file.write(b"\n" + json.dumps(data).encode())

    def delete(self) -> None:
        self.path.unlink(missing_ok=True)

    def _parse(self, line: bytes) -> Enrolment | None:
        try:
            data = json.loads(line)
            if data["fingerprint"] != self._entry.fingerprint:
                return None
            embedding = np.frombuffer(base64.b64decode(data["embedding"]), "<f4")
            if embedding.shape != (self._entry.width,) or not np.isfinite(embedding).all():
                return None
            notes = tuple(str(note) for note in data["notes"])
            return Enrolment(str(data["sha256"]), str(data["portrait"]), notes, embedding)
        except (ValueError, KeyError, TypeError, RecursionError):
            return None
