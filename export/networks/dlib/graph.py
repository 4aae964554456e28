"""dlib's face recognition ResNet written as an ONNX graph."""

from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from export.networks.dlib.resnet import SIZE, WIDTH, Block, Convolution, Network

_OPSET, _IR_VERSION = 18, 9  # as old as the operators allow, so that any ONNX Runtime of the last years opens it


def to_onnx(network: Network) -> onnx.ModelProto:
    """The graph "face" float32 [N, 3, 150, 150], (RGB − mean) / 256, to "embedding" float32 [N, 128]."""
    graph = _Graph()
    x = graph.relu(graph.convolution(network.stem, "face"))
    x = graph.add("MaxPool", x, kernel_shape=[3, 3], strides=[2, 2])
    size = 35  # (150 − 7) // 2 + 1 = 72 after the stem, (72 − 3) // 2 + 1 = 35 after the pool
    for block in network.blocks:
        x, size = graph.block(block, x, size)
    x = graph.add("Flatten", graph.add("GlobalAveragePool", x))
    graph.add("MatMul", x, graph.constant(network.projection), output="embedding")
    return graph.model()


class _Graph:
    def __init__(self) -> None:
        self._nodes: list[onnx.NodeProto] = []
        self._constants: list[onnx.TensorProto] = []

    def add(self, operator: str, *inputs: str, output: str | None = None, **attributes: Any) -> str:
        output = output or f"{operator.lower()}_{len(self._nodes)}"
        self._nodes.append(helper.make_node(operator, list(inputs), [output], name=output, **attributes))
        return output

    def constant(self, values: NDArray[np.generic]) -> str:
        name = f"constant_{len(self._constants)}"
        self._constants.append(numpy_helper.from_array(values, name))
        return name

    def convolution(self, layer: Convolution, x: str) -> str:
        weight, bias = (self.constant(values) for values in layer.folded())
        kernel, padding = list(layer.weight.shape[2:]), [layer.padding] * 4
        return self.add("Conv", x, weight, bias, kernel_shape=kernel, pads=padding, strides=[layer.stride] * 2)

    def relu(self, x: str) -> str:
        return self.add("Relu", x)

    def block(self, block: Block, x: str, size: int) -> tuple[str, int]:
        """The block's output and the height and width of it."""
        inner = self.convolution(block.second, self.relu(self.convolution(block.first, x)))
        if block.down:
            inner_size, size = (size - 3) // 2 + 1, (size - 2) // 2 + 1
            outputs, inputs = block.first.weight.shape[:2]
            x = self.add("AveragePool", x, kernel_shape=[2, 2], strides=[2, 2])
            # dlib's add_prev takes what is missing on the smaller side as zeros: channels at the end, bottom, right.
            x = self._padded(x, outputs - inputs, 0)
            inner = self._padded(inner, 0, size - inner_size)
        return self.relu(self.add("Add", inner, x)), size

    def _padded(self, x: str, channels: int, edge: int) -> str:
        if not channels and not edge:
            return x
        return self.add("Pad", x, self.constant(np.array([0, 0, 0, 0, 0, channels, edge, edge], np.int64)))

    def model(self) -> onnx.ModelProto:
        face = helper.make_tensor_value_info("face", TensorProto.FLOAT, ["N", 3, SIZE, SIZE])
        embedding = helper.make_tensor_value_info("embedding", TensorProto.FLOAT, ["N", WIDTH])
        graph = helper.make_graph(self._nodes, "dlib_face_recognition_resnet", [face], [embedding], self._constants)
        opsets = [helper.make_opsetid("", _OPSET)]
        return helper.make_model(graph, opset_imports=opsets, ir_version=_IR_VERSION, producer_name="lookalike")
