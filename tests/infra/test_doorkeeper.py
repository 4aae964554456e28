"""The local server answers to its own names only, sheds a crowd, and says in a problem document what it has not."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles
from starlette.testclient import TestClient
from starlette.types import Receive, Scope, Send

from infra.doorkeeper import Doorkeeper


@pytest.fixture
def client(tmp_path: Path) -> TestClient:
    (tmp_path / "index.html").write_text("hello")
    files = Starlette(routes=[Mount("/", StaticFiles(directory=tmp_path, html=True))])
    return TestClient(Doorkeeper(files, ["Laptop.local"]))


@pytest.mark.parametrize(
    "host",
    ["localhost", "localhost:8000", "LOCALHOST", "127.0.0.1:8000", "192.168.0.7", "[::1]:8000", "laptop.local:80"],
)
def test_answers_to_addresses_and_its_own_names(client: TestClient, host: str) -> None:
    assert client.get("/", headers={"host": host}).text == "hello"


@pytest.mark.parametrize("host", ["rebound.example", "localhost.rebound.example", "127.0.0.1.rebound.example", "[", ""])
def test_does_not_answer_to_strangers_names(client: TestClient, host: str) -> None:
    response = client.get("/", headers={"host": host, "accept-language": "ko"})
    assert response.status_code == 403 and response.json()["type"] == "urn:lookalike:problem:wrong-address"
    assert "이름" in response.json()["detail"] and response.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    ("method", "path", "headers", "status", "slug"),
    [
        ("GET", "/nothing", {}, 404, "not-found"),
        ("POST", "/", {}, 405, "method-not-allowed"),
        ("GET", "/index.html", {"range": "bytes=9-12"}, 416, "no-such-range"),
        ("GET", "/index.html", {"range": "lines=1"}, 400, "bad-request"),
    ],
)
def test_what_files_refuse_is_a_problem_document(
    client: TestClient, method: str, path: str, headers: dict[str, str], status: int, slug: str
) -> None:
    response = client.request(method, path, headers={"host": "localhost"} | headers)
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"
    assert response.json()["type"] == f"urn:lookalike:problem:{slug}" and response.json()["request_id"]
    if status == 416:
        assert response.headers["content-range"].endswith("5")


def test_one_more_than_may_be_inside_is_told_to_come_again() -> None:
    inside, leave = asyncio.Event(), asyncio.Event()

    async def slow(scope: Scope, receive: Receive, send: Send) -> None:
        inside.set()
        await leave.wait()
        await PlainTextResponse("done")(scope, receive, send)

    async def ask(door: Doorkeeper, heard: Callable[[int], None]) -> None:
        async def send(message: object) -> None:
            assert isinstance(message, dict)
            if "status" in message:
                heard(message["status"])

        scope = {"type": "http", "method": "GET", "path": "/", "headers": [(b"host", b"localhost")]}
        await door(scope, lambda: asyncio.sleep(0), send)  # type: ignore[arg-type, return-value]

    async def both() -> list[int]:
        door, statuses = Doorkeeper(slow, most=1), list[int]()
        first = asyncio.create_task(ask(door, statuses.append))
        await inside.wait()
        await ask(door, statuses.append)
        leave.set()
        await first
        await ask(door, statuses.append)
        return statuses

    # Not asyncio.run, which would leave the tests after this one without an event loop.
    loop = asyncio.new_event_loop()
    try:
        assert loop.run_until_complete(both()) == [503, 200, 200]
    finally:
        loop.close()
