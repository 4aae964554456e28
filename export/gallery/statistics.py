"""How alike a gallery's own people are: the scale on which a match is read.

A similarity says little by itself: strangers may well be at 0.3 with one network and at 0.1 with another, and drawn
people are all a little alike. What it means can be read off the people themselves, who are known to be different:

- Pairs. Two people are as alike as their most alike photos, the way a search scores a person by their best photo.
  Each pair counts once, however many photos there are of either.
- Nearest. Everyone has a nearest other person here, and that is the very thing a search looks for: the best of many is
  always above most pairs, so a best match is compared with these.

- Standing out. How far everyone's nearest other person stands out from all others, which for strangers is far as well:
  somebody always is the nearest. A match that stands out farther than nineteen of twenty of these is a strong likeness
  (lookalike.gallery.scale). Measured, 95 % of strangers' best matches among real people are within 2.6 to 2.8 standard
  deviations, among drawn or random ones within 3.0; of fewer than thirty people no such percentile can be told.

Two names that are probably one person (likeness.rule_is_meant) count in neither: they are not different people.
Beyond PAIRS pairs, people are drawn by a fixed seed and compared with everyone; both are then those of the people drawn.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from export.gallery.likeness import Flags, Index, person_similarities, rule_is_meant
from lookalike.arrays import Array
from lookalike.faces.manifest import EmbedderEntry
from lookalike.gallery.cohort import cohort_of
from lookalike.gallery.scale import standing_out

QUANTILES = 1001
FEWEST_PEOPLE = 30
STANDS_OUT_SHARE = 0.95
STANDS_OUT_LEAST = 2.9
PAIRS = 20_000_000
_SEED = 1


@dataclass(frozen=True, slots=True, eq=False)
class Statistics:
    """`pairs`: how many were looked at; `quantiles` [1001] of their similarities, ascending ([0] without a pair);
    `nearest` [1001] of everyone's similarity to their nearest other person; `stands_out` in standard deviations."""

    pairs: int
    quantiles: Array
    nearest: Array
    stands_out: float | None


def statistics(embeddings: Array, counts: Index, entry: EmbedderEntry, limit: int = PAIRS) -> Statistics:
    """For embeddings [rows,width], in order of the people, and how many rows each person has [people]."""
    people = len(counts)
    drawn = _drawn(people, limit)
    alike = person_similarities(embeddings, counts, drawn, entry.radius)
    different = _different(alike, drawn, entry.same_person)
    once = np.triu(different) if len(drawn) == people else different
    values = np.sort(alike[once])
    nearest = np.where(different, alike, np.float32(-np.inf)).max(axis=1, initial=-np.inf)
    return Statistics(
        pairs=len(values),
        quantiles=_quantiles(values),
        nearest=_quantiles(np.sort(nearest[np.isfinite(nearest)])),
        stands_out=_stands_out(alike, different, nearest) if people >= FEWEST_PEOPLE else None,
    )


def _stands_out(alike: Array, different: Flags, nearest: Array) -> float:
    """What `nearest` [drawn] of [drawn,people] stand out by, each from the others that a search would compare with."""
    cohort = cohort_of(alike.shape[1])
    found = [
        standing_out(float(best), row[cohort][others[cohort]])
        for row, others, best in zip(alike, different, nearest, strict=True)
        if np.isfinite(best)
    ]
    return max(STANDS_OUT_LEAST, float(np.quantile(found, STANDS_OUT_SHARE)))


def _different(alike: Array, drawn: Index, rule: float) -> Flags:
    """Which of [drawn,people] are pairs of different people."""
    others = np.ones(alike.shape, bool)
    others[np.arange(len(drawn)), drawn] = False
    reaching = others & (alike >= rule)
    return others & ~reaching if rule_is_meant(int(reaching.sum()), len(drawn)) else others


def _drawn(people: int, limit: int) -> Index:
    """Who is compared with everyone: all, or as many as give `limit` pairs."""
    if people * (people - 1) // 2 <= limit:
        return np.arange(people)
    chosen = np.random.RandomState(_SEED).choice(people, max(1, limit // people), replace=False)
    return np.sort(chosen).astype(np.intp)


def _quantiles(values: Array) -> Array:
    """QUANTILES of sorted values, evenly spaced from the least to the greatest, interpolated between neighbours."""
    if not len(values):
        return values
    where = np.linspace(0, len(values) - 1, QUANTILES)
    low = np.floor(where).astype(np.intp)
    high = np.ceil(where).astype(np.intp)
    return (values[low] + (values[high] - values[low]) * (where - low)).astype(np.float32)
