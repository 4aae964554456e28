"""The local server under clients that are many, slow, rude or gone, and while it is told to stop."""

from __future__ import annotations

import http.client
import json
import signal
import socket
import sys
import threading
from collections.abc import Iterator

import httpx2
import pytest
from PIL import Image

from lookalike.settings import Settings
from tests.support import encoded
from tests.trust.running import Server, until

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks at the process through Linux's /proc")

JPEG = {"content-type": "image/jpeg"}


@pytest.fixture(scope="module")
def photo(hopper: Image.Image) -> bytes:
    return encoded(hopper)


@pytest.fixture(scope="module")
def server(settings: Settings) -> Iterator[Server]:
    with Server({"LOOKALIKE_GALLERY": str(settings.gallery)}, slow_client_seconds=1.0) as server:
        yield server


def head(method: str, path: str, *lines: str) -> bytes:
    return "\r\n".join([f"{method} {path} HTTP/1.1", "host: localhost", *lines, "", ""]).encode()


def answer(data: bytes) -> tuple[int, dict[str, object]]:
    """Status and JSON of a raw answer."""
    top, _, body = data.partition(b"\r\n\r\n")
    return int(top.split()[1]), json.loads(body)


def everything(connection: object) -> bytes:
    """All that comes until the other side closes."""
    data = b""
    while chunk := connection.recv(65536):  # type: ignore[attr-defined]
        data += chunk
    return data


def next_answer(connection: socket.socket) -> tuple[int, dict[str, object]]:
    """Status and JSON of an answer on a connection that stays."""
    with http.client.HTTPResponse(connection) as response:
        response.begin()
        return response.status, json.loads(response.read())


@pytest.mark.parametrize(
    "said",
    [
        b"",
        b"GET /api/health HTTP/1.1\r\nhost:",
        head("POST", "/api/lookalikes", "content-type: image/jpeg", "content-length: 4000000") + b"\xff\xd8\xff",
        head("POST", "/api/lookalikes", "content-type: image/jpeg", "transfer-encoding: chunked") + b"4\r\n\xff\xd8",
        head("GET", "/api/health") + b"GET /",
    ],
    ids=["silent", "half a header", "half a body", "half a chunk", "half a second request"],
)
def test_a_client_that_falls_silent_loses_its_connection(server: Server, said: bytes) -> None:
    with server.connect(said) as connection:
        connection.settimeout(15)
        try:
            data = everything(connection)
        except ConnectionResetError:
            data = b""
        assert b"200" in data.partition(b"\r\n")[0] if b"/api/health HTTP/1.1\r\nhost: localhost" in said else not data


def test_a_client_that_trickles_loses_its_connection(server: Server) -> None:
    with server.connect(b"GET /api/health HTTP/1.1\r\n") as connection:

        def cut() -> bool:
            try:
                connection.sendall(b"x-more: 1\r\n")
            except (ConnectionResetError, BrokenPipeError):
                return True
            return False

        assert until(cut, 15)


def test_a_client_that_asks_again_and_again_keeps_its_connection(server: Server) -> None:
    with httpx2.Client(base_url=server.address) as client:
        ports = set()
        for _ in range(8):
            response = client.get("/api/health")
            ports.add(response.extensions["network_stream"].get_extra_info("client_addr"))
            threading.Event().wait(0.25)  # two seconds in all, twice the server's timeout
    assert len(ports) == 1


def test_hundreds_of_silent_clients_keep_nobody_out_for_long(server: Server) -> None:
    idle = [server.connect() for _ in range(250)]
    try:
        assert until(lambda: httpx2.get(f"{server.address}/api/health").status_code == 200, 15)
    finally:
        for connection in idle:
            connection.close()
    assert until(lambda: server.descriptors() < 60)


