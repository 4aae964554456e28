"""`lookalike invoke`: an event in, the function's answer out."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from cli.invoke import invoke
from infra import sandbox
from infra.runtime_api import EVENT_LIMIT
from infra.sandbox import Sandbox, SandboxError

HANDLER = """
def handler(event, context):
    print("in the log")
    if "fail" in event:
        raise ValueError(event["fail"])
    return {"statusCode": 200, "body": event["greeting"]}
"""


@pytest.fixture
def event(tmp_path: Path) -> Path:
    path = tmp_path / "event.json"
    path.write_text(json.dumps({"greeting": "안녕"}), encoding="utf-8")
    return path


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Sandbox:
    (tmp_path / "greeter.py").write_text(HANDLER)
    place = Sandbox(tmp_path, Path(sys.executable), "greeter.handler", 20.0, {"PYTHONPATH": str(tmp_path)})
    monkeypatch.setattr(sandbox, "packaged", lambda: place)
    return place


def run(*arguments: object) -> Result:
    app = typer.Typer()
    app.command()(invoke)
    return CliRunner().invoke(app, list(map(str, arguments)))


def test_prints_the_answer_and_reports_the_times_beside_it(event: Path) -> None:
    result = run(event)
    assert result.exit_code == 0, result.output
    assert json.loads(result.stdout) == {"statusCode": 200, "body": "안녕"}
    assert "in the log\n" in result.stderr
    assert "Duration: " in result.stderr and "Init Duration: " in result.stderr


def test_a_failure_of_the_function_is_printed_and_exits_with_1(event: Path) -> None:
    event.write_text('{"fail": "no gallery"}')
    result = run(event)
    assert result.exit_code == 1
    assert json.loads(result.stdout)["errorMessage"] == "no gallery"


def test_says_what_is_missing_and_what_else_can_be_run(event: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing() -> Sandbox:
        raise SandboxError("The package is not built: run `make package` first.")

    monkeypatch.setattr(sandbox, "packaged", missing)
    result = run(event)
    assert result.exit_code == 1
    assert result.stderr == "The package is not built: run `make package` first. Or run the sources: --sources.\n"


def test_refuses_an_event_that_lambda_would_refuse(event: Path) -> None:
    event.write_bytes(b" " * (EVENT_LIMIT + 1))
    result = run(event)
    assert result.exit_code == 1
    assert result.stderr == "The event has 6291457 bytes; Lambda takes 6291456 at most.\n"
