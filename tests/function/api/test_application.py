"""The HTTP API answers as documented, and every error is a problem document in the reader's language."""

from __future__ import annotations

import base64
import dataclasses
import json
from collections.abc import Iterator, Mapping
from typing import Any, Literal

import pytest
from PIL import Image
from pydantic import TypeAdapter
from starlette.testclient import TestClient

from lookalike import schemas
from lookalike.api.application import create_app, described_app
from lookalike.api.service import Service
from lookalike.errors import Busy
from lookalike.finder import Finder
from lookalike.options import FindOptions
from lookalike.settings import Settings
from tests.support import encoded

JPEG = {"content-type": "image/jpeg"}


@pytest.fixture(scope="module")
def client(finder: Finder, settings: Settings) -> Iterator[TestClient]:
    with TestClient(create_app(finder, settings)) as client:
        yield client


@pytest.fixture(scope="module")
def photo(hopper: Image.Image) -> bytes:
    return encoded(hopper)


def without_timings(document: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in document.items() if name not in ("timings_ms", "request_id")}


def problem(response: Any, status: int, slug: str) -> dict[str, Any]:
    document: dict[str, Any] = response.json()
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"
    assert document["type"] == f"urn:lookalike:problem:{slug}"
    TypeAdapter(schemas.Problem).validate_python(document)
    return document


def test_three_kinds_of_body_get_the_same_answer(client: TestClient, finder: Finder, photo: bytes) -> None:
    expected = without_timings(json.loads(json.dumps(finder.find([photo], FindOptions(k=2)).to_json())))
    multipart = client.post("/api/lookalikes", files={"photo": ("me.jpg", photo, "image/jpeg")}, data={"k": "2"})
    raw = client.post("/api/lookalikes?k=2", content=photo, headers=JPEG)
    encoded_photo = base64.b64encode(photo).decode()
    as_json = client.post("/api/lookalikes", json={"photo": encoded_photo, "k": 2})
    data_uri = client.post("/api/lookalikes", json={"photos": ["data:image/jpeg;base64," + encoded_photo], "k": 2})
    for response in (multipart, raw, as_json, data_uri):
        assert response.status_code == 200
        assert without_timings(response.json()) == expected
        TypeAdapter(schemas.Lookalikes).validate_json(response.content)


def test_several_photos_and_every_part_fit_the_schema(client: TestClient, photo: bytes) -> None:
    files = [("photo", ("1.jpg", photo, "image/jpeg")), ("photo", ("2.jpg", photo, "image/jpeg"))]
    response = client.post("/api/lookalikes?include=crop,embedding,mirror,explanation", files=files)
    document = TypeAdapter(schemas.Lookalikes).validate_json(response.content)
    assert len(document["photos"]) == 2
    face = document["faces"][0]
    assert face["crop"].startswith("data:image/jpeg;base64,")
    assert face["embedding"] and face["mirror"] and face["explanation"]


def test_the_body_overrules_the_query(client: TestClient, photo: bytes) -> None:
    response = client.post("/api/lookalikes?k=2", files={"photo": photo}, data={"k": "1"})
    assert len(response.json()["faces"][0]["matches"]) == 1


def test_answers_carry_timings_and_a_request_id(client: TestClient, photo: bytes) -> None:
    response = client.post("/api/lookalikes", content=photo, headers=JPEG)
    names = [part.partition(";")[0] for part in response.headers["server-timing"].split(", ")]
    assert names == ["decode", "detect", "embed", "search", "total"]
    assert response.headers["x-request-id"] == response.json()["request_id"]
    assert response.headers["cache-control"] == "no-store"


def test_compares_two_photos(client: TestClient, finder: Finder, photo: bytes, astronaut: Image.Image) -> None:
    other = encoded(astronaut)
    response = client.post("/api/compare", files={"a": photo, "b": other})
    TypeAdapter(schemas.Comparison).validate_json(response.content)
    assert without_timings(response.json()) == without_timings(finder.compare(photo, other).to_json())


@pytest.mark.parametrize("way", ["params", "data"])
def test_compares_the_face_that_is_asked_for(
    client: TestClient, photo: bytes, scene: Image.Image, way: Literal["params", "data"]
) -> None:
    files = {"a": encoded(scene, "PNG"), "b": photo}
    wish: dict[str, Any] = {way: {"a_face": "1"}}
    side = client.post("/api/compare", files=files, **wish).json()["a"]
    assert side["chosen"] == 1 and len(side["faces"]) == 4 and side["box"] == side["faces"][1]["box"]


@pytest.mark.parametrize(
    ("face", "rule"),
    [("-1", "0–99"), ("100", "0–99"), ("one", "0–99"), ("1", "less than 1, the number of faces found")],
)
def test_a_face_that_is_not_there_is_named(client: TestClient, photo: bytes, face: str, rule: str) -> None:
    response = client.post("/api/compare", params={"b_face": face}, files={"a": photo, "b": photo})
    assert response.status_code == 422
    assert "“b_face”" in response.json()["detail"] and rule in response.json()["detail"]


