"""What the OpenAPI document says of each route: bodies, answers, errors, examples; and a plain page that shows it."""

from __future__ import annotations

import html
import json
from functools import cache
from typing import Any

from fastapi import FastAPI, Response

from lookalike import __version__, errors
from lookalike.api import schemas
from lookalike.api.problems import MEDIA_TYPE, TYPE_PREFIX
from lookalike.options import INCLUDES, LARGEST_FACE, LEAST_FACE, MAX_MATCHES, MAX_PHOTOS

Json = dict[str, Any]

DESCRIPTION = (
    "Who in a gallery looks most like the face in a photo. Photos are read in memory, answered, and forgotten: "
    "nothing is stored, logged or passed on. Errors are RFC 9457 problem documents, in English or Korean by "
    "Accept-Language."
)
PAGE_HEADERS = {
    "content-security-policy": "default-src 'none'; style-src 'sha256-{}'; frame-ancestors 'none'",
}

_PERSON = {"id": "kim-seoyeon-3f2a", "name": "김서연", "department": "Computer Engineering", "portrait": "0f3c9a.jpg"}
_FACE = {
    "box": [178.85, 61.25, 266.7, 173.25],
    "probability": 0.99922,
    "landmarks": [[204.62, 101.3], [247.32, 103.49], [225.71, 129.71], [201.75, 139.74], [245.32, 142.05]],
    "warnings": [],
}
_TIMINGS = {"decode": 3.4, "detect": 17.8, "embed": 7.5, "search": 0.1, "total": 28.9}
_REQUEST_ID = "8b1f6c5e-2f43-4a36-9b57-0f2a4f4d2c11"
_MATCH = {
    "rank": 1,
    "person": _PERSON,
    "similarity": 0.31,
    "percent": 65.5,
    "closer_than": 97.1,
    "closer_than_nearest": 41.3,
    "strong": True,
}
LOOKALIKES_EXAMPLE = {
    "model": "dlib",
    "photo": {"width": 512, "height": 512, "remarks": []},
    "faces": [_FACE | {"verdict": "strong", "matches": [_MATCH]}],
    "left_out": 0,
    "smaller_possible": False,
    "different_people": False,
    "timings_ms": _TIMINGS,
    "request_id": _REQUEST_ID,
}
COMPARE_EXAMPLE = {
    "model": "dlib",
    "similarity": 0.30754,
    "percent": 65.38,
    "same_person": False,
    "a": {"width": 512, "height": 512} | _FACE,
    "b": {"width": 512, "height": 600} | _FACE,
    "timings_ms": _TIMINGS,
    "request_id": _REQUEST_ID,
}
PEOPLE_EXAMPLE = {
    "gallery": {"model": "dlib", "fingerprint": "165d820882959226", "people": 75, "photos": 75, "threshold": 78.1},
    "people": [_PERSON | {"photos": 1, "metadata": {}}],
}
HEALTH_EXAMPLE = {
    "status": "ok",
    "version": "1.0.0",
    "model": "dlib",
    "gallery": {"people": 75, "photos": 75},
    "cold": False,
}


def _example(error: errors.LookalikeError) -> Json:
    hint = {"hint": error.hint} if error.hint else {}
    return {
        "type": TYPE_PREFIX + error.slug,
        "title": error.title,
        "status": error.status,
        "detail": str(error),
        "request_id": _REQUEST_ID,
    } | hint


_GENERAL = [
    errors.BadRequest(reason="its JSON is malformed"),
    errors.NotFound(),
    errors.MethodNotAllowed(),
    errors.LookalikeError(),
]
_BODY = [
    errors.TooLarge(size="9.3 MB", limit="4.4 MB"),
    errors.UnsupportedBody(),
    errors.UnsupportedPhoto(heif=", HEIC"),
    errors.UnusualPhoto(kind="arithmetic JPEG"),
    errors.EmptyPhoto(),
    errors.DamagedPhoto(),
    errors.TookTooLong(limit="8"),
    errors.NoFace(hint="too-dark"),
    errors.InvalidParameter(name="k", rule=f"1–{MAX_MATCHES}"),
    errors.Busy(),
    errors.Unavailable(),
]


