"""Labelled photos through the product's own detector and embedder, and what comes out of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from export.evaluation import judge
from export.evaluation.judge import Array, Verification
from export.evaluation.labelled import Labelled, Pair, UnusablePairs
from lookalike.errors import LookalikeError
from lookalike.faces.detector import Face
from lookalike.faces.embedder import Embedder
from lookalike.faces.probe import Probe
from lookalike.finder import Finder
from lookalike.photo.decode import Photo

Chip = NDArray[np.uint8]
# Wraps what is worked through, so that a command can show how far it is.
Progress = Callable[[Iterable[Path]], Iterable[Path]]

FALSE_RATES = (0.01, 0.001)


@dataclass(frozen=True)
class Evaluation:
    """`own_first` and `agreement` are shares of photos, None where it is not known who is on them or with what to agree."""

    model: str
    precision: str
    photos: int
    without_face: list[Path]
    people: int
    verification: Verification
    own_first: float | None
    agreement: float | None

    def to_json(self) -> dict[str, Any]:
        found = self.verification
        return {
            "model": self.model,
            "precision": self.precision,
            "photos": self.photos,
            "without_face": len(self.without_face),
            "people": self.people,
            "pairs": {"same": len(found.same), "different": len(found.different)},
            "accuracy": _rounded(found.accuracy),
            "accuracy_deviation": _rounded(found.deviation),
            "threshold": _rounded(found.threshold),
            "accuracy_by_rule": _rounded(found.by_rule),
            "area_under_roc": _rounded(found.roc.area),
            "equal_error_rate": _rounded(found.roc.equal_error_rate),
            "true_accept_rate": {str(rate): _rounded(found.roc.true_at(rate)) for rate in FALSE_RATES},
            "own_person_first": _rounded(self.own_first),
            "rank_1_agreement_with_fp32": _rounded(self.agreement),
        }


def evaluate(
    finder: Finder, labelled: Labelled, reference: Embedder | None = None, progress: Progress = lambda paths: paths
) -> Evaluation:
    """Judge the finder's network, and how far it agrees with the `reference`, which is the same in fp32.

    A photo without a face, or that cannot be read, takes its pairs out with it. Raises UnusablePairs when too few pairs are left.
    """
    chips: list[Chip] = []
    missing: list[Path] = []
    rows: dict[int, int] = {}
    for number, path in enumerate(progress(labelled.photos)):
        chip = _chip(finder, path)
        if chip is None:
            missing.append(path)
        else:
            rows[number] = len(chips)
            chips.append(chip)
    people = [labelled.people[number] for number in rows] if labelled.people else []
    pairs = [
        Pair(rows[pair.first], rows[pair.second], pair.same, pair.fold)
        for pair in labelled.pairs
        if pair.first in rows and pair.second in rows
    ]
    if not any(pair.same for pair in pairs) or all(pair.same for pair in pairs):
        raise UnusablePairs(
            f"On {len(missing)} of {len(labelled.photos)} photos no face was found: too few pairs are left."
        )
    return judged(finder.embedder, reference, chips, people, pairs, missing)


def judged(
    embedder: Embedder,
    reference: Embedder | None,
    chips: list[Chip],
    people: list[str],
    pairs: list[Pair],
    missing: list[Path] | None = None,
) -> Evaluation:
    """Judge a network on faces cut for it, of the `people` named (or of nobody known)."""
    embeddings = embedder.embed(chips)
    found = judge.verify(
        pairs, judge.similarities(embeddings, pairs, embedder.entry.radius), embedder.entry.same_person
    )
    agreement = judge.same_winner(embeddings, reference.embed(chips), people) if reference and people else None
    return Evaluation(
        model=embedder.entry.model,
        precision=embedder.entry.precision,
        photos=len(chips) + len(missing or ()),
        without_face=missing or [],
        people=len(set(people)),
        verification=found,
        own_first=judge.own_person_first(embeddings, people) if people else None,
        agreement=agreement,
    )


def _chip(finder: Finder, path: Path) -> Chip | None:
    try:
        picture, probes = finder.read_faces(path.read_bytes())
    except LookalikeError:
        return None
    return _middle(picture, probes).chip if probes else None


def _middle(picture: Photo, probes: list[Probe]) -> Probe:
    """Whose photo it is stands in its middle; LFW's photos often show others beside them."""
    centre = np.array([picture.width, picture.height]) / 2

    def away(face: Face) -> float:
        return float(np.abs((face.box[:2] + face.box[2:]) / 2 - centre).sum())

    return min(probes, key=lambda probe: away(probe.face))


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 5)


__all__ = ["Array", "Evaluation", "evaluate", "judged"]
