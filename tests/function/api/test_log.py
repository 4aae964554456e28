"""One line a request, with its own id and times; headers that a route may set otherwise; and nothing of other layers."""

from __future__ import annotations

import json
import logging
import sys
import time
from typing import Any

import anyio
import pytest
from starlette.responses import PlainTextResponse
from starlette.testclient import TestClient
from starlette.types import ASGIApp, Receive, Scope, Send

from lookalike.api.log import RequestLog, configure_logging

logger = logging.getLogger("lookalike")


@pytest.fixture
def untouched() -> Any:
    """The logger as it was before the test."""
    handlers, propagate, level = logger.handlers[:], logger.propagate, logger.level
    yield
    logger.handlers[:], logger.propagate = handlers, propagate
    logger.setLevel(level)


def pass_through(app: ASGIApp, scope: Scope) -> None:
    """Where nothing is received and nothing sent."""
    anyio.run(app, scope, None, None)  # type: ignore[arg-type]


def test_a_line_says_how_long_it_took_in_tenths_of_milliseconds(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        scope["lookalike.log"]["photos"] = 2
        monkeypatch.setattr(time, "perf_counter", lambda: 100.25037)
        await PlainTextResponse("x", 202)(scope, receive, send)

    client = TestClient(RequestLog(app))
    monkeypatch.setattr(time, "perf_counter", lambda: 100.0)
    with caplog.at_level("INFO", logger="lookalike"):
        response = client.get("/typed/by/somebody")
    monkeypatch.undo()
    (line,) = [json.loads(record.getMessage()) for record in caplog.records if record.name == "lookalike"]
    request_id = response.headers["x-request-id"]
    known = {"request_id": request_id, "method": "GET", "path": "unknown", "status": 202, "ms": 250.4}
    assert line == known | {"cold": True, "photos": 2}


def test_lambdas_own_id_is_the_requests() -> None:
    class Context:
        aws_request_id = "of-lambda"

    ids = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        ids.append(scope["lookalike.request_id"])

    for context in (Context(), None):
        pass_through(RequestLog(app), {"type": "http", "method": "GET", "aws.context": context})
    assert ids[0] == "of-lambda" and len(ids[1]) == 36


def test_the_first_request_is_cold_and_one_without_an_answer_has_no_status(caplog: pytest.LogCaptureFixture) -> None:
    async def silent(scope: Scope, receive: Receive, send: Send) -> None:
        pass

    log = RequestLog(silent)
    with caplog.at_level("INFO", logger="lookalike"):
        for _ in range(3):
            pass_through(log, {"type": "http", "method": "GET"})
    lines = [json.loads(record.getMessage()) for record in caplog.records if record.name == "lookalike"]
    assert [(line["cold"], line["status"]) for line in lines] == [(True, 0), (False, 0), (False, 0)]


def test_headers_are_added_where_a_route_has_none_of_its_own() -> None:
    headers = {"content-security-policy": "default-src 'self'", "x-request-id": "guessed"}
    answer = TestClient(RequestLog(PlainTextResponse("x", headers=headers))).get("/").headers
    assert answer["content-security-policy"] == "default-src 'self'" and answer["x-request-id"] != "guessed"
    assert (answer["x-content-type-options"], answer["referrer-policy"]) == ("nosniff", "no-referrer")


def test_what_is_no_request_passes_unseen(caplog: pytest.LogCaptureFixture) -> None:
    seen: list[Scope] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        seen.append(scope)

    with caplog.at_level("INFO", logger="lookalike"):
        pass_through(RequestLog(app), {"type": "lifespan"})
    assert seen == [{"type": "lifespan"}] and not caplog.records


@pytest.mark.usefixtures("untouched")
def test_lines_go_to_standard_output_once_however_often_it_is_set_up(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    logger.handlers.clear()
    for level in ("INFO", "WARNING", "INFO"):
        configure_logging(level)
    assert [handler.stream for handler in logger.handlers] == [sys.stdout]  # type: ignore[attr-defined]
    logger.info('{"a": 1}')
    logger.debug("hidden")
    assert capsys.readouterr().out == '{"a": 1}\n' and not logger.propagate


@pytest.mark.usefixtures("untouched")
def test_other_layers_are_kept_quiet() -> None:
    for name in ("mangum", "python_multipart", "PIL"):
        logging.getLogger(name).setLevel(logging.NOTSET)
    configure_logging("DEBUG")
    levels = {name: logging.getLogger(name).level for name in ("mangum", "python_multipart", "PIL")}
    assert levels == {"mangum": logging.WARNING, "python_multipart": logging.CRITICAL, "PIL": logging.CRITICAL}
    assert logger.level == logging.DEBUG
