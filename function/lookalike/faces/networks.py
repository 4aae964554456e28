"""The face networks of a manifest, opened: detector and embedder, ready for photos."""

from __future__ import annotations

from typing import Any

from lookalike.errors import DamagedFile
from lookalike.faces.detector import Detector
from lookalike.faces.embedder import Embedder
from lookalike.faces.manifest import EXPORT_NETWORKS, Manifest, Network
from lookalike.faces.sessions import open_network, suits_this_processor


def open_networks(manifest: Manifest, threads: int = 1) -> tuple[Detector, Embedder]:
    """Sessions for a manifest's networks. Raises DamagedFile for one that cannot be run, or not as the manifest says."""
    ready = manifest.readiness is not None and suits_this_processor(manifest.readiness)
    sessions = {name: _open(network, threads, ready) for name, network in manifest.detector.items()}
    entry, network = manifest.embedder, manifest.embedding_network
    session = _open(network, threads, ready)
    (faces,), (embeddings,) = session.get_inputs(), session.get_outputs()
    known = zip(
        [*faces.shape[1:], embeddings.shape[-1]], [3, entry.recipe.size, entry.recipe.size, entry.width], strict=True
    )
    if any(isinstance(actual, int) and actual != expected for actual, expected in known):
        reason = f"it takes {faces.shape[1:]} and gives {embeddings.shape[1:]}, unlike what the manifest says"
        raise DamagedFile(path=network.path, reason=reason, command=EXPORT_NETWORKS)
    return Detector(sessions), Embedder(entry, session)


def _open(network: Network, threads: int, ready: bool) -> Any:
    try:
        return open_network(network, threads, ready)
    except Exception as error:
        # ONNX Runtime's own errors have no common base but this, and their texts are long.
        reason = f"ONNX Runtime cannot open it: {type(error).__name__}"
        raise DamagedFile(path=network.path, reason=reason, command=EXPORT_NETWORKS) from None
