"""`lookalike gallery push` and `verify` against moto's server, in the words that people read."""

from __future__ import annotations

import sys
from pathlib import Path

import boto3
import pytest

from cli.main import main
from export.gallery import push
from lookalike.faces.embedder import Embedder
from lookalike.gallery.s3_vectors import index_name
from lookalike.settings import Settings
from tests.aws import Aws, make_index


@pytest.fixture
def index(aws: Aws, embedder: Embedder) -> str:
    return make_index(index_name(embedder.entry.fingerprint), embedder.entry.width)


def run(monkeypatch: pytest.MonkeyPatch, *arguments: object) -> int:
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.setattr(sys, "argv", ["lookalike", "gallery", *map(str, arguments)])
    with pytest.raises(SystemExit) as ended:
        main()
    return int(ended.value.code or 0)


def test_a_push_and_what_is_compared_after_it(
    index: str, settings: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, "verify", settings.gallery, "--index", index) == 1
    before = capsys.readouterr()
    assert f"{index}: 2 faces missing, 0 too many." in before.out and "lookalike gallery push" in before.err
    assert run(monkeypatch, "push", settings.gallery, "--index", index) == 0
    assert "2 people, 2 faces (2 sent, 0 removed, 0 there already)" in capsys.readouterr().out
    monkeypatch.setenv("LOOKALIKE_VECTOR_INDEX", index)
    assert run(monkeypatch, "push", settings.gallery) == 0
    assert "(0 sent, 0 removed, 2 there already)" in capsys.readouterr().out
    assert run(monkeypatch, "verify", settings.gallery) == 0
    out = capsys.readouterr().out
    assert "0 faces missing, 0 too many." in out
    assert "Of the ten people nearest to 2 of the faces, 100.0% were found." in out


def test_the_index_of_the_stack_is_the_default(
    aws: Aws, settings: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, "push", settings.gallery) == 1
    assert "There is no stack named lookalike here" in capsys.readouterr().err
    body = '{"Resources": {"B": {"Type": "AWS::S3::Bucket"}}, "Outputs": {"ApiUrl": {"Value": "https://b"}}}'
    boto3.client("cloudformation").create_stack(StackName="lookalike", TemplateBody=body)
    assert run(monkeypatch, "push", settings.gallery) == 1
    assert "make deploy PARAMETERS=Store=s3-vectors" in capsys.readouterr().err


def test_an_interruption_says_how_to_go_on(
    index: str, settings: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(push, "_batches", interrupt)
    assert run(monkeypatch, "push", settings.gallery, "--index", index) == 130
    assert "the same command goes on from here" in capsys.readouterr().err


def test_an_index_that_is_not_one_is_a_sentence(
    aws: Aws, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for wrong in ("nonsense", "arn:aws:s3vectors:us-east-1:123456789012:bucket/people/index/faces-0"):
        assert run(monkeypatch, "push", settings.gallery, "--index", wrong) == 1
        (sentence,) = capsys.readouterr().err.splitlines()
        assert sentence.startswith(f"lookalike: The index {wrong} cannot hold this gallery")
    assert run(monkeypatch, "push", tmp_path / "none", "--index", "nonsense") == 1
    assert "gallery.json is missing" in capsys.readouterr().err
