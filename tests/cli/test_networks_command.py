"""What is exported is told with its origin, terms, quality, time and size."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli.main import app
from cli.networks import _told
from export.networks import listing
from lookalike.errors import MissingFile
from lookalike.settings import Settings


def shown(*arguments: str) -> str:
    found = CliRunner().invoke(app, ["networks", *arguments])
    assert found.exit_code == 0, found.output
    return found.output


def test_both_networks_are_told_as_the_manifest_has_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "milliseconds_a_face", lambda embedder: 7.26)
    manifest = json.loads((Settings().models / "manifest.json").read_text())
    entry = manifest["embedder"]
    words = shown()
    assert words.startswith("mtcnn\n") and f"\n{entry['model']}\n" in words
    for fact in (entry["terms"], entry["weights"]["origin"], manifest["detector"]["terms"], "7.3 ms a face here"):
        assert fact in words
    assert f"{entry['bytes'] / 1e6:.1f} MB, {entry['precision']}" in words
    assert f"from {entry['same_person']:.3f} on" in words
    detector, recogniser = json.loads(shown("--json"))
    assert detector["bytes"] == sum(network["bytes"] for network in manifest["detector"]["networks"].values())
    assert (recogniser["fingerprint"], recogniser["ms_a_face"]) == (entry["fingerprint"], 7.3)


def test_time_is_measured_on_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    ticks = iter(range(100))
    monkeypatch.setattr(time, "perf_counter", lambda: next(ticks) ** 2 / 1000)  # later faces take longer
    recogniser = json.loads(shown("--json"))[1]
    assert recogniser["ms_a_face"] == 17  # the fifth of nine: 9² − 8²


def test_what_a_network_of_one_s_own_was_tried_and_measured_on_is_told() -> None:
    network = {
        "name": "own",
        "origin": "own.onnx: example.org",
        "terms": "not stated",
        "bytes": 5_000_000,
        "precision": "fp32",
        "verification": {"against": "the file itself", "inputs": 10, "largest_difference": 0.0},
        "width": 512,
        "ms_a_face": 30.0,
        "same_person": None,
        "trial": {"photos": 105, "people": 21, "area": 0.9876, "equal_error_rate": 0.021},
        "evaluation": {"int8": {"accuracy": 0.93}, "fp32": {"accuracy": 0.94}, "evaluated_on": "37 drawn people"},
    }
    words = _told(network)
    assert "no rule is known" in words and "105 photos of 21 drawn people" in words and "98.8% of pairs" in words
    assert "93.0% right, in fp32 94.0%, on 37 drawn people" in words
    network |= {"same_person": 0.35, "calibration": {"pairs": {"same": 60, "different": 70}, "accuracy": 0.95}}
    assert "from 0.350 on, measured on 60 pairs of one person and 70 of different people (95.0% right)" in _told(
        network
    )


def test_without_an_export_the_command_is_named(tmp_path: Path) -> None:
    found = CliRunner().invoke(app, ["networks", "--models", str(tmp_path)])
    assert isinstance(found.exception, MissingFile) and "lookalike export" in str(found.exception)