def _problems(*known: errors.LookalikeError) -> dict[int | str, Json]:
    """One response for each status, with an example for each error."""
    by_status: dict[int, list[errors.LookalikeError]] = {}
    for error in known:
        by_status.setdefault(error.status, []).append(error)
    responses: dict[int | str, Json] = {}
    for status, found in sorted(by_status.items()):
        examples = {f"{error.slug}-{index}": {"value": _example(error)} for index, error in enumerate(found)}
        reference = {"$ref": "#/components/schemas/Problem"}
        responses[status] = {
            "description": "; ".join(dict.fromkeys(error.title for error in found)),
            "content": {MEDIA_TYPE: {"schema": reference, "examples": examples}},
        }
    return responses


def _route(summary: str, model: type[schemas.Model], example: Json, known: list[errors.LookalikeError]) -> Json:
    success: Json = {"model": model, "content": {"application/json": {"example": example}}}
    return {"summary": summary, "response_model": None, "responses": {200: success, **_problems(*known)}}


def _body(parts: Json, json_schema: Json, raw: bool) -> Json:
    content: Json = {
        "multipart/form-data": {"schema": {"type": "object", "properties": parts, "required": _photo_parts(parts)}},
        "application/json": {"schema": json_schema},
    }
    if raw:
        content["image/*"] = {"schema": {"type": "string", "format": "binary"}}
        content["application/octet-stream"] = {"schema": {"type": "string", "format": "binary"}}
    return {"requestBody": {"required": True, "content": content}}


def _photo_parts(parts: Json) -> list[str]:
    return [name for name in parts if name in ("photo", "a", "b")]


_BINARY = {"type": "string", "format": "binary"}
_BASE64 = {"type": "string", "contentEncoding": "base64", "description": "a photo in base64, or a data URI of it"}
_OPTIONS: Json = {
    "k": {"type": "integer", "minimum": 1, "maximum": MAX_MATCHES, "default": 5, "description": "people a face"},
    "min_face_size": {
        "type": "number",
        "minimum": LEAST_FACE,
        "maximum": LARGEST_FACE,
        "description": "smallest face, in pixels of the photo; by default a sixteenth of its longer side",
    },
    "min_probability": {"type": "number", "minimum": 0, "maximum": 1, "description": "less sure faces are left out"},
}
_INCLUDE_TEXT = {"type": "string", "description": "with commas: " + ", ".join(INCLUDES), "example": "crop,mirror"}
_INCLUDE_LIST = {"type": "array", "items": {"type": "string", "enum": list(INCLUDES)}}
_PHOTOS = {"type": "array", "items": _BINARY, "minItems": 1, "maxItems": MAX_PHOTOS}
_LOOKALIKES_BODY = _body(
    {"photo": _PHOTOS, **_OPTIONS, "include": _INCLUDE_TEXT},
    {
        "type": "object",
        "properties": {
            "photo": _BASE64,
            "photos": {"type": "array", "items": _BASE64, "minItems": 1, "maxItems": MAX_PHOTOS},
            **_OPTIONS,
            "include": _INCLUDE_LIST,
        },
        "anyOf": [{"required": ["photo"]}, {"required": ["photos"]}],
    },
    raw=True,
)
_LOOKALIKES_QUERY = [
    {"name": name, "in": "query", "required": False, "schema": schema}
    for name, schema in {**_OPTIONS, "include": _INCLUDE_TEXT}.items()
]
_COMPARE_BODY = _body(
    {"a": _BINARY, "b": _BINARY},
    {"type": "object", "properties": {"a": _BASE64, "b": _BASE64}, "required": ["a", "b"]},
    raw=False,
)

LOOKALIKES = _route("Who looks most like this face?", schemas.Lookalikes, LOOKALIKES_EXAMPLE, _GENERAL + _BODY) | {
    "openapi_extra": _LOOKALIKES_BODY | {"parameters": _LOOKALIKES_QUERY}
}
COMPARE = _route("How alike are two photos?", schemas.Comparison, COMPARE_EXAMPLE, _GENERAL + _BODY) | {
    "openapi_extra": _COMPARE_BODY
}
PEOPLE = _route("Everybody in the gallery", schemas.People, PEOPLE_EXAMPLE, _GENERAL)
PEOPLE["responses"][304] = {"description": "Unchanged since the ETag in If-None-Match"}
PORTRAIT: Json = {
    "summary": "A person's portrait",
    "response_model": None,
    "response_class": Response,
    "responses": {200: {"description": "A JPEG", "content": {"image/jpeg": {}}}, **_problems(*_GENERAL)},
}
HEALTH = _route("What is running", schemas.Health, HEALTH_EXAMPLE, _GENERAL)


