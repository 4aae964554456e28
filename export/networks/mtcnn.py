"""P-Net, R-Net and O-Net (Zhang et al., 2016, arXiv:1604.02878) as ONNX graphs, with facenet-pytorch's weights.

The graphs are written node by node rather than traced, because their shape decides the speed. ONNX Runtime computes
convolutions in a blocked memory layout (NCHWc, 16 or 8 channels a block) and copies whatever it cannot keep in it:

- PReLU is not among what it keeps. It is written as 1×1 convolutions, which are: prelu() and pooled_prelu() say how.
- Pooling is, when the channels fill whole blocks. R-Net's first 28 channels are therefore filled up with four of zeros.
- The last layers of a network are one layer, whose output is cut in the function.

The pixel normalisation (x − 127.5) / 128 is folded into the first convolution, so the function feeds raw pixel means.
The two-way softmax becomes the difference of its logits: the function compares that with logit(threshold).
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
BLOCK = 16  # channels in a block where AVX-512 is; elsewhere 8
QUARTER = 4  # what a convolution's input channels must be a multiple of to be read in blocks
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
    """Input "pixels" [N,3,h,w], RGB 0…255. Output "found" [N,5,h',w']: logit, four offsets; stride 2, 12×12 cells."""
    graph = _Graph(weights, ["N", 3, "h", "w"])
    x = graph.pooled_prelu("1", graph.first_conv("conv1", twins_of="prelu1"))
    x = graph.prelu("prelu2", graph.conv("conv2", x))
    x = graph.prelu("prelu3", graph.conv("conv3", x))
    graph.conv_with(_joined(_logit(weights, "conv4_1"), _layer(weights, "conv4_2")), x)
    return graph.model("P-Net", ["N", 5, "p", "q"])


def rnet(weights: Weights) -> onnx.ModelProto:
    """Input "pixels" [N,3,24,24], RGB 0…255. Output "found" [N,5]: logit, four offsets."""
    graph = _Graph(weights, ["N", 3, 24, 24])
    x = graph.prelu_pooled("prelu1", graph.first_conv("conv1"), kernel=3)
    x = graph.prelu_pooled("prelu2", graph.conv("conv2", x), kernel=3, pad_end=0)
    x = graph.prelu("prelu3", graph.conv("conv3", x))
    x = graph.dense_prelu("prelu4", graph.dense(_flattened(weights, "dense4", channels=64, side=3), x, flatten=True))
    graph.dense(_joined(_logit(weights, "dense5_1"), _layer(weights, "dense5_2")), x)
    return graph.model("R-Net", ["N", 5])


def onet(weights: Weights) -> onnx.ModelProto:
    """Input "pixels" [N,3,48,48], RGB 0…255. Output "found" [N,15]: logit, four offsets, landmarks (5 x, then 5 y)."""
    graph = _Graph(weights, ["N", 3, 48, 48])
    x = graph.prelu_pooled("prelu1", graph.first_conv("conv1"), kernel=3)
    x = graph.prelu_pooled("prelu2", graph.conv("conv2", x), kernel=3, pad_end=0)
    x = graph.prelu_pooled("prelu3", graph.conv("conv3", x), kernel=2, pad_end=0)
    x = graph.prelu("prelu4", graph.conv("conv4", x))
    x = graph.dense_prelu("prelu5", graph.dense(_flattened(weights, "dense5", channels=128, side=3), x, flatten=True))
    layers = [_logit(weights, "dense6_1"), _layer(weights, "dense6_2"), _layer(weights, "dense6_3")]
    graph.dense(_joined(*layers), x)
    return graph.model("O-Net", ["N", 15])


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
        self._channels = 3  # of the latest output, with those that only fill a block
        self._flipped: set[int] = set()  # channels that carry −y since the latest activation

    def first_conv(self, name: str, twins_of: str | None = None) -> str:
        """The convolution of raw pixels, followed by −x of the channels for which pooled_prelu needs that."""
        weight, bias = _layer(self._weights, name)
        # (x − 127.5) / 128 · W + b = x · (W / 128) + (b − 127.5 / 128 · ΣW)
        bias = bias - weight.sum(axis=(1, 2, 3), dtype=np.float64) * (127.5 / 128)
        layer = weight / np.float32(128), bias.astype(np.float32)
        if twins_of:
            twins = self._slope(twins_of) < 0
            layer = _joined(layer, (-layer[0][twins], -layer[1][twins]))
        return self.conv_with(_filled(layer, BLOCK), "pixels")

    def conv(self, name: str, x: str) -> str:
        weight, bias = _layer(self._weights, name)
        weight = np.pad(weight, [(0, 0), (0, self._channels - weight.shape[1]), (0, 0), (0, 0)])
        weight[:, sorted(self._flipped)] *= -1
        self._flipped = set()
        return self.conv_with((weight, bias), x)

    def conv_with(self, layer: tuple[Array, Array], x: str, groups: int = 1) -> str:
        self._channels = len(layer[1])
        return self._add("Conv", [x, self._tensor(layer[0]), self._tensor(layer[1])], group=groups)

    def prelu(self, name: str, x: str) -> str:
        """PReLU of slopes a ≤ 1: a·x + relu((1 − a)·x), two depthwise convolutions that ONNX Runtime fuses."""
        slope = self._slope(name)
        if (slope > 1).any():
            raise ValueError(f"{name} has a slope above 1, which only a pooled PReLU is written for")
        return self._bent(slope, 1 - slope, x)

    def prelu_pooled(self, name: str, x: str, kernel: int, pad_end: int = 1) -> str:
        """max-pool(PReLU(x)). A padding of one at the end equals facenet-pytorch's ceil_mode at these sizes.

        A slope above 1 makes PReLU concave, which a sum with relu() cannot be. Such a channel is pooled first, for
        PReLU keeps the order; then minus the result is −a·p + relu((a − 1)·p), and the next layer's weights take the
        sign back.
        """
        slope = self._slope(name)
        steep = slope > 1
        x = self._max_pool(self._bent(np.where(steep, 1, slope), np.where(steep, 0, 1 - slope), x), kernel, pad_end)
        if steep.any():
            x = self._bent(np.where(steep, -slope, 1), np.where(steep, slope - 1, 0), x)
            self._flipped = set(np.flatnonzero(steep).tolist())
        return x

    def pooled_prelu(self, number: str, x: str) -> str:
        """max-pool(PReLU(x)) of P-Net, with the pooling first, so that PReLU meets a quarter of the pixels.

        With p = max-pool(x) and t = max-pool(−x), the twin's: for a slope 0 ≤ a ≤ 1 the result is a·p + relu((1 − a)·p);
        for a < 0 it is max(p, −a·t) = −a·t + relu(p + a·t); for a > 1 see prelu_pooled. P-Net's twins cost nothing: its
        10 channels and 6 twins are one block.
        """
        slope = self._slope(f"prelu{number}")
        pooled = self._max_pool(x, kernel=2, pad_end=1)
        count, twins = len(slope), np.flatnonzero(slope < 0)
        linear = np.zeros((count, self._channels), np.float32)
        positive = np.zeros_like(linear)
        for channel, a in enumerate(slope):
            sign = -1 if a > 1 else 1
            linear[channel, channel], positive[channel, channel] = sign * a, sign * (1 - a)
        for index, channel in enumerate(twins.tolist(), start=count):
            a = slope[channel]
            linear[channel, channel], linear[channel, index] = 0, -a
            positive[channel, channel], positive[channel, index] = 1, a
        self._flipped = set(np.flatnonzero(slope > 1).tolist())
        straight, bent = (
            _filled((w[:, :, None, None], np.zeros(count, np.float32)), QUARTER) for w in (linear, positive)
        )
        return self._add("Add", [self.conv_with(straight, pooled), self._add("Relu", [self.conv_with(bent, pooled)])])

    def dense(self, layer: tuple[Array, Array], x: str, flatten: bool = False) -> str:
        if flatten:
            x = self._add("Flatten", [x], axis=1)
        return self._add("Gemm", [x, self._tensor(layer[0]), self._tensor(layer[1])], transB=1)

    def dense_prelu(self, name: str, x: str) -> str:
        return self._add("PRelu", [x, self._tensor(self._slope(name))])

    def model(self, name: str, shape: list[int | str]) -> onnx.ModelProto:
        """The graph so far, its latest output as "found"."""
        self._nodes[-1].output[0] = "found"
        found = helper.make_tensor_value_info("found", TensorProto.FLOAT, shape)
        return _model(helper.make_graph(self._nodes, name, [self._input], [found], self._tensors))

    def _slope(self, name: str) -> Array:
        slope: Array = self._weights[f"{name}.weight"]
        return slope

    def _bent(self, linear: Array, positive: Array, x: str) -> str:
        """linear·x + relu(positive·x), channel by channel."""
        return self._add("Add", [self._scaled(linear, x), self._add("Relu", [self._scaled(positive, x)])])

    def _scaled(self, factors: Array, x: str) -> str:
        factors = np.pad(factors, (0, self._channels - len(factors))).astype(np.float32)
        return self.conv_with((factors.reshape(-1, 1, 1, 1), np.zeros_like(factors)), x, groups=len(factors))

    def _max_pool(self, x: str, kernel: int, pad_end: int) -> str:
        return self._add("MaxPool", [x], kernel_shape=[kernel] * 2, strides=[2, 2], pads=[0, 0, pad_end, pad_end])

    def _tensor(self, value: Array) -> str:
        name = f"w{len(self._tensors)}"
        self._tensors.append(numpy_helper.from_array(np.ascontiguousarray(value, np.float32), name))
        return name

    def _add(self, kind: str, inputs: list[str], **attributes: Any) -> str:
        name = f"x{len(self._nodes)}"
        self._nodes.append(helper.make_node(kind, inputs, [name], **attributes))
        return name


def _joined(*layers: tuple[Array, Array]) -> tuple[Array, Array]:
    """Layers side by side as one."""
    return np.concatenate([weight for weight, _ in layers]), np.concatenate([bias for _, bias in layers])


def _filled(layer: tuple[Array, Array], whole: int) -> tuple[Array, Array]:
    """The layer with outputs of zeros added, up to a multiple of `whole`."""
    weight, bias = layer
    missing = -len(bias) % whole
    return np.pad(weight, [(0, missing), *[(0, 0)] * (weight.ndim - 1)]), np.pad(bias, (0, missing))


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

    from export.networks.facenet import mtcnn_network
    from lookalike.faces.sessions import open_session

    network, session = mtcnn_network(name), open_session(model.SerializeToString())
    generator = np.random.default_rng(20160411)
    shapes = {"pnet": [(1, 37, 50), (2, 12, 12), (1, 240, 321)], "rnet": [(7, 24, 24)], "onet": [(5, 48, 48)]}[name]
    worst = 0.0
    for count, height, width in shapes:
        pixels = generator.uniform(0, 255, (count, 3, height, width)).astype(np.float32)
        with torch.no_grad():
            expected = [out.numpy() for out in network((torch.from_numpy(pixels) - 127.5) * 0.0078125)]
        found = session.run(None, {"pixels": pixels})[0].astype(np.float64)
        probability = 1 / (1 + np.exp(-found[:, 0]))
        # facenet-pytorch's order: offsets, landmarks where there are any, probabilities of both classes.
        wanted = np.concatenate([expected[-1][:, 1:], *expected[:-1]], axis=1)
        ours = np.concatenate([probability[:, None], found[:, 1:]], axis=1)
        worst = max(worst, float(np.abs(ours - wanted).max()))
    return worst, sum(count for count, *_ in shapes)
