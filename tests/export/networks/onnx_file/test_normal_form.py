"""Whatever a file is like, the function gets "face" to "embedding", any batch, and the file's own answers."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from numpy.typing import NDArray
from onnx import helper

from export.networks import inception_resnet_v1, pictures
from export.networks.embedders import RECOGNISERS
from export.networks.onnx_file.normal_form import normal_form
from export.networks.onnx_file.reading import NotAFaceNetwork, answers, read
from lookalike.faces.sessions import open_session

from .conftest import Save, model_of, small

FACES = np.random.default_rng(5).uniform(-1, 1, (4, 3, 112, 112)).astype(np.float32)


def run(model: onnx.ModelProto, faces: NDArray[np.float32]) -> Any:
    onnx.checker.check_model(model, full_check=True)
    return open_session(model.SerializeToString()).run(["embedding"], {"face": faces})[0]


@pytest.mark.parametrize("opset", [9, 13, 18])
def test_answers_as_the_file_does_at_our_opset(saved: Save, opset: int) -> None:
    found = read(saved(small(opset=opset)))
    model = normal_form(found, unit_length=False)
    assert model.opset_import[0].version == 18 and model.ir_version == 9
    assert model.graph.input[0].type.tensor_type.shape.dim[0].dim_param == "N"
    assert np.allclose(run(model, FACES), answers(found, FACES), atol=1e-6)


def test_unit_vectors_are_made_where_the_file_gives_none(saved: Save) -> None:
    found = read(saved(small()))
    raw = answers(found, FACES)
    assert np.abs(np.linalg.norm(raw, axis=1) - 1).max() > 0.1
    unit = raw / np.linalg.norm(raw, axis=1, keepdims=True)
    assert np.allclose(run(normal_form(found, unit_length=True), FACES), unit, atol=1e-6)


def test_inception_resnet_v1_stays_as_the_built_in_one_bit_for_bit(
    tmp_path: Path, seeded_network: Callable[..., Any]
) -> None:
    ours = inception_resnet_v1.to_onnx(seeded_network())
    onnx.save(ours, tmp_path / "facenet.onnx")
    model = normal_form(read(tmp_path / "facenet.onnx"), unit_length=True)
    faces = RECOGNISERS["vggface2"].recipe.normalised(pictures.faces(160))
    assert np.array_equal(run(model, faces), run(ours, faces))


def reshaping(first: int, as_node: bool) -> onnx.ModelProto:
    """A network that flattens by reshaping to [first, −1], and reshapes its weights to [1, 3, 1, 1]."""
    weights: dict[str, Any] = {
        "slopes": np.array([1, 2, 3], np.float32),
        "of weights": np.array([1, 3, 1, 1], np.int64),
        "weight": np.random.default_rng(3).normal(0, 1, (3, 64)).astype(np.float32),
    }
    nodes = [
        helper.make_node("Reshape", ["slopes", "of weights"], ["shaped"]),
        helper.make_node("Mul", ["data", "shaped"], ["scaled"]),
        helper.make_node("GlobalAveragePool", ["scaled"], ["mean"]),
        helper.make_node("Reshape", ["mean", "flat shape"], ["flat"]),
        helper.make_node("MatMul", ["flat", "weight"], ["feature"]),
    ]
    shape = np.array([first, -1], np.int64)
    if as_node:
        nodes.insert(0, helper.make_node("Constant", [], ["flat shape"], value=onnx.numpy_helper.from_array(shape)))
    else:
        weights["flat shape"] = shape
    return model_of(nodes, weights, [1, 3, 112, 112], batch=1)


@pytest.mark.parametrize("as_node", [False, True])
def test_a_file_made_for_one_face_takes_several(saved: Save, as_node: bool) -> None:
    found = read(saved(reshaping(1, as_node)))
    embeddings = run(normal_form(found, unit_length=False), FACES)
    assert np.allclose(embeddings, answers(found, FACES), atol=1e-6)
    assert np.abs(embeddings[0] - embeddings[1]).max() > 1e-4


def test_one_that_mixes_its_faces_is_refused(saved: Save) -> None:
    weights = {"shape": np.array([3, 112 * 112], np.int64), "sum": np.ones((112 * 112, 64), np.float32)}
    nodes = [
        helper.make_node("Reshape", ["data", "shape"], ["rows"]),
        helper.make_node("MatMul", ["rows", "sum"], ["colours"]),
        helper.make_node("ReduceMean", ["colours"], ["feature"], axes=[0], keepdims=1),
    ]
    with pytest.raises(NotAFaceNetwork, match="one face at a time only"):
        normal_form(read(saved(model_of(nodes, weights, [1, 3, 112, 112], opset=13, batch=1))), unit_length=False)


def test_names_of_ours_inside_the_file_do_no_harm(saved: Save) -> None:
    model = small()
    for node in model.graph.node:
        for values in (node.input, node.output):
            values[:] = [{"mean": "face", "flat": "embedding"}.get(name, name) for name in values]
    found = read(saved(model))
    assert np.allclose(run(normal_form(found, unit_length=False), FACES), answers(found, FACES), atol=1e-6)
