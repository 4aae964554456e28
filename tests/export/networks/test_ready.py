"""Networks made ready start with less work and answer the same, on the processor they were made for and on others."""

from __future__ import annotations

import dataclasses
import json
import shutil
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest
from onnx import TensorProto, helper
from PIL import Image

from export.errors import VerificationFailed
from export.networks import ready
from export.networks.ready import make_ready
from lookalike.errors import DamagedFile
from lookalike.faces import networks
from lookalike.faces.manifest import Manifest, read_manifest
from lookalike.faces.networks import open_networks
from lookalike.faces.sessions import suits_this_processor
from lookalike.settings import Settings


@pytest.fixture
def models(tmp_path: Path) -> Path:
    """The exported networks, copied."""
    return shutil.copytree(Settings().models, tmp_path / "models")


@pytest.fixture
def made_ready(models: Path) -> Path:
    if not make_ready(models):
        pytest.skip("this processor has no blocked order in ONNX Runtime")
    return models


def answers(manifest: Manifest, picture: Image.Image) -> np.ndarray:
    """Everything the networks say of a picture, in one row."""
    rgb = np.asarray(picture)
    detector, embedder = open_networks(manifest)
    faces = detector.detect(rgb)
    parts = [[*face.box, face.probability, *face.landmarks.ravel()] for face in faces]
    embeddings = embedder.embed([embedder.cut(Image.fromarray(rgb), face) for face in faces])
    return np.concatenate([np.ravel(parts), embeddings.ravel()])


def test_answers_are_the_same_here_and_on_other_processors(
    made_ready: Path, scene: Image.Image, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = answers(read_manifest(Settings().models), scene)
    manifest = read_manifest(made_ready)
    assert manifest.readiness is not None and suits_this_processor(manifest.readiness)
    assert np.allclose(answers(manifest, scene), expected, rtol=1e-5, atol=1e-5)
    monkeypatch.setattr(networks, "suits_this_processor", lambda readiness: False)
    assert np.allclose(answers(manifest, scene), expected, rtol=1e-5, atol=1e-5)


def test_another_block_or_another_runtime_does_not_suit(made_ready: Path) -> None:
    readiness = read_manifest(made_ready).readiness
    assert readiness is not None
    assert readiness.onnxruntime == onnxruntime.__version__
    other = {8: 16, 16: 8}[readiness.block]
    assert not suits_this_processor(dataclasses.replace(readiness, block=other))
    assert not suits_this_processor(dataclasses.replace(readiness, onnxruntime="1.0.0"))
    readiness.probe.path.write_bytes(b"no graph")
    assert not suits_this_processor(readiness)


def test_graphs_are_opened_where_they_suit_and_for_another_width_not_at_all(
    made_ready: Path, scene: Image.Image
) -> None:
    """What is made for AVX-512 is misread in silence with AVX2 alone, and the other way round."""
    for file in made_ready.glob("*.ready.onnx"):
        file.write_bytes(bytes(file.stat().st_size))
    with pytest.raises(DamagedFile):
        open_networks(read_manifest(made_ready, verify="size"))
    path = made_ready / "manifest.json"
    written = json.loads(path.read_text())
    written["ready"]["block"] = {8: 16, 16: 8}[written["ready"]["block"]]
    path.write_text(json.dumps(written))
    expected = answers(read_manifest(Settings().models), scene)
    assert np.allclose(answers(read_manifest(made_ready, verify="size"), scene), expected, rtol=1e-5, atol=1e-5)


def test_weights_are_there_once(made_ready: Path) -> None:
    manifest = read_manifest(made_ready)
    networks = manifest.networks
    tensors = sum(network.tensors.bytes for network in networks if network.tensors is not None)
    everything = sum(path.stat().st_size for path in made_ready.iterdir())
    assert everything < 1.01 * tensors


def test_is_done_once(made_ready: Path) -> None:
    before = {path.name: path.read_bytes() for path in made_ready.iterdir()}
    assert make_ready(made_ready) == []
    assert {path.name: path.read_bytes() for path in made_ready.iterdir()} == before


def test_the_same_networks_make_the_same_bytes(made_ready: Path, tmp_path: Path) -> None:
    again = shutil.copytree(Settings().models, tmp_path / "again")
    make_ready(again)
    assert {path.name: path.read_bytes() for path in again.iterdir()} == {
        path.name: path.read_bytes() for path in made_ready.iterdir()
    }


def test_a_network_without_blocks_stays_as_it_is(models: Path) -> None:
    node = helper.make_node("Sigmoid", ["face"], ["embedding"])
    values = [helper.make_tensor_value_info(name, TensorProto.FLOAT, ["N", 4]) for name in ("face", "embedding")]
    opsets = [helper.make_opsetid("", 17)]
    graph = helper.make_graph([node], "plain", values[:1], values[1:])
    manifest = json.loads((models / "manifest.json").read_text())
    plain = models / manifest["embedder"]["file"]
    onnx.save(helper.make_model(graph, opset_imports=opsets, ir_version=8), plain)
    before = plain.read_bytes()
    assert manifest["embedder"]["model"] not in make_ready(models)
    assert plain.read_bytes() == before
    assert "ready" not in json.loads((models / "manifest.json").read_text())["embedder"]


@pytest.mark.parametrize("part", ["ready", "tensors"])
def test_a_cut_file_is_refused(made_ready: Path, part: str) -> None:
    file = getattr(read_manifest(made_ready).embedding_network, part)
    file.path.write_bytes(file.path.read_bytes()[:-1])
    with pytest.raises(DamagedFile, match=file.path.name):
        read_manifest(made_ready, verify="size")


def test_other_answers_stop_it(models: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As if ONNX Runtime's order were none of those known, but looked like one."""
    reading = ready._reading

    def misread(*arguments: object) -> onnx.ModelProto:
        model = reading(*arguments)  # type: ignore[arg-type]
        for node in model.graph.node:
            if node.op_type == "Transpose" and list(node.attribute[0].ints) == [0, 5, 1, 4, 2, 3]:
                node.attribute[0].ints[:] = [0, 5, 1, 4, 3, 2]
        return model

    monkeypatch.setattr(ready, "_reading", misread)
    with pytest.raises(VerificationFailed, match="made ready"):
        make_ready(models)
