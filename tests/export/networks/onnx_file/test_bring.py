"""A network of one's own is as good as ours when it is described rightly, and refused or warned of when it is not."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from typer.testing import CliRunner

from cli.main import app
from export.errors import ExportError, Untrained
from export.gallery.build import build
from export.networks import pictures
from export.networks.dlib import graph as dlib_graph
from export.networks.dlib import resnet as dlib_resnet
from export.networks.export import export_networks
from export.networks.installation import amend
from export.networks.onnx_file import bring as bringing
from export.networks.onnx_file.bring import bring, name_of
from export.networks.onnx_file.presets import ARCFACE_TEMPLATE
from export.networks.onnx_file.stated import Stated
from export.networks.ready import make_ready
from lookalike.faces.embedder import Embedder
from lookalike.faces.manifest import read_manifest
from lookalike.faces.networks import open_networks
from lookalike.finder import Finder
from lookalike.settings import Settings

from .conftest import Save, small

pytestmark = pytest.mark.usefixtures("few_people")


class Lines(list[str]):
    def __call__(self, line: str) -> None:
        self.append(line)


@pytest.fixture
def said() -> Lines:
    return Lines()


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "models"


def embedder_in(out: Path) -> Embedder:
    return open_networks(read_manifest(out))[1]


def test_dlib_s_network_equals_the_built_in_one_bit_for_bit(out: Path, dlib_weights: Path, tmp_path: Path) -> None:
    file = tmp_path / "resnet.onnx"
    onnx.save(dlib_graph.to_onnx(dlib_resnet.parse(dlib_weights.read_bytes())), file)
    ours = export_networks("dlib", tmp_path / "ours", "fp32")["embedder"]
    theirs = bring(file, Stated("dlib"), out, "fp32", tmp_path)["embedder"]

    assert theirs["sha256"] == ours["sha256"]
    differing = {"model", "file", "weights", "terms", "fingerprint", "preset", "trial", "verification"}
    assert {key for key in ours if ours[key] != theirs[key]} | {"preset", "trial"} == differing
    chips = list(pictures.faces(150))
    assert np.array_equal(embedder_in(out).embed(chips), embedder_in(tmp_path / "ours").embed(chips))


@pytest.mark.parametrize(("colour", "fixture"), [("rgb", "learnt"), ("bgr", "learnt_bgr")])
def test_a_trained_network_comes_out_right(
    colour: Any, fixture: str, out: Path, said: Lines, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    file = request.getfixturevalue(fixture)
    entry = bring(file, Stated("arcface", colour=colour, terms="ours"), out, "fp32", tmp_path, say=said)["embedder"]

    assert entry["trial"]["people"] == 7 and entry["trial"]["area"] > 0.99 and entry["trial"]["likelier"] is None
    assert (entry["size"], entry["width"], entry["colour"], entry["unit_length"]) == (112, 64, colour, True)
    assert (entry["terms"], entry["preset"], entry["same_person"]) == ("ours", "arcface", None)
    embedder = embedder_in(out)
    assert embedder.entry.rule is None and embedder.entry.model == file.stem.replace("_", "-")
    assert np.allclose(np.linalg.norm(embedder.embed(list(pictures.faces(112))), axis=1), 1, atol=1e-5)
    assert any(f"{entry['trial']['photos']} photos of 7 people: " in line for line in said)


@pytest.mark.parametrize(("colour", "fixture"), [("bgr", "learnt"), ("rgb", "learnt_bgr")])
def test_with_the_wrong_order_of_colours_it_is_refused_and_the_right_one_named(
    colour: Any, fixture: str, out: Path, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    right = {"bgr": "rgb", "rgb": "bgr"}[colour]
    with pytest.raises(Untrained, match=f"--colour {right} does better. Nothing was replaced"):
        bring(request.getfixturevalue(fixture), Stated("arcface", colour=colour), out, "fp32", tmp_path)


def test_scales_and_templates_that_do_better_are_named(
    learnt: Path, out: Path, said: Lines, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(bringing, "LEAST_AREA", 0.0)
    askew = Stated("arcface", template=tuple((x * 0.5 + 40, y * 0.5 + 40) for x, y in ARCFACE_TEMPLATE))
    trial = bring(learnt, askew, out, "fp32", tmp_path, say=said)["embedder"]["trial"]
    assert trial["area"] < 0.96 and trial["likelier"] == "arcface's --template"
    assert said[-2].endswith("arcface's --template does better here: look up how this network wants its faces.")


def test_one_that_answers_the_same_to_everybody_is_refused(out: Path, saved: Save, tmp_path: Path) -> None:
    weight = np.ones((3, 64), np.float32)  # the sum of the colours, which are 0–255 for this preset
    with pytest.raises(Untrained, match="nearly the same to every face"):
        bring(saved(small(weight=weight)), Stated("sface"), out, "fp32", tmp_path)
    assert not (out / "manifest.json").exists()


def test_a_repeated_run_does_nothing_and_auto_keeps_it(learnt: Path, out: Path, said: Lines, tmp_path: Path) -> None:
    first = bring(learnt, Stated("arcface"), out, "fp32", tmp_path)
    assert bring(learnt, Stated("arcface"), out, "fp32", tmp_path, say=said) == first
    assert export_networks("auto", out, say=said) == first
    assert said == [
        "Up to date: MTCNN and learnt-rgb (fp32); nothing to do.",
        "Kept: MTCNN and learnt-rgb, a network of one's own; --model NAME takes another.",
    ]
    assert bring(learnt, Stated("arcface", terms="MIT"), out, "fp32", tmp_path)["embedder"]["terms"] == "MIT"
    half = bring(learnt, Stated("arcface", terms="MIT"), out, "fp16", tmp_path)["embedder"]
    assert half["bytes"] < 0.6 * first["embedder"]["bytes"] and half["fingerprint"] == first["embedder"]["fingerprint"]


def test_what_was_brought_builds_a_gallery_finds_in_it_and_is_made_ready(
    learnt: Path, out: Path, photos: Path, drawn: Callable[[int], bytes], tmp_path: Path
) -> None:
    bring(learnt, Stated("arcface"), out, "fp16", tmp_path)
    settings = Settings(models=out, gallery=tmp_path / "gallery")
    build(photos, settings.gallery, settings)
    found = Finder.open(settings).find([drawn(2)]).faces[0].matches
    assert found[0].person.name == "Ada Lovelace" and found[0].similarity > 0.99
    assert json.loads((settings.gallery / "gallery.json").read_text())["width"] == 64

    assert "learnt-rgb" in make_ready(out)
    ready = Finder.open(settings).find([drawn(2)]).faces[0].matches
    assert [match.person.name for match in ready] == [match.person.name for match in found]
    assert ready[0].similarity == pytest.approx(found[0].similarity, abs=1e-4)


def test_a_measured_rule_outlives_another_export_until_one_is_stated(learnt: Path, out: Path, tmp_path: Path) -> None:
    bring(learnt, Stated("arcface"), out, "fp32", tmp_path)
    amend(out, same_person=0.37, calibration={"accuracy": 0.9})
    again = bring(learnt, Stated("arcface", terms="MIT"), out, "fp32", tmp_path)["embedder"]
    assert (again["same_person"], again["calibration"], again["terms"]) == (0.37, {"accuracy": 0.9}, "MIT")
    stated = bring(learnt, Stated("arcface", terms="MIT", same_person=0.4), out, "fp32", tmp_path)["embedder"]
    assert stated["same_person"] == 0.4 and "calibration" not in stated


@pytest.mark.parametrize(
    ("file", "name"),
    [("w600k_r50.onnx", "w600k-r50"), ("dlib.onnx", "dlib-onnx"), ("PNet.onnx", "pnet-onnx"), ("얼굴.onnx", "network")],
)
def test_a_network_is_called_by_its_file_s_name(file: str, name: str) -> None:
    assert name_of(Path(file)) == name


class TestCommand:
    def test_hands_over_what_is_stated(self, learnt: Path, out: Path) -> None:
        template = " ".join(f"{x},{y}" for x, y in ARCFACE_TEMPLATE)
        arguments = [
            "--cut",
            "aligned",
            "--template",
            template,
            "--colour",
            "rgb",
            "--mean",
            "127.5",
            "--scale",
            "127.5",
        ]
        arguments += ["--compare", "cosine", "--same-person", "0.4", "--terms", "research", "--origin", "example.org"]
        shown = CliRunner().invoke(app, ["export", "--onnx", str(learnt), "--out", str(out), *arguments])
        assert shown.exit_code == 0, shown.output
        entry = json.loads((out / "manifest.json").read_text())["embedder"]
        assert entry["template"] == [list(point) for point in ARCFACE_TEMPLATE] and entry["mean"] == [127.5] * 3
        assert (entry["same_person"], entry["terms"], entry["weights"]["origin"]) == (0.4, "research", "example.org")
        assert entry["preset"] is None

    @pytest.mark.parametrize(
        ("arguments", "message"),
        [
            (["--preset", "arcface"], "--preset is said of a network of one's own: give its file with --onnx"),
            (["--onnx", "x.onnx", "--model", "dlib"], "leave out --model and --weights"),
            (["--onnx", "x.onnx", "--mean", "1,2"], "--mean takes 1 or 3 numbers"),
            (["--onnx", "x.onnx", "--template", "1,2 three"], "--template takes 10 numbers"),
            (["--onnx", "x.onnx", "--preset", "dlib"], "There is no file x.onnx"),
        ],
    )
    def test_refuses_in_one_sentence(self, arguments: list[str], message: str, out: Path) -> None:
        found = CliRunner().invoke(app, ["export", "--out", str(out), *arguments])
        assert isinstance(found.exception, ExportError) and message in str(found.exception)
