"""What the page must know of the API, written from where the API declares it: python -m infra.page_contract

Its answers' types (api.d.ts, by json-schema-to-typescript) come from schemas.py; the limits (frontend/js/limits.js) from
options.py and faces/probe.py. openapi-typescript would need TypeScript 5 beside the one that checks the page.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from export.networks.dlib.resnet import SIZE
from lookalike import schemas
from lookalike.faces.probe import SMALL_SHARE
from lookalike.options import LEAST_FACE, MAX_EXPLAINED, MAX_PHOTOS

_ROOT = Path(__file__).parents[1]
TYPES, LIMITS = _ROOT / "api.d.ts", _ROOT / "frontend" / "js" / "limits.js"
CONVERTER = _ROOT / "node_modules" / ".bin" / "json2ts"
_COMMENT = "Written by python -m infra.page_contract"
_ANSWERS: dict[str, Any] = {
    "lookalikes": schemas.Lookalikes,
    "compare": schemas.Comparison,
    "people": schemas.People,
    "problem": schemas.Problem,
}


def limits() -> str:
    """The module of limits that the page imports."""
    values = {
        "MOST_PHOTOS": MAX_PHOTOS,
        "MOST_EXPLAINED": MAX_EXPLAINED,
        "LEAST_FACE": f"{LEAST_FACE:.0f}",
        # Of dlib's network: the page does not know which one will answer, and FaceNet's takes hardly larger faces.
        "SMALL_FACE": round(SMALL_SHARE * SIZE),
    }
    lines = [f"export const {name} = {value};" for name, value in values.items()]
    return "\n".join([f"/** What the API allows. {_COMMENT}. */", *lines, ""])


def types() -> str:
    """TypeScript's types of the API's answers. Raises OSError or CalledProcessError without the converter."""
    # The converter looks for its own modules, and for node, which may be in the environment of this Python.
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    command = [str(CONVERTER), "--bannerComment", f"/** What the API answers. {_COMMENT}. */"]
    done = subprocess.run(  # noqa: S603
        command, input=json.dumps(_schema()), capture_output=True, text=True, check=True, env={"PATH": path}
    )
    # Unlike an interface, an alias may be passed on as a record of its words.
    return re.sub(r"^export interface (\w+) \{", r"export type \1 = {", done.stdout, flags=re.MULTILINE)


def _schema() -> dict[str, Any]:
    """All answers as one JSON schema, without a name for every field's type."""
    adapters = [(name, "serialization", TypeAdapter(answer)) for name, answer in _ANSWERS.items()]
    found, definitions = TypeAdapter.json_schemas(adapters)  # type: ignore[arg-type]
    answers = {name: found[name, "serialization"] for name in _ANSWERS}
    schema: dict[str, Any] = _untitled(definitions)
    return schema | {"title": "Answers", "type": "object", "properties": answers}


def _untitled(schema: Any) -> Any:
    if isinstance(schema, list):
        return [_untitled(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    titled = schema.get("type") == "object"
    return {
        key: _untitled(item) for key, item in schema.items() if titled or key != "title" or not isinstance(item, str)
    }


if __name__ == "__main__":
    LIMITS.write_text(limits())
    TYPES.write_text(types())
