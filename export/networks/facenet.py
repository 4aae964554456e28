"""facenet-pytorch's own modules, with torchvision or without it.

facenet-pytorch takes just two functions from torchvision, of which PyPI has no CPU build for Linux (its CUDA build does
not load beside the CPU build of torch). Where torchvision cannot be imported, both are provided here, and only while
facenet-pytorch is being imported: nothing else ever sees the stand-in.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from export.errors import ExportError

if TYPE_CHECKING:
    import torch

_PARTS = ("torchvision", "torchvision.transforms", "torchvision.transforms.functional", "torchvision.ops")


class FacenetMissing(ExportError):
    """facenet-pytorch, torch or something they import is not installed."""


def facenet_pytorch() -> ModuleType:
    """The package `facenet_pytorch` (2.5.3 or 2.6.0). Raises FacenetMissing when it cannot be imported."""
    if (loaded := sys.modules.get("facenet_pytorch")) is not None:
        return loaded
    try:
        with _torchvision():
            return importlib.import_module("facenet_pytorch")
    except ImportError as error:
        raise FacenetMissing(f"facenet-pytorch cannot be imported ({error}): run `make setup`.") from error


def mtcnn_network(name: str) -> Any:
    """facenet-pytorch's own P-, R- or O-Net ("pnet", "rnet", "onet") with its weights, a torch module in eval mode."""
    classes = {"pnet": "PNet", "rnet": "RNet", "onet": "ONet"}
    return getattr(facenet_pytorch(), classes[name])().eval()


@contextmanager
def _torchvision() -> Iterator[None]:
    before = set(sys.modules)
    try:
        importlib.import_module("torchvision.ops.boxes")
        importlib.import_module("torchvision.transforms.functional")
    except Exception:  # absent: ImportError; built for another torch: RuntimeError or OSError
        for name in [name for name in sys.modules if name.split(".")[0] == "torchvision" and name not in before]:
            del sys.modules[name]
    else:
        yield
        return
    try:
        _register()
        yield
    finally:
        for name in (*_PARTS, "torchvision.ops.boxes"):
            sys.modules.pop(name, None)


def _register() -> None:
    for name in (*_PARTS, "torchvision.ops.boxes"):
        module = ModuleType(name)
        # Without a spec, importlib.util.find_spec raises for everyone who asks whether torchvision is there.
        module.__spec__ = ModuleSpec(name, loader=None, is_package=name in _PARTS)
        module.__path__ = []
        sys.modules[name] = module
        parent, _, child = name.rpartition(".")
        if parent:
            setattr(sys.modules[parent], child, module)
    vars(sys.modules["torchvision.transforms.functional"])["to_tensor"] = to_tensor
    vars(sys.modules["torchvision.ops.boxes"])["batched_nms"] = batched_nms


def to_tensor(picture: npt.NDArray[Any]) -> torch.Tensor:
    """[height, width, channels] → float32 [channels, height, width]; uint8 is brought to 0…1, floats stay."""
    import torch

    tensor = torch.from_numpy(np.ascontiguousarray(picture.transpose(2, 0, 1)))
    return tensor.float().div(255) if picture.dtype == np.uint8 else tensor


def batched_nms(boxes: torch.Tensor, scores: torch.Tensor, idxs: torch.Tensor, iou_threshold: float) -> torch.Tensor:
    """Indices, by falling score, of the `boxes` [n, 4] (x1, y1, x2, y2) that stand after non-maximum suppression.

    A box falls to one with a higher score, or the same score and an earlier place, of the same group (`idxs`, [n]) when
    their intersection over union exceeds the threshold. As torchvision's C++ does it: float32, areas without "+ 1".
    """
    import torch

    corners, groups = boxes.detach().numpy(), idxs.numpy()
    areas = (corners[:, 2] - corners[:, 0]) * (corners[:, 3] - corners[:, 1])
    waiting = torch.sort(scores, stable=True, descending=True).indices.numpy()
    kept: list[int] = []
    while len(waiting):
        best, rest = waiting[0], waiting[1:]
        kept.append(int(best))
        low = np.maximum(corners[best, :2], corners[rest, :2])
        sides = np.maximum(np.minimum(corners[best, 2:], corners[rest, 2:]) - low, 0)
        intersection = sides[:, 0] * sides[:, 1]
        with np.errstate(divide="ignore", invalid="ignore"):  # boxes without an area: 0 / 0 exceeds nothing
            overlap = intersection / (areas[best] + areas[rest] - intersection)
        waiting = rest[~((overlap > iou_threshold) & (groups[rest] == groups[best]))]
    return torch.tensor(kept, dtype=torch.int64)
