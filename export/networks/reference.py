"""The network in use once more in full precision, to see what fp16 or int8 changed."""

from __future__ import annotations

from export.errors import ExportError
from export.networks.embedders import RECOGNISERS, Model, load, obtain
from lookalike.faces.embedder import Embedder
from lookalike.faces.sessions import open_session


def full_precision(embedder: Embedder) -> Embedder | None:
    """Made anew of its weights; None when it is fp32 already, or these are not to be had."""
    model: Model = embedder.entry.model  # type: ignore[assignment]
    if embedder.entry.precision == "fp32" or model not in RECOGNISERS:
        return None
    try:
        graph = load(model, obtain(model, None)).graph
    except (ExportError, ModuleNotFoundError):
        return None
    return Embedder(embedder.entry, open_session(graph.SerializeToString()))
