"""Bodies become photos and parameters, or an error that names what is wrong: each limit at the bound and one past it."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from typing import Any

import anyio
import pytest
from starlette.requests import Request

from lookalike.api.bodies import Upload, read_upload
from lookalike.errors import BadRequest, InvalidParameter, LookalikeError, TooLarge, UnsupportedBody

LIMIT = 1000
ROOM = 64 * 1024  # for what is around the photos
FORM = "multipart/form-data; boundary=b"


def request(chunks: Sequence[bytes], kind: str, length: str | None = None, whole: bool = True) -> Request:
    """One that arrives in these chunks, and of which the rest never comes unless it is `whole`."""
    messages = [{"type": "http.request", "body": chunk, "more_body": True} for chunk in chunks]
    messages.append({"type": "http.request", "body": b""} if whole else {"type": "http.disconnect"})
    coming = iter(messages)

    async def receive() -> dict[str, Any]:
        return next(coming)

    headers = [(b"content-type", kind.encode())] + ([(b"content-length", length.encode("latin-1"))] if length else [])
    return Request({"type": "http", "method": "POST", "headers": headers}, receive)


def read(*chunks: bytes, kind: str = "image/jpeg", length: str | None = None, whole: bool = True) -> Upload:
    return anyio.run(read_upload, request(chunks, kind, length, whole), LIMIT)


def refusal(error: type[LookalikeError], *chunks: bytes, **how: Any) -> str:
    with pytest.raises(error) as caught:
        read(*chunks, **how)
    return caught.value.sentence("en")


def form(*parts: tuple[str, bytes | str]) -> bytes:
    """Bytes are photos, texts are parameters."""
    lines = b""
    for name, value in parts:
        file = '; filename="x"' if isinstance(value, bytes) else ""
        data = value if isinstance(value, bytes) else value.encode()
        lines += f'--b\r\nContent-Disposition: form-data; name="{name}"{file}\r\n\r\n'.encode() + data + b"\r\n"
    return lines + b"--b--\r\n"


def as_json(**fields: Any) -> bytes:
    return json.dumps(fields).encode()


@pytest.mark.parametrize("kind", ["image/png", "IMAGE/HEIC", "application/octet-stream", " image/x ; q=1"])
def test_a_photo_as_it_is(kind: str) -> None:
    assert read(b"ab", b"", b"c", kind=kind) == Upload({"photo": [b"abc"]})


@pytest.mark.parametrize("kind", ["", "text/plain", "images/png", "multipart/mixed", "application/json5"])
def test_other_kinds_are_refused(kind: str) -> None:
    assert "multipart/form-data" in refusal(UnsupportedBody, b"{}", kind=kind)


def test_a_photo_of_the_very_limit_and_a_byte_more() -> None:
    assert len(read(bytes(600), bytes(400), length="1000").photos["photo"][0]) == 1000
    assert "0.0 MB" in refusal(TooLarge, bytes(600), bytes(401))
    assert "12.3 MB, more than the 0.0 MB" in refusal(TooLarge, b"", length="12345678")
    refusal(TooLarge, b"x", length="1001")


@pytest.mark.parametrize("length", ["²", "many", "-5", ""])
def test_a_length_that_is_none_is_not_believed(length: str) -> None:
    assert read(b"x", length=length).photos == {"photo": [b"x"]}


def test_of_a_length_longer_than_any_only_the_first_digits_count() -> None:
    refusal(TooLarge, b"x", length="9" * 5000)


def test_what_is_too_large_is_heard_to_thirty_two_megabytes() -> None:
    heard = []

    async def receive() -> dict[str, Any]:
        heard.append(1_000_000)
        assert len(heard) < 40
        return {"type": "http.request", "body": bytes(1_000_000), "more_body": True}

    endless = Request({"type": "http", "headers": [(b"content-type", b"image/png")]}, receive)
    with pytest.raises(TooLarge):
        anyio.run(read_upload, endless, LIMIT)
    assert sum(heard) == 33_000_000


def test_a_caller_who_leaves_is_no_fault_of_ours() -> None:
    assert "ended before it was whole" in refusal(BadRequest, b"x", whole=False)


def test_a_form_has_photos_and_parameters_by_their_names() -> None:
    body = form(("photo", b"1"), ("k", "3"), ("photo", b"2"), ("include", "crop"), ("include", "mirror"), ("a", b""))
    assert read(body, kind=FORM) == Upload(
        {"photo": [b"1", b"2"], "a": [b""]}, {"k": "3", "include": ["crop", "mirror"]}
    )


@pytest.mark.parametrize("value", [b"", ""])
def test_a_form_has_sixteen_parts_of_each_kind(value: bytes | str) -> None:
    read(form(*[(f"x{number}", value) for number in range(16)]), kind=FORM)
    assert "malformed" in refusal(BadRequest, form(*[(f"x{number}", value) for number in range(17)]), kind=FORM)


@pytest.mark.parametrize("body", [b"x", b"--b\r\nnonsense\r\n\r\n\r\n--b--\r\n"])
def test_a_broken_form_is_the_callers_fault(body: bytes) -> None:
    assert "multipart form is malformed" in refusal(BadRequest, body, kind=FORM)
    assert "multipart form is malformed" in refusal(BadRequest, body, kind="multipart/form-data")


def test_photos_of_a_form_share_the_limit_and_have_room_around_them() -> None:
    around = len(form(("photo", b""), ("x", "")))
    read(form(("photo", bytes(LIMIT)), ("x", "t" * (ROOM - around))), kind=FORM)
    refusal(TooLarge, form(("photo", bytes(LIMIT)), ("x", "t" * (ROOM - around + 1))), kind=FORM)
    read(form(("a", bytes(400)), ("b", bytes(600))), kind=FORM)
    refusal(TooLarge, form(("a", bytes(400)), ("b", bytes(601))), kind=FORM)


def test_json_has_photos_in_base64() -> None:
    one, two = (base64.b64encode(data).decode() for data in (b"1", b"22"))
    body = as_json(photo=one, photos=[two, f"data:image/png;base64,{one}"], a=[two], b=one, k=3)
    assert read(body, kind="application/json") == Upload(
        {"photo": [b"1", b"22", b"1"], "a": [b"22"], "b": [b"1"]}, {"k": 3}
    )


def test_json_has_a_third_more_room() -> None:
    text = base64.b64encode(bytes(LIMIT - 1)).decode()  # 999 bytes are 1332 characters, and 1333 are allowed
    around = len(as_json(photo=text, x=""))
    read(as_json(photo=text, x="t" * (ROOM + 1333 - around)), kind="application/json")
    refusal(TooLarge, as_json(photo=text, x="t" * (ROOM + 1334 - around)), kind="application/json")
    refusal(TooLarge, as_json(photo=base64.b64encode(bytes(LIMIT + 1)).decode()), kind="application/json")


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "JSON is malformed"),
        (b"\xff", "JSON is malformed"),
        (b"[" * 60_000, "JSON is malformed"),
        (b"3", "not an object"),
        (b'["photo"]', "not an object"),
        (as_json(**{f"x{number}": 1 for number in range(17)}), "too many fields"),
    ],
)
def test_json_of_another_shape_is_refused(body: bytes, reason: str) -> None:
    assert reason in refusal(BadRequest, body, kind="application/json")


def test_json_has_sixteen_fields_and_five_photos() -> None:
    assert len(read(as_json(**{f"x{n}": 1 for n in range(16)}), kind="application/json").parameters) == 16
    assert len(read(as_json(photos=[""] * 5), kind="application/json").photos["photo"]) == 5
    for count in (0, 6):
        refusal(InvalidParameter, as_json(photos=[""] * count), kind="application/json")


@pytest.mark.parametrize("text", [3, None, "@@@@", "YQ", "YQ=", "김", "data:image/png;base64,@", {"x": 1}, [["YQ=="]]])
def test_what_is_no_base64_is_named(text: Any) -> None:
    assert "“b” must be a photo in base64" in refusal(InvalidParameter, as_json(b=text), kind="application/json")
