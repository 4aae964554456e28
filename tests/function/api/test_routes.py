"""What the routes ask of a finder that only remembers, and what they answer beside its words: headers, log, people."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from starlette.testclient import TestClient

from lookalike import __version__
from lookalike.api.application import create_app
from lookalike.api.service import Service
from lookalike.faces.manifest import read_manifest
from lookalike.gallery.local import LocalGallery
from lookalike.gallery.people import Person, Portrait
from lookalike.gallery.scale import Scale
from lookalike.options import CompareOptions, FindOptions
from lookalike.settings import Settings
from tests.support import with_recipe

TIMINGS = {"decode": 1.5, "detect": 0.25, "embed": 0.0, "search": 3.0, "total": 4.75}
SHOWN = "server-timing", "cache-control", "content-type"


class Remembering:
    """A finder of three people that notes what it is asked, and finds two faces in every photo."""

    def __init__(self) -> None:
        entry = with_recipe(read_manifest(Settings().models, "size").embedder, width=3)
        people = (
            Person("a", "김서연", "Art", (Portrait("a" * 16 + ".jpg", "", ""), Portrait("b" * 16 + ".jpg", "", ""))),
            Person("b", "B", "", (Portrait("c" * 16 + ".jpg", "", ""),), {"room": "3"}),
        )
        scale = Scale(np.array([-0.5, 0.12345, 0.5], np.float32), 0.5, np.array([0.25], np.float32))
        self.gallery = LocalGallery(people, np.eye(3, dtype=np.float32), entry, scale)
        self.embedder, self.model = SimpleNamespace(entry=entry), "dlib"
        self.asked: list[Any] = []

    def find(self, photos: Sequence[bytes], options: FindOptions) -> Any:
        self.asked.append((photos, options))
        return SimpleNamespace(faces=[1, 2], to_json=lambda: {"model": "dlib", "timings_ms": TIMINGS, "name": "김"})

    def compare(self, first: bytes, second: bytes, options: CompareOptions) -> Any:
        self.asked.append((first, second, options))
        return SimpleNamespace(to_json=lambda: {"timings_ms": TIMINGS})

    def search(self, embeddings: Any, spreads: list[float], k: int) -> Any:
        self.asked.append((embeddings.tolist(), spreads, k))
        return {"timings_ms": TIMINGS}


@pytest.fixture
def finder() -> Remembering:
    return Remembering()


@pytest.fixture
def client(finder: Remembering, tmp_path: Path) -> TestClient:
    (tmp_path / "portraits").mkdir()
    return TestClient(create_app(finder, Settings(gallery=tmp_path)))  # type: ignore[arg-type]


@pytest.fixture
def logged(caplog: pytest.LogCaptureFixture) -> Any:
    caplog.set_level("INFO", logger="lookalike")
    return lambda: json.loads([record.message for record in caplog.records if record.name == "lookalike"][-1])


def test_a_question_reaches_the_finder_with_all_that_was_asked(
    client: TestClient, finder: Remembering, logged: Any
) -> None:
    files = [("photo", b"one"), ("photo", b"three")]
    response = client.post("/api/lookalikes?k=7&include=crop", files=files, data={"min_face_size": "30", "k": "4"})
    assert finder.asked == [([b"one", b"three"], FindOptions(k=4, min_face_size=30, include=("crop",)))]
    request_id = response.headers["x-request-id"]
    assert response.json() == {"model": "dlib", "timings_ms": TIMINGS, "name": "김", "request_id": request_id}
    assert '"김"' in response.text and ": " not in response.text
    timing = "decode;dur=1.5, detect;dur=0.25, embed;dur=0.0, search;dur=3.0, total;dur=4.75"
    assert [response.headers[name] for name in SHOWN] == [timing, "no-store", "application/json"]
    assert {"photos": 2, "bytes": 8, "faces": 2, "timings_ms": TIMINGS}.items() <= logged().items()


def test_two_photos_are_compared_as_asked(client: TestClient, finder: Remembering, logged: Any) -> None:
    client.post("/api/compare?a_face=1&b_face=2", files={"a": b"one", "b": b"three"}, data={"b_face": "5"})
    assert finder.asked == [(b"one", b"three", CompareOptions(a_face=1, b_face=5))]
    assert {"photos": 2, "bytes": 8}.items() <= logged().items()


@pytest.mark.parametrize("parts", [[], ["a"], ["b"], ["a", "b", "b"], ["a", "a", "b"]])
def test_one_photo_of_each_is_compared(client: TestClient, parts: list[str]) -> None:
    response = client.post("/api/compare", files=[*((part, b"x") for part in parts), ("c", b"x")])
    assert response.status_code == 422 and "must be one photo" in response.json()["detail"]


def test_embeddings_are_searched_with_their_spreads(client: TestClient, finder: Remembering, logged: Any) -> None:
    body = {"fingerprint": finder.embedder.entry.fingerprint, "embeddings": [[0, 1, 0.5]] * 2, "spreads": [0, 0.25]}
    assert client.post("/api/search", json=body).status_code == 200
    assert client.post("/api/search", json=body | {"k": 50, "spreads": [1, 0]}).status_code == 200
    assert finder.asked == [([[0, 1, 0.5]] * 2, [0, 0.25], 5), ([[0, 1, 0.5]] * 2, [1, 0], 50)]
    assert logged()["faces"] == 2


def test_everybody_is_told_of_as_they_are_in_the_gallery(client: TestClient, finder: Remembering) -> None:
    document = client.get("/api/people").json()
    assert document["people"] == [
        {"id": "a", "name": "김서연", "department": "Art", "portrait": "a" * 16 + ".jpg", "photos": 2, "metadata": {}},
        {
            "id": "b",
            "name": "B",
            "department": "",
            "portrait": "c" * 16 + ".jpg",
            "photos": 1,
            "metadata": {"room": "3"},
        },
    ]
    assert document["gallery"] == {
        "model": "dlib",
        "fingerprint": finder.embedder.entry.fingerprint,
        "people": 2,
        "photos": 3,
        "threshold": 76.0,
        "median_pair": 56.17,
        "median_nearest": 62.5,
    }


def test_the_document_of_people_is_named_by_its_content(finder: Remembering) -> None:
    service = Service.of(finder, Settings())  # type: ignore[arg-type]
    assert len(service.etag) == 18 and service.etag == Service.of(finder, Settings()).etag  # type: ignore[arg-type]
    finder.model = "other"
    assert service.etag != Service.of(finder, Settings()).etag  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("0123456789abcdef.jpg", 200),
        ("0123456789abcdef-small.jpg", 200),
        ("f" * 64 + ".jpg", 200),
        ("f" * 15 + ".jpg", 404),
        ("f" * 65 + ".jpg", 404),
        ("F" * 16 + ".jpg", 404),
        ("f" * 16 + "-large.jpg", 404),
        ("f" * 16 + ".jpgx", 404),
        ("0" * 16 + ".jpg", 404),
    ],
)
def test_portraits_are_those_that_are_there(client: TestClient, tmp_path: Path, name: str, status: int) -> None:
    if "0" * 16 not in name:
        (tmp_path / "portraits" / name).write_bytes(b"picture")
    response = client.get(f"/api/portraits/{name}")
    assert response.status_code == status
    if status == 200:
        headers = response.headers["cache-control"], response.headers["content-type"]
        assert (response.content, headers) == (b"picture", ("public, max-age=31536000, immutable", "image/jpeg"))


def test_health_says_what_runs(client: TestClient) -> None:
    response = client.get("/api/health")
    gallery = {"people": 2, "photos": 3}
    expected = {"status": "ok", "version": __version__, "model": "dlib", "gallery": gallery, "cold": True}
    assert response.json() == expected and response.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("path", ["/docs", "/redoc", "/openapi.json", "/api/people/", "/api/redoc"])
def test_nothing_else_is_served(client: TestClient, path: str) -> None:
    assert client.get(path, follow_redirects=False).status_code == 404


def test_the_page_of_the_document_is_not_in_the_document(client: TestClient) -> None:
    document = client.get("/api/openapi.json").json()
    assert "/api/docs" not in document["paths"] and client.get("/api/docs").status_code == 200
    assert "head" not in document["paths"]["/api/people"]
