"""Our own networks as the function opens them, and a finder around them with a gallery of any size."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import torch

from export.networks.export import export_networks
from export.networks.facenet import facenet_pytorch
from lookalike.faces.detector import Detector
from lookalike.faces.embedder import Embedder
from lookalike.faces.manifest import read_manifest
from lookalike.faces.networks import open_networks
from lookalike.finder import Finder
from lookalike.gallery.local import LocalGallery
from lookalike.gallery.people import Person, Portrait
from lookalike.gallery.scale import Scale
from lookalike.settings import Settings


def networks() -> tuple[Detector, Embedder]:
    """Those in function/models."""
    return open_networks(read_manifest(Settings().models))


@contextmanager
def seeded_inception() -> Iterator[tuple[Path, Path]]:
    """facenet-pytorch's InceptionResnetV1 with random weights: its checkpoint, and a models directory of the same.

    Trained weights cannot be had everywhere, and speed does not depend on them.
    """
    torch.manual_seed(20)
    network = facenet_pytorch().InceptionResnetV1()
    network.logits = torch.nn.Linear(512, 8631)
    with tempfile.TemporaryDirectory() as directory:
        weights, models = Path(directory) / "seeded.pt", Path(directory) / "models"
        torch.save(network.state_dict(), weights)
        del network
        export_networks("vggface2", models, weights=weights, allow_untrained=True, say=lambda line: None)
        _call_trained(models / "manifest.json")
        yield weights, models


@contextmanager
def quantised_dlib() -> Iterator[Embedder]:
    """dlib's network in int8, calibrated on the gallery's faces."""
    with tempfile.TemporaryDirectory() as directory:
        export_networks("dlib", Path(directory), "int8", gallery=Settings().gallery, say=lambda line: None)
        yield open_networks(read_manifest(Path(directory)))[1]


def _call_trained(manifest: Path) -> None:
    """The function refuses an untrained network, whose answers mean nothing. Here they are only waited for."""
    data = json.loads(manifest.read_text())
    data["embedder"]["trained"] = True
    manifest.write_text(json.dumps(data))


def finder_for(detector: Detector, embedder: Embedder, people: int = 75) -> Finder:
    """With a gallery of random people, one photo each."""
    rows = np.random.default_rng(75).normal(0, 1, (people, embedder.entry.width)).astype(np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    everybody = tuple(
        Person(f"p{index}", f"Person {index}", "", (Portrait(f"{index}.jpg", "", ""),)) for index in range(people)
    )
    gallery = LocalGallery(everybody, rows, embedder.entry, Scale(np.linspace(-1, 1, 1001, dtype=np.float32), 0.5))
    return Finder(detector, embedder, gallery, Settings())
