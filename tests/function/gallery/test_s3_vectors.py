"""A gallery in S3 Vectors answers as an exact search does, and when it cannot, it says so."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any

import boto3
import numpy as np
import pytest
from botocore.config import Config
from PIL import Image
from starlette.testclient import TestClient

from infra import template
from lookalike.api.application import create_app
from lookalike.errors import DamagedFile, GalleryMismatch, IndexMismatch, InvalidSetting, Unavailable
from lookalike.faces.embedder import Embedder
from lookalike.faces.manifest import EmbedderEntry
from lookalike.finder import Finder
from lookalike.gallery.local import LocalGallery
from lookalike.gallery.people import Match, Person, Portrait
from lookalike.gallery.ranking import Candidate
from lookalike.gallery.s3_vectors import VectorGallery, connect, index_name, metadata, open_vectors
from lookalike.gallery.scale import Scale
from lookalike.options import FindOptions
from lookalike.settings import Settings
from tests.aws import Aws, index_arn, make_index
from tests.support import encoded, with_recipe

SCALE = Scale(np.linspace(-1, 1, 1001, dtype=np.float32), 0.2)
WIDTH = 16


def arn_for(entry: EmbedderEntry) -> str:
    return index_arn(index_name(entry.fingerprint))


@pytest.fixture
def entry(embedder: Embedder) -> EmbedderEntry:
    """A network with short embeddings: what is tested here does not depend on their length."""
    return with_recipe(embedder.entry, width=WIDTH)


@pytest.fixture
def index(aws: Aws, entry: EmbedderEntry) -> str:
    return make_index(index_name(entry.fingerprint), WIDTH)


def put(index: str, people: tuple[Person, ...], rows: Any) -> None:
    photos = [(person, photo) for person in people for photo in person.photos]
    vectors = [
        {"key": f"{number}", "data": {"float32": row.tolist()}, "metadata": metadata(person, photo)}
        for number, ((person, photo), row) in enumerate(zip(photos, rows, strict=True))
    ]
    client = boto3.client("s3vectors")
    for start in range(0, len(vectors), 500):
        client.put_vectors(indexArn=index, vectors=vectors[start : start + 500])


def some_people(counts: list[int]) -> tuple[Person, ...]:
    return tuple(
        Person(
            f"p{i}",
            f"김 “{i}” Müller",
            "Computer Science",
            tuple(Portrait(f"{i}-{j}.jpg", "", "") for j in range(count)),
            {"room": str(i)},
        )
        for i, count in enumerate(counts)
    )


def told(matches: list[Match]) -> list[Any]:
    return [
        (match.rank, match.person.id, match.person.name, match.person.department, match.person.metadata, match.portrait)
        for match in matches
    ]


@pytest.mark.parametrize("photos", [(1, 2), (1, 5), (60, 90)], ids=["few photos", "several", "more than one request"])
def test_answers_as_an_exact_search_does(index: str, entry: EmbedderEntry, photos: tuple[int, int]) -> None:
    """With many photos each, the nearest hundred vectors are of too few people: the others are asked for."""
    generator = np.random.default_rng(3)
    counts = generator.integers(*photos, 600 // photos[1], endpoint=True).tolist()
    people = some_people(counts)
    centres = np.repeat(generator.normal(0, 0.3, (len(counts), WIDTH)), counts, axis=0)
    rows = (centres + generator.normal(0, 0.05, centres.shape)).astype(np.float32)
    put(index, people, rows)
    exact = LocalGallery(people, rows, entry, SCALE)
    vectors = VectorGallery(connect(index), index, entry, SCALE, len(people), len(rows))
    for probe in generator.normal(0, 0.3, (3, WIDTH)).astype(np.float32):
        for k in (1, 5, 50):
            found, expected = vectors.search(probe, k), exact.search(probe, k)
            assert told(found) == told(expected)
            for one, other in zip(found, expected, strict=True):
                assert np.array_equal(one.embedding, other.embedding)
                assert one.similarity == pytest.approx(other.similarity, abs=1e-5)
                assert one.closer_than == pytest.approx(other.closer_than, abs=1e-2)
                # The nearest hundred are not everybody: the network's own rule decides.
                assert one.strong == (one.similarity >= SCALE.same_person)


class Answering:
    """An index of `photos` vectors of one person, all at 0.3 from zero, which counts what it was asked."""

    def __init__(self, photos: int) -> None:
        self.photos, self.queries = photos, 0
        self.kept = metadata(Person("p", "김", "", ()), Portrait("p.jpg", "", ""))

    def query_vectors(self, **asked: Any) -> dict[str, Any]:
        self.queries += 1
        return {"vectors": [{"key": f"{number}"} for number in range(0 if "filter" in asked else self.photos)]}

    def get_vectors(self, keys: list[str], **_: Any) -> dict[str, Any]:
        row = [0.3, *[0.0] * (WIDTH - 1)]
        return {"vectors": [{"data": {"float32": row}, "metadata": self.kept} for _ in keys]}


def test_the_spread_of_several_photos_takes_from_every_similarity(entry: EmbedderEntry) -> None:
    """See Embedder.average: it is added to the squared distance, 0.09."""
    gallery = VectorGallery(Answering(1), "", with_recipe(entry, radius=1.0), SCALE, 1, 1)
    (match,) = gallery.search(np.zeros(WIDTH, np.float32), 1, spread=0.1)
    assert match.similarity == pytest.approx(1 - 0.19 / 2, abs=1e-6)


@pytest.mark.parametrize(("k", "queries"), [(1, 1), (2, 2)])
def test_further_photos_are_asked_for_only_while_people_are_missing(entry: EmbedderEntry, k: int, queries: int) -> None:
    index = Answering(100)
    assert len(VectorGallery(index, "", entry, SCALE, 2, 200).search(np.zeros(WIDTH, np.float32), k)) == 1
    assert index.queries == queries


def test_a_client_gives_up_in_time_for_lambda(aws: Aws, index: str) -> None:
    config = connect(index).meta.config
    assert (config.connect_timeout, config.read_timeout, config.retries["total_max_attempts"]) == (2, 4, 3)


def test_names_are_kept_as_they_are_written(entry: EmbedderEntry) -> None:
    """Escaped, each Korean letter would take six bytes of the forty thousand there are."""
    kept = metadata(Person("p", "김", "법", (), {"호실": "3"}), Portrait("p.jpg", "", ""))
    assert kept == {
        "person": "p",
        "about": '{"name":"김","department":"법","metadata":{"호실":"3"},"portrait":"p.jpg"}',
    }


@pytest.mark.parametrize(
    ("photos", "people", "known"), [(100, 2, True), (101, 2, False), (100, 3, False)], ids=["all", "photos", "people"]
)
def test_what_stands_out_is_told_only_from_everybody(
    entry: EmbedderEntry, photos: int, people: int, known: bool
) -> None:
    scale = dataclasses.replace(SCALE, stands_out=3.0)
    gallery = VectorGallery(None, "", entry, scale, people, photos)
    best = [Candidate(Person(f"p{n}", "", "", ()), "", np.zeros(1, np.float32), 9.0) for n in range(2)]
    assert (gallery._strong_from(best) != scale.same_person) is known


@pytest.mark.parametrize(("count", "same"), [(100, True), (101, False)])
def test_of_a_hundred_photos_everybody_is_known_and_strong_is_what_stands_out(
    index: str, entry: EmbedderEntry, count: int, same: bool
) -> None:
    people = some_people([1] * count)
    rows = np.random.default_rng(8).normal(0, 0.3, (count, WIDTH)).astype(np.float32)
    probe = rows[7] * np.float32(0.4)  # nearest to one of them, though not near
    put(index, people, rows)
    scale = dataclasses.replace(SCALE, same_person=0.99, stands_out=2.9)
    expected = LocalGallery(people, rows, entry, scale).search(probe, 1)
    found = VectorGallery(connect(index), index, entry, scale, count, count).search(probe, 1)
    assert told(found) == told(expected) and expected[0].strong
    assert found[0].strong == same


def test_the_whole_way_from_a_photo_gives_the_same_answer(
    aws: Aws, finder: Finder, settings: Settings, embedder: Embedder, astronaut: Image.Image
) -> None:
    index = make_index(index_name(embedder.entry.fingerprint), embedder.entry.width)
    put(index, finder.gallery.people, np.load(settings.gallery / "embeddings-0.npy"))
    elsewhere = Finder.open(dataclasses.replace(settings, vector_index=index))
    photo, options = encoded(astronaut), FindOptions(include=("mirror", "explanation"))
    (found,), (expected,) = (one.find([photo], options).faces for one in (elsewhere, finder))
    assert told(found.matches) == told(expected.matches)
    assert found.matches[0].similarity == pytest.approx(expected.matches[0].similarity, abs=1e-5)
    assert found.mirror is not None and found.mirror.stable
    assert found.explanation is not None and expected.explanation is not None
    assert np.array_equal(found.explanation, expected.explanation)
    assert elsewhere.gallery.people == () and elsewhere.gallery.count == 2 and elsewhere.gallery.rows == 2


def test_an_empty_index_is_no_answer(index: str, entry: EmbedderEntry) -> None:
    with pytest.raises(Unavailable):
        VectorGallery(connect(index), index, entry, SCALE, people=5).search(np.zeros(WIDTH, np.float32), 5)


@pytest.mark.parametrize(
    ("operation", "status", "code"),
    [
        ("QueryVectors", 429, "TooManyRequestsException"),
        ("GetVectors", 429, "TooManyRequestsException"),
        ("QueryVectors", 503, "ServiceUnavailableException"),
        ("QueryVectors", 500, "InternalServerException"),
        ("QueryVectors", 403, "AccessDeniedException"),
        ("GetVectors", 403, "AccessDeniedException"),
    ],
)
def test_a_refusal_is_no_answer(
    aws: Aws, index: str, entry: EmbedderEntry, caplog: Any, operation: str, status: int, code: str
) -> None:
    put(index, some_people([1]), np.zeros((1, WIDTH), np.float32))
    aws.fail(operation, status, code)
    client = impatient(attempts=1)
    with pytest.raises(Unavailable):
        VectorGallery(client, index, entry, SCALE, 1).search(np.zeros(WIDTH, np.float32), 5)
    assert code in caplog.text


def test_callers_are_told_to_come_back(
    aws: Aws, settings: Settings, embedder: Embedder, astronaut: Image.Image
) -> None:
    there = dataclasses.replace(
        settings, vector_index=make_index(index_name(embedder.entry.fingerprint), embedder.entry.width)
    )
    with TestClient(create_app(Finder.open(there), there)) as client:
        people = client.get("/api/people").json()
        assert people["gallery"]["people"] == 2 and people["people"] == []
        assert client.get("/api/health").json()["gallery"] == {"people": 2, "photos": 2}
        aws.fail("QueryVectors", 403, "AccessDeniedException")
        answer = client.post("/api/lookalikes", content=encoded(astronaut), headers={"content-type": "image/jpeg"})
    assert answer.status_code == 503 and int(answer.headers["retry-after"]) > 0
    assert answer.json()["type"] == "urn:lookalike:problem:unavailable"


def test_a_moments_throttling_is_waited_out(aws: Aws, index: str, entry: EmbedderEntry) -> None:
    put(index, some_people([1]), np.zeros((1, WIDTH), np.float32))
    aws.fail("QueryVectors", 429, "TooManyRequestsException", times=1)
    assert VectorGallery(connect(index), index, entry, SCALE, 1).search(np.zeros(WIDTH, np.float32), 5)
    assert aws.calls["QueryVectors"] == 3  # refused, then two pages


def test_silence_is_no_answer(aws: Aws, index: str, entry: EmbedderEntry) -> None:
    aws.stall("QueryVectors", 0.4)
    with pytest.raises(Unavailable):
        VectorGallery(impatient(attempts=1), index, entry, SCALE, 1).search(np.zeros(WIDTH, np.float32), 5)


def test_absence_is_no_answer(aws: Aws, entry: EmbedderEntry, monkeypatch: pytest.MonkeyPatch) -> None:
    nowhere = VectorGallery(impatient(attempts=1), arn_for(entry), entry, SCALE, 1)
    with pytest.raises(Unavailable):
        nowhere.search(np.zeros(WIDTH, np.float32), 5)
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    with pytest.raises(Unavailable):
        VectorGallery(impatient(attempts=1), arn_for(entry), entry, SCALE, 1).search(np.zeros(WIDTH, np.float32), 5)


def test_a_vector_that_was_not_pushed_is_no_answer(index: str, entry: EmbedderEntry) -> None:
    zeros = [0.0] * WIDTH
    foreign = [{"key": "x", "data": {"float32": zeros}, "metadata": {"person": "p", "about": "x"}}]
    boto3.client("s3vectors").put_vectors(indexArn=index, vectors=foreign)
    with pytest.raises(Unavailable):
        VectorGallery(connect(index), index, entry, SCALE, 1).search(np.zeros(WIDTH, np.float32), 5)


def test_gives_up_while_lambda_still_waits(entry: EmbedderEntry, aws: Aws) -> None:
    config = connect(arn_for(entry)).meta.config
    attempts = config.retries["total_max_attempts"]
    pauses = sum(2**retry for retry in range(attempts - 1))  # the longest of botocore's standard mode, in seconds
    longest = (config.connect_timeout + config.read_timeout) * attempts + pauses
    assert longest < template.function_properties()["Timeout"] - 5


def test_another_networks_index_is_refused(settings: Settings, entry: EmbedderEntry) -> None:
    other = dataclasses.replace(entry, fingerprint="0" * 16, model="vggface2")
    asked = dataclasses.replace(settings, vector_index=arn_for(entry))
    with pytest.raises(IndexMismatch, match=r"vggface2.*faces-0000.*make deploy"):
        open_vectors(asked, other)
    with pytest.raises(GalleryMismatch):
        open_vectors(dataclasses.replace(asked, vector_index=arn_for(other)), other)


def test_a_gallery_json_without_numbers_is_refused(aws: Aws, entry: EmbedderEntry, tmp_path: Path) -> None:
    index = {
        "version": 2,
        "fingerprint": entry.fingerprint,
        "pairs": {"quantiles": []},
        "nearest": {"quantiles": []},
        "stands_out": None,
    }
    (tmp_path / "gallery.json").write_text(json.dumps(index))
    with pytest.raises(DamagedFile):
        open_vectors(Settings(gallery=tmp_path, vector_index=arn_for(entry)), entry)


@pytest.mark.parametrize("text", ["faces", "arn:aws:s3:::bucket", "arn:aws:s3vectors:us-east-1:1:bucket/a/index/b"])
def test_an_index_is_given_by_its_arn(text: str) -> None:
    with pytest.raises(InvalidSetting, match="LOOKALIKE_VECTOR_INDEX"):
        Settings.from_environment({"LOOKALIKE_VECTOR_INDEX": text})
    assert Settings.from_environment({"LOOKALIKE_VECTOR_INDEX": ""}) == Settings()


def impatient(attempts: int) -> Any:
    retries = {"mode": "standard", "total_max_attempts": attempts}
    return boto3.client("s3vectors", config=Config(read_timeout=0.2, connect_timeout=0.2, retries=retries))
