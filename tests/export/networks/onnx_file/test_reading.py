"""What cannot be a face network is refused, each with the one sentence that says what is wrong."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper

from export.errors import ExportError
from export.networks.onnx_file.reading import NotAFaceNetwork, read

from .conftest import Save, model_of, small


def test_says_what_a_file_takes_and_gives(saved: Save) -> None:
    found = read(saved(small(["batch", 3, 96, 96], width=300)))
    assert (found.face, found.embedding, found.size, found.width) == ("data", "feature", 96, 300)
    assert not found.normalises


@pytest.mark.parametrize("width", [64, 2048])
def test_embeddings_are_64_to_2048_wide(saved: Save, width: int) -> None:
    assert read(saved(small(width=width))).width == width
    outside = 63 if width == 64 else 2049
    with pytest.raises(
        NotAFaceNetwork, match=rf"answers with feature \[1, {outside}\]: none of these is the embedding"
    ):
        read(saved(small(width=outside)))


@pytest.mark.parametrize(
    ("shape", "reason"),
    [
        (["N", 3, 112], r"takes \[N, 3, 112\]: a face network takes \[batch, 3, height, width\]"),
        (["N", 112, 112, 3], r"takes \[N, 112, 112, 3\], colours last"),
        (["N", 3, "H", "W"], r"takes \[N, 3, H, W\]: only the batch may be open"),
        (["N", 3, 112, None], r"takes \[N, 3, 112, \?\]: only the batch may be open"),
        (["N", 1, 112, 112], "a face has 3 colours and is square"),
        (["N", 3, 112, 96], "a face has 3 colours and is square"),
        (["N", 3, 31, 31], "32 to 1024 pixels a side"),
        (["N", 3, 1025, 1025], "32 to 1024 pixels a side"),
    ],
)
def test_an_input_that_is_no_face_is_refused(saved: Save, shape: list[Any], reason: str) -> None:
    with pytest.raises(NotAFaceNetwork, match=reason) as caught:
        read(saved(small(shape)))
    assert "\n" not in str(caught.value)


def test_other_numbers_than_float32_and_other_inputs_are_refused(saved: Save) -> None:
    model = small()
    model.graph.input[0].type.tensor_type.elem_type = TensorProto.UINT8
    with pytest.raises(NotAFaceNetwork, match="takes uint8: export it with float32 input"):
        read(saved(model))
    model = small()
    model.graph.input.append(helper.make_tensor_value_info("age", TensorProto.FLOAT, [1]))
    with pytest.raises(NotAFaceNetwork, match=r"has 2 inputs \(data, age\)"):
        read(saved(model))


def test_weights_that_old_files_list_as_inputs_are_none(saved: Save) -> None:
    model = small()
    model.graph.input.append(helper.make_tensor_value_info("weight", TensorProto.FLOAT, [3, 64]))
    assert read(saved(model)).width == 64


def test_of_several_outputs_the_one_that_can_be_an_embedding_is_taken(saved: Save) -> None:
    model = small()
    model.graph.output.append(helper.make_tensor_value_info("flat", TensorProto.FLOAT, ["N", 3]))  # as AdaFace's norm
    assert read(saved(model)).embedding == "feature"
    model.graph.node.append(helper.make_node("Neg", ["feature"], ["negative"]))
    model.graph.output.append(helper.make_tensor_value_info("negative", TensorProto.FLOAT, ["N", 64]))
    with pytest.raises(NotAFaceNetwork, match="more than one of these could be the embedding"):
        read(saved(model))


def test_operators_that_the_runtime_lacks_are_named(saved: Save) -> None:
    model = small()
    model.graph.node[0].op_type = "FaceMagic"
    with pytest.raises(
        NotAFaceNetwork, match=r"cannot be run by ONNX Runtime .*: it lacks the operator FaceMagic\."
    ) as caught:
        read(saved(model))
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("content", [b"", b"no network", b"\x08\x09" * 50])
def test_what_is_no_onnx_file_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "net.onnx"
    path.write_bytes(content)
    with pytest.raises(NotAFaceNetwork, match="is not an ONNX file"):
        read(path)
    with pytest.raises(ExportError, match="There is no file"):
        read(tmp_path / "none.onnx")


def test_a_mean_of_its_own_is_seen(saved: Save) -> None:
    weights = {"mean": np.float32(127.5), "scale": np.float32(1 / 128), "kernel": np.ones((64, 3, 1, 1), np.float32)}
    nodes = [
        helper.make_node("Sub", ["data", "mean"], ["centred"]),
        helper.make_node("Mul", ["centred", "scale"], ["scaled"]),
        helper.make_node("Conv", ["scaled", "kernel"], ["layer"]),
        helper.make_node("GlobalAveragePool", ["layer"], ["pooled"]),
        helper.make_node("Flatten", ["pooled"], ["feature"]),
    ]
    model = model_of(nodes, weights)
    assert read(saved(model)).normalises
    del model.graph.node[1]
    model.graph.node[1].input[0] = "centred"
    onnx.checker.check_model(model)
    assert not read(saved(model)).normalises
