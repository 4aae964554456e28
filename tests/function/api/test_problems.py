"""What no route expected: one problem document, one word in the log, and nothing of the inside."""

from __future__ import annotations

import asyncio
import dataclasses
import json
from typing import Any

import pytest
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.testclient import TestClient
from starlette.types import Receive, Scope, Send

from lookalike.api.application import create_app
from lookalike.api.log import RequestLog
from lookalike.api.problems import (
    Faults,
    document_of,
    language_of,
    on_error,
    on_http_exception,
    on_invalid_request,
    problem,
)
from lookalike.errors import Busy, LookalikeError, MissingFile, NoFace, NotFound, Unavailable
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


def accepting(text: str) -> Request:
    return Request({"type": "http", "headers": [(b"accept-language", text.encode())]})


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("ko;q=0.5,en;q=0.5", "ko"),
        ("en;q=0.5,ko;q=0.5", "en"),
        ("KO-kr", "ko"),
        ("en;q=0,ko;q=0.001", "ko"),
        ("ko;q=-1", "en"),
        ("ko;q=0", "en"),
        ("ko;q=x,en;q=y,fr", "en"),
        ("en;q=x,ko", "ko"),
        ("fr;q=0.9,en;q=0.1,ko;q=0.2", "ko"),
        ("fr," * 19 + "ko", "ko"),
        ("fr," * 20 + "ko", "en"),
    ],
)
def test_the_language_that_is_liked_best_of_the_first_twenty(accepted: str, language: str) -> None:
    assert language_of(accepting(accepted)) == language


@pytest.mark.parametrize(("error", "retry"), [(Busy(), "1"), (Unavailable(), "1"), (NotFound(), None)])
def test_who_is_to_come_back_is_told_when(error: LookalikeError, retry: str | None) -> None:
    response = problem(error, "ko", "id-1", {"allow": "GET"})
    assert response.headers.get("retry-after") == retry and response.status_code == error.status
    assert (response.headers["content-language"], response.headers["allow"]) == ("ko", "GET")
    assert json.loads(bytes(response.body)) == {
        "type": f"urn:lookalike:problem:{error.slug}",
        "title": error.title,
        "status": error.status,
        "detail": error.ko,
        "request_id": "id-1",
    }
    assert error.ko.encode() in bytes(response.body)  # as it is, not in escapes


def test_a_hint_is_told_where_there_is_one() -> None:
    assert document_of(NoFace(hint="blurred"), "en", "")["hint"] == "blurred"


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (HTTPException(404), 404),
        (HTTPException(405, headers={"allow": "POST"}), 405),
        (HTTPException(418), 400),
        (ValueError(), 400),
    ],
)
def test_what_the_router_refuses_is_a_problem_too(error: Exception, status: int) -> None:
    response = asyncio.run(on_http_exception(accepting("en"), error))
    assert response.status_code == status and response.headers["content-type"] == "application/problem+json"
    assert response.headers.get("allow") == ("POST" if status == 405 else None)


def test_a_parameter_of_the_query_is_named_with_its_rule() -> None:
    refused = RequestValidationError([{"loc": ("query", "min_probability"), "msg": "", "type": ""}])
    response = asyncio.run(on_invalid_request(accepting("en"), refused))
    assert response.status_code == 422
    assert json.loads(bytes(response.body))["detail"] == "“min_probability” must be a number, 0–1."


def test_errors_of_the_installation_are_not_told_to_callers() -> None:
    response = asyncio.run(on_error(accepting("en"), MissingFile(path="/srv/secret", command="make")))
    assert response.status_code == 500 and b"secret" not in bytes(response.body)
    assert asyncio.run(on_error(accepting("en"), NotFound())).status_code == 404
