"""dlib's face recognition ResNet, from its own file to ONNX.

Architecture and training: Davis King, http://blog.dlib.net/2017/02/high-quality-face-recognition-with-deep.html
(a ResNet-34 with fewer layers and half the filters; examples/dnn_face_recognition_ex.cpp of dlib).
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from export.networks.dlib.serialization import Reader

MEAN = (122.782, 117.001, 104.298)
SCALE = 256.0
SIZE = 150
WIDTH = 128

Array = NDArray[np.float32]


@dataclass(frozen=True)
class Convolution:
    """One convolution and the affine layer after it, as stored: y = gamma · (weight * x + bias) + beta."""

    weight: Array  # [out, in, height, width]
    bias: Array  # [out]
    gamma: Array  # [out]
    beta: Array  # [out]
    stride: int
    padding: int

    def folded(self) -> tuple[Array, Array]:
        """Weight and bias of the one convolution that does the work of both."""
        return self.weight * self.gamma[:, None, None, None], self.bias * self.gamma + self.beta


@dataclass(frozen=True)
class Block:
    """Residual: relu(second(relu(first(x))) + skip), where `down` halves the picture and may widen the channels."""

    first: Convolution
    second: Convolution
    down: bool


@dataclass(frozen=True)
class Network:
    stem: Convolution
    blocks: tuple[Block, ...]
    projection: Array  # [256, 128], embedding = x @ projection


def _plan() -> Iterator[tuple[int, int, bool]]:
    """(channels in, channels out, down) of every block, from the input outwards."""
    channels = 32
    for width, down, count in ((32, False, 3), (64, True, 4), (128, True, 3), (256, True, 3), (256, True, 1)):
        for place in range(count):
            yield channels, width, down and place == 0
            channels = width


def parse(data: bytes) -> Network:
    """The network in `dlib_face_recognition_resnet_model_v1.dat`. Raises DamagedWeights for anything else.

    Layer kinds are not announced in the file, so it can be read only by knowing what must come next.
    """
    read = Reader(data)
    read.integers(1)
    read.text("loss_metric_2")
    read.floats(0.04, 0.6)
    read.integers(*_layer_versions())
    read.text("input_rgb_image_sized")
    read.floats(*MEAN)
    read.integers(SIZE, SIZE)
    stem = _convolution(read, 3, 32, kernel=7, stride=2, innermost=True)
    _activation(read, "relu_")
    _pool(read, "max_pool_2", 3, 2)
    blocks = tuple(_block(read, inputs, outputs, down) for inputs, outputs, down in _plan())
    _pool(read, "avg_pool_2", 0, 1)
    projection = _projection(read, 256, WIDTH)
    read.end()
    return Network(stem, blocks, projection)


def _layer_versions() -> Iterator[int]:
    """The version number of every layer's serialisation, from the output to the input."""
    layer, tag, innermost = 2, 1, 3
    yield from (layer, layer)  # fc, average pool
    for _, _, down in reversed(list(_plan())):
        yield from (layer, layer)  # relu, add
        if down:
            yield from (layer, tag, tag)  # average pool of the skip
        yield from (layer,) * 5  # affine, con, relu, affine, con
        yield tag
    yield from (layer, layer, layer, innermost)  # max pool, relu, affine, con


def _block(read: Reader, inputs: int, outputs: int, down: bool) -> Block:
    first = _convolution(read, inputs, outputs, kernel=3, stride=2 if down else 1)
    _activation(read, "relu_")
    second = _convolution(read, outputs, outputs, kernel=3, stride=1)
    if down:
        _pool(read, "avg_pool_2", 2, 2)
    _activation(read, "add_prev_")
    _activation(read, "relu_")
    return Block(first, second, down)


def _convolution(
    read: Reader, inputs: int, outputs: int, kernel: int, stride: int, innermost: bool = False
) -> Convolution:
    padding = kernel // 2 if stride == 1 else 0
    shape = (outputs, inputs, kernel, kernel)
    count = outputs * inputs * kernel * kernel
    read.text("con_4")
    filters, bias = np.split(read.tensor(count + outputs, 1, 1, 1).ravel(), [count])
    read.integers(outputs, kernel, kernel, stride, stride, padding, padding)
    read.alias(*shape)
    read.alias(1, outputs, 1, 1)
    _learning_rates(read)
    _layer_end(read)
    if innermost:
        read.integers(1)

    read.text("affine_")
    gamma, beta = np.split(read.tensor(2 * outputs, 1, 1, 1).ravel(), 2)
    read.alias(1, outputs, 1, 1)
    read.alias(1, outputs, 1, 1)
    read.integers(0)
    _layer_end(read)
    return Convolution(filters.reshape(shape), bias, gamma, beta, stride, padding)


def _activation(read: Reader, name: str) -> None:
    read.text(name)
    _layer_end(read)


def _pool(read: Reader, name: str, window: int, stride: int) -> None:
    read.text(name)
    read.integers(window, window, stride, stride, 0, 0)
    _layer_end(read)


def _projection(read: Reader, inputs: int, outputs: int) -> Array:
    read.text("fc_2")
    read.integers(outputs, inputs)
    weight = read.tensor(inputs, outputs, 1, 1).reshape(inputs, outputs)
    read.alias(inputs, outputs, 1, 1)
    read.alias(0, 0, 0, 0)
    read.integers(1)
    _learning_rates(read)
    _layer_end(read)
    return weight


def _learning_rates(read: Reader) -> None:
    for _ in range(4):
        read.floating()


def _layer_end(read: Reader) -> None:
    """State that only training needs: three flags and three tensors, empty once training was cleaned up."""
    for _ in range(3):
        read.boolean()
    for _ in range(3):
        read.tensor(0, 0, 0, 0)
