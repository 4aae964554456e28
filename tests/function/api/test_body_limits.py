"""Each way of sending a photo takes just as much as the limit says: at the bound, and one byte past it."""

from __future__ import annotations

import base64
import dataclasses
from collections.abc import Iterator

import pytest
from PIL import Image
from starlette.testclient import TestClient

from lookalike.api.application import create_app
from lookalike.finder import Finder
from lookalike.settings import Settings
from tests.support import encoded

# Large enough that a third of it is more than the room for a form's own text.
LIMIT = 300_000


@pytest.fixture(scope="module")
def client(finder: Finder, settings: Settings) -> Iterator[TestClient]:
    with TestClient(create_app(finder, dataclasses.replace(settings, max_upload_bytes=LIMIT))) as client:
        yield client


@pytest.fixture(scope="module")
def photo(hopper: Image.Image) -> bytes:
    """A photo of just LIMIT bytes, filled up with JPEG comments."""
    data = encoded(hopper, quality=80)
    missing = LIMIT - len(data)
    comments = b""
    while missing:
        size = min(missing, 60_000) if missing - 60_000 not in range(1, 4) else missing - 4
        comments += b"\xff\xfe" + (size - 2).to_bytes(2, "big") + bytes(size - 4)
        missing -= size
    return data[:2] + comments + data[2:]


def send(client: TestClient, way: str, photo: bytes) -> int:
    if way == "raw":
        response = client.post("/api/lookalikes", content=photo, headers={"content-type": "image/jpeg"})
    elif way == "form":
        response = client.post("/api/lookalikes", files={"photo": ("me.jpg", photo, "image/jpeg")}, data={"k": "3"})
    else:
        response = client.post("/api/lookalikes", json={"photo": base64.b64encode(photo).decode(), "k": 3})
    return response.status_code


@pytest.mark.parametrize("way", ["raw", "form", "json"])
def test_a_photo_of_just_the_limit_is_answered(client: TestClient, photo: bytes, way: str) -> None:
    assert len(photo) == LIMIT
    assert send(client, way, photo) == 200


@pytest.mark.parametrize("way", ["raw", "form", "json"])
def test_a_byte_more_is_too_large(client: TestClient, photo: bytes, way: str) -> None:
    assert send(client, way, photo + b"\0") == 413


def test_two_photos_share_the_limit(client: TestClient, photo: bytes) -> None:
    half = photo[: LIMIT // 2]
    files = [("photo", ("1.jpg", half, "image/jpeg")), ("photo", ("2.jpg", half + b"\0", "image/jpeg"))]
    assert client.post("/api/lookalikes", files=files).status_code == 413


def test_a_million_empty_photos_are_refused_before_any_is_decoded(client: TestClient) -> None:
    room = (LIMIT * 4 // 3) // len('"",')
    for name in ("photo", "photos", "a"):
        response = client.post("/api/lookalikes", json={name: [""] * room})
        assert response.status_code == 422 and response.json()["type"].endswith("invalid-parameter")
    response = client.post("/api/lookalikes", json={f"x{number}": 1 for number in range(17)})
    assert response.status_code == 400 and response.json()["type"].endswith("bad-request")


@pytest.mark.parametrize(("more", "status"), [(0, 409), (1, 400)])
def test_json_of_too_many_values_is_not_read(
    client: TestClient, monkeypatch: pytest.MonkeyPatch, more: int, status: int
) -> None:
    """At the bound it is read, and found to be of no network that is known."""
    monkeypatch.setattr("lookalike.api.bodies.MOST_COMMAS", 9)
    response = client.post("/api/search", json={"embeddings": [[]] * (10 + more)})
    assert response.status_code == status


def test_a_refusal_is_told_in_the_readers_language_throughout(client: TestClient) -> None:
    response = client.post(
        "/api/lookalikes", content=b"{", headers={"content-type": "application/json", "accept-language": "ko"}
    )
    assert response.json()["detail"] == "요청을 읽을 수 없습니다: JSON 형식이 잘못되었습니다."
