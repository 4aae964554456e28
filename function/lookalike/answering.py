"""From subjects to their parts of an answer: matches, what they amount to, and what else was asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from lookalike.answer import FoundFace, Mirror, PhotoSummary
from lookalike.deadline import Deadline
from lookalike.faces.embedder import Embedder
from lookalike.faces.explain import explain
from lookalike.faces.probe import Detection
from lookalike.faces.subjects import Several, Subject
from lookalike.gallery.people import Match
from lookalike.gallery.stores import Gallery
from lookalike.gallery.verdict import verdict
from lookalike.options import MAX_EXPLAINED, FindOptions, Part
from lookalike.photo.decode import Photo


def answer_faces(
    embedder: Embedder, gallery: Gallery, subjects: Sequence[Subject], options: FindOptions, deadline: Deadline
) -> list[FoundFace]:
    """Each subject's face with its matches; of many, the first MAX_EXPLAINED are explained.

    Raises TookTooLong when the deadline passes between two faces.
    """
    faces = []
    for number, subject in enumerate(subjects):
        deadline.check()
        parts = set(options.include) - ({"explanation"} if number >= MAX_EXPLAINED else set())
        faces.append(_face(embedder, gallery, subject, options.k, parts, deadline))
    return faces


def photo_summaries(
    gallery: Gallery, photos: Sequence[Photo], detections: Sequence[Detection], several: Several
) -> list[PhotoSummary]:
    """What each of several photos would have answered alone."""
    summaries = []
    for photo, detection, subject, group in zip(photos, detections, several.alone, several.groups, strict=True):
        alone = gallery.search(subject.embedding, 1) if subject else []
        winner = alone[0] if alone else None
        summaries.append(PhotoSummary(photo.width, photo.height, len(detection.probes), winner, group))
    return summaries


def _face(
    embedder: Embedder, gallery: Gallery, subject: Subject, k: int, parts: set[Part], deadline: Deadline
) -> FoundFace:
    probe, matches = subject.probe, gallery.search(subject.embedding, k, subject.spread)
    explained = "explanation" in parts and matches
    if "unsure" in probe.warnings:  # what may be no face at all is no likeness
        matches = [replace(match, strong=False) for match in matches]
    return FoundFace(
        face=probe.face,
        warnings=list(probe.warnings),
        verdict=verdict(matches),
        matches=matches,
        crop=probe.chip if "crop" in parts else None,
        embedding=subject.embedding if "embedding" in parts else None,
        mirror=_mirror(gallery, subject, matches),
        explanation=explain(embedder, probe.chip, matches[0].embedding, deadline) if explained else None,
    )


def _mirror(gallery: Gallery, subject: Subject, matches: Sequence[Match]) -> Mirror | None:
    """Whether the face's mirror image finds the same person first."""
    if subject.mirrored is None or not matches:
        return None
    (found,) = gallery.search(subject.mirrored, 1, subject.mirrored_spread)
    return Mirror(stable=found.person.id == matches[0].person.id, match=found)
