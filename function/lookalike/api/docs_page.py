"""A page of the OpenAPI document, on which requests can be tried: plain forms, no script, nothing from another host."""

from __future__ import annotations

import base64
import hashlib
import html
import json
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse

Json = dict[str, Any]

_STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;margin:0;color:#222;background:#fff}"
    "main{max-width:48rem;margin:0 auto;padding:1rem}h2{font-size:1.1rem;margin-top:2rem}"
    "code{background:#eef;padding:.1em .3em;border-radius:.2em}pre{overflow:auto;background:#f6f6f6;padding:.6rem}"
    "summary{padding:.6rem 0;cursor:pointer}form{display:grid;gap:.6rem;justify-items:start}label{margin-right:1rem}"
    "input,button{font:inherit;min-height:2.75rem}input[type=checkbox]{min-height:0}"
    "@media(prefers-color-scheme:dark){body{background:#111;color:#ddd}code,pre{background:#223}a{color:#9cf}}"
)
_HASH = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
_POLICY = f"default-src 'none'; style-src 'sha256-{_HASH}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"


async def docs(request: Request) -> HTMLResponse:
    return HTMLResponse(page(request.app.openapi()), headers={"content-security-policy": _POLICY})


def page(document: Json) -> str:
    """An OpenAPI document as HTML."""
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
    content = operation.get("requestBody", {}).get("content", {})
    accepts = f"<p>Body: {html.escape(', '.join(content))}</p>" if content else ""
    heading = f"<code>{method.upper()} {html.escape(path)}</code> {html.escape(operation['summary'])}"
    answers = "".join(_answer(status, answer) for status, answer in operation["responses"].items())
    return f"<section><h2>{heading}</h2>{accepts}{_trial(method, path, content)}{answers}</section>"


def _trial(method: str, path: str, content: Json) -> str:
    """A way to ask: a link, or a form of the multipart body."""
    if "multipart/form-data" in content:
        schema = content["multipart/form-data"]["schema"]
        fields = [_field(name, part, name in schema["required"]) for name, part in schema["properties"].items()]
        attributes = f'method="post" action="{html.escape(path)}" enctype="multipart/form-data"'
        return f"<form {attributes}>{''.join(fields)}<button>Send</button></form>"
    return f'<p><a href="{html.escape(path)}">Ask</a></p>' if method == "get" and "{" not in path else ""


def _field(name: str, schema: Json, required: bool) -> str:
    """An input for one part of a form: photos, choices or a number."""
    name = html.escape(name)
    items = schema.get("items", schema)
    if items.get("format") == "binary":
        several = " multiple" if schema is not items else ""
        return (
            f'<label>{name} <input type="file" name="{name}" accept="image/*"{several}{" required" * required}></label>'
        )
    if "enum" in items:
        boxes = [f'<label><input type="checkbox" name="{name}" value="{one}"> {one}</label>' for one in items["enum"]]
        return f"<div>{name}: {''.join(boxes)}</div>"
    number = next(kind for kind in schema.get("anyOf", [schema]) if "minimum" in kind)
    step = "1" if number["type"] == "integer" else "any"
    limits = f'min="{number["minimum"]}" max="{number["maximum"]}" step="{step}"'
    return f'<label>{name} <input type="number" name="{name}" {limits}> {html.escape(schema["description"])}</label>'


def _answer(status: str, answer: Json) -> str:
    examples = []
    for content in answer.get("content", {}).values():
        examples += [content["example"]] if "example" in content else []
        examples += [example["value"] for example in content.get("examples", {}).values()]
    shown = "".join(f"<pre>{html.escape(json.dumps(e, ensure_ascii=False, indent=1))}</pre>" for e in examples)
    return f"<details><summary>{status} {html.escape(answer['description'])}</summary>{shown}</details>"
