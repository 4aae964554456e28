"""The rule for one person of a network whose makers state none: measured on labelled photos, kept in the manifest."""

from __future__ import annotations

from pathlib import Path

from export.errors import ExportError
from export.evaluation.evaluate import Evaluation
from export.networks.embedders import RECOGNISERS
from export.networks.installation import amend, read_installed

FEWEST_PAIRS = 50  # of each kind: with fewer, a threshold says more about these photos than about the network
LEAST_ACCURACY = 0.8


def calibrate(models: Path, evaluation: Evaluation) -> float:
    """Take the threshold sought by ten-fold cross-validation for the rule of the network in `models`; returns it.

    Raises ExportError, leaving the manifest as it was, where the photos are too few, the network tells these people apart
    too badly, or the rule is its makers'.
    """
    verification = evaluation.verification
    same, different = len(verification.same), len(verification.different)
    if evaluation.model in RECOGNISERS:
        raise ExportError(f"{evaluation.model}'s rule is its makers': only a network of one's own is calibrated.")
    if min(same, different) < FEWEST_PAIRS:
        raise ExportError(
            f"{same} pairs of one person and {different} of different people are too few to calibrate on: take at least "
            f"{FEWEST_PAIRS} of each."
        )
    if not verification.accuracy >= LEAST_ACCURACY:
        raise ExportError(
            f"{evaluation.model} is right on {verification.accuracy:.0%} of these pairs only: no rule follows from it."
        )
    if (manifest := read_installed(models)) is None or manifest["embedder"]["model"] != evaluation.model:
        raise ExportError(f"The networks in {models} are not those that were measured: nothing was changed.")
    rule = round(verification.threshold, 3)
    measured = {"pairs": {"same": same, "different": different}, "accuracy": round(verification.accuracy, 4)}
    amend(models, same_person=rule, calibration=measured)
    return rule
