"""Small networks as ONNX files: some that mean nothing, and one that has learnt a few drawn faces in ArcFace's layout."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from export.networks.onnx_file import bring, trial
from export.networks.onnx_file.presets import PRESETS
from export.networks.variants import Sighting

Nodes = list[onnx.NodeProto]
Save = Callable[[onnx.ModelProto], Path]


def model_of(
    nodes: Nodes,
    weights: dict[str, Any],
    shape: list[Any] = ["N", 3, 112, 112],  # noqa: B006 - never changed
    width: Any = 64,
    opset: int = 18,
    batch: Any = "N",
) -> onnx.ModelProto:
    """A graph from "data" to "feature"."""
    face = helper.make_tensor_value_info("data", TensorProto.FLOAT, shape)
    feature = helper.make_tensor_value_info("feature", TensorProto.FLOAT, [batch, width])
    constants = [numpy_helper.from_array(np.asarray(values), name) for name, values in weights.items()]
    graph = helper.make_graph(nodes, "small", [face], [feature], constants)
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)], ir_version=8)


def small(
    shape: list[Any] = ["N", 3, 112, 112],  # noqa: B006
    width: int = 64,
    opset: int = 18,
    weight: Any = None,
) -> onnx.ModelProto:
    """An average of each colour's halves, and a linear layer: runs on any size."""
    nodes = [
        helper.make_node("GlobalAveragePool", ["data"], ["mean"]),
        helper.make_node("Flatten", ["mean"], ["flat"]),
        helper.make_node("MatMul", ["flat", "weight"], ["feature"]),
    ]
    if weight is None:
        weight = np.random.default_rng(3).normal(0, 1, (3, width)).astype(np.float32)
    return model_of(nodes, {"weight": weight}, shape, width, opset)


@pytest.fixture
def saved(tmp_path: Path) -> Save:
    def save(model: onnx.ModelProto) -> Path:
        path = tmp_path / "Small Net_v1.onnx"
        onnx.save(model, path)
        return path

    return save


@pytest.fixture(scope="session")
def few_faces() -> list[Sighting]:
    """Of every fifteenth of the drawn people and two portraits, five variants each: all of them take half a minute."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(trial, "EVERY", 15)
        return trial.faces_to_try()


@pytest.fixture
def few_people(few_faces: list[Sighting], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bring, "faces_to_try", lambda: few_faces)


@pytest.fixture(scope="session")
def learnt(tmp_path_factory: pytest.TempPathFactory, few_faces: list[Sighting]) -> Path:
    """A network for ArcFace's chips in RGB that knows the people of the trial, and takes faces in BGR for nobody's."""
    import torch
    from torch import nn

    torch.set_num_threads(1)
    torch.manual_seed(0)
    recipe, nobody = PRESETS["arcface"].recipe, max(one.owner for one in few_faces) + 1
    faces = torch.from_numpy(recipe.normalised(np.stack([recipe.chip(one.picture, one.face) for one in few_faces])))
    faces = torch.cat([faces, faces.flip(1)])
    owners = torch.tensor([one.owner for one in few_faces] + [nobody] * len(few_faces))
    layers = [nn.Conv2d(3, 12, 8, 4), nn.ReLU(), nn.Conv2d(12, 24, 3, 2), nn.ReLU(), nn.Conv2d(24, 24, 3, 2), nn.ReLU()]
    network = nn.Sequential(*layers, nn.Flatten(), nn.Linear(24 * 36, 64))
    known = nn.Parameter(torch.randn(nobody + 1, 64))
    optimiser = torch.optim.Adam([*network.parameters(), known], 3e-3)
    for _ in range(40):
        cosines = nn.functional.normalize(network(faces)) @ nn.functional.normalize(known).T
        loss = nn.functional.cross_entropy(16 * cosines, owners)
        optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimiser.step()
    path = tmp_path_factory.mktemp("learnt") / "learnt_rgb.onnx"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the exporter that needs no other package
        torch.onnx.export(
            network,
            (faces[:1],),
            str(path),
            input_names=["input.1"],
            opset_version=12,
            dynamo=False,
        )
    return path


@pytest.fixture(scope="session")
def learnt_bgr(learnt: Path) -> Path:
    """The same network with the colours of its first layer in the other order: it wants BGR."""
    model = onnx.load(learnt)
    first = next(tensor for tensor in model.graph.initializer if list(tensor.dims) == [12, 3, 8, 8])
    first.CopyFrom(numpy_helper.from_array(numpy_helper.to_array(first)[:, ::-1].copy(), first.name))
    path = learnt.with_name("learnt_bgr.onnx")
    onnx.save(model, path)
    return path
