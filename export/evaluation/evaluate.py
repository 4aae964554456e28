"""Labelled photos through the product's own detector and embedder, and what comes out of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from export.evaluation import judge, ranks
from export.evaluation.intervals import Interval, wilson
from export.evaluation.judge import Verification
from export.evaluation.labelled import Labelled, Pair, UnusablePairs, has_both_kinds
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
    """Shares 0…1, None where these photos cannot show them.

    `trials` for intervals: not pairs, which share photos, but people for one person's pairs and pairs of people for
    the others; of pairs whose people are not named, the pairs.
    """

    model: str
    precision: str
    photos: int
    without_face: list[Path]
    people: int
    verification: Verification
    trials_same: int
    trials_different: int
    own_first: float | None
    strangers_strong: float | None
    winner_agreement: float | None
    agreement: float | None  # with fp32

    def recognised(self, false: float) -> float | None:
        """The share of one person's pairs recognised while `false` of different people's are mistaken."""
        verification = self.verification
        return verification.roc.true_at(false) if judge.shows(len(verification.different), false) else None

    def same_interval(self, share: float | None) -> Interval | None:
        """Of a share of one person's pairs, or of people with several photos."""
        return None if share is None else wilson(share, self.trials_same)

    def strangers_interval(self) -> Interval | None:
        return None if self.strangers_strong is None else wilson(self.strangers_strong, self.people)

    @property
    def by_rule(self) -> float | None:
        """The accuracy by the network's own rule, where it has one."""
        return self.verification.rule.accuracy if self.verification.rule else None

    def rule_interval(self) -> Interval | None:
        """Of the accuracy by the network's rule: the mean of both kinds' intervals."""
        rule = self.verification.rule
        if rule is None:
            return None
        low, high = wilson(rule.same, self.trials_same), wilson(rule.different, self.trials_different)
        return (low[0] + high[0]) / 2, (low[1] + high[1]) / 2

    def to_json(self) -> dict[str, Any]:
        verification = self.verification
        recognised = {str(rate): self.recognised(rate) for rate in FALSE_RATES}
        return {
            "model": self.model,
            "precision": self.precision,
            "photos": self.photos,
            "without_face": len(self.without_face),
            "people": self.people,
            "pairs": {"same": len(verification.same), "different": len(verification.different)},
            "accuracy": _rounded(verification.accuracy),
            "accuracy_deviation": _rounded(verification.deviation),
            "threshold": _rounded(verification.threshold),
            "accuracy_by_rule": _rounded(self.by_rule),
            "area_under_roc": _rounded(verification.roc.area),
            "equal_error_rate": _rounded(verification.roc.equal_error_rate),
            "true_accept_rate": {rate: _rounded(share) for rate, share in recognised.items()},
            "own_person_first": _rounded(self.own_first),
            "strangers_strong": _rounded(self.strangers_strong),
            "winner_agreement": _rounded(self.winner_agreement),
            "rank_1_agreement_with_fp32": _rounded(self.agreement),
            "intervals": {
                "accuracy_by_rule": _ends(self.rule_interval()),
                "true_accept_rate": {rate: _ends(self.same_interval(share)) for rate, share in recognised.items()},
                "own_person_first": _ends(self.same_interval(self.own_first)),
                "strangers_strong": _ends(self.strangers_interval()),
                "winner_agreement": _ends(self.same_interval(self.winner_agreement)),
            },
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
    if not has_both_kinds(pairs):
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
    embeddings, entry = embedder.embed(chips), embedder.entry
    verification = judge.verify(pairs, judge.similarities(embeddings, pairs, entry.radius), entry.rule)
    same, different = _trials(pairs, people)
    return Evaluation(
        model=entry.model,
        precision=entry.precision,
        photos=len(chips) + len(missing or ()),
        without_face=missing or [],
        people=len(set(people)),
        verification=verification,
        trials_same=same,
        trials_different=different,
        own_first=ranks.own_person_first(embeddings, people) if people else None,
        strangers_strong=ranks.strangers_strong(embeddings, people, entry) if len(set(people)) > 1 else None,
        winner_agreement=ranks.winner_agreement(embeddings, people) if people else None,
        agreement=ranks.same_winner(embeddings, reference.embed(chips), people) if reference and people else None,
    )


def _trials(pairs: list[Pair], people: list[str]) -> tuple[int, int]:
    """Independent trials of one person and of different people: of people where they are known, else of pairs."""
    if not people:
        return sum(pair.same for pair in pairs), sum(not pair.same for pair in pairs)
    shown = {frozenset((people[pair.first], people[pair.second])) for pair in pairs}
    alone = sum(len(who) == 1 for who in shown)
    return alone, len(shown) - alone


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


def _ends(interval: Interval | None) -> list[float] | None:
    return None if interval is None else [round(end, 5) for end in interval]