def test_people_are_cacheable_and_have_portraits(client: TestClient) -> None:
    response = client.get("/api/people")
    document = TypeAdapter(schemas.People).validate_json(response.content)
    assert [person["name"] for person in document["people"]] == ["Eileen Collins", "Grace Hopper"]
    again = client.get("/api/people", headers={"if-none-match": response.headers["etag"]})
    assert again.status_code == 304 and not again.content
    assert client.get("/api/people", headers={"if-none-match": '"other"'}).status_code == 200
    portrait = client.get(f"/api/portraits/{document['people'][0]['portrait']}")
    assert portrait.headers["content-type"] == "image/jpeg"
    assert "immutable" in portrait.headers["cache-control"]


@pytest.mark.parametrize("file", ["gallery.json", "..%2Fgallery.json", "%2Fetc%2Fpasswd", "people-0.json", "x.jpg"])
def test_nothing_but_portraits_is_served(client: TestClient, file: str) -> None:
    problem(client.get(f"/api/portraits/{file}"), 404, "not-found")


def test_health_tells_cold_from_warm(finder: Finder, settings: Settings) -> None:
    client = TestClient(create_app(finder, settings))
    first, second = (TypeAdapter(schemas.Health).validate_json(client.get("/api/health").content) for _ in range(2))
    assert (first["cold"], second["cold"]) == (True, False)
    assert first["gallery"]["people"] == 2


@pytest.mark.parametrize(
    ("body", "headers", "status", "slug"),
    [
        (b"", JPEG, 422, "damaged-photo"),
        (b"hello", JPEG, 415, "unsupported-photo"),
        (b"\xff\xd8\xff\xe0 broken", JPEG, 422, "damaged-photo"),
        (b"x", {"content-type": "text/plain"}, 415, "unsupported-body"),
        (b"x", {}, 415, "unsupported-body"),
        (b"{", {"content-type": "application/json"}, 400, "bad-request"),
        (b"[]", {"content-type": "application/json"}, 400, "bad-request"),
        (b"[" * 100_000, {"content-type": "application/json"}, 400, "bad-request"),
        (b"{}", {"content-type": "application/json"}, 422, "invalid-parameter"),
        (b'{"photo": 7}', {"content-type": "application/json"}, 422, "invalid-parameter"),
        (b'{"photo": "@@"}', {"content-type": "application/json"}, 422, "invalid-parameter"),
        (b"x", {"content-type": "multipart/form-data"}, 400, "bad-request"),
        (b"x", {"content-type": "multipart/form-data; boundary=b"}, 400, "bad-request"),
        (b"--b--\r\n", {"content-type": "multipart/form-data; boundary=b"}, 422, "invalid-parameter"),
    ],
)
def test_each_bad_body_has_its_own_problem(
    client: TestClient, body: bytes, headers: dict[str, str], status: int, slug: str
) -> None:
    problem(client.post("/api/lookalikes", content=body, headers=headers), status, slug)


@pytest.mark.parametrize(
    "query", ["k=0", "k=-1", "k=1e400", "k=nan", "k=2.5", "k=many", "min_face_size=1", "include=all"]
)
def test_parameters_out_of_range_are_named(client: TestClient, photo: bytes, query: str) -> None:
    document = problem(client.post(f"/api/lookalikes?{query}", content=photo, headers=JPEG), 422, "invalid-parameter")
    assert query.partition("=")[0] in document["detail"]


def test_no_face_carries_a_hint(client: TestClient) -> None:
    dark = encoded(Image.new("RGB", (300, 300), (4, 4, 4)))
    assert problem(client.post("/api/lookalikes", content=dark, headers=JPEG), 422, "no-face")["hint"] == "too-dark"


