"""What is no request is no error, and with a secret only CloudFront is let in."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from mangum import Mangum
from starlette.responses import PlainTextResponse

from infra.events import http_event
from lookalike.api.gateway import ORIGIN_HEADER, answer


@pytest.fixture(autouse=True, scope="module")
def loop() -> Iterator[None]:
    """Mangum makes an event loop where there is none, already when it is made itself, and never closes it."""
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    yield
    asyncio.set_event_loop(None)
    loop.close()


@cache
def adapter() -> Mangum:
    return Mangum(PlainTextResponse("well"), lifespan="off")


def ask(event: Any, secret: str = "") -> dict[str, Any]:
    return answer(event, None, adapter(), secret)


def request(**headers: str) -> dict[str, Any]:
    return http_event("GET", "/api/health", headers={name.replace("_", "-"): text for name, text in headers.items()})


@pytest.mark.parametrize(
    "event",
    [None, [], "warm", 5, {}, {"source": "aws.events", "detail": {}}, {"Records": [{}]}, {"requestContext": None}],
)
def test_what_is_no_request_is_answered_with_nothing(event: Any) -> None:
    assert ask(event) == {"statusCode": 204}


@pytest.mark.parametrize(
    "event", [{"requestContext": {}}, request() | {"body": "a", "isBase64Encoded": True}, request() | {"headers": None}]
)
def test_a_request_that_cannot_be_read_is_the_callers_fault(event: Any) -> None:
    got = ask(event)
    assert got["statusCode"] == 400 and got["headers"]["content-type"] == "application/problem+json"
    assert json.loads(got["body"])["type"] == "urn:lookalike:problem:bad-request"


def test_a_request_is_passed_on() -> None:
    assert (ask(request())["statusCode"], ask(request())["body"]) == (200, "well")


def test_with_a_secret_only_who_knows_it_is_let_in() -> None:
    for event in (request(), request(x_lookalike_origin="guess"), request(x_lookalike_origin="s3cre")):
        got = ask(event, "s3cret")
        assert got["statusCode"] == 403
        assert json.loads(got["body"])["request_id"] == event["requestContext"]["requestId"]
    assert ask(request(x_lookalike_origin="s3cret"), "s3cret")["statusCode"] == 200
    assert ORIGIN_HEADER == "x-lookalike-origin"
