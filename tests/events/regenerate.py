"""Writes the events beside it: `python tests/events/regenerate.py`. The faces in them are drawn."""

from __future__ import annotations

import base64
import io
import json
from pathlib import Path
from typing import Any

from PIL import Image

from export.demo.portrait import paint
from export.demo.traits import Look
from infra.events import http_event, multipart

LOOKALIKES = "/api/lookalikes"
ONE = Look("f", 31, "light", "brown", "bob", "black", "none", "none", "blouse", "gentle", seed=3)
OTHER = Look("m", 45, "tan", "brown", "side-part", "brown", "none", "none", "suit", "calm", seed=5)


def events() -> dict[str, dict[str, Any]]:
    """Every event by its file's name."""
    face, other = jpeg(paint(ONE)), jpeg(paint(OTHER))
    form, upload = multipart(("photo", "face.jpg", "image/jpeg", face))
    pair, two = multipart(("a", "one.jpg", "image/jpeg", face), ("b", "other.jpg", "image/jpeg", other))
    encoded = json.dumps({"photo": base64.b64encode(face).decode(), "k": 2}).encode()
    preflight = {
        "origin": "https://example.org",
        "access-control-request-method": "POST",
        "access-control-request-headers": "content-type",
    }
    return {
        "health": http_event("GET", "/api/health"),
        "people": http_event("GET", "/api/people"),
        "multipart": post(LOOKALIKES, form, upload, query="k=3"),
        "raw-jpeg": post(LOOKALIKES, "image/jpeg", face),
        "base64-json": post(LOOKALIKES, "application/json", encoded),
        "compare": post("/api/compare", pair, two),
        "preflight": http_event("OPTIONS", LOOKALIKES, headers=preflight),
        "no-face": post(LOOKALIKES, "image/jpeg", jpeg(Image.new("RGB", (200, 200), (120, 140, 160)))),
        "bad-path": http_event("GET", "/api/nothing-here"),
        "bad-method": http_event("DELETE", LOOKALIKES),
        "bad-type": post(LOOKALIKES, "text/plain", b"a face, please"),
        "bad-photo": post(LOOKALIKES, "image/jpeg", b"this is not a photo"),
        "bad-parameter": post(LOOKALIKES, "image/jpeg", face, query="k=0"),
        "bad-json": post(LOOKALIKES, "application/json", b'{"photo": '),
        "damaged-photo": post(LOOKALIKES, "image/jpeg", face[: len(face) // 3]),
        "empty-body": http_event("POST", LOOKALIKES, headers={"content-type": "image/jpeg"}),
    }


def post(path: str, kind: str, body: bytes, query: str = "") -> dict[str, Any]:
    return http_event("POST", path, query=query, headers={"content-type": kind}, body=body)


def jpeg(picture: Image.Image) -> bytes:
    file = io.BytesIO()
    picture.convert("RGB").resize((240, 240 * picture.height // picture.width)).save(file, "JPEG", quality=80)
    return file.getvalue()


if __name__ == "__main__":
    for name, event in events().items():
        text = json.dumps(event, indent=2, ensure_ascii=False) + "\n"
        Path(__file__).with_name(f"{name}.json").write_text(text, encoding="utf-8")
