"""What the similarities of labelled pairs say about a network: accuracy, ROC, and ranks.

Accuracy as LFW asks for it: the threshold is sought on nine folds and tried on the tenth, each in turn.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from export.evaluation.labelled import Pair
from lookalike.faces.embedder import similarity_from

Array = NDArray[np.float32]
Index = NDArray[np.intp]

# Rows compared with all others at a time.
BLOCK = 512


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


@dataclass(frozen=True)
class Verification:
    """`accuracy` is the mean over folds and `deviation` their standard deviation; `threshold` the mean of those sought."""

    accuracy: float
    deviation: float
    threshold: float
    by_rule: float  # accuracy at the network's own threshold
    roc: Roc
    same: Array  # similarities of the same person's pairs
    different: Array


def verify(pairs: Sequence[Pair], similarities: Array, rule: float) -> Verification:
    """Judge pairs by their `similarities` [n], with `rule` the similarity from which the network says "the same"."""
    # In double precision, in which there is something between any two similarities.
    exact = similarities.astype(np.float64)
    same = np.array([pair.same for pair in pairs])
    folds = np.array([pair.fold for pair in pairs])
    accuracies, thresholds = [], []
    for fold in np.unique(folds):
        others = folds != fold if len(np.unique(folds)) > 1 else folds == fold
        threshold = best_threshold(same[others], similarities[others])
        thresholds.append(threshold)
        accuracies.append(float(((exact >= threshold) == same)[folds == fold].mean()))
    return Verification(
        accuracy=float(np.mean(accuracies)),
        deviation=float(np.std(accuracies)),
        threshold=float(np.mean(thresholds)),
        by_rule=float(((exact >= rule) == same).mean()),
        roc=roc(same, similarities),
        same=similarities[same],
        different=similarities[~same],
    )


def best_threshold(same: NDArray[np.bool_], similarities: Array) -> float:
    """The similarity from which calling a pair the same is right most often."""
    order = np.argsort(-similarities, kind="stable")
    ranked = similarities[order]
    # right[i]: with the first i called the same. Only where the similarity changes can a threshold lie.
    right = np.concatenate([[0], np.cumsum(np.where(same[order], 1, -1))])
    possible = np.concatenate([[True], ranked[1:] != ranked[:-1], [True]])
    best = int(np.argmax(np.where(possible, right, right.min() - 1)))
    above = float(ranked[best - 1]) if best > 0 else float(ranked[0]) + 1
    below = float(ranked[best]) if best < len(ranked) else float(ranked[-1]) - 1
    return (above + below) / 2


def roc(same: NDArray[np.bool_], similarities: Array) -> Roc:
    order = np.argsort(-similarities, kind="stable")
    ranked = similarities[order]
    last = np.concatenate([ranked[1:] != ranked[:-1], [True]])  # pairs of equal similarity are called alike together
    true, false = (np.concatenate([[0], np.cumsum(kind[order])[last]]) for kind in (same, ~same))
    return Roc(false / false[-1], true / true[-1])


def own_person_first(embeddings: Array, people: Sequence[str]) -> float | None:
    """How often the nearest other photo shows the same person, of photos whose person has another; None without such."""
    owners = np.unique(people, return_inverse=True)[1]
    asked = np.bincount(owners)[owners] > 1
    if not asked.any():
        return None
    nearest = nearest_rows(embeddings, np.arange(len(owners)))
    return float((owners[nearest] == owners)[asked].mean())


def same_winner(embeddings: Array, reference: Array, people: Sequence[str]) -> float:
    """How often two networks name the same person as most like a photo's own: the question that the product answers."""
    owners = np.unique(people, return_inverse=True)[1]
    winners = [owners[nearest_rows(rows, owners)] for rows in (embeddings, reference)]
    return float((winners[0] == winners[1]).mean())


def nearest_rows(embeddings: Array, owners: Index) -> Index:
    """For each row of `embeddings` [n,width], the nearest row of another owner [n]."""
    half_squares = np.einsum("ij,ij->i", embeddings, embeddings) / 2
    nearest = np.empty(len(embeddings), np.intp)
    for start in range(0, len(embeddings), BLOCK):
        part = slice(start, start + BLOCK)
        closeness = embeddings[part] @ embeddings.T - half_squares
        closeness[owners[part, None] == owners[None]] = -np.inf
        nearest[part] = closeness.argmax(axis=1)
    return nearest


def similarities(embeddings: Array, pairs: Sequence[Pair], radius: float) -> Array:
    """Of each pair's two rows, as the product counts it."""
    first, second = (np.array([getattr(pair, side) for pair in pairs], np.intp) for side in ("first", "second"))
    return similarity_from(np.square(embeddings[first] - embeddings[second]).sum(axis=1), radius)
