"""The OpenAPI document changes only on purpose, and whatever it allows or forbids is answered as it says.

Renew the snapshot with: python -m tests.function.api.test_openapi
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from fastapi import FastAPI
from hypothesis import HealthCheck, given
from hypothesis import settings as bounded
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from lookalike.api.application import create_app, described_app
from lookalike.finder import Finder
from lookalike.settings import Settings

SNAPSHOT = Path(__file__).parent / "openapi.json"
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]


@pytest.fixture(scope="module")
def app(finder: Finder, settings: Settings) -> FastAPI:
    return create_app(finder, settings)


def test_the_document_is_the_one_agreed_on() -> None:
    assert described_app().openapi() == json.loads(SNAPSHOT.read_text())


def test_every_answer_and_every_error_has_an_example() -> None:
    for path, operations in described_app().openapi()["paths"].items():
        for operation in operations.values():
            for status, response in operation["responses"].items():
                for media, content in response.get("content", {}).items():
                    assert media == "image/jpeg" or "example" in content or content["examples"], (path, status)


@pytest.mark.parametrize(
    ("method", "path"),
    [(method, path) for path, operations in described_app().openapi()["paths"].items() for method in operations],
)
@pytest.mark.parametrize("mode", list(GenerationMode))
def test_whatever_is_sent_is_answered_as_documented(app: FastAPI, method: str, path: str, mode: GenerationMode) -> None:
    """Schemathesis makes requests that the document allows, and requests that it does not."""
    operation = schemathesis.openapi.from_asgi("/api/openapi.json", app)[path][method.upper()]

    @bounded(max_examples=30, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
    @given(case=operation.as_strategy(generation_mode=mode))
    def answers(case: Any) -> None:
        case.call_and_validate(checks=CHECKS)

    try:
        answers()
    except Unsatisfiable:
        assert mode is GenerationMode.NEGATIVE and method == "get"  # nothing can be wrong with a request without inputs


if __name__ == "__main__":
    SNAPSHOT.write_text(json.dumps(described_app().openapi(), ensure_ascii=False, indent=1) + "\n")