# Path, method, name, and what is said of it. Tests hold this against the routes there are.
_ROUTES: list[tuple[str, str, str, Json]] = [
    ("/api/lookalikes", "POST", "lookalikes", LOOKALIKES),
    ("/api/compare", "POST", "compare", COMPARE),
    ("/api/people", "GET", "list_people", PEOPLE),
    ("/api/portraits/{file}", "GET", "portrait", PORTRAIT),
    ("/api/health", "GET", "health", HEALTH),
]


@cache
def openapi() -> Json:
    """The OpenAPI document, with the schema of problems and without FastAPI's own errors, which are never sent."""
    app = FastAPI(title="Lookalike", version=__version__, description=DESCRIPTION)
    for path, method, name, said in _ROUTES:
        app.add_api_route(
            path, _takes_a_file if "{file}" in path else _takes_nothing, methods=[method], name=name, **said
        )
    document = app.openapi()
    parts = document["components"]["schemas"]
    parts["Problem"] = schemas.Problem.model_json_schema()
    for name in ("HTTPValidationError", "ValidationError"):
        parts.pop(name, None)
    for operations in document["paths"].values():
        for operation in operations.values():
            refused = operation["responses"].get("422", {})
            if MEDIA_TYPE not in refused.get("content", {}):
                operation["responses"].pop("422", None)
    return document


# FastAPI reads from a route's signature which parameters its path has.
def _takes_nothing() -> None: ...


def _takes_a_file(file: str) -> None: ...


def page(document: Json) -> str:
    """The OpenAPI document as plain HTML: no script, and nothing loaded from elsewhere."""
    sections = [
        _section(method, path, operation)
        for path, operations in document["paths"].items()
        for method, operation in operations.items()
    ]
    title = html.escape(f"{document['info']['title']} API {document['info']['version']}")
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f"<title>{title}</title><style>{_STYLE}</style><main><h1>{title}</h1>"
        f"<p>{html.escape(document['info']['description'])}</p>"
        f'<p><a href="openapi.json">openapi.json</a></p>{"".join(sections)}</main></html>'
    )


def _section(method: str, path: str, operation: Json) -> str:
    bodies = ", ".join(operation.get("requestBody", {}).get("content", {}))
    answers = "".join(_answer_html(status, answer) for status, answer in operation["responses"].items())
    accepts = f"<p>Body: {html.escape(bodies)}</p>" if bodies else ""
    heading = f"<code>{method.upper()} {html.escape(path)}</code> {html.escape(operation['summary'])}"
    return f"<section><h2>{heading}</h2>{accepts}{answers}</section>"


def _answer_html(status: str, answer: Json) -> str:
    examples = []
    for content in answer.get("content", {}).values():
        examples += [content["example"]] if "example" in content else []
        examples += [example["value"] for example in content.get("examples", {}).values()]
    shown = "".join(f"<pre>{html.escape(json.dumps(e, ensure_ascii=False, indent=1))}</pre>" for e in examples)
    return f"<details><summary>{status} {html.escape(answer['description'])}</summary>{shown}</details>"


_STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;margin:0;color:#222;background:#fff}"
    "main{max-width:48rem;margin:0 auto;padding:1rem}h2{font-size:1.1rem;margin-top:2rem}"
    "code{background:#eef;padding:.1em .3em;border-radius:.2em}pre{overflow:auto;background:#f6f6f6;padding:.6rem}"
    "summary{padding:.6rem 0;cursor:pointer}"
    "@media(prefers-color-scheme:dark){body{background:#111;color:#ddd}code,pre{background:#223}a{color:#9cf}}"
)


def _style_hash() -> str:
    import base64
    import hashlib

    return base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()


PAGE_HEADERS = {name: value.format(_style_hash()) for name, value in PAGE_HEADERS.items()}
