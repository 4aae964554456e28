"""P-Net, R-Net and O-Net (Zhang et al., 2016, arXiv:1604.02878) as ONNX graphs, with facenet-pytorch's weights.

The graphs are written node by node rather than traced, because their shape decides the speed:

- The pixel normalisation (x − 127.5) / 128 is folded into the first convolution, so the function feeds raw pixel means.
- PReLU would throw ONNX Runtime out of its blocked (NCHWc) memory layout. It is written as 1×1 convolutions and an
  addition instead, which stay inside the layout, and it stands behind the pooling, on a quarter of the pixels.
- The two-way softmax becomes the difference of its logits: the function compares that with logit(threshold).
"""

from __future__ import annotations

import hashlib
import importlib.util
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import onnx
from onnx import TensorProto, helper, numpy_helper

Array = npt.NDArray[np.float32]
Weights = Mapping[str, Array]

OPSET = 17
IR_VERSION = 8
ORIGIN = "facenet-pytorch 2.6.0 (facenet_pytorch/data/{pnet,rnet,onet}.pt), after Zhang et al. 2016"
TERMS = "MIT (facenet-pytorch)"


def export_mtcnn(directory: Path) -> dict[str, Any]:
    """Write pnet.onnx, rnet.onnx, onet.onnx and nms.onnx into `directory`; returns the manifest's `detector` entry.

    Every graph is checked by onnx.checker and against facenet-pytorch's own module on seeded inputs first; raises
    ValueError when they differ by more than 1e-4 in a logit, an offset or a landmark.
    """
    models = {name: build(load_weights(name)) for name, build in BUILDERS.items()} | {"nms": nms()}
    difference, inputs = 0.0, 0
    for name, model in models.items():
        onnx.checker.check_model(model, full_check=True)
        if name != "nms":
            worst, count = _difference_from_torch(name, model)
            difference, inputs = max(difference, worst), inputs + count
    if not difference <= 1e-4:
        raise ValueError(f"MTCNN's ONNX graphs differ from facenet-pytorch by {difference:.2g}; nothing was written")
    entries = {}
    for name, model in models.items():
        data = model.SerializeToString()
        (directory / f"{name}.onnx").write_bytes(data)
        entries[name] = {"file": f"{name}.onnx", "sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data)}
    return {
        "name": "mtcnn",
        "networks": entries,
        "origin": ORIGIN,
        "terms": TERMS,
        "verification": {"against": "facenet-pytorch", "largest_difference": difference, "inputs": inputs},
    }


def load_weights(name: str) -> Weights:
    """One network's tensors as float32 arrays, read from the installed facenet-pytorch wheel without importing it."""
    import torch

    spec = importlib.util.find_spec("facenet_pytorch")
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError("facenet-pytorch is not installed: run `make setup`")
    state = torch.load(Path(spec.submodule_search_locations[0]) / "data" / f"{name}.pt", weights_only=True)
    return {key: value.numpy() for key, value in state.items()}


def pnet(weights: Weights) -> onnx.ModelProto:
    """Input "pixels" [N,3,h,w], RGB 0…255. Outputs "logit" [N,1,h',w'] and "offsets" [N,4,h',w'], stride 2, 12×12 cells."""
    graph = _Graph(weights, ["N", 3, "h", "w"])
    x = graph.pooled_prelu("1", graph.first_conv("conv1"), kernel=2)
    x = graph.prelu("prelu2", graph.conv("conv2", x))
    x = graph.prelu("prelu3", graph.conv("conv3", x))
    graph.output("logit", graph.conv_with(_logit(weights, "conv4_1"), x), ["N", 1, "p", "q"])
    graph.output("offsets", graph.conv("conv4_2", x), ["N", 4, "p", "q"])
    return graph.model("P-Net")


def rnet(weights: Weights) -> onnx.ModelProto:
    """Input "pixels" [N,3,24,24], RGB 0…255. Outputs "logit" [N,1] and "offsets" [N,4]."""
    graph = _Graph(weights, ["N", 3, 24, 24])
    x = graph.pooled_prelu("1", graph.first_conv("conv1"), kernel=3)
    x = graph.pooled_prelu("2", graph.conv_into_pool("2", x), kernel=3, pad_end=0)
    x = graph.prelu("prelu3", graph.conv("conv3", x))
    x = graph.dense_prelu("prelu4", graph.dense(_flattened(weights, "dense4", channels=64, side=3), x, flatten=True))
    graph.output("logit", graph.dense(_logit(weights, "dense5_1"), x), ["N", 1])
    graph.output("offsets", graph.dense(_layer(weights, "dense5_2"), x), ["N", 4])
    return graph.model("R-Net")


def onet(weights: Weights) -> onnx.ModelProto:
    """Input "pixels" [N,3,48,48], RGB 0…255. Outputs "logit" [N,1], "offsets" [N,4], "landmarks" [N,10] (5 x, then 5 y)."""
    graph = _Graph(weights, ["N", 3, 48, 48])
    x = graph.pooled_prelu("1", graph.first_conv("conv1"), kernel=3)
    x = graph.pooled_prelu("2", graph.conv_into_pool("2", x), kernel=3, pad_end=0)
    x = graph.pooled_prelu("3", graph.conv_into_pool("3", x), kernel=2, pad_end=0)
    x = graph.prelu("prelu4", graph.conv("conv4", x))
    x = graph.dense_prelu("prelu5", graph.dense(_flattened(weights, "dense5", channels=128, side=3), x, flatten=True))
    graph.output("logit", graph.dense(_logit(weights, "dense6_1"), x), ["N", 1])
    graph.output("offsets", graph.dense(_layer(weights, "dense6_2"), x), ["N", 4])
    graph.output("landmarks", graph.dense(_layer(weights, "dense6_3"), x), ["N", 10])
    return graph.model("O-Net")


BUILDERS = {"pnet": pnet, "rnet": rnet, "onet": onet}


def nms() -> onnx.ModelProto:
    """Greedy non-maximum suppression by intersection over union, kept as a graph of one node.

    Inputs "boxes" [1,n,4], "scores" [1,1,n], "limit" [1] int64 (how many to keep at most), "overlap" [1]. Output "kept"
    [m,3] int64, the box's index in its last column, best first.
    """
    node = helper.make_node("NonMaxSuppression", ["boxes", "scores", "limit", "overlap"], ["kept"])
    graph = helper.make_graph(
        [node],
        "non-maximum suppression",
        [
            helper.make_tensor_value_info("boxes", TensorProto.FLOAT, [1, "n", 4]),
            helper.make_tensor_value_info("scores", TensorProto.FLOAT, [1, 1, "n"]),
            helper.make_tensor_value_info("limit", TensorProto.INT64, [1]),
            helper.make_tensor_value_info("overlap", TensorProto.FLOAT, [1]),
        ],
        [helper.make_tensor_value_info("kept", TensorProto.INT64, ["m", 3])],
    )
    return _model(graph)


class _Graph:
    """A network under construction: nodes are appended in order, each helper returns the name of its output."""

    def __init__(self, weights: Weights, shape: list[int | str]) -> None:
        self._weights = weights
        self._nodes: list[onnx.NodeProto] = []
        self._tensors: list[onnx.TensorProto] = []
        self._input = helper.make_tensor_value_info("pixels", TensorProto.FLOAT, shape)
        self._outputs: list[onnx.ValueInfoProto] = []
        self._flipped: set[int] = set()  # channels that carry −y since the last activation

    def first_conv(self, name: str) -> str:
        weight, bias = _layer(self._weights, name)
        # (x − 127.5) / 128 · W + b = x · (W / 128) + (b − 127.5 / 128 · ΣW)
        bias = bias - weight.sum(axis=(1, 2, 3), dtype=np.float64) * (127.5 / 128)
        return self.conv_with(self._with_twins(name[-1], (weight / np.float32(128), bias.astype(np.float32))), "pixels")

    def conv_into_pool(self, number: str, x: str) -> str:
        """Convolution `number`, whose output will be pooled: with the twins that pooled_prelu needs."""
        return self.conv_with(self._with_twins(number, self._unflipped(f"conv{number}")), x)

    def conv(self, name: str, x: str) -> str:
        return self.conv_with(self._unflipped(name), x)

    def conv_with(self, layer: tuple[Array, Array], x: str, groups: int = 1) -> str:
        return self._add("Conv", [x, self._tensor(layer[0]), self._tensor(layer[1])], group=groups)

    def prelu(self, name: str, x: str) -> str:
        """PReLU(x) = a·x + relu((1 − a)·x), as two depthwise convolutions; needs a ≤ 1."""
        slope = self._weights[f"{name}.weight"]
        if (slope > 1).any():
            raise ValueError(f"{name} has a slope above 1, which only a pooled PReLU is written for")
        zero = np.zeros_like(slope)
        linear = self.conv_with((slope.reshape(-1, 1, 1, 1), zero), x, groups=len(slope))
        positive = self.conv_with(((1 - slope).reshape(-1, 1, 1, 1), zero), x, groups=len(slope))
        return self._add("Add", [linear, self._add("Relu", [positive])])

    def pooled_prelu(self, number: str, x: str, kernel: int, pad_end: int = 1) -> str:
        """max-pool(PReLU(x)), with the pooling done first.

        With p = max-pool(x) and t = max-pool(−x), the twin's: for a slope 0 ≤ a ≤ 1 the result is a·p + relu((1 − a)·p);
        for a < 0 it is max(p, −a·t) = −a·t + relu(p + a·t); for a > 1, which is concave, minus the result is
        −a·p + relu((a − 1)·p), and the next layer's weights take the sign back. A padding of one at the end equals
        facenet-pytorch's ceil_mode at every size these networks meet.
        """
        slope = self._weights[f"prelu{number}.weight"]
        stride = 2
        pooled = self._add(
            "MaxPool", [x], kernel_shape=[kernel] * 2, strides=[stride] * 2, pads=[0, 0, pad_end, pad_end]
        )
        count, twins = len(slope), np.flatnonzero(slope < 0).tolist()
        linear = np.zeros((count, count + len(twins)), np.float32)
        positive = np.zeros_like(linear)
        for channel, a in enumerate(slope):
            sign = -1 if a > 1 else 1
            linear[channel, channel], positive[channel, channel] = sign * a, sign * (1 - a)
        for index, channel in enumerate(twins, start=count):
            a = slope[channel]
            linear[channel, channel], linear[channel, index] = 0, -a
            positive[channel, channel], positive[channel, index] = 1, a
        self._flipped = set(np.flatnonzero(slope > 1).tolist())
        zero = np.zeros(count, np.float32)
        straight = self.conv_with((linear[:, :, None, None], zero), pooled)
        bent = self._add("Relu", [self.conv_with((positive[:, :, None, None], zero), pooled)])
        return self._add("Add", [straight, bent])

    def dense(self, layer: tuple[Array, Array], x: str, flatten: bool = False) -> str:
        if flatten:
            x = self._add("Flatten", [x], axis=1)
        return self._add("Gemm", [x, self._tensor(layer[0]), self._tensor(layer[1])], transB=1)

    def dense_prelu(self, name: str, x: str) -> str:
        return self._add("PRelu", [x, self._tensor(self._weights[f"{name}.weight"])])

    def output(self, name: str, x: str, shape: list[int | str]) -> None:
        next(node for node in self._nodes if x in node.output).output[0] = name
        self._outputs.append(helper.make_tensor_value_info(name, TensorProto.FLOAT, shape))

    def model(self, name: str) -> onnx.ModelProto:
        return _model(helper.make_graph(self._nodes, name, [self._input], self._outputs, self._tensors))

    def _with_twins(self, number: str, layer: tuple[Array, Array]) -> tuple[Array, Array]:
        twins = self._weights[f"prelu{number}.weight"] < 0
        weight, bias = layer
        return np.concatenate([weight, -weight[twins]]), np.concatenate([bias, -bias[twins]])

    def _unflipped(self, name: str) -> tuple[Array, Array]:
        weight, bias = _layer(self._weights, name)
        weight = weight.copy()
        weight[:, sorted(self._flipped)] *= -1
        self._flipped = set()
        return weight, bias

    def _tensor(self, value: Array) -> str:
        name = f"w{len(self._tensors)}"
        self._tensors.append(numpy_helper.from_array(np.ascontiguousarray(value, np.float32), name))
        return name

    def _add(self, kind: str, inputs: list[str], **attributes: Any) -> str:
        name = f"x{len(self._nodes)}"
        self._nodes.append(helper.make_node(kind, inputs, [name], **attributes))
        return name


def _layer(weights: Weights, name: str) -> tuple[Array, Array]:
    return weights[f"{name}.weight"], weights[f"{name}.bias"]


def _logit(weights: Weights, name: str) -> tuple[Array, Array]:
    """The two classes' layer as one: logit of "face" minus logit of "no face"."""
    weight, bias = _layer(weights, name)
    return weight[1:] - weight[:1], bias[1:] - bias[:1]


def _flattened(weights: Weights, name: str, channels: int, side: int) -> tuple[Array, Array]:
    """facenet-pytorch flattens (column, row, channel); ONNX's Flatten gives (channel, row, column)."""
    weight, bias = _layer(weights, name)
    reordered = weight.reshape(len(weight), side, side, channels).transpose(0, 3, 2, 1)
    return reordered.reshape(len(weight), -1), bias


def _model(graph: onnx.GraphProto) -> onnx.ModelProto:
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], producer_name="lookalike")
    model.ir_version = IR_VERSION
    return model


