"""HTTP requests as the HTTP API hands them to a function (payload format 2.0), and the function's answers read back."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs

_ROUTE = "ANY /api/{proxy+}"
_HOST = "abcdefghij.execute-api.us-east-1.amazonaws.com"
# Bodies of these types come as text, all others as base64.
_TEXT = ("text/", "application/json", "application/javascript", "application/xml")


@dataclass(frozen=True, slots=True)
class Answer:
    """What a caller of the API gets. Header names are lower-case."""

    status: int
    headers: dict[str, str]
    body: bytes


def http_event(
    method: str, path: str, *, query: str = "", headers: Mapping[str, str] | None = None, body: bytes = b""
) -> dict[str, Any]:
    """The event for one request; `path` begins with /api/."""
    sent = {
        "accept": "*/*",
        "content-length": str(len(body)),
        "host": _HOST,
        "user-agent": "curl/8.5.0",
        "x-amzn-trace-id": "Root=1-6b043000-0123456789abcdef01234567",
        "x-forwarded-for": "203.0.113.7",
        "x-forwarded-port": "443",
        "x-forwarded-proto": "https",
    } | {name.lower(): value for name, value in (headers or {}).items()}
    event: dict[str, Any] = {
        "version": "2.0",
        "routeKey": _ROUTE,
        "rawPath": path,
        "rawQueryString": query,
        "headers": dict(sorted(sent.items())),
        "requestContext": _context(method, path, sent["user-agent"]),
        "pathParameters": {"proxy": path.removeprefix("/api/")},
        "isBase64Encoded": False,
    }
    if query:
        values = parse_qs(query, keep_blank_values=True)
        event["queryStringParameters"] = {name: ",".join(several) for name, several in values.items()}
    if body:
        as_text = sent.get("content-type", "").startswith(_TEXT)
        event["body"] = body.decode() if as_text else base64.b64encode(body).decode()
        event["isBase64Encoded"] = not as_text
    return event


def _context(method: str, path: str, agent: str) -> dict[str, Any]:
    """What the HTTP API says of the request and of itself."""
    return {
        "accountId": "123456789012",
        "apiId": _HOST.partition(".")[0],
        "domainName": _HOST,
        "domainPrefix": _HOST.partition(".")[0],
        "http": {
            "method": method,
            "path": path,
            "protocol": "HTTP/1.1",
            "sourceIp": "203.0.113.7",
            "userAgent": agent,
        },
        "requestId": "JKJaXmPLvHcESHA=",
        "routeKey": _ROUTE,
        "stage": "$default",
        "time": "23/Nov/2026:12:00:00 +0000",
        "timeEpoch": 1795435200000,
    }


def multipart(*parts: tuple[str, str, str, bytes]) -> tuple[str, bytes]:
    """Content type and body of a form upload; each part is (field, file name, content type, bytes)."""
    boundary = hashlib.sha256(b"".join(part[-1] for part in parts)).hexdigest()[:32]
    body = b""
    for field, name, kind, content in parts:
        disposition = f'Content-Disposition: form-data; name="{field}"; filename="{name}"'
        body += f"--{boundary}\r\n{disposition}\r\nContent-Type: {kind}\r\n\r\n".encode() + content + b"\r\n"
    return f"multipart/form-data; boundary={boundary}", body + f"--{boundary}--\r\n".encode()


def answer(payload: Mapping[str, Any]) -> Answer:
    """What the HTTP API makes of the function's answer."""
    body = payload.get("body", "")
    content = base64.b64decode(body) if payload.get("isBase64Encoded") else body.encode()
    headers = {name.lower(): value for name, value in payload.get("headers", {}).items()}
    return Answer(payload["statusCode"], headers, content)
