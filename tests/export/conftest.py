"""The weights that export tests work with: dlib's real ones, and seeded ones of InceptionResnetV1."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from export.networks import pictures, weights
from export.networks.embedders import PREPARATIONS


@pytest.fixture(scope="session")
def dlib_weights() -> Path:
    """dlib's real network file: out of the cache, where `make test` puts it beforehand."""
    return weights.dlib_weights().path


@pytest.fixture(scope="session")
def seeded_network() -> Callable[..., Any]:
    """A maker of facenet-pytorch networks with random weights, with the statistics of real faces or with none."""
    import torch

    from export.networks.facenet import facenet_pytorch

    torch.set_num_threads(1)  # several test processes share the machine

    def make(seed: int = 7, calibrated: bool = True, classes: int = 8631) -> Any:
        torch.manual_seed(seed)
        network = facenet_pytorch().InceptionResnetV1()
        network.logits = torch.nn.Linear(512, classes)
        if calibrated:  # what batch norms learn in training: without it, all faces get the same embedding
            for module in network.modules():
                if isinstance(module, torch.nn.BatchNorm1d | torch.nn.BatchNorm2d):
                    module.momentum = None
            faces = PREPARATIONS["vggface2"].normalised(pictures.faces(160))
            with torch.no_grad():
                network.train()(torch.from_numpy(faces))
        return network.eval()

    return make


@pytest.fixture
def torch_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty TORCH_HOME; its `checkpoints` is where facenet-pytorch keeps downloaded weights."""
    home = tmp_path / "torch"
    (home / "checkpoints").mkdir(parents=True)
    monkeypatch.setenv("TORCH_HOME", str(home))
    return home


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Downloads meet a closed port of this machine."""
    monkeypatch.setattr(weights, "_RELEASE", "http://127.0.0.1:9/")
