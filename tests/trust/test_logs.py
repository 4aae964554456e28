"""What the server writes down, at its most talkative: sizes, counts and timings, and nothing that anybody sent."""

from __future__ import annotations

import base64
import json
import sys

import httpx2
import pytest
from PIL import Image

from lookalike.settings import Settings
from tests.support import encoded
from tests.trust.running import Server

SECRET = "Xq7Secret"
KNOWN = {"request_id", "method", "path", "status", "ms", "cold", "photos", "bytes", "faces", "timings_ms", "error"}


@pytest.mark.skipif(sys.platform != "linux", reason="Server looks at the process through Linux's /proc")
def test_nothing_that_was_sent_or_answered_is_written_down(settings: Settings, hopper: Image.Image) -> None:
    exif = Image.Exif()
    exif[0x010E] = f"{SECRET} description"
    photo = encoded(hopper, exif=exif, comment=SECRET.encode())
    dark = encoded(Image.new("RGB", (64, 64)))
    headers = {"user-agent": SECRET, "x-forwarded-for": SECRET, "referer": SECRET, "cookie": SECRET}
    environment = {"LOOKALIKE_GALLERY": str(settings.gallery), "LOOKALIKE_LOG_LEVEL": "DEBUG"}
    with Server(environment) as server, httpx2.Client(base_url=server.address, headers=headers) as client:
        found = client.post(f"/api/lookalikes?x={SECRET}&include=embedding", files={"photo": (f"{SECRET}.jpg", photo)})
        refused = [
            client.post("/api/lookalikes", files={"photo": (SECRET, dark)}),
            client.post("/api/lookalikes", json={"photo": SECRET, "k": SECRET}),
            client.post("/api/lookalikes", json={"photo": base64.b64encode(dark).decode(), SECRET: 1}),
            client.post("/api/lookalikes", content=SECRET.encode(), headers={"content-type": SECRET}),
            client.post("/api/lookalikes", content=f"{{{SECRET}", headers={"content-type": "application/json"}),
            client.post("/api/compare", files={"a": photo, "b": SECRET.encode()}),
            client.get(f"/api/portraits/{SECRET}.jpg"),
            client.get(f"/api/{SECRET}"),
            client.request(SECRET, "/api/health"),
            client.get(f"/{SECRET}"),
        ]
        assert found.status_code == 200 and all(400 <= response.status_code < 500 for response in refused)
        server.stop()
        assert server.process.stdout is not None
        output = server.process.stdout.read()
    lines = [json.loads(line) for line in output.splitlines()]
    assert len(lines) == 10  # one for each request to the API, and none for the page
    for line in lines:
        assert set(line) <= KNOWN
    embedding = found.json()["faces"][0]["embedding"]
    for written in (output, server.errors):
        assert SECRET not in written and "Hopper" not in written and "Grace" not in written
        assert not any(str(value) in written for value in embedding if abs(value) > 0.01)
