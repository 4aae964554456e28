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

PRIVATE = "Xq7Private"
KNOWN = {"request_id", "method", "path", "status", "ms", "cold", "photos", "bytes", "faces", "timings_ms", "error"}


@pytest.mark.skipif(sys.platform != "linux", reason="Server looks at the process through Linux's /proc")
def test_nothing_that_was_sent_or_answered_is_written_down(settings: Settings, hopper: Image.Image) -> None:
    exif = Image.Exif()
    exif[0x010E] = f"{PRIVATE} description"
    photo = encoded(hopper, exif=exif, comment=PRIVATE.encode())
    dark = encoded(Image.new("RGB", (64, 64)))
    headers = {"user-agent": PRIVATE, "x-forwarded-for": PRIVATE, "referer": PRIVATE, "cookie": PRIVATE}
    environment = {"LOOKALIKE_GALLERY": str(settings.gallery), "LOOKALIKE_LOG_LEVEL": "DEBUG"}
    with Server(environment) as server, httpx2.Client(base_url=server.address, headers=headers) as client:
        found = client.post(
            f"/api/lookalikes?x={PRIVATE}&include=embedding", files={"photo": (f"{PRIVATE}.jpg", photo)}
        )
        refused = [
            client.post("/api/lookalikes", files={"photo": (PRIVATE, dark)}),
            client.post("/api/lookalikes", json={"photo": PRIVATE, "k": PRIVATE}),
            client.post("/api/lookalikes", json={"photo": base64.b64encode(dark).decode(), PRIVATE: 1}),
            client.post("/api/lookalikes", content=PRIVATE.encode(), headers={"content-type": PRIVATE}),
            client.post("/api/lookalikes", content=f"{{{PRIVATE}", headers={"content-type": "application/json"}),
            client.post("/api/compare", files={"a": photo, "b": PRIVATE.encode()}),
            client.get(f"/api/portraits/{PRIVATE}.jpg"),
            client.get(f"/api/{PRIVATE}"),
            client.request(PRIVATE, "/api/health"),
            client.get(f"/{PRIVATE}"),
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
        assert PRIVATE not in written and "Hopper" not in written and "Grace" not in written
        assert not any(str(value) in written for value in embedding if abs(value) > 0.01)
