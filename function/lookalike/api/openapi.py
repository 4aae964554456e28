"""What the OpenAPI document says beside the routes' own signatures: bodies, problems, and their examples."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import FastAPI
from pydantic import TypeAdapter

from lookalike import errors, schemas
from lookalike.api.embeddings import LARGEST
from lookalike.api.examples import REQUEST_ID
from lookalike.api.problems import MEDIA_TYPE, document_of
from lookalike.options import MAX_FACES, MAX_PHOTOS, CompareOptions, FindOptions, declarations, out_of_range

Json = dict[str, Any]
Responses = dict[int | str, Json]

ANY_REQUEST: Sequence[errors.LookalikeError] = (
    errors.BadRequest(reason="its JSON is malformed", reason_ko="JSON 형식이 잘못되었습니다"),
    errors.NotFound(),
    errors.MethodNotAllowed(),
    errors.LookalikeError(),
)
WITH_PHOTOS: Sequence[errors.LookalikeError] = (
    *ANY_REQUEST,
    errors.TooLarge(size="9.3 MB", limit="4.4 MB"),
    errors.UnsupportedBody(),
    errors.UnsupportedPhoto(heif=", HEIC"),
    errors.UnusualPhoto(kind="arithmetic JPEG"),
    errors.EmptyPhoto(),
    errors.DamagedPhoto(),
    errors.TookTooLong(limit="8"),
    errors.NoFace(hint="too-dark"),
    out_of_range("k"),
    errors.Busy(),
    errors.Unavailable(),
)

WITH_EMBEDDINGS: Sequence[errors.LookalikeError] = (
    *ANY_REQUEST,
    errors.TooLarge(size="9.3 MB", limit="4.4 MB"),
    errors.UnsupportedBody(),
    errors.OtherNetwork(),
    out_of_range("k"),
    errors.Busy(),
    errors.Unavailable(),
)

A_JPEG: Responses = {200: {"description": "A JPEG", "content": {"image/jpeg": {}}}}
UNCHANGED: Responses = {304: {"description": "Unchanged since the ETag in If-None-Match"}}
_BINARY: Json = {"type": "string", "format": "binary"}
_BASE64: Json = {"type": "string", "contentEncoding": "base64", "description": "a photo in base64, or a data URI of it"}


class DescribedAPI(FastAPI):
    """FastAPI, whose document has the schema of problems, and not FastAPI's own errors, which are never sent."""

    def openapi(self) -> Json:
        if self.openapi_schema:
            return self.openapi_schema
        document = super().openapi()
        parts = document["components"]["schemas"]
        parts["Problem"] = TypeAdapter(schemas.Problem).json_schema()
        for name in ("HTTPValidationError", "ValidationError"):
            parts.pop(name, None)
        for operations in document["paths"].values():
            for operation in operations.values():
                refused = operation["responses"].get("422", {})
                if MEDIA_TYPE not in refused.get("content", {}):
                    operation["responses"].pop("422", None)
        return document


def answer(example: Mapping[str, Any]) -> Responses:
    """The answer to a request that succeeds."""
    return {200: {"content": {"application/json": {"example": example}}}}


def problems(known: Sequence[errors.LookalikeError]) -> Responses:
    """One response for each status, with an example for each error."""
    responses: Responses = {}
    for error in sorted(known, key=lambda error: error.status):
        content: Json = {"schema": {"$ref": "#/components/schemas/Problem"}, "examples": {}}
        response = responses.setdefault(error.status, {"description": [], "content": {MEDIA_TYPE: content}})
        examples = response["content"][MEDIA_TYPE]["examples"]
        examples[f"{error.slug}-{len(examples)}"] = {"value": document_of(error, "en", REQUEST_ID)}
        if error.title not in response["description"]:
            response["description"].append(error.title)
    for response in responses.values():
        response["description"] = "; ".join(response["description"])
    return responses


def question_body() -> Json:
    """One to five photos and the options, which may come in the query as well; or one photo as it is."""
    options = declarations(FindOptions)
    several: Json = {"type": "array", "minItems": 1, "maxItems": MAX_PHOTOS}
    as_json: Json = {
        "type": "object",
        "properties": {"photo": _BASE64, "photos": several | {"items": _BASE64}, **options},
        "anyOf": [{"required": ["photo"]}, {"required": ["photos"]}],
    }
    body = _body({"photo": several | {"items": _BINARY}, **options}, ["photo"], as_json)
    raw = {kind: {"schema": _BINARY} for kind in ("image/*", "application/octet-stream")}
    body["requestBody"]["content"] |= raw
    return body


def comparison_body() -> Json:
    """Two photos and which of their faces are compared, which may be said in the query as well."""
    options = declarations(CompareOptions)
    as_json: Json = {"type": "object", "properties": {"a": _BASE64, "b": _BASE64, **options}, "required": ["a", "b"]}
    return _body({"a": _BINARY, "b": _BINARY, **options}, ["a", "b"], as_json)


def search_body() -> Json:
    """Embeddings, and the network that they were measured with."""
    number: Json = {"type": "number", "minimum": -LARGEST, "maximum": LARGEST}
    row: Json = {"type": "array", "items": number, "description": "as many numbers as the network gives"}
    parts: Json = {
        "fingerprint": {"type": "string", "description": "the network's, from /api/people"},
        "embeddings": {"type": "array", "items": row, "minItems": 1, "maxItems": MAX_FACES},
        "spreads": {
            "type": "array",
            "items": number | {"minimum": 0},
            "description": "of each embedding that is a mean of several, their mean squared distance to it",
        },
        "k": declarations(FindOptions)["k"],
    }
    schema: Json = {"type": "object", "properties": parts, "required": ["fingerprint", "embeddings"]}
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": schema}}}}


def _body(parts: Json, required: list[str], as_json: Json) -> Json:
    content: Json = {
        "multipart/form-data": {"schema": {"type": "object", "properties": parts, "required": required}},
        "application/json": {"schema": as_json},
    }
    return {"requestBody": {"required": True, "content": content}}
