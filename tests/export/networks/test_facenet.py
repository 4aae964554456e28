from __future__ import annotations

import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
import torch

from export.networks.facenet import batched_nms, facenet_pytorch, mtcnn_network, to_tensor


def slow_nms(boxes: torch.Tensor, scores: torch.Tensor, groups: torch.Tensor, threshold: float) -> list[int]:
    """Box by box, as a textbook has it."""
    kept: list[int] = []
    for i in sorted(range(len(boxes)), key=lambda i: (-float(scores[i]), i)):
        if all(groups[i] != groups[j] or overlap(boxes[i], boxes[j]) <= threshold for j in kept):
            kept.append(i)
    return kept


def overlap(a: torch.Tensor, b: torch.Tensor) -> float:
    low, high = torch.maximum(a[:2], b[:2]), torch.minimum(a[2:], b[2:])
    shared = (high - low).clamp(min=0).prod()
    areas = (a[2:] - a[:2]).prod() + (b[2:] - b[:2]).prod()
    return float(shared / (areas - shared))


@pytest.mark.parametrize("threshold", [0.3, 0.5, 0.7])
@pytest.mark.parametrize("seed", range(5))
def test_suppresses_what_the_textbook_suppresses(seed: int, threshold: float) -> None:
    generator = torch.Generator().manual_seed(seed)
    corners = torch.rand(120, 2, generator=generator) * 15
    boxes = torch.cat([corners, corners + 20 + torch.rand(120, 2, generator=generator) * 10], 1)
    scores = (torch.rand(120, generator=generator) * 20).round() / 20  # many the same
    groups = torch.randint(0, 3, (120,), generator=generator)

    kept = batched_nms(boxes, scores, groups, threshold)

    assert kept.tolist() == slow_nms(boxes, scores, groups, threshold)
    assert 3 < len(kept) < 100


def test_keeps_equal_boxes_of_different_groups() -> None:
    boxes = torch.tensor([[0.0, 0, 10, 10]] * 3)

    assert batched_nms(boxes, torch.tensor([0.5, 0.9, 0.7]), torch.tensor([0, 1, 0]), 0.5).tolist() == [1, 2]


def test_no_boxes_give_no_indices() -> None:
    kept = batched_nms(torch.empty(0, 4), torch.empty(0), torch.empty(0), 0.5)

    assert kept.shape == (0,)
    assert kept.dtype == torch.int64


def test_boxes_without_an_area_suppress_nothing() -> None:
    boxes = torch.zeros(2, 4)

    assert batched_nms(boxes, torch.tensor([0.5, 0.9]), torch.zeros(2), 0.5).tolist() == [1, 0]


def test_pictures_become_tensors() -> None:
    picture = np.arange(24, dtype=np.uint8).reshape(2, 4, 3)

    assert to_tensor(picture)[1].numpy() == pytest.approx(picture[..., 1] / 255)
    assert to_tensor(picture.astype(np.float32))[1].tolist() == picture[..., 1].tolist()


def test_the_reference_detector_finds_the_astronaut() -> None:
    from export.networks.pictures import astronaut

    boxes, probabilities = facenet_pytorch().MTCNN().detect(astronaut())

    assert boxes[0].tolist() == pytest.approx([181.05, 62.16, 267.75, 172.05], abs=0.1)
    assert probabilities[0] > 0.999


def test_gives_mtcnn_s_networks_with_their_weights() -> None:
    network = mtcnn_network("rnet")

    assert not network.training
    assert network.conv1.weight.abs().mean() > 0.05


@pytest.mark.skipif(find_spec("torchvision") is not None, reason="a real torchvision is installed, and used")
def test_leaves_no_stand_in_behind() -> None:
    facenet_pytorch()

    assert not [name for name in sys.modules if name.startswith("torchvision")]


def test_works_beside_a_torchvision_that_cannot_be_imported(tmp_path: Path) -> None:
    """As the CUDA build beside the CPU build of torch."""
    (tmp_path / "torchvision" / "ops").mkdir(parents=True)
    (tmp_path / "torchvision" / "__init__.py").write_text("")
    (tmp_path / "torchvision" / "ops" / "__init__.py").write_text(
        "raise RuntimeError('operator torchvision::nms does not exist')"
    )
    code = (
        f"import sys; sys.path.insert(0, {str(tmp_path)!r}); from export.networks.facenet import facenet_pytorch, batched_nms;"
        "facenet_pytorch();"
        "assert sys.modules['facenet_pytorch.models.utils.detect_face'].batched_nms is batched_nms;"
        "assert 'torchvision' not in sys.modules"
    )

    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)
