"""What no route expected: one problem document, one word in the log, and nothing of the inside."""

from __future__ import annotations

import dataclasses
import json
from typing import Any

import pytest
from starlette.responses import PlainTextResponse
from starlette.testclient import TestClient
from starlette.types import Receive, Scope, Send

from lookalike.api.application import create_app
from lookalike.api.log import RequestLog
from lookalike.api.problems import Faults
from lookalike.finder import Finder
from lookalike.settings import Settings

JPEG = {"content-type": "image/jpeg"}


@pytest.fixture
def broken(finder: Finder, monkeypatch: pytest.MonkeyPatch) -> Finder:
    def fail(*_: object, **__: object) -> None:
        raise ValueError("secret of the inside")

    monkeypatch.setattr(finder, "find", fail)
    return finder


def logged(caplog: pytest.LogCaptureFixture) -> dict[str, Any]:
    (record,) = [record for record in caplog.records if record.name == "lookalike"]
    line: dict[str, Any] = json.loads(record.getMessage())
    return line


def test_a_fault_is_logged_by_its_kind_and_place(
    broken: Finder, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level("INFO", logger="lookalike"):
        response = TestClient(create_app(broken, settings)).post("/api/lookalikes", content=b"x", headers=JPEG)
    line = logged(caplog)
    assert response.status_code == line["status"] == 500
    assert line["error"].startswith("ValueError at fail:") and "secret" not in json.dumps(line)
    assert line["request_id"] == response.json()["request_id"] == response.headers["x-request-id"]


def test_a_fault_can_be_read_by_pages_of_other_origins_that_are_let_in(broken: Finder, settings: Settings) -> None:
    client = TestClient(create_app(broken, dataclasses.replace(settings, allowed_origins=("https://page.example",))))
    response = client.post("/api/lookalikes", content=b"x", headers=JPEG | {"origin": "https://page.example"})
    assert response.status_code == 500
    assert response.headers["access-control-allow-origin"] == "https://page.example"


def test_an_answer_that_breaks_off_is_not_answered_twice(caplog: pytest.LogCaptureFixture) -> None:
    async def breaks_off(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        raise KeyError("secret of the inside")

    with caplog.at_level("INFO", logger="lookalike"):
        response = TestClient(RequestLog(Faults(breaks_off))).get("/")
    line = logged(caplog)
    assert response.status_code == line["status"] == 200 and not response.content
    assert line["error"].startswith("KeyError at breaks_off:")


def test_what_does_not_break_passes_as_it_is() -> None:
    response = TestClient(RequestLog(Faults(PlainTextResponse("well", 201)))).get("/")
    assert (response.status_code, response.text) == (201, "well")


def test_people_are_kept_for_minutes_and_known_by_a_weak_tag_or_any(finder: Finder, settings: Settings) -> None:
    client = TestClient(create_app(finder, settings))
    response = client.get("/api/people")
    assert response.headers["cache-control"] == "public, max-age=300"
    tag = response.headers["etag"]
    for known in (f"W/{tag}", f'"other", {tag}', "*"):
        again = client.get("/api/people", headers={"if-none-match": known})
        assert again.status_code == 304 and again.headers["etag"] == tag, known


def test_the_document_of_people_tells_how_alike_strangers_are_here(finder: Finder, settings: Settings) -> None:
    gallery = TestClient(create_app(finder, settings)).get("/api/people").json()["gallery"]
    scale = finder.gallery.scale
    for name, similarity in (("median_pair", scale.median_pair), ("median_nearest", scale.median_nearest)):
        assert similarity is not None and gallery[name] == pytest.approx((1 + similarity) * 50, abs=0.01)
