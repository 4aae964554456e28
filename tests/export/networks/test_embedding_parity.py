"""InceptionResnetV1 through loader, export and function, against torch."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from export.networks.export import export_networks
from lookalike.errors import Untrained
from lookalike.faces.detector import Face
from lookalike.faces.manifest import read_manifest
from lookalike.faces.networks import open_networks


@pytest.mark.slow
def test_inception_resnet_embeds_as_torch_does(
    tmp_path: Path, torch_home: Path, seeded_network: Callable[..., Any], astronaut: Image.Image, hopper: Image.Image
) -> None:
    """A seeded checkpoint under its real file name goes through the real loader, export and function."""
    import torch

    network = seeded_network(calibrated=True)
    torch.save(network.state_dict(), torch_home / "checkpoints" / "20180402-114759-vggface2.pt")
    export_networks("vggface2", tmp_path / "models", allow_untrained=True)
    _, embedder = open_networks(read_manifest(tmp_path / "models"))
    face = Face(np.array([178.8, 61.2, 266.7, 173.2], np.float32), 1.0, np.zeros((5, 2), np.float32))
    chips = [embedder.cut(picture, face) for picture in (astronaut, hopper)]
    inputs = torch.from_numpy(np.stack(chips).astype(np.float32)).permute(0, 3, 1, 2)
    with torch.no_grad():
        expected = network((inputs - 127.5) / 128.0).numpy()
    ours = embedder.embed(chips)
    assert np.allclose(np.linalg.norm(ours, axis=1), 1, atol=1e-5)
    assert ((ours * expected).sum(axis=1) >= 0.99999).all()


@pytest.mark.slow
def test_an_untrained_network_is_never_used(
    tmp_path: Path, torch_home: Path, seeded_network: Callable[..., Any]
) -> None:
    import torch

    checkpoint = torch_home / "checkpoints" / "20180402-114759-vggface2.pt"
    torch.save(seeded_network(calibrated=False).state_dict(), checkpoint)
    export_networks("vggface2", tmp_path / "models", allow_untrained=True)
    with pytest.raises(Untrained, match="untrained weights"):
        read_manifest(tmp_path / "models")
