"""The network in use is made anew in fp32 where its weights are to be had."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest

from export.errors import WeightsUnreachable
from export.networks import reference
from export.networks.reference import full_precision
from lookalike.faces.embedder import Embedder


@pytest.mark.usefixtures("dlib_weights")
def test_is_near_the_network_stored_in_fp16(embedder: Embedder) -> None:
    faces = list(np.random.default_rng(0).integers(0, 255, (2, 150, 150, 3), dtype=np.uint8))
    full = full_precision(embedder)
    assert full is not None
    assert 0 < np.abs(full.embed(faces) - embedder.embed(faces)).max() < 0.01


def test_there_is_none_without_weights_for_another_network_or_for_fp32(
    embedder: Embedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unreachable(model: str, given: Path | None) -> None:
        raise WeightsUnreachable("no network")

    monkeypatch.setattr(reference, "obtain", unreachable)
    assert full_precision(embedder) is None
    another, full = (
        dataclasses.replace(embedder.entry, model="another"),
        dataclasses.replace(embedder.entry, precision="fp32"),
    )
    for entry in (another, full):
        assert full_precision(Embedder(entry, embedder._session)) is None
