"""The page of an OpenAPI document, made of one small enough to be read."""

from __future__ import annotations

from typing import Any

import pytest

from lookalike.api.docs_page import page

PHOTO = {"type": "string", "format": "binary"}
PROPERTIES = {
    "photo": {"type": "array", "items": PHOTO},
    "a": PHOTO,
    "k": {"type": "integer", "minimum": 1, "maximum": 50, "description": "people <each>"},
    "size": {"anyOf": [{"type": "number", "minimum": 20, "maximum": 99}, {"type": "null"}], "description": "pixels"},
    "include": {"type": "array", "items": {"enum": ["crop", "mirror"]}},
}
FORM = {"multipart/form-data": {"schema": {"properties": PROPERTIES, "required": ["photo"]}}, "image/*": {}}


def operation(**more: Any) -> dict[str, Any]:
    return {"summary": "Who & what?", "responses": {}} | more


def shown(paths: dict[str, Any]) -> str:
    return page({"info": {"title": "A<b", "version": "1.2", "description": "It & more"}, "paths": paths})


def test_it_is_headed_by_the_documents_own_words() -> None:
    text = shown({})
    assert (
        "<title>A&lt;b API 1.2</title>" in text and "<h1>A&lt;b API 1.2</h1>" in text and "<p>It &amp; more</p>" in text
    )
    assert text.startswith("<!doctype html>") and text.endswith("</main></html>")


def test_every_operation_has_a_section_and_its_bodies() -> None:
    text = shown(
        {"/x": {"get": operation(), "post": operation(requestBody={"content": FORM})}, "/y": {"get": operation()}}
    )
    assert text.count("<section>") == 3
    assert "<h2><code>GET /x</code> Who &amp; what?</h2>" in text and "<code>POST /x</code>" in text
    assert text.count("Body:") == 1 and "<p>Body: multipart/form-data, image/*</p>" in text


def test_a_form_has_an_input_for_each_part() -> None:
    text = shown({"/x": {"post": operation(requestBody={"content": FORM})}})
    assert '<form method="post" action="/x" enctype="multipart/form-data">' in text and "<button>Send</button>" in text
    assert '<input type="file" name="photo" accept="image/*" multiple required>' in text
    assert '<input type="file" name="a" accept="image/*">' in text
    assert '<input type="number" name="k" min="1" max="50" step="1"> people &lt;each&gt;' in text
    assert '<input type="number" name="size" min="20" max="99" step="any"> pixels' in text
    boxes = '<label><input type="checkbox" name="include" value="{0}"> {0}</label>'
    assert f"<div>include: {boxes.format('crop')}{boxes.format('mirror')}</div>" in text


@pytest.mark.parametrize(
    ("path", "method", "linked"), [("/x", "get", True), ("/x/{file}", "get", False), ("/x", "post", False)]
)
def test_what_needs_no_input_is_a_link(path: str, method: str, linked: bool) -> None:
    text = shown({path: {method: operation()}})
    assert (f'<a href="{path}">Ask</a>' in text) is linked and "<form" not in text


def test_every_answer_shows_its_examples() -> None:
    plain = {"description": "A <thing>", "content": {"application/json": {"example": {"name": "김<"}}}}
    several = {"description": "B", "content": {"a/b": {"examples": {"x": {"value": 1}, "y": {"value": 2}}}}}
    text = shown({"/x": {"get": operation(responses={"200": plain, "404": several, "304": {"description": "C"}})}})
    assert (
        "<summary>200 A &lt;thing&gt;</summary><pre>{\n &quot;name&quot;: &quot;김&lt;&quot;\n}</pre></details>" in text
    )
    assert "<summary>404 B</summary><pre>1</pre><pre>2</pre></details>" in text
    assert "<summary>304 C</summary></details>" in text
