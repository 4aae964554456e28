"""The HTTP API: a thin skin over the finder. Errors become documents in problems.py, logs are log.py's.

Requests are routed by Starlette, on which FastAPI stands. FastAPI itself describes the API (documentation.py) and is
imported when somebody asks for that: importing it takes as long as starting all the rest, and no answer needs it.
"""

from __future__ import annotations

import hashlib
import json
import math
import re
from functools import partial

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from lookalike import __version__
from lookalike.answer import Json
from lookalike.api.bodies import Upload, discard, read_upload
from lookalike.api.log import RequestLog
from lookalike.api.problems import on_error, on_http_exception, request_id_of
from lookalike.api.queue import Line
from lookalike.errors import Busy, InvalidParameter, LookalikeError, NotFound
from lookalike.finder import Finder
from lookalike.gallery.people import percent
from lookalike.options import DEFAULTS, FindOptions
from lookalike.settings import Settings

_PORTRAIT = re.compile(r"[0-9a-f]{16,64}(-small)?\.jpg")  # named by content: what is not in the gallery is not there
PEOPLE_CACHE = "public, max-age=300"
PORTRAIT_CACHE = "public, max-age=31536000, immutable"


def create_app(finder: Finder, settings: Settings) -> RequestLog:
    """The API as one ASGI application, around one finder."""
    line = Line(settings.max_waiting, settings.threads)
    people = _people_document(finder)
    etag = f'"{hashlib.sha256(people).hexdigest()[:16]}"'

    async def admit(request: Request) -> Upload:
        if line.full:
            await discard(request)
            raise Busy()
        with line.arriving():
            return await read_upload(request, settings.max_upload_bytes)

    async def lookalikes(request: Request) -> Response:
        upload = await admit(request)
        photos = upload.photos.get("photo", [])
        options = FindOptions(
            k=_whole_number(upload, "k", DEFAULTS.k),
            min_face_size=_number(upload, "min_face_size"),
            include=_names(upload, "include"),
            min_probability=_number(upload, "min_probability"),
        )
        answer = await line.run(partial(finder.find, photos, options))
        facts = {"photos": len(photos), "bytes": sum(map(len, photos)), "faces": len(answer.faces)}
        return _answer(request, answer.to_json(), facts)

    async def compare(request: Request) -> Response:
        upload = await admit(request)
        first, second = (_single(upload, name) for name in ("a", "b"))
        comparison = await line.run(partial(finder.compare, first, second))
        return _answer(request, comparison.to_json(), {"photos": 2, "bytes": len(first) + len(second)})

    async def list_people(request: Request) -> Response:
        headers = {"etag": etag, "cache-control": PEOPLE_CACHE}
        known = [tag.strip().removeprefix("W/") for tag in request.headers.get("if-none-match", "").split(",")]
        if etag in known or "*" in known:
            return Response(status_code=304, headers=headers)
        return Response(people, headers=headers, media_type="application/json")

    async def portrait(request: Request) -> Response:
        file = request.path_params["file"]
        if not _PORTRAIT.fullmatch(file):
            raise NotFound()
        try:
            data = (settings.gallery / "portraits" / file).read_bytes()
        except OSError:
            # A large gallery's portraits are hosted beside the page, not in the function.
            raise NotFound() from None
        return Response(data, headers={"cache-control": PORTRAIT_CACHE}, media_type="image/jpeg")

    async def health(request: Request) -> Response:
        gallery = {"people": finder.gallery.count, "photos": finder.gallery.rows}
        state = {"status": "ok", "version": __version__, "model": finder.model, "gallery": gallery}
        return _json(state | {"cold": request.scope["lookalike.log"]["cold"]}, {"cache-control": "no-store"})

    app = Starlette(
        routes=[
            Route("/api/lookalikes", lookalikes, methods=["POST"]),
            Route("/api/compare", compare, methods=["POST"]),
            Route("/api/people", list_people, methods=["GET"]),
            Route("/api/portraits/{file}", portrait, methods=["GET"]),
            Route("/api/health", health, methods=["GET"]),
            Route("/api/openapi.json", openapi, methods=["GET"]),
            Route("/api/docs", docs, methods=["GET"]),
        ],
        exception_handlers={LookalikeError: on_error, HTTPException: on_http_exception, Exception: on_error},
    )
    app.router.redirect_slashes = False
    wrapped: ASGIApp = app
    if settings.allowed_origins:
        from starlette.middleware.cors import CORSMiddleware

        # Around the whole application, so that errors carry the headers too.
        wrapped = CORSMiddleware(
            app,
            allow_origins=settings.allowed_origins,
            allow_methods=["GET", "POST"],
            allow_headers=["content-type", "accept-language"],
            expose_headers=["x-request-id", "server-timing"],
        )
    return RequestLog(wrapped)


def openapi(request: Request) -> Response:
    from lookalike.api import documentation

    return _json(documentation.openapi(), {})


def docs(request: Request) -> Response:
    from lookalike.api import documentation

    return HTMLResponse(documentation.page(documentation.openapi()), headers=documentation.PAGE_HEADERS)


def _people_document(finder: Finder) -> bytes:
    gallery = finder.gallery
    people = [
        {
            "id": person.id,
            "name": person.name,
            "department": person.department,
            "portrait": person.photos[0].portrait,
            "photos": len(person.photos),
            "metadata": person.metadata,
        }
        for person in gallery.people
    ]
    summary = {
        "model": finder.model,
        "fingerprint": gallery.fingerprint,
        "people": gallery.count,
        "photos": gallery.rows,
        "threshold": round(percent(gallery.scale.threshold), 2),
    }
    return _encode({"gallery": summary, "people": people})


def _answer(request: Request, document: Json, facts: Json) -> Response:
    """The JSON answer, with its timings as Server-Timing too and its counts in the log."""
    timings = document["timings_ms"]
    request.scope["lookalike.log"].update(facts | {"timings_ms": timings})
    header = ", ".join(f"{step};dur={milliseconds}" for step, milliseconds in timings.items())
    document = document | {"request_id": request_id_of(request)}
    return _json(document, {"server-timing": header, "cache-control": "no-store"})


def _json(document: Json, headers: dict[str, str]) -> Response:
    return Response(_encode(document), headers=headers, media_type="application/json")


def _encode(document: Json) -> bytes:
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()


def _single(upload: Upload, name: str) -> bytes:
    photos = upload.photos.get(name, [])
    if len(photos) != 1:
        raise InvalidParameter(name=name, rule="one photo")
    return photos[0]


def _whole_number(upload: Upload, name: str, default: int) -> int:
    value = _number(upload, name)
    if value is None:
        return default
    if value != int(value):
        raise InvalidParameter(name=name, rule="a whole number")
    return int(value)


def _number(upload: Upload, name: str) -> float | None:
    value = upload.parameters.get(name)
    if value is None or value == "":
        return None
    try:
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            raise ValueError
        number = float(value)
    except (ValueError, OverflowError):
        raise InvalidParameter(name=name, rule="a number") from None
    if not math.isfinite(number):
        raise InvalidParameter(name=name, rule="a number")
    return number


def _names(upload: Upload, name: str) -> tuple[str, ...]:
    """A list of names, or one text with commas between them."""
    value = upload.parameters.get(name, "")
    names = value.split(",") if isinstance(value, str) else value
    if not isinstance(names, list) or not all(isinstance(item, str) for item in names):
        raise InvalidParameter(name=name, rule="names with commas between them")
    return tuple(item.strip() for item in names if item.strip())
