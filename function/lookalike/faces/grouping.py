"""Which of several photos show the same person, by their embeddings."""

from __future__ import annotations

import numpy as np

from lookalike.arrays import Array
from lookalike.faces.embedder import similarity_from
from lookalike.faces.manifest import EmbedderEntry


def same_person_groups(embeddings: Array, entry: EmbedderEntry) -> list[int]:
    """For embeddings [n,width], the number of each one's group: 0 for the largest, then 1…; of equal ones the earlier.

    Photos are together that the network takes for one person, directly or by way of others (single linkage): all of them
    where it has no rule for that.
    """
    if entry.rule is None:
        return [0] * len(embeddings)
    squared = np.square(embeddings[:, None] - embeddings).sum(axis=2)
    linked = similarity_from(squared, entry.radius) >= entry.same_person
    # The first photo that each is linked to, carried along until nothing changes.
    first = np.arange(len(embeddings))
    for _ in embeddings:
        first = np.where(linked, first, len(embeddings)).min(axis=1)
    leaders, sizes = np.unique(first, return_counts=True)
    order = leaders[np.argsort(-sizes, kind="stable")].tolist()
    return [order.index(leader) for leader in first.tolist()]
