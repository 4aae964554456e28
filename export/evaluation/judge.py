"""What the similarities of labelled pairs say about a network: accuracy and ROC.

Accuracy as LFW asks for it: the threshold is sought on nine folds and tried on the tenth, each in turn. LFW has as many
pairs of one person as of different people; where there are more of one kind, both count alike (balanced accuracy), or
it would be enough to call all pairs different.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from export.evaluation.labelled import Pair
from lookalike.faces.embedder import similarity_from

Array = NDArray[np.float32]
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Roc:
    """Receiver operating characteristic: shares of pairs called the same, as the threshold falls."""

    false: NDArray[np.float64]  # of different people, ascending
    true: NDArray[np.float64]  # of the same person

    @property
    def area(self) -> float:
        return float(np.trapezoid(self.true, self.false))

    @property
    def equal_error_rate(self) -> float:
        """Where as many pairs of different people are taken for one as pairs of one for different people."""
        gap = self.false - (1 - self.true)
        after = int(np.argmax(gap >= 0))
        if after == 0:
            return float(self.false[0])
        before = after - 1
        part = -gap[before] / (gap[after] - gap[before])
        return float(self.false[before] + part * (self.false[after] - self.false[before]))

    def true_at(self, false: float) -> float:
        """The share of the same person's pairs recognised while at most this share of different people's are mistaken."""
        return float(self.true[self.false <= false].max(initial=0.0))


def shows(different: int, false: float) -> bool:
    """Whether so many pairs of different people can show such a rate of mistakes: whether it is at least one of them."""
    return different * false >= 1


@dataclass(frozen=True)
class Rule:
    """How often a fixed threshold is right, 0…1, on pairs of one person and on pairs of different people."""

    same: float
    different: float

    @property
    def accuracy(self) -> float:
        return (self.same + self.different) / 2


@dataclass(frozen=True)
class Verification:
    """`accuracy` is the mean over folds and `deviation` their standard deviation; `threshold` the mean of those sought."""

    accuracy: float
    deviation: float
    threshold: float
    rule: Rule | None  # the network's own threshold, where it has one
    roc: Roc
    same: Array  # similarities of the same person's pairs
    different: Array


def verify(pairs: Sequence[Pair], similarities: Array, rule: float | None) -> Verification:
    """Judge pairs by their `similarities` [n], with `rule` the similarity from which the network says "the same"."""
    # In double precision, in which there is something between any two similarities.
    exact = similarities.astype(np.float64)
    same = np.array([pair.same for pair in pairs])
    folds = np.array([pair.fold for pair in pairs])
    accuracies, thresholds = [], []
    for fold in np.unique(folds):
        tried = folds == fold
        others = ~tried if len(np.unique(folds)) > 1 else tried
        threshold = best_threshold(same[others], similarities[others])
        thresholds.append(threshold)
        accuracies.append(balanced(same[tried], exact[tried] >= threshold))
    return Verification(
        accuracy=float(np.mean(accuracies)),
        deviation=float(np.std(accuracies)),
        threshold=float(np.mean(thresholds)),
        rule=None if rule is None else Rule(float((exact >= rule)[same].mean()), float((exact < rule)[~same].mean())),
        roc=roc(same, similarities),
        same=similarities[same],
        different=similarities[~same],
    )


def balanced(same: Flags, called: Flags) -> float:
    """How often pairs `called` the same or not [n] are so, the mean of both kinds of pairs."""
    return float(np.mean([(called == same)[same == kind].mean() for kind in np.unique(same)]))


def best_threshold(same: Flags, similarities: Array) -> float:
    """The similarity from which calling a pair the same is right most often, both kinds of pairs counted alike."""
    order = np.argsort(-similarities, kind="stable")
    ranked = similarities[order]
    # right[i]: with the first i called the same. Only where the similarity changes can a threshold lie.
    gain = np.where(same[order], max(1, int((~same).sum())), -max(1, int(same.sum())))
    right = np.concatenate([[0], np.cumsum(gain)])
    possible = np.concatenate([[True], ranked[1:] != ranked[:-1], [True]])
    best = int(np.argmax(np.where(possible, right, right.min() - 1)))
    above = float(ranked[best - 1]) if best > 0 else float(ranked[0]) + 1
    below = float(ranked[best]) if best < len(ranked) else float(ranked[-1]) - 1
    return (above + below) / 2


def roc(same: Flags, similarities: Array) -> Roc:
    order = np.argsort(-similarities, kind="stable")
    ranked = similarities[order]
    last = np.concatenate([ranked[1:] != ranked[:-1], [True]])  # pairs of equal similarity are called alike together
    true, false = (np.concatenate([[0], np.cumsum(kind[order])[last]]) for kind in (same, ~same))
    return Roc(false / false[-1], true / true[-1])


def similarities(embeddings: Array, pairs: Sequence[Pair], radius: float) -> Array:
    """Of each pair's two rows, as the product counts it."""
    first, second = (np.array([getattr(pair, side) for pair in pairs], np.intp) for side in ("first", "second"))
    return similarity_from(np.square(embeddings[first] - embeddings[second]).sum(axis=1), radius)
