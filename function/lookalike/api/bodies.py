"""Request bodies to photos and parameters: multipart, one raw photo, or JSON with base64. Nothing touches a disk."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from typing import Any

from starlette.requests import ClientDisconnect, Request

from lookalike.errors import BadRequest, InvalidParameter, TooLarge, UnsupportedBody
from lookalike.options import check_photos

# Room for boundaries, headers and parameters around the photos themselves.
ENVELOPE = 64 * 1024
MAX_FIELDS = 16
# A hundred embeddings have some 50,000 numbers; a million empty lists keep everyone else waiting while they are read.
MOST_COMMAS = 250_000
MOST_HEARD = 32_000_000


@dataclass(frozen=True, slots=True)
class Upload:
    """Photos by the field they came in, and the parameters beside them."""

    photos: dict[str, list[bytes]] = field(default_factory=dict)
    parameters: dict[str, Any] = field(default_factory=dict)


async def read_upload(request: Request, limit: int) -> Upload:
    """A body of at most `limit` bytes of photos. Raises TooLarge, UnsupportedBody, BadRequest, InvalidParameter."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "multipart/form-data":
        upload = await _from_multipart(request, await _read_body(request, limit + ENVELOPE, limit), limit)
    elif kind == "application/json":
        upload = _from_json(await _read_body(request, limit * 4 // 3 + ENVELOPE, limit))
    elif kind.startswith("image/") or kind == "application/octet-stream":
        upload = Upload({"photo": [await _read_body(request, limit, limit)]})
    else:
        raise UnsupportedBody()
    size = sum(len(photo) for photos in upload.photos.values() for photo in photos)
    if size > limit:
        raise _too_large(size, limit)
    return upload


async def _read_body(request: Request, most: int, limit: int) -> bytes:
    """The body. Of one that is larger than `most` nothing is kept, and no more than MOST_HEARD is read."""
    length = request.headers.get("content-length", "")
    declared = int(length[:18]) if length.isascii() and length.isdigit() else 0
    body, size = bytearray(), 0
    try:
        async for chunk in request.stream():
            size += len(chunk)
            if max(size, declared) <= most:
                body += chunk
                continue
            body.clear()
            if size > MOST_HEARD:
                break
    except ClientDisconnect:
        # Nobody reads the answer, but the log should not show a fault of ours.
        raise BadRequest(reason="it ended before it was whole", reason_ko="전송이 중간에 끊겼습니다") from None
    if max(size, declared) > most:
        raise _too_large(max(size, declared), limit)
    return bytes(body)


async def _from_multipart(request: Request, body: bytes, limit: int) -> Upload:
    from starlette.datastructures import UploadFile
    from starlette.formparsers import MultiPartException, MultiPartParser

    async def stream() -> AsyncGenerator[bytes, None]:
        yield body

    parser = MultiPartParser(request.headers, stream(), max_files=MAX_FIELDS, max_fields=MAX_FIELDS)
    # Starlette would move a file of over 1 MB to the disk; ours never leave memory.
    parser.spool_max_size = limit + ENVELOPE
    try:
        form = await parser.parse()
    except (MultiPartException, KeyError, ValueError, UnicodeError) as error:
        raise BadRequest(
            reason="its multipart form is malformed", reason_ko="multipart 형식이 잘못되었습니다"
        ) from error
    upload, values = Upload(), dict[str, list[str]]()
    for name, value in form.multi_items():
        if isinstance(value, UploadFile):
            upload.photos.setdefault(name, []).append(await value.read())
        else:
            values.setdefault(name, []).append(value)
    await form.close()
    upload.parameters.update({name: texts if len(texts) > 1 else texts[0] for name, texts in values.items()})
    return upload


def _from_json(body: bytes) -> Upload:
    if body.count(b",") > MOST_COMMAS:
        raise BadRequest(reason="its JSON has too many values", reason_ko="JSON에 값이 너무 많습니다")
    try:
        data = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise BadRequest(reason="its JSON is malformed", reason_ko="JSON 형식이 잘못되었습니다") from error
    if not isinstance(data, dict):
        raise BadRequest(reason="its JSON is not an object", reason_ko="JSON이 객체가 아닙니다")
    if len(data) > MAX_FIELDS:
        raise BadRequest(reason="it has too many fields", reason_ko="필드가 너무 많습니다")
    upload = Upload()
    for name, value in data.items():
        if name in ("photo", "photos", "a", "b"):
            values = value if isinstance(value, list) else [value]
            # Before anything is decoded: a million empty ones would keep everyone else waiting.
            check_photos(len(values))
            field_name = "photo" if name == "photos" else name
            upload.photos.setdefault(field_name, []).extend(_from_base64(name, item) for item in values)
        else:
            upload.parameters[name] = value
    return upload


def _from_base64(name: str, text: object) -> bytes:
    if not isinstance(text, str):
        raise InvalidParameter(name=name, rule="a photo in base64", rule_ko="base64로 된 사진")
    # A data URI is what a browser's FileReader gives.
    encoded = text.partition(",")[2] if text.startswith("data:") else text
    try:
        return base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError) as error:
        raise InvalidParameter(name=name, rule="a photo in base64", rule_ko="base64로 된 사진") from error


def _too_large(size: int, limit: int) -> TooLarge:
    return TooLarge(size=f"{size / 1e6:.1f} MB", limit=f"{limit / 1e6:.1f} MB")