def test_too_large_is_refused_before_it_is_read(client: TestClient, settings: Settings) -> None:
    declared = JPEG | {"content-length": "10000000000"}
    problem(client.post("/api/lookalikes", content=b"", headers=declared), 413, "too-large")
    problem(
        client.post("/api/lookalikes", content=bytes(settings.max_upload_bytes + 1), headers=JPEG), 413, "too-large"
    )
    files = [("photo", bytes(settings.max_upload_bytes // 2 + 40_000))] * 2
    problem(client.post("/api/lookalikes", files=files), 413, "too-large")


def test_unknown_addresses_and_methods(client: TestClient) -> None:
    problem(client.get("/api/nothing"), 404, "not-found")
    refused = client.put("/api/lookalikes")
    problem(refused, 405, "method-not-allowed")
    assert refused.headers["allow"] == "POST"


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("ko", "ko"),
        ("ko-KR,ko;q=0.9,en;q=0.8", "ko"),
        ("en;q=0.9,ko;q=0.8", "en"),
        ("fr,ko;q=0.5", "ko"),
        ("fr", "en"),
        ("", "en"),
        ("ko;q=zero,;;,", "en"),
        ("ko;q=0", "en"),
    ],
)
def test_problems_speak_the_readers_language(client: TestClient, accepted: str, language: str) -> None:
    response = client.get("/api/nothing", headers={"accept-language": accepted})
    assert response.headers["content-language"] == language
    assert ("없습니다" in response.json()["detail"]) == (language == "ko")


def test_an_unexpected_fault_tells_nothing_of_the_inside(
    finder: Finder, settings: Settings, photo: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ValueError("secret of the inside")

    monkeypatch.setattr(finder, "find", fail)
    client = TestClient(create_app(finder, settings), raise_server_exceptions=False)
    response = client.post("/api/lookalikes", content=photo, headers=JPEG)
    problem(response, 500, "internal")
    assert "secret" not in response.text and "Traceback" not in response.text


def test_the_log_has_one_json_line_without_anything_personal(
    client: TestClient, photo: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level("INFO", logger="lookalike"):
        client.post("/api/lookalikes?include=embedding", files={"photo": ("my name.jpg", photo, "image/jpeg")})
    (record,) = [record for record in caplog.records if record.name == "lookalike"]
    line = json.loads(record.getMessage())
    assert line["status"] == 200 and line["faces"] == 1 and line["bytes"] == len(photo)
    assert set(line["timings_ms"]) == {"decode", "detect", "embed", "search", "total"}
    for personal in ("Grace", "Hopper", "my name", "embedding", "base64"):
        assert personal not in record.getMessage()


def test_other_origins_are_let_in_only_by_setting(finder: Finder, settings: Settings) -> None:
    preflight = {"origin": "https://page.example", "access-control-request-method": "POST"}
    closed = TestClient(create_app(finder, settings))
    assert "access-control-allow-origin" not in closed.options("/api/lookalikes", headers=preflight).headers
    opened = dataclasses.replace(settings, allowed_origins=("https://page.example",))
    client = TestClient(create_app(finder, opened))
    assert client.options("/api/lookalikes", headers=preflight).status_code == 200
    error = client.post("/api/lookalikes", content=b"", headers=JPEG | {"origin": "https://page.example"})
    assert error.headers["access-control-allow-origin"] == "https://page.example"


def test_the_framework_reports_nothing_to_anybody_however_its_environment_asks_for_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("FASTAPI_OTEL_AUTO_CONFIGURE", "true")
    telemetry = described_app()._telemetry
    assert not any(telemetry[part] for part in ("tracing", "metrics", "logs", "auto_configure"))


def test_a_full_house_is_turned_away(finder: Finder, settings: Settings, photo: bytes) -> None:
    full = dataclasses.replace(settings, max_waiting=0)
    response = TestClient(create_app(finder, full)).post("/api/lookalikes", content=photo, headers=JPEG)
    problem(response, 503, "busy")
    assert int(response.headers["retry-after"]) > 0


def test_a_full_house_still_says_that_an_address_takes_no_question(finder: Finder, settings: Settings) -> None:
    full = dataclasses.replace(settings, max_waiting=0)
    assert TestClient(create_app(finder, full)).post("/api/people").status_code == 405


def test_a_full_house_answers_what_needs_no_turn(finder: Finder, settings: Settings) -> None:
    client = TestClient(create_app(finder, dataclasses.replace(settings, max_waiting=0)))
    assert client.get("/api/people").status_code == 200
    problem(client.get("/api/lookalikes"), 405, "method-not-allowed")
    problem(client.post("/api/nothing"), 404, "not-found")
    korean = problem(client.post("/api/compare", headers={"accept-language": "ko"}), 503, "busy")
    assert korean["detail"] == Busy().sentence("ko")


def test_a_refusal_on_the_headers_is_logged_and_readable_elsewhere(
    finder: Finder, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    full = dataclasses.replace(settings, max_waiting=0, allowed_origins=("https://page.example",))
    with caplog.at_level("INFO", "lookalike"):
        response = TestClient(create_app(finder, full)).post(
            "/api/search", json={}, headers={"origin": "https://page.example"}
        )
    assert response.headers["access-control-allow-origin"] == "https://page.example"
    line = json.loads(caplog.records[-1].getMessage())
    assert (line["path"], line["status"]) == ("/api/search", 503)


def test_the_docs_page_loads_nothing_from_elsewhere(client: TestClient) -> None:
    page = client.get("/api/docs")
    assert "POST /api/lookalikes" in page.text
    assert "http://" not in page.text and "https://" not in page.text and "<script" not in page.text
    policy = page.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; style-src 'sha256-") and "form-action 'self'" in policy


def test_what_may_be_got_may_be_asked_for_its_head(client: TestClient) -> None:
    for path in ("/api/people", "/api/health"):
        response = client.head(path)
        assert response.status_code == 200 and not response.content


def test_over_another_gallery_networks_and_queue_stay(finder: Finder, settings: Settings) -> None:
    """To open the networks once more with every change would take 30 MB each time, for as long as the old ones are used."""
    service = Service.of(finder, settings)
    again = service.reopened()
    assert again.queue is service.queue and again.finder.embedder is finder.embedder
    assert again.finder.gallery is not finder.gallery and again.etag == service.etag
