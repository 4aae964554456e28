"""The facts of the report, out of a gallery directory: plain values, ready for the page and for JSON."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from export.gallery.report.groups import Column, columns
from export.gallery.report.pairs import Pair, closest_pairs, compare
from export.gallery.report.photos import Apart, disagreements
from export.gallery.statistics import FEWEST_PEOPLE
from lookalike.faces.manifest import EmbedderEntry
from lookalike.gallery.local import LocalGallery, open_gallery

SHOWN = 12  # fills rows of two and of three
# Of pairs of different people, those beyond this share are unusual enough to ask whether they are one person.
UNUSUAL = 0.999


@dataclass(frozen=True, slots=True)
class Findings:
    """All similarities −1…1. Lists hold at most SHOWN entries; the counts beside them say how many there are."""

    model: str
    people: int
    photos: int
    with_several_photos: int
    pairs: int  # of different people
    threshold: float  # from which on a match means something
    threshold_from_people: bool  # else it is the network's own rule, the gallery having too few people
    same_person: float  # the network's own rule for two photos of one person
    pairs_beyond_rule: int  # of different people, though the rule says one person
    median: float | None  # of all pairs
    histogram: list[int]  # pairs, in bins of equal width over −1…1
    nearest_histogram: list[int]  # people, by how alike their nearest other person is
    closest: list[Pair]
    one_person_two_names: list[Pair]
    one_person_two_names_count: int
    two_people_one_name: list[Apart]
    two_people_one_name_count: int
    photos_disagree: list[Apart]
    photos_disagree_count: int
    columns: list[Column]
    columns_left_out: dict[str, int]  # metadata with too many different values to compare groups, and how many

    @property
    def rule_says_little(self) -> bool:
        """So many different people are one person by the network's rule that the rule cannot be meant for such faces."""
        return self.pairs_beyond_rule > 0.01 * self.pairs


def examine(directory: Path, entry: EmbedderEntry, verify: str = "hash") -> Findings:
    """Everyone compared with everyone. Raises what open_gallery raises."""
    return findings(open_gallery(directory, entry, verify), entry)


def findings(gallery: LocalGallery, entry: EmbedderEntry) -> Findings:
    people, scale = gallery.people, gallery.scale
    counts = np.array([len(person.photos) for person in people], np.intp)
    # gallery.json rounds its quantiles, and the most alike of few pairs must not fall below their own quantile.
    unusual = float(np.quantile(scale.quantiles, UNUSUAL)) - 1e-5 if len(scale.quantiles) else 1.0
    doubtful = max(unusual, entry.same_person)
    compared = compare(gallery.embeddings, counts, entry, (entry.same_person, doubtful), SHOWN)
    closest = closest_pairs(gallery, compared, entry)
    apart, disagreeing = disagreements(gallery, entry)
    grouped, left_out = columns(people, compared.medians, compared.nearest, scale.threshold)
    return Findings(
        model=entry.model,
        people=len(people),
        photos=gallery.rows,
        with_several_photos=int((counts > 1).sum()),
        pairs=compared.pairs,
        threshold=round(scale.threshold, 5),
        threshold_from_people=len(people) >= FEWEST_PEOPLE,
        same_person=entry.same_person,
        pairs_beyond_rule=compared.beyond[0],
        median=round(float(np.median(scale.quantiles)), 5) if compared.pairs and len(scale.quantiles) else None,
        histogram=compared.histogram.tolist(),
        nearest_histogram=compared.nearest_histogram.tolist(),
        closest=closest,
        one_person_two_names=closest[: compared.beyond[1]],
        one_person_two_names_count=compared.beyond[1],
        two_people_one_name=apart[:SHOWN],
        two_people_one_name_count=len(apart),
        photos_disagree=disagreeing[:SHOWN],
        photos_disagree_count=len(disagreeing),
        columns=grouped,
        columns_left_out=left_out,
    )
