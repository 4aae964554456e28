"""The facts of the report, out of a gallery directory: plain values, ready for the page and for JSON."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from export.gallery.likeness import rule_is_meant
from export.gallery.report.groups import Column, columns
from export.gallery.report.pairs import Pair, closest_pairs, compare
from export.gallery.report.photos import Apart, disagreements
from lookalike.faces.manifest import EmbedderEntry
from lookalike.gallery.local import LocalGallery, open_gallery
from lookalike.gallery.scale import Scale

SHOWN = 12  # fills rows of two and of three
MOST_DOUBLES = 300  # with their portraits, some 5 MB of page
FEWEST_PEOPLE = 10  # of fewer, there is no 90th percentile
# Where the network's rule is not meant, pairs beyond this share are unusual enough to ask whether they are one person.
UNUSUAL = 0.999


@dataclass(frozen=True, slots=True)
class Findings:
    """All similarities −1…1. Lists hold at most SHOWN entries, of suspected doubles MOST_DOUBLES; the counts beside them
    say how many there are."""

    model: str
    people: int
    photos: int
    with_several_photos: int
    pairs: int  # of people
    same_person: float | None  # the network's own rule for two photos of one person, where it has one
    usual_nearest: float  # nine of ten people have nobody else as alike as this
    usual_from_people: bool  # else it is the network's rule, or 1, the gallery having too few people
    pairs_beyond_rule: int  # though the rule says one person
    rule_is_meant: bool  # for such faces: else so many pairs are beyond it that they cannot all be one person
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


def examine(directory: Path, entry: EmbedderEntry, verify: str = "hash") -> Findings:
    """Everyone compared with everyone. Raises what open_gallery raises."""
    return findings(open_gallery(directory, entry, verify), entry)


def findings(gallery: LocalGallery, entry: EmbedderEntry) -> Findings:
    people, scale = gallery.people, gallery.scale
    counts = np.array([len(person.photos) for person in people], np.intp)
    compared = compare(gallery.embeddings, counts, entry, (entry.same_person, _doubtful(scale, entry)), MOST_DOUBLES)
    meant = entry.rule is not None and rule_is_meant(2 * compared.beyond[0], len(people))
    doubles = compared.beyond[0] if meant else compared.beyond[1]
    most_alike = closest_pairs(
        gallery, compared.closest[: max(SHOWN, min(doubles, MOST_DOUBLES if meant else SHOWN))], entry
    )
    apart, disagreeing = disagreements(gallery, entry)
    enough = len(people) >= FEWEST_PEOPLE and len(scale.nearest) > 0
    usual = float(np.quantile(scale.nearest, 0.9)) if enough else min(entry.same_person, 1.0)
    grouped, left_out = columns(people, compared.medians, compared.nearest, usual)
    return Findings(
        model=entry.model,
        people=len(people),
        photos=gallery.rows,
        with_several_photos=int((counts > 1).sum()),
        pairs=compared.pairs,
        same_person=entry.rule,
        usual_nearest=round(usual, 5),
        usual_from_people=enough,
        pairs_beyond_rule=compared.beyond[0],
        rule_is_meant=meant,
        median=round(scale.median_pair, 5) if scale.median_pair is not None else None,
        histogram=compared.histogram.tolist(),
        nearest_histogram=compared.nearest_histogram.tolist(),
        closest=most_alike[:SHOWN],
        one_person_two_names=most_alike[:doubles],
        one_person_two_names_count=doubles,
        two_people_one_name=apart[:SHOWN],
        two_people_one_name_count=len(apart),
        photos_disagree=disagreeing[:SHOWN],
        photos_disagree_count=len(disagreeing),
        columns=grouped,
        columns_left_out=left_out,
    )


def _doubtful(scale: Scale, entry: EmbedderEntry) -> float:
    """The similarity from which two people are unusually alike for this gallery."""
    # gallery.json rounds its quantiles, and the most alike of few pairs must not fall below their own quantile.
    unusual = float(np.quantile(scale.quantiles, UNUSUAL)) - 1e-5 if len(scale.quantiles) else 1.0
    return unusual if entry.rule is None else max(unusual, entry.rule)
