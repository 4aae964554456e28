"""Which regions of a face carry a likeness: hide one after another, embed again, and see how much is lost.

Occlusion sensitivity after Zeiler and Fergus (2014, arXiv:1311.2901).
"""

from __future__ import annotations

import numpy as np

from lookalike.arrays import Array, Pixels
from lookalike.deadline import Deadline
from lookalike.faces.embedder import Embedder

GRID = 7
PATCH = 0.26  # side of the hidden square, in sides of the face; neighbours overlap, so the map is smooth


def explain(embedder: Embedder, chip: Pixels, target: Array, deadline: Deadline | None = None) -> Array:
    """Weights [7,7] from the face's upper left: how much similarity to the embedding `target` each region carries.

    `chip` is the face as the network sees it. The largest absolute weight is 1 (or all are 0); a negative one marks a
    region that makes the two less alike. Raises TookTooLong after the deadline.
    """
    variants = [chip, *_occluded(chip)]
    similarities = embedder.similarity(embedder.embed(variants, deadline), target)
    lost: Array = (similarities[0] - similarities[1:]).reshape(GRID, GRID)
    largest = float(np.abs(lost).max())
    if largest > 0:
        lost /= np.float32(largest)
    return lost


def _occluded(chip: Pixels) -> list[Pixels]:
    size = len(chip)
    half_side = round(size * PATCH / 2)
    centres = ((np.arange(GRID) + 0.5) * size / GRID).astype(int)
    # The face's own mean colour hides without adding an edge that a network could take for a feature.
    colour = chip.reshape(-1, 3).mean(axis=0).astype(np.uint8)
    variants = []
    for y in centres:
        for x in centres:
            hidden = chip.copy()
            hidden[max(0, y - half_side) : y + half_side, max(0, x - half_side) : x + half_side] = colour
            variants.append(hidden)
    return variants