def test_who_sends_too_much_is_told_so_rather_than_cut_off(server: Server) -> None:
    response = httpx2.post(f"{server.address}/api/lookalikes", content=bytes(20_000_000), headers=JPEG)
    assert response.status_code == 413 and response.json()["type"].endswith("too-large")
    lying = head("POST", "/api/lookalikes", "content-type: image/jpeg", "content-length: 10000000000")
    with server.connect(lying) as connection, pytest.raises((ConnectionResetError, BrokenPipeError, TimeoutError)):
        while True:
            connection.sendall(bytes(1_000_000))


def test_a_client_that_goes_away_is_no_fault_of_ours(settings: Settings) -> None:
    with Server({"LOOKALIKE_GALLERY": str(settings.gallery), "LOOKALIKE_LOG_LEVEL": "INFO"}) as server:
        assert server.process.stdout is not None
        server.connect(
            head("POST", "/api/lookalikes", *(f"{k}: {v}" for k, v in JPEG.items()), "content-length: 9")
        ).close()
        line = json.loads(server.process.stdout.readline())
        assert line["status"] == 400 and "error" not in line
        server.stop()
    assert "Traceback" not in server.errors


def test_a_full_house_turns_away_at_once_and_serves_those_inside(settings: Settings, photo: bytes) -> None:
    """More come than may wait: each is answered, by an answer or by 503 and when to come again, and none hangs."""
    with Server({"LOOKALIKE_GALLERY": str(settings.gallery), "LOOKALIKE_MAX_WAITING": "3"}) as server:
        statuses: list[int] = []

        def ask() -> None:
            response = httpx2.post(
                f"{server.address}/api/lookalikes?include=explanation", content=photo, headers=JPEG, timeout=60
            )
            assert response.status_code == 200 or int(response.headers["retry-after"]) > 0
            statuses.append(response.status_code)

        threads = [threading.Thread(target=ask) for _ in range(24)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(statuses) == 24 and set(statuses) == {200, 503} and statuses.count(200) >= 3
        assert httpx2.post(f"{server.address}/api/lookalikes", content=photo, headers=JPEG).status_code == 200


def test_a_full_house_refuses_before_the_photo_has_come(settings: Settings) -> None:
    """The answer comes on the headers; the connection takes the rest of the photo, and the next question after it."""
    question = head("POST", "/api/lookalikes", "content-type: image/jpeg", "content-length: 3000000")
    with Server({"LOOKALIKE_GALLERY": str(settings.gallery), "LOOKALIKE_MAX_WAITING": "1"}) as server:
        arriving = [server.connect(question + b"\xff\xd8\xff") for _ in range(4)]
        assert httpx2.get(f"{server.address}/api/health").status_code == 200
        with server.connect() as connection:
            for _ in range(2):
                connection.sendall(question)
                status, document = next_answer(connection)
                assert status == 503 and document["type"] == "urn:lookalike:problem:busy"
                connection.sendall(bytes(3_000_000))
            connection.sendall(head("GET", "/api/health"))
            assert next_answer(connection)[0] == 200
        for each in arriving:
            each.close()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_finishes_what_it_is_working_on_when_told_to_stop(settings: Settings, photo: bytes, number: int) -> None:
    configured = {"LOOKALIKE_GALLERY": str(settings.gallery), "LOOKALIKE_MAX_WAITING": "6"}
    with Server(configured, stop_seconds=100) as server:  # on a busy machine it may take that long
        path = "/api/lookalikes?include=explanation,mirror"
        request = head("POST", path, "content-type: image/jpeg", f"content-length: {len(photo)}") + photo
        quiet = server.threads()
        connections = [server.connect(request) for _ in range(6)]
        idle = server.connect(b"GET / HTTP/1.1\r\n")
        # Once all have arrived, and before the last is done.
        assert until(lambda: server.threads() > quiet)
        assert httpx2.get(f"{server.address}/api/health").status_code == 200
        server.process.send_signal(number)
        for connection in connections:
            with connection:
                status, document = answer(everything(connection))
                assert status == 200 and document["faces"]
        idle.close()
        assert server.process.wait(100) in (0, 1, -number, 130)
        with pytest.raises(ConnectionRefusedError):
            server.connect()
    assert "Traceback" not in server.errors


def test_a_request_that_hangs_does_not_keep_the_server_from_stopping(settings: Settings) -> None:
    with Server({"LOOKALIKE_GALLERY": str(settings.gallery)}, stop_seconds=1) as server:
        hanging = server.connect(head("POST", "/api/lookalikes", "content-type: image/jpeg", "content-length: 9"))
        assert httpx2.get(f"{server.address}/api/health").status_code == 200
        server.stop()
        hanging.close()
    assert "Traceback" not in server.errors


@pytest.mark.parametrize(
    "path",
    [
        "/../pyproject.toml",
        "/%2e%2e/pyproject.toml",
        "/..%2fpyproject.toml",
        "/js/..%2f..%2fpyproject.toml",
        "/%00",
        "/index.html%00.jpg",
        "/%ff%fe",
        "//etc/passwd",
        "/" + "a" * 5000,
        "/" + "a/" * 3000,
        "/api/portraits/..%2f..%2fmodels%2fmanifest.json",
        "/.%2e/function/models/manifest.json",
    ],
)
def test_no_path_leads_out_of_the_page(server: Server, path: str) -> None:
    with server.connect(head("GET", path, "connection: close")) as connection:
        status = int(everything(connection).split()[1])
    assert status == 404


@pytest.mark.parametrize(
    "raw",
    [
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET  HTTP/1.1\r\n\r\n",
        b"POST /api/lookalikes HTTP/1.1\r\nhost: localhost\r\ncontent-length: -5\r\n\r\n",
        b"POST /api/lookalikes HTTP/1.1\r\nhost: localhost\r\ncontent-length: 5\r\ncontent-length: 6\r\n\r\nhello",
        b"GET / HTTP/1.1\r\nhost: localhost\r\nx: " + b"a" * 100_000 + b"\r\n\r\n",
        b"GET / HTTP/1.1\r\nhost: localhost\r\n" + b"x: y\r\n" * 20_000 + b"\r\n",
        b"GET /\xff\xfe HTTP/1.1\r\nhost: localhost\r\n\r\n",
        bytes(range(256)) * 4,
    ],
)
def test_what_is_hardly_http_does_no_harm(server: Server, raw: bytes) -> None:
    with server.connect() as connection:
        try:
            connection.sendall(raw)
            data = everything(connection)
        except (ConnectionResetError, BrokenPipeError):
            data = b""
    assert not data or data.split()[1] in (b"200", b"400", b"403")
    assert b"400" not in data[:14] or b'"type": "urn:lookalike:problem:bad-request"' in data
    assert httpx2.get(f"{server.address}/api/health").status_code == 200


def test_a_page_elsewhere_cannot_give_this_machine_its_own_name(server: Server) -> None:
    for path in ("/", "/api/people"):
        with server.connect(
            f"GET {path} HTTP/1.1\r\nhost: rebound.example\r\nconnection: close\r\n\r\n".encode()
        ) as it:
            status, document = answer(everything(it))
        assert status == 403 and document["type"] == "urn:lookalike:problem:wrong-address"


def test_head_is_get_without_a_body(server: Server) -> None:
    for path in ("/", "/api/health", "/api/people", "/api/openapi.json"):
        response = httpx2.head(server.address + path)
        assert response.status_code == 200 and not response.content
    refused = httpx2.head(f"{server.address}/api/lookalikes")
    assert refused.status_code == 405 and refused.headers["allow"] == "POST"


def test_every_answer_has_its_security_headers(server: Server) -> None:
    for path in ("/", "/nothing", "/api/nothing", "/api/health"):
        headers = httpx2.get(server.address + path).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        assert "default-src 'none'" in headers["content-security-policy"]
        assert "server" not in headers
