"""The routes of the API: each is one function, with its parameters, its answer and its errors declared beside it.

Answers are written as they were built: FastAPI describes them by `response_model`, and does not validate them again.
"""

from __future__ import annotations

import re
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from lookalike import __version__, schemas
from lookalike.api.bodies import Upload
from lookalike.api.embeddings import read_embeddings, read_spreads
from lookalike.api.examples import COMPARISON, HEALTH, LOOKALIKES, PEOPLE, SEARCH
from lookalike.api.openapi import (
    A_JPEG,
    ANY_REQUEST,
    UNCHANGED,
    WITH_EMBEDDINGS,
    WITH_PHOTOS,
    answer,
    comparison_body,
    problems,
    question_body,
    search_body,
)
from lookalike.api.problems import request_id_of
from lookalike.api.service import AdmittedUpload, ServiceOfApp, encoded
from lookalike.errors import InvalidParameter, NotFound
from lookalike.options import CompareOptions, FindOptions

router = APIRouter(prefix="/api")

_PORTRAIT = re.compile(r"[0-9a-f]{16,64}(-small)?\.jpg")  # named by content: what is not in the gallery is not there
_PEOPLE_CACHE = "public, max-age=300"
_PORTRAIT_CACHE = "public, max-age=31536000, immutable"


@router.post(
    "/lookalikes",
    summary="Who looks most like this face?",
    response_model=schemas.Lookalikes,
    responses=answer(LOOKALIKES) | problems(WITH_PHOTOS),
    openapi_extra=question_body(),
)
async def lookalikes(
    request: Request, service: ServiceOfApp, upload: AdmittedUpload, asked: Annotated[FindOptions, Query()]
) -> Response:
    photos = upload.photos.get("photo", [])
    options = FindOptions.of(asked.model_dump(exclude_unset=True) | upload.parameters)
    found = await service.queue.run(partial(service.finder.find, photos, options))
    facts = {"photos": len(photos), "bytes": sum(map(len, photos)), "faces": len(found.faces)}
    return _answered(request, {**found.to_json(), "request_id": request_id_of(request)}, facts)


@router.post(
    "/compare",
    summary="How alike are two photos?",
    response_model=schemas.Comparison,
    responses=answer(COMPARISON) | problems(WITH_PHOTOS),
    openapi_extra=comparison_body(),
)
async def compare(
    request: Request, service: ServiceOfApp, upload: AdmittedUpload, asked: Annotated[CompareOptions, Query()]
) -> Response:
    first, second = (_single(upload, name) for name in ("a", "b"))
    options = CompareOptions.of(asked.model_dump(exclude_unset=True) | upload.parameters)
    compared = await service.queue.run(partial(service.finder.compare, first, second, options))
    facts = {"photos": 2, "bytes": len(first) + len(second)}
    return _answered(request, {**compared.to_json(), "request_id": request_id_of(request)}, facts)


@router.post(
    "/search",
    summary="Who is nearest to faces that a device measured itself?",
    response_model=schemas.Search,
    responses=answer(SEARCH) | problems(WITH_EMBEDDINGS),
    openapi_extra=search_body(),
)
async def search(request: Request, service: ServiceOfApp, upload: AdmittedUpload) -> Response:
    """No photo is sent: for pages that find and measure faces on the visitor's device."""
    options = FindOptions.of({"k": upload.parameters.get("k")})
    embeddings = read_embeddings(upload.parameters, service.finder.embedder.entry)
    spreads = read_spreads(upload.parameters, len(embeddings))
    found = await service.queue.run(partial(service.finder.search, embeddings, spreads, options.k))
    return _answered(request, {**found, "request_id": request_id_of(request)}, {"faces": len(embeddings)})


@router.head("/people", include_in_schema=False)
@router.get(
    "/people",
    summary="Everybody in the gallery",
    response_model=schemas.People,
    responses=answer(PEOPLE) | UNCHANGED | problems(ANY_REQUEST),
)
async def people(request: Request, service: ServiceOfApp) -> Response:
    headers = {"etag": service.etag, "cache-control": _PEOPLE_CACHE}
    known = [tag.strip().removeprefix("W/") for tag in request.headers.get("if-none-match", "").split(",")]
    if service.etag in known or "*" in known:
        return Response(status_code=304, headers=headers)
    return Response(service.people, headers=headers, media_type="application/json")


@router.head("/portraits/{file}", include_in_schema=False)
@router.get(
    "/portraits/{file}",
    summary="A person's portrait",
    response_class=Response,
    responses=A_JPEG | problems(ANY_REQUEST),
)
async def portrait(service: ServiceOfApp, file: str) -> Response:
    if not _PORTRAIT.fullmatch(file):
        raise NotFound()
    try:
        data = (service.settings.gallery / "portraits" / file).read_bytes()
    except OSError:
        # A large gallery's portraits are hosted beside the page, not in the function.
        raise NotFound() from None
    return Response(data, headers={"cache-control": _PORTRAIT_CACHE}, media_type="image/jpeg")


@router.head("/health", include_in_schema=False)
@router.get(
    "/health",
    summary="What is running",
    response_model=schemas.Health,
    responses=answer(HEALTH) | problems(ANY_REQUEST),
)
async def health(request: Request, service: ServiceOfApp) -> Response:
    gallery = service.finder.gallery
    state: schemas.Health = {
        "status": "ok",
        "version": __version__,
        "model": service.finder.model,
        "gallery": {"people": gallery.count, "photos": gallery.rows},
        "cold": request.scope["lookalike.log"]["cold"],
    }
    return Response(encoded(state), headers={"cache-control": "no-store"}, media_type="application/json")


def _answered(
    request: Request, document: schemas.Lookalikes | schemas.Comparison | schemas.Search, facts: dict[str, Any]
) -> Response:
    """The JSON answer, with its timings as Server-Timing too and its counts in the log."""
    timings = document["timings_ms"]
    request.scope["lookalike.log"].update(facts | {"timings_ms": timings})
    header = ", ".join(f"{step};dur={milliseconds}" for step, milliseconds in timings.items())
    headers = {"server-timing": header, "cache-control": "no-store"}
    return Response(encoded(document), headers=headers, media_type="application/json")


def _single(upload: Upload, name: str) -> bytes:
    photos = upload.photos.get(name, [])
    if len(photos) != 1:
        raise InvalidParameter(name=name, rule="one photo", rule_ko="사진 한 장")
    return photos[0]