def _difference_from_torch(name: str, model: onnx.ModelProto) -> tuple[float, int]:
    """Largest absolute difference of logits, offsets and landmarks on seeded pictures, and how many were tried."""
    import torch

    from export.facenet import mtcnn_network
    from lookalike.sessions import open_session

    network, session = mtcnn_network(name), open_session(model.SerializeToString())
    generator = np.random.default_rng(20160411)
    shapes = {"pnet": [(1, 37, 50), (2, 12, 12), (1, 240, 321)], "rnet": [(7, 24, 24)], "onet": [(5, 48, 48)]}[name]
    worst = 0.0
    for count, height, width in shapes:
        pixels = generator.uniform(0, 255, (count, 3, height, width)).astype(np.float32)
        with torch.no_grad():
            expected = [out.numpy() for out in network((torch.from_numpy(pixels) - 127.5) * 0.0078125)]
        logit, *others = session.run(None, {"pixels": pixels})
        probability = 1 / (1 + np.exp(-logit[:, 0].astype(np.float64)))
        worst = max(worst, float(np.abs(probability - expected[-1][:, 1]).max()))
        for ours, theirs in zip(others, expected[:-1], strict=True):
            worst = max(worst, float(np.abs(ours - theirs).max()))
    return worst, sum(count for count, *_ in shapes)
