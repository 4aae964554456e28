"""What the local server refuses before or instead of its routes: strangers' names, a crowd, files that are not there.

All of it as problem documents, as the API's own errors are.
"""

from __future__ import annotations

import ipaddress
import uuid
from collections.abc import Collection
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from lookalike.api.log import SECURITY_HEADERS
from lookalike.api.problems import MEDIA_TYPE, language_of, problem
from lookalike.errors import BadRequest, Busy, LookalikeError, MethodNotAllowed, NoSuchRange, NotFound, UnknownHost

MOST_REQUESTS = 200  # at once; the API's own queue is far shorter
_OF_THE_TEXT = ("content-type", "content-length")
_REASONS: dict[int, LookalikeError] = {404: NotFound(), 405: MethodNotAllowed(), 416: NoSuchRange()}


class Doorkeeper:
    """Outermost ASGI layer of the local server, which answers to addresses, to localhost and to `names`.

    A page elsewhere can have its own name lead to this machine (DNS rebinding), and would then read the gallery as its
    own: it cannot do so with an address.
    """

    def __init__(self, app: ASGIApp, names: Collection[str] = (), most: int = MOST_REQUESTS) -> None:
        self._app = app
        self._names = {"localhost", *(name.lower() for name in names)}
        self._most = most
        self._inside = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
        elif not self._is_ours(Headers(scope=scope).get("host", "")):
            await _answer(UnknownHost(), SECURITY_HEADERS, scope, receive, send)
        elif self._inside >= self._most:
            await _answer(Busy(), SECURITY_HEADERS, scope, receive, send)
        else:
            self._inside += 1
            try:
                await _told(self._app, scope, receive, send)
            finally:
                self._inside -= 1

    def _is_ours(self, host: str) -> bool:
        try:
            name = urlsplit(f"//{host}").hostname or ""
            return name in self._names or bool(ipaddress.ip_address(name))
        except ValueError:
            return False


async def _told(app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    """The application's answer, or a problem document in place of one in plain text."""
    refused: LookalikeError | None = None
    kept: dict[str, str] = {}

    async def instead(message: Message) -> None:
        nonlocal refused, kept
        if message["type"] == "http.response.start" and message["status"] >= 400:
            headers = Headers(raw=message["headers"])
            if headers.get("content-type") != MEDIA_TYPE:
                malformed = BadRequest(reason="it is malformed", reason_ko="형식이 올바르지 않습니다")
                refused = _REASONS.get(message["status"], malformed)
                kept = {name: value for name, value in headers.items() if name not in _OF_THE_TEXT}
        if refused is None:
            await send(message)

    await app(scope, receive, instead)
    if refused is not None:
        await _answer(refused, kept, scope, receive, send)


async def _answer(error: LookalikeError, headers: dict[str, str], scope: Scope, receive: Receive, send: Send) -> None:
    response = problem(error, language_of(Request(scope)), str(uuid.uuid4()), headers)
    await response(scope, receive, send)
