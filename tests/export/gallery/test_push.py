"""A gallery is pushed into an index whole, once, through interruptions and throttling; and people leave it again."""

from __future__ import annotations

import dataclasses
import json
from typing import Any

import numpy as np
import pytest
from botocore.exceptions import ClientError

from export.gallery import push
from export.gallery.push import Pushed, TooMuchToKeep, Verified, WrongIndex, push_gallery, verify_gallery
from lookalike.faces.embedder import Embedder
from lookalike.faces.manifest import EmbedderEntry
from lookalike.gallery.local import LocalGallery
from lookalike.gallery.people import Person, Portrait
from lookalike.gallery.s3_vectors import ABOUT, VectorGallery, connect, index_name, metadata
from lookalike.gallery.scale import Scale
from tests.aws import Aws, make_index
from tests.support import with_recipe

SCALE = Scale(np.linspace(-1, 1, 1001, dtype=np.float32), 0.2)
WIDTH = 16


@pytest.fixture
def entry(embedder: Embedder) -> EmbedderEntry:
    return with_recipe(embedder.entry, width=WIDTH)


@pytest.fixture
def index(aws: Aws, entry: EmbedderEntry) -> str:
    return make_index(index_name(entry.fingerprint), WIDTH)


def gallery_of(entry: EmbedderEntry, people: int, photos: int = 1, seed: int = 0) -> LocalGallery:
    """Everybody's photos lie near each other, as real ones do."""
    generator = np.random.default_rng(seed)
    centres = np.repeat(generator.normal(0, 0.3, (people, WIDTH)), photos, axis=0)
    rows = (centres + generator.normal(0, 0.05, centres.shape)).astype(np.float32)
    everybody = tuple(
        Person(f"p{i}", f"사람 {i}", "Law", tuple(Portrait(f"{i}-{j}.jpg", "", "") for j in range(photos)))
        for i in range(people)
    )
    return LocalGallery(everybody, rows, entry, SCALE)


def without(gallery: LocalGallery, entry: EmbedderEntry, *people: int) -> LocalGallery:
    kept = [i for i in range(gallery.count) if i not in people]
    rows = np.concatenate([rows_of(gallery, i) for i in kept])
    return LocalGallery(tuple(gallery.people[i] for i in kept), rows, entry, SCALE)


def rows_of(gallery: LocalGallery, person: int) -> Any:
    photos = len(gallery.people[person].photos)
    return gallery.embeddings[person * photos : (person + 1) * photos]


def quietly(done: int, total: int) -> None:
    pass


def vectors(*sizes: int) -> list[dict[str, Any]]:
    """Of two numbers each, and so many characters of metadata."""
    return [{"data": {"float32": [0.0, 0.0]}, "metadata": {ABOUT: "x" * size}} for size in sizes]


# Two numbers of 24 bytes, twice the metadata as JSON may double it, and a KiB around it: a third of the 15 MiB of a request.
THIRD = (5 * 2**20 - 2 * 24 - 1024) // 2


@pytest.mark.parametrize(
    ("sizes", "batches"),
    [
        ([], []),
        ([0] * 500, [500]),
        ([0] * 501, [500, 1]),
        ([THIRD] * 6, [3, 3]),
        ([THIRD, THIRD, THIRD + 1], [2, 1]),
        ([4 * THIRD, 4 * THIRD, 0], [1, 1, 1]),
    ],
)
def test_a_request_takes_five_hundred_vectors_and_fifteen_mebibytes(sizes: list[int], batches: list[int]) -> None:
    found = list(push._batches(vectors(*sizes)))
    assert [len(batch) for batch in found] == batches
    assert [len(vector["metadata"][ABOUT]) for batch in found for vector in batch] == sizes


@pytest.mark.parametrize(("more", "fits"), [(0, True), (1, False)])
def test_forty_kibibytes_are_kept_with_a_face(entry: EmbedderEntry, more: int, fits: bool) -> None:
    def with_cv(size: int) -> LocalGallery:
        person = Person("kim", "Kim", "Law", (Portrait("1.jpg", "", ""),), {"cv": "x" * size})
        return LocalGallery((person,), np.zeros((1, WIDTH), np.float32), entry, SCALE)

    kept = metadata(with_cv(0).people[0], Portrait("1.jpg", "", ""))
    gallery = with_cv(40 * 1024 - len(json.dumps(kept).encode()) + more)
    if fits:
        assert [row for _, _, row in push._keys(gallery).values()] == [0]
    else:
        with pytest.raises(TooMuchToKeep, match="Kim is 40961 bytes; Amazon keeps at most 40960"):
            push._keys(gallery)


@pytest.mark.parametrize(("missing", "surplus"), [(0, 0), (1, 0), (0, 1), (1, 1)])
def test_both_hold_the_same_where_nothing_is_missing_nor_too_much(missing: int, surplus: int) -> None:
    assert Verified(missing, surplus, 5, 1.0).same is (missing == surplus == 0)


