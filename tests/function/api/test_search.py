"""POST /api/search: embeddings that a device measured itself find the people that the photo would have found."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from fastapi.testclient import TestClient
from PIL import Image

from lookalike.api.application import create_app
from lookalike.finder import Finder
from lookalike.options import FindOptions
from lookalike.settings import Settings
from tests.support import encoded

FINGERPRINT = "165d820882959226"


@pytest.fixture(scope="module")
def client(finder: Finder, settings: Settings) -> TestClient:
    return TestClient(create_app(finder, settings))


@pytest.fixture
def photo(hopper: Image.Image) -> bytes:
    return encoded(hopper, "PNG")


def asked(client: TestClient, **changes: Any) -> Any:
    body = {"fingerprint": FINGERPRINT, "embeddings": [[0.1] * 128]} | changes
    # Python writes NaN and Infinity, which httpx would not.
    return client.post("/api/search", content=json.dumps(body), headers={"content-type": "application/json"})


def test_finds_whom_the_photo_finds(client: TestClient, finder: Finder, photo: bytes) -> None:
    (face,) = finder.find([photo], FindOptions(include=("embedding",))).to_json()["faces"]
    answer = asked(client, embeddings=[face["embedding"], [0.0] * 128]).json()
    assert answer["faces"][0] == {"verdict": face["verdict"], "matches": face["matches"]}
    assert len(answer["faces"]) == 2
    assert answer["model"] == "dlib"


def test_gives_as_many_people_as_asked_for(client: TestClient) -> None:
    assert len(asked(client, k=1).json()["faces"][0]["matches"]) == 1
    assert asked(client, k=0).status_code == 422
    assert asked(client, k=51).status_code == 422


def test_another_networks_embeddings_are_refused(client: TestClient) -> None:
    for fingerprint in ("165d820882959227", "", None, 7):
        answer = asked(client, fingerprint=fingerprint)
        assert (answer.status_code, answer.json()["type"]) == (409, "urn:lookalike:problem:other-network")


@pytest.mark.parametrize(
    "rows",
    [
        [],
        [[0.1] * 127],
        [[0.1] * 129],
        [[0.1] * 127 + [float("nan")]],
        [[0.1] * 127 + [float("inf")]],
        [[0.1] * 127 + [1000.1]],
        [[0.1] * 127 + [-1000.1]],
        [[0.1] * 127 + [True]],
        [[0.1] * 127 + ["0.1"]],
        [[0.1] * 127 + [10**400]],
        [[0.1] * 128, 0.1],
        [[0.1] * 128] * 101,
        "text",
        None,
        {"0": [0.1] * 128},
    ],
    ids=str,
)
def test_what_is_no_embedding_is_refused(client: TestClient, rows: Any) -> None:
    answer = asked(client, embeddings=rows)
    assert (answer.status_code, answer.json()["type"]) == (422, "urn:lookalike:problem:invalid-parameter")
    assert "1–100 rows of 128 numbers" in answer.json()["detail"]


def test_several_photos_of_one_person_are_as_alike_as_each_of_them_on_average(
    client: TestClient, finder: Finder, photo: bytes, astronaut: Image.Image
) -> None:
    both = finder.find([encoded(astronaut, "PNG"), encoded(astronaut.resize((300, 300)), "PNG")]).to_json()["faces"][0]
    parts = [
        finder.find([encoded(one, "PNG")], FindOptions(include=("embedding",))).to_json()["faces"][0]["embedding"]
        for one in (astronaut, astronaut.resize((300, 300)))
    ]
    mean = np.mean(parts, axis=0)
    spread = float(np.square(parts - mean).sum(axis=1).mean())
    assert spread > 0.001
    answer = asked(client, embeddings=[mean.tolist()], spreads=[spread]).json()["faces"][0]
    assert answer["matches"][0]["similarity"] == pytest.approx(both["matches"][0]["similarity"], abs=2e-5)


@pytest.mark.parametrize("spreads", [[], [0, 0], [-0.1], [float("nan")], ["0"], 0, None])
def test_a_spread_is_a_number_for_each_embedding(client: TestClient, spreads: Any) -> None:
    assert asked(client, spreads=spreads).status_code == 422
    assert asked(client, spreads=[0]).status_code == 200


def test_a_hundred_faces_at_the_bound_are_answered(client: TestClient) -> None:
    rows = np.full((100, 128), 1000).tolist()
    rows[7] = [-1000] * 128
    assert len(asked(client, embeddings=rows).json()["faces"]) == 100


def test_the_log_counts_faces_and_holds_no_number_of_them(client: TestClient, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level("INFO", logger="lookalike"):
        asked(client, embeddings=[[0.123456] * 128] * 3)
    (line,) = [record.message for record in caplog.records if record.name == "lookalike"]
    assert json.loads(line)["path"] == "/api/search"
    assert json.loads(line)["faces"] == 3
    assert "0.1234" not in line
