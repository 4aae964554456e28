"""Who is looked for: which faces of which photos, and what several photos of one person say together. All by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from lookalike.deadline import Deadline
from lookalike.faces.detector import Face
from lookalike.faces.embedder import Embedder
from lookalike.faces.manifest import EmbedderEntry
from lookalike.faces.probe import Detection, Probe
from lookalike.faces.recipe import Recipe
from lookalike.faces.subjects import Subject, embed_faces, take_together

RECIPE = Recipe("box", 4, (0.0, 0.0, 0.0), 1.0, width=2, unit_length=False, radius=4.0)


class Edges:
    """A network whose embedding is the red of a face's left and right column."""

    def run(self, outputs: Any, inputs: dict[str, Any]) -> list[Any]:
        red = inputs["face"][:, 0]
        return [np.stack([red[:, 0, 0], red[:, 0, -1]], axis=1)]


EMBEDDER = Embedder(EmbedderEntry("edges", "fp32", RECIPE, same_person=0.5, fingerprint="0"), Edges())


def probe(left: int, right: int) -> Probe:
    chip = np.zeros((4, 4, 3), np.uint8)
    chip[:, 0, 0], chip[:, -1, 0] = left, right
    face = Face(np.array([0, 0, 9, 9], np.float32), 0.99, np.zeros((5, 2), np.float32))
    return Probe(face, face, 0, chip, ())


def embedded(*photos: list[Probe], mirrored: bool = False) -> tuple[list[Subject], list[Detection]]:
    detections = [Detection(probes) for probes in photos]
    return embed_faces(EMBEDDER, detections, mirrored, Deadline()), detections


def test_every_face_of_one_photo_is_looked_for() -> None:
    probes = [probe(1, 2), probe(3, 4), probe(5, 6)]
    subjects, _ = embedded(probes)
    assert [subject.probe for subject in subjects] == probes
    assert [subject.embedding.tolist() for subject in subjects] == [[1, 2], [3, 4], [5, 6]]
    assert all(subject.mirrored is None and subject.spread == subject.mirrored_spread == 0 for subject in subjects)


def test_of_several_photos_the_largest_face_of_each_that_has_one() -> None:
    subjects, _ = embedded([probe(1, 2), probe(3, 4)], [], [probe(5, 6)])
    assert [subject.embedding.tolist() for subject in subjects] == [[1, 2], [5, 6]]


def test_mirror_images_are_embedded_when_they_are_asked_for() -> None:
    subjects, _ = embedded([probe(1, 2), probe(3, 4)], mirrored=True)
    mirrored = [subject.mirrored.tolist() for subject in subjects if subject.mirrored is not None]
    assert mirrored == [[2, 1], [4, 3]]


def test_the_person_of_most_photos_is_looked_for_by_all_of_them() -> None:
    """Faces up to 4 apart are one person: a squared distance of 16 over twice 16 leaves the rule, 0.5.

    Of (60, 20) and (64, 20) the mean is (62, 20), from which each is 2 away: a squared 4.
    """
    photos = [[probe(100, 0)], [probe(60, 20)], [], [probe(64, 20)]]
    subjects, detections = embedded(*photos, mirrored=True)
    several = take_together(EMBEDDER, subjects, detections)
    assert several.groups == [1, 0, None, 0] and several.different_people
    assert several.alone == [subjects[0], subjects[1], None, subjects[2]]
    person = several.person
    assert person.probe is subjects[1].probe and person.mirrored is not None
    assert (person.embedding.tolist(), person.spread) == ([62, 20], 4)
    assert (person.mirrored.tolist(), person.mirrored_spread) == ([20, 62], 4)


@pytest.mark.parametrize("apart", [4, 5])
def test_photos_show_one_person_up_to_the_rule(apart: int) -> None:
    several = take_together(EMBEDDER, *embedded([probe(50, 0)], [probe(50, apart)]))
    assert several.different_people is (apart > 4)
    assert several.groups == [0, int(apart > 4)]
    assert several.person.mirrored is None and several.person.mirrored_spread == 0