def test_thousands_of_faces_survive_an_interruption_and_are_found_exactly(
    aws: Aws, index: str, entry: EmbedderEntry
) -> None:
    gallery = gallery_of(entry, people=2_500, photos=2)

    def interrupt(done: int, total: int) -> None:
        assert total == 5_000
        if done >= total / 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        push_gallery(gallery, entry, index, interrupt)
    half = verify_gallery(gallery, entry, index, samples=0)
    assert 0 < half.missing <= 2_500 and half.surplus == 0 and not half.same

    sent_before = aws.calls["PutVectors"]
    assert push_gallery(gallery, entry, index, quietly) == Pushed(half.missing, 0, 5_000 - half.missing)
    assert aws.calls["PutVectors"] - sent_before == -(-half.missing // 500)
    assert verify_gallery(gallery, entry, index, samples=5) == Verified(0, 0, 5, 1.0)

    found = VectorGallery(connect(index), index, entry, SCALE, gallery.count, gallery.rows)
    for probe in np.random.default_rng(8).normal(0, 0.3, (10, WIDTH)).astype(np.float32):
        expected = gallery.search(probe, 20)
        matches = found.search(probe, 20)
        assert [(m.person.id, m.portrait) for m in matches] == [(m.person.id, m.portrait) for m in expected]
        assert np.allclose([m.similarity for m in matches], [m.similarity for m in expected], atol=1e-5)

    sent_before = aws.calls["PutVectors"]
    assert push_gallery(gallery, entry, index, quietly) == Pushed(0, 0, 5_000)
    assert aws.calls["PutVectors"] == sent_before


def test_who_was_removed_is_removed_there_and_who_changed_is_replaced(
    aws: Aws, index: str, entry: EmbedderEntry
) -> None:
    gallery = gallery_of(entry, people=30, photos=2)
    push_gallery(gallery, entry, index, quietly)
    renamed = dataclasses.replace(gallery.people[0], name="Somebody Else")
    smaller = without(gallery, entry, 7, 8)
    changed = LocalGallery((renamed, *smaller.people[1:]), smaller.embeddings, entry, SCALE)
    assert push_gallery(changed, entry, index, quietly) == Pushed(sent=2, removed=6, kept=54)
    assert verify_gallery(changed, entry, index).same
    found = VectorGallery(connect(index), index, entry, SCALE, 28, 56)
    names = [match.person.name for match in found.search(gallery.embeddings[0], 50)]
    assert names[0] == "Somebody Else" and len(names) == 28
    assert "사람 7" not in names and "사람 0" not in names


def test_recall_is_the_share_of_the_nearest_that_the_index_finds(aws: Aws, index: str, entry: EmbedderEntry) -> None:
    gallery = gallery_of(entry, people=10)
    push_gallery(without(gallery, entry, 0, 1, 2, 3), entry, index, quietly)
    found = verify_gallery(gallery, entry, index)
    assert (found.missing, found.surplus, found.sampled) == (4, 0, 10)
    assert found.recall == pytest.approx(0.6)


def test_progress_goes_from_nothing_to_everything(index: str, entry: EmbedderEntry) -> None:
    seen: list[tuple[int, int]] = []
    push_gallery(gallery_of(entry, people=1200), entry, index, lambda done, total: seen.append((done, total)))
    assert seen[0] == (0, 1200) and seen[-1] == (1200, 1200)


def test_throttling_is_waited_out(aws: Aws, index: str, entry: EmbedderEntry) -> None:
    gallery = gallery_of(entry, people=700)
    aws.fail("PutVectors", 429, "TooManyRequestsException", times=2)
    assert push_gallery(gallery, entry, index, quietly).sent == 700
    assert aws.calls["PutVectors"] == 4
    assert verify_gallery(gallery, entry, index).same


def test_a_lasting_refusal_ends_the_push(
    aws: Aws, index: str, entry: EmbedderEntry, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(push, "ATTEMPTS", 1)
    aws.fail("PutVectors", 503, "ServiceUnavailableException")
    with pytest.raises(ClientError, match="ServiceUnavailable"):
        push_gallery(gallery_of(entry, people=10), entry, index, quietly)


def test_much_metadata_makes_smaller_requests_and_too_much_is_refused(
    aws: Aws, index: str, entry: EmbedderEntry
) -> None:
    gallery = gallery_of(entry, people=600)

    def with_metadata(size: int) -> LocalGallery:
        people = tuple(dataclasses.replace(person, metadata={"cv": "x" * size}) for person in gallery.people)
        return LocalGallery(people, gallery.embeddings, entry, SCALE)

    assert push_gallery(with_metadata(38_000), entry, index, quietly).sent == 600  # more than 20 MiB in one request
    with pytest.raises(TooMuchToKeep, match="사람 0"):
        push_gallery(with_metadata(41_000), entry, index, quietly)


@pytest.mark.parametrize(
    "changes",
    [
        {"dimension": 512},
        {"distanceMetric": "cosine"},
        {"metadataConfiguration": {"nonFilterableMetadataKeys": ["other"]}},
    ],
    ids=["dimension", "metric", "metadata"],
)
def test_an_index_made_otherwise_is_refused(aws: Aws, entry: EmbedderEntry, changes: dict[str, Any]) -> None:
    index = make_index(index_name(entry.fingerprint), WIDTH, **changes)
    with pytest.raises(WrongIndex, match="make deploy"):
        push_gallery(gallery_of(entry, people=3), entry, index, quietly)


def test_another_networks_index_none_and_no_arn_are_refused(aws: Aws, index: str, entry: EmbedderEntry) -> None:
    gallery = gallery_of(entry, people=3)
    for wrong in (index[:-1] + "_", index.replace("people", "others"), index_name(entry.fingerprint), "x"):
        with pytest.raises(WrongIndex):
            push_gallery(gallery, entry, wrong, quietly)
    assert aws.calls["PutVectors"] == 0
