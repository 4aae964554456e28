"""sam-cli's own gateway and events, with the runtime stand-in in place of Docker."""

from __future__ import annotations

import base64
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest

from infra.events import http_event
from infra.sandbox import Sandbox

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def gateway(sam: Path, place: Sandbox, tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx2.Client]:
    """A client of `sam local start-api`'s server. It runs the package, or the sources where Lambda's Python is not."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    where = [str(place.task)] if (place.task / "onnxruntime").is_dir() else ["--sources", sys.executable]
    environment = os.environ | {"PYTHONPATH": str(ROOT), "SAM_CLI_TELEMETRY": "0"}
    log = (tmp_path_factory.mktemp("sam") / "log").open("w+")
    server = subprocess.Popen(
        [sam / "python", ROOT / "tests" / "infra" / "sam_gateway.py", str(port), *where],
        env=environment,
        stdout=log,
        stderr=log,
    )
    try:
        _wait_for(port, server, Path(log.name))
        with httpx2.Client(base_url=f"http://127.0.0.1:{port}", timeout=60) as client:
            yield client
    finally:
        server.terminate()
        server.wait(timeout=20)
        log.close()


def test_a_form_upload_is_answered(gateway: httpx2.Client, photo: bytes) -> None:
    response = gateway.post("/api/lookalikes", files={"photo": ("face.jpg", photo, "image/jpeg")}, data={"k": "2"})
    assert response.status_code == 200, response.text
    assert [match["rank"] for match in response.json()["faces"][0]["matches"]] == [1, 2]


def test_a_raw_photo_is_answered_the_same(gateway: httpx2.Client, photo: bytes) -> None:
    form = gateway.post("/api/lookalikes", files={"photo": ("face.jpg", photo, "image/jpeg")})
    raw = gateway.post("/api/lookalikes", content=photo, headers={"content-type": "image/jpeg"})
    assert raw.status_code == 200, raw.text
    assert raw.json()["faces"] == form.json()["faces"]
    assert raw.headers["server-timing"]


def test_base64_in_json_is_answered(gateway: httpx2.Client, photo: bytes) -> None:
    response = gateway.post("/api/lookalikes", json={"photo": base64.b64encode(photo).decode(), "k": 1})
    assert response.status_code == 200, response.text
    assert len(response.json()["faces"][0]["matches"]) == 1


def test_a_portrait_comes_as_the_very_bytes(gateway: httpx2.Client) -> None:
    person = gateway.get("/api/people").json()["people"][0]
    response = gateway.get(f"/api/portraits/{person['portrait']}")
    assert response.headers["content-type"] == "image/jpeg"
    assert response.content == (ROOT / "function" / "gallery" / "portraits" / person["portrait"]).read_bytes()


def test_problems_are_readable(gateway: httpx2.Client) -> None:
    response = gateway.post("/api/lookalikes", content=b"no photo", headers={"content-type": "image/jpeg"})
    assert response.status_code == 415
    assert response.headers["content-type"] == "application/problem+json"
    assert response.json()["type"] == "urn:lookalike:problem:unsupported-photo"


def test_only_the_api_is_there(gateway: httpx2.Client) -> None:
    assert gateway.get("/").status_code in (403, 404)


def test_our_events_have_the_shape_of_sam_clis(sam: Path) -> None:
    command = [str(sam / "sam"), "local", "generate-event", "apigateway", "http-api-proxy"]
    environment = os.environ | {"SAM_CLI_TELEMETRY": "0"}
    made = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True).stdout
    theirs = json.loads(made)
    ours = http_event("POST", "/api/lookalikes", query="k=2", headers={"content-type": "image/jpeg"}, body=b"\xff\xd8")
    # Left out by the real gateway unless the API has them: cookies, authorizers, client certificates, stage variables.
    for key in ("cookies", "stageVariables"):
        del theirs[key]
    for key in ("authentication", "authorizer"):
        theirs["requestContext"].pop(key, None)
    assert _shape(ours) == _shape(theirs)


def _shape(value: Any) -> Any:
    match value:
        case {"headers": dict(), **rest}:
            return _shape(rest) | {"headers": dict}
        case dict():
            maps = ("pathParameters", "queryStringParameters")
            return {key: dict if key in maps else _shape(item) for key, item in value.items()}
    return type(value)


def _wait_for(port: int, server: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and server.poll() is None:
        with socket.socket() as probe:
            probe.settimeout(1)
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    pytest.fail(f"sam-cli's gateway did not start:\n{log.read_text()}")
