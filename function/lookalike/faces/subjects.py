"""Who is looked for: each face of one photo, or the one person that several photos show; all embedded at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from lookalike.arrays import Array
from lookalike.deadline import Deadline
from lookalike.faces.embedder import Embedder
from lookalike.faces.grouping import same_person_groups
from lookalike.faces.probe import Detection, Probe
from lookalike.options import MAX_FACES


@dataclass(frozen=True, slots=True, eq=False)
class Subject:
    """Somebody who is looked for: the face that is shown, and the embedding [width] of it or of several photos' faces.

    `mirrored` [width] likewise of the faces' mirror images, where these were asked for. `spread` and `mirrored_spread` are
    those of several photos' embeddings: see Embedder.average.
    """

    probe: Probe
    embedding: Array
    mirrored: Array | None
    spread: float = 0.0
    mirrored_spread: float = 0.0


@dataclass(frozen=True, slots=True)
class Several:
    """Several photos taken together: the person that most of them show, and for each photo who it shows alone.

    `groups` counts the people that the photos show, 0 for `person`; None for a photo without a face.
    """

    person: Subject
    alone: list[Subject | None]
    groups: list[int | None]

    @property
    def different_people(self) -> bool:
        return any(self.groups)


def embed_faces(
    embedder: Embedder, detections: Sequence[Detection], mirrored: bool, deadline: Deadline
) -> list[Subject]:
    """Every face of one photo, or the largest of each of several that have one. Raises TookTooLong after the deadline."""
    most = MAX_FACES if len(detections) == 1 else 1
    probes = [probe for detection in detections for probe in detection.probes[:most]]
    embeddings = embedder.embed([probe.chip for probe in probes], deadline)
    images = [probe.chip[:, ::-1] for probe in probes]
    mirrors = embedder.embed(images, deadline) if mirrored else [None] * len(probes)
    return [Subject(*parts) for parts in zip(probes, embeddings, mirrors, strict=True)]


def take_together(embedder: Embedder, subjects: Sequence[Subject], detections: Sequence[Detection]) -> Several:
    """`subjects` are the largest faces of those photos that have one, in the photos' order."""
    numbers = same_person_groups(np.stack([subject.embedding for subject in subjects]), embedder.entry)
    own = [subject for subject, number in zip(subjects, numbers, strict=True) if number == 0]
    rest = iter(zip(subjects, numbers, strict=True))
    alone = [next(rest) if detection.probes else (None, None) for detection in detections]
    return Several(_merged(embedder, own), [subject for subject, _ in alone], [number for _, number in alone])


def _merged(embedder: Embedder, subjects: Sequence[Subject]) -> Subject:
    """One person of several faces of theirs: the first is shown, all of them speak."""
    embedding, spread = embedder.average(np.stack([subject.embedding for subject in subjects]))
    mirrors = [subject.mirrored for subject in subjects if subject.mirrored is not None]
    mirrored, mirrored_spread = embedder.average(np.stack(mirrors)) if mirrors else (None, 0.0)
    return Subject(subjects[0].probe, embedding, mirrored, spread, mirrored_spread)
