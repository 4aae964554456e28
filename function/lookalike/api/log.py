"""Around every request: an id, one line of JSON in the log, and the headers that every answer carries."""

from __future__ import annotations

import json
import logging
import sys
import time
import uuid
from typing import Any

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

logger = logging.getLogger("lookalike")

SECURITY_HEADERS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
}


class RequestLog:
    """Outermost ASGI layer. What a route leaves in scope["lookalike.log"] joins the request's log line.

    The line holds sizes, counts and timings, never a photo, a name or an embedding.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._cold = True

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        start = time.perf_counter()
        request_id = _request_id(scope)
        facts: dict[str, Any] = {"cold": self._cold}
        self._cold = False
        scope["lookalike.request_id"], scope["lookalike.log"] = request_id, facts
        status = 0

        async def send_with_headers(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                headers["x-request-id"] = request_id
                for name, value in SECURITY_HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, send_with_headers)
        duration = (time.perf_counter() - start) * 1000
        line = {"request_id": request_id, "method": scope["method"], "path": _known(scope), "status": status}
        logger.info(json.dumps(line | {"ms": round(duration, 1)} | facts))


def configure_logging(level: str) -> None:
    """Log lines go to standard output as they are, once."""
    if not logger.handlers:
        handler = logging.StreamHandler(sys.stdout)
        handler.setFormatter(logging.Formatter("%(message)s"))
        logger.addHandler(handler)
        logger.propagate = False
    logger.setLevel(level)
    # Mangum would add a line with the path as it was typed, which may hold anything.
    logging.getLogger("mangum").setLevel(logging.WARNING)
    # Readers of forms and photos remark on malformed ones, which the answer already does.
    for remarks in ("python_multipart", "PIL"):
        logging.getLogger(remarks).setLevel(logging.CRITICAL)


def _request_id(scope: Scope) -> str:
    context = scope.get("aws.context")
    return str(getattr(context, "aws_request_id", "") or uuid.uuid4())


def _known(scope: Scope) -> str:
    """The route's own path, not the one typed: that may hold anything."""
    route = scope.get("route")
    return str(getattr(route, "path", "unknown"))
