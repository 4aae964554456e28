"""What dlib's network must answer: real dlib's descriptors of a few chips, and a plain forward pass for any other."""

import json
from pathlib import Path

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray
from PIL import Image

from export.networks import pictures
from export.networks.dlib.resnet import SIZE, Block, Convolution, Network

Array = NDArray[np.float64]


def goldens() -> tuple[NDArray[np.uint8], NDArray[np.float32]]:
    """Chips [n, 150, 150, 3] and dlib 20.0.1's own descriptors of them [n, 128]; n is 4, or 3 without scikit-image."""
    y, x, channel = np.mgrid[:SIZE, :SIZE, :3]
    chips = {
        "diagonals": (7 * x + 13 * y + 29 * channel) % 256,
        "products": (x * y + 50 * channel) % 256,
        "white": np.full((SIZE, SIZE, 3), 255),
    }
    if (portrait := pictures.astronaut()) is not None:
        face = portrait.crop((177, 63, 273, 159)).resize((SIZE, SIZE), Image.Resampling.BILINEAR)
        chips["astronaut"] = np.asarray(face)
    descriptors = json.loads(Path(__file__).with_name("goldens.json").read_text())["descriptors"]
    expected = [descriptors[name] for name in chips]
    return np.stack([chip.astype(np.uint8) for chip in chips.values()]), np.array(expected, np.float32)


def forward(network: Network, faces: NDArray[np.float32]) -> NDArray[np.float32]:
    """Embeddings [N, 128] of normalised `faces` [N, 3, 150, 150], layer by layer in double precision."""
    x: Array = faces.astype(np.float64)
    x = _windows(np.maximum(_convolution(network.stem, x), 0), 3, 2).max(axis=(4, 5))
    for block in network.blocks:
        x = _block(block, x)
    embeddings: Array = x.mean(axis=(2, 3)) @ network.projection.astype(np.float64)
    return embeddings.astype(np.float32)


def _block(block: Block, x: Array) -> Array:
    inner = _convolution(block.second, np.maximum(_convolution(block.first, x), 0))
    skip = _windows(x, 2, 2).mean(axis=(4, 5)) if block.down else x
    total = np.zeros(np.maximum(inner.shape, skip.shape))
    for part in (inner, skip):
        _, channels, height, width = part.shape
        total[:, :channels, :height, :width] += part
    rectified: Array = np.maximum(total, 0)
    return rectified


def _convolution(layer: Convolution, x: Array) -> Array:
    edge = (layer.padding, layer.padding)
    windows = _windows(np.pad(x, ((0, 0), (0, 0), edge, edge)), layer.weight.shape[2], layer.stride)
    y = np.tensordot(windows, layer.weight.astype(np.float64), ((1, 4, 5), (1, 2, 3)))  # [N, rows, columns, channels]
    normalised: Array = (y + layer.bias) * layer.gamma + layer.beta
    return normalised.transpose(0, 3, 1, 2)


def _windows(x: Array, size: int, stride: int) -> Array:
    """[N, channels, height, width] to [N, channels, rows, columns, size, size], a view."""
    windows: Array = sliding_window_view(x, (size, size), axis=(2, 3))[:, :, ::stride, ::stride]
    return windows
