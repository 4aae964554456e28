"""Errors as RFC 9457 problem documents, in the reader's language and without anything of the inside."""

from __future__ import annotations

import json

from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from lookalike import schemas
from lookalike.errors import BadRequest, Language, LookalikeError, MethodNotAllowed, NotFound
from lookalike.options import out_of_range

MEDIA_TYPE = "application/problem+json"
TYPE_PREFIX = "urn:lookalike:problem:"
RETRY_AFTER_SECONDS = 1


def problem(
    error: LookalikeError, language: Language, request_id: str, headers: dict[str, str] | None = None
) -> Response:
    """The response for an error; a 503 says when to come back."""
    extra = {"content-language": language} | (headers or {})
    if error.status == 503:
        extra["retry-after"] = str(RETRY_AFTER_SECONDS)
    body = json.dumps(document_of(error, language, request_id), ensure_ascii=False).encode()
    return Response(body, error.status, extra, MEDIA_TYPE)


def document_of(error: LookalikeError, language: Language, request_id: str) -> schemas.Problem:
    document: schemas.Problem = {
        "type": TYPE_PREFIX + error.slug,
        "title": error.title,
        "status": error.status,
        "detail": error.sentence(language),
        "request_id": request_id,
    }
    if error.hint:
        document["hint"] = error.hint
    return document


class Faults:
    """Innermost ASGI layer: what no route expected becomes a problem document, and its place a word in the log."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = False

        async def noticed(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self._app(scope, receive, noticed)
        except Exception as error:
            # The kind of error tells where to look; its text might quote what the user sent.
            scope["lookalike.log"]["error"] = _where(error)
            if not started:
                response = await on_error(Request(scope), error)
                await response(scope, receive, send)


async def on_error(request: Request, error: Exception) -> Response:
    # A SetupError while requests are answered speaks of files and paths: nobody outside should read it.
    public = error if isinstance(error, LookalikeError) and error.status != 500 else LookalikeError()
    return problem(public, language_of(request), request_id_of(request))


async def on_invalid_request(request: Request, error: Exception) -> Response:
    """What FastAPI itself refuses: a parameter of the query."""
    _, name, *_ = error.errors()[0]["loc"] if isinstance(error, RequestValidationError) else ("query", "k")
    return await on_error(request, out_of_range(str(name)))


async def on_http_exception(request: Request, error: Exception) -> Response:
    """What the router itself refuses: an unknown address or method."""
    status = error.status_code if isinstance(error, HTTPException) else 400
    headers = dict(error.headers or {}) if isinstance(error, HTTPException) else {}
    known: dict[int, LookalikeError] = {404: NotFound(), 405: MethodNotAllowed()}
    found = known.get(status, BadRequest(reason="it is malformed", reason_ko="형식이 올바르지 않습니다"))
    return problem(found, language_of(request), request_id_of(request), headers)


def request_id_of(request: Request) -> str:
    return str(request.scope.get("lookalike.request_id", ""))


def language_of(request: Request) -> Language:
    """Korean when Accept-Language puts it before English, else English."""
    preferred: list[tuple[float, str]] = []
    for part in request.headers.get("accept-language", "").split(",")[:20]:
        tag, _, quality = part.strip().partition(";q=")
        try:
            weight = float(quality) if quality else 1.0
        except ValueError:
            continue
        preferred.append((weight, tag.strip().lower().partition("-")[0]))
    # sorted() is stable, so that equal weights keep the browser's order.
    for weight, tag in sorted(preferred, key=lambda item: -item[0]):
        if weight > 0 and tag in ("ko", "en"):
            return "ko" if tag == "ko" else "en"
    return "en"


def _where(error: BaseException) -> str:
    traceback = error.__traceback__
    while traceback is not None and traceback.tb_next is not None:
        traceback = traceback.tb_next
    place = f" at {traceback.tb_frame.f_code.co_name}:{traceback.tb_lineno}" if traceback else ""
    return type(error).__name__ + place
