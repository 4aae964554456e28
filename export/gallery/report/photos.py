"""Photos under one name, compared with each other.

Two photos that the network takes for one person are linked. Where all photos of a name hang together by such links,
but some two of them are not alike, the photos disagree: one is old, dark or turned away. Where they fall apart into
sets without a link between them, there may be two people under one name.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from export.gallery.likeness import between, unlinked
from export.gallery.report.person_photo import PersonPhoto, photo_of
from lookalike.arrays import Array
from lookalike.faces.manifest import EmbedderEntry
from lookalike.gallery.local import LocalGallery


@dataclass(frozen=True, slots=True)
class Apart:
    """Two photos of one name that are less alike than photos of one person; `odd` is of the smaller set.

    `rather`: who else in the gallery the odd photo resembles more than its own name's other photos, if anybody.
    """

    odd: PersonPhoto
    other: PersonPhoto
    similarity: float
    rather: PersonPhoto | None = None
    rather_similarity: float | None = None


def disagreements(gallery: LocalGallery, entry: EmbedderEntry) -> tuple[list[Apart], list[Apart]]:
    """Names whose photos fall apart into sets, and names whose photos merely disagree; least alike first.

    None of either where the network has no rule for what photos of one person are.
    """
    if entry.rule is None:
        return [], []
    falling, disagreeing = [], []
    start = 0
    for person in gallery.people:
        rows = gallery.embeddings[start : start + len(person.photos)]
        start += len(person.photos)
        alike = between(rows, rows, entry.radius)
        if alike.min(initial=1) >= entry.same_person:
            continue
        odd = unlinked(alike >= entry.same_person)
        if not odd.any():
            i, j = np.unravel_index(int(alike.argmin()), alike.shape)
            disagreeing.append(Apart(photo_of(person, int(i)), photo_of(person, int(j)), round(float(alike[i, j]), 5)))
            continue
        # The likest they get to each other is still less than one person's photos are.
        across = np.where(odd[:, None] & ~odd, alike, np.float32(-2))
        i, j = np.unravel_index(int(across.argmax()), across.shape)
        similarity = round(float(alike[i, j]), 5)
        rather = _rather(gallery, rows[i], person.id, similarity)
        falling.append(Apart(photo_of(person, int(i)), photo_of(person, int(j)), similarity, *rather))
    return sorted(falling, key=lambda apart: apart.similarity), sorted(disagreeing, key=lambda apart: apart.similarity)


def _rather(
    gallery: LocalGallery, embedding: Array, own: str, similarity: float
) -> tuple[PersonPhoto | None, float | None]:
    for match in gallery.search(embedding, 2):
        if match.person.id != own and match.similarity > similarity:
            portraits = [photo.portrait for photo in match.person.photos]
            return photo_of(match.person, portraits.index(match.portrait)), round(match.similarity, 5)
    return None, None
