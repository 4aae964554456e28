"""Each event in tests/events, answered by the function as Lambda runs it."""

from __future__ import annotations

import importlib.util
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from infra.events import Answer, answer, http_event, multipart
from infra.runtime import LocalLambda
from infra.sandbox import Sandbox

EVENTS = Path(__file__).parents[1] / "events"
# Status, and a problem's slug.
EXPECTED = {
    "health": (200, None),
    "people": (200, None),
    "multipart": (200, None),
    "raw-jpeg": (200, None),
    "base64-json": (200, None),
    "compare": (200, None),
    "preflight": (405, "method-not-allowed"),
    "no-face": (422, "no-face"),
    "bad-path": (404, "not-found"),
    "bad-method": (405, "method-not-allowed"),
    "bad-type": (415, "unsupported-body"),
    "bad-photo": (415, "unsupported-photo"),
    "bad-parameter": (422, "invalid-parameter"),
    "bad-json": (400, "bad-request"),
    "damaged-photo": (422, "damaged-photo"),
    "empty-body": (422, "damaged-photo"),
}


@pytest.fixture(scope="module")
def function(place: Sandbox) -> Iterator[LocalLambda]:
    with LocalLambda(place) as function:
        yield function


def test_every_event_is_expected() -> None:
    assert {path.stem for path in EVENTS.glob("*.json")} == set(EXPECTED)


@pytest.mark.parametrize("name", EXPECTED)
def test_is_answered(function: LocalLambda, name: str) -> None:
    status, slug = EXPECTED[name]
    got = ask(function, name)
    assert got.status == status, got.body
    assert got.headers["x-request-id"]
    if slug:
        assert got.headers["content-type"] == "application/problem+json"
        assert json.loads(got.body)["type"] == f"urn:lookalike:problem:{slug}"


@pytest.mark.parametrize("path", sorted(EVENTS.glob("*.json")), ids=lambda path: path.stem)
def test_is_small(path: Path) -> None:
    assert path.stat().st_size < 40_000


def test_one_photo_is_answered_the_same_however_it_is_sent(function: LocalLambda) -> None:
    answers = [json.loads(ask(function, name).body) for name in ("multipart", "raw-jpeg", "base64-json")]
    assert [len(answer["faces"][0]["matches"]) for answer in answers] == [3, 5, 2]
    first, *others = [{**face, "matches": face["matches"][:2]} for answer in answers for face in answer["faces"]]
    assert all(other == first for other in others)


def test_a_page_elsewhere_may_call_the_api_when_it_is_named(place: Sandbox) -> None:
    variables = place.variables | {"LOOKALIKE_ALLOWED_ORIGINS": "https://example.org"}
    with LocalLambda(replace(place, variables=variables)) as function:
        preflight, upload = ask(function, "preflight"), ask(function, "no-face", origin="https://example.org")
    assert preflight.status == 200
    for got in (preflight, upload):
        assert got.headers["access-control-allow-origin"] == "https://example.org"


def test_the_log_holds_no_photo_and_no_name(place: Sandbox) -> None:
    with LocalLambda(place) as function:
        people = json.loads(ask(function, "people").body)["people"]
        for name in ("multipart", "compare", "bad-photo", "damaged-photo"):
            ask(function, name)
        log = function.log
    lines = [json.loads(line) for line in log.splitlines()]
    assert sum("request_id" in line for line in lines) == 5
    assert not any(person["name"] in log for person in people)
    assert "/9j/" not in log and "JFIF" not in log and max(map(len, log.splitlines())) < 1000


def test_the_committed_events_are_what_the_script_writes() -> None:
    """Photos aside: another Pillow may write other bytes for the same picture."""
    spec = importlib.util.spec_from_file_location("regenerate", EVENTS / "regenerate.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    fresh = {name: without_photo(event) for name, event in module.events().items()}
    assert fresh == {path.stem: without_photo(json.loads(path.read_text())) for path in EVENTS.glob("*.json")}


def test_text_comes_as_text_and_photos_as_base64() -> None:
    text = http_event("POST", "/api/x", headers={"Content-Type": "application/json; charset=utf-8"}, body=b'{"k":1}')
    photo = http_event("POST", "/api/x", headers={"Content-Type": "image/png"}, body=b"\x89PNG")
    assert (text["body"], text["isBase64Encoded"]) == ('{"k":1}', False)
    assert (photo["body"], photo["isBase64Encoded"]) == ("iVBORw==", True)
    assert http_event("GET", "/api/x", query="a=1&a=2&b=")["queryStringParameters"] == {"a": "1,2", "b": ""}


def test_a_form_holds_each_part() -> None:
    kind, body = multipart(("photo", "a.jpg", "image/jpeg", b"one"), ("photo", "b.jpg", "image/jpeg", b"two"))
    boundary = kind.partition("boundary=")[2].encode()
    assert body.count(b"--" + boundary) == 3 and body.endswith(b"--" + boundary + b"--\r\n")
    assert b'filename="b.jpg"\r\nContent-Type: image/jpeg\r\n\r\ntwo\r\n' in body


def ask(function: LocalLambda, name: str, **headers: str) -> Answer:
    event: dict[str, Any] = json.loads((EVENTS / f"{name}.json").read_text())
    event["headers"] |= headers
    invocation = function.invoke(event)
    assert not invocation.failed, invocation.payload
    return answer(invocation.json())


def without_photo(event: dict[str, Any]) -> dict[str, Any]:
    headers = {name: value for name, value in event["headers"].items() if name != "content-length"}
    if "content-type" in headers:
        headers["content-type"] = re.sub(r"boundary=\w{32}$", "boundary=", headers["content-type"])
    return {**event, "headers": headers, "body": bool(event.get("body"))}
