"""A manifest's networks are opened as it says, and only where they are what it says."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from lookalike.errors import DamagedFile
from lookalike.faces import networks
from lookalike.faces.manifest import EmbedderEntry, File, Manifest, Network, Readiness
from lookalike.faces.networks import open_networks
from lookalike.faces.recipe import Recipe

ENTRY = EmbedderEntry("m", "fp32", Recipe("box", 160, (0.0, 0.0, 0.0), 1.0, 512, True, 1.0), 0.5, "0")
DETECTOR = {name: Network(Path(f"{name}.onnx"), "", 0) for name in ("pnet", "rnet", "onet", "nms")}
MANIFEST = Manifest(DETECTOR, ENTRY, Network(Path("embedder.onnx"), "", 0))
FACES, EMBEDDINGS = ["n", 3, 160, 160], ["n", 512]


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, int, bool]]:
    """Files that were opened, with threads and whether their ready graphs were asked for; shapes as in the manifest."""
    return opening(monkeypatch, FACES, EMBEDDINGS)


def opening(monkeypatch: pytest.MonkeyPatch, faces: list[Any], embeddings: list[Any]) -> list[tuple[str, int, bool]]:
    asked: list[tuple[str, int, bool]] = []

    def open_network(network: Network, threads: int, ready: bool) -> Any:
        asked.append((network.path.stem, threads, ready))
        shapes = ([SimpleNamespace(shape=shape)] for shape in (faces, embeddings))
        inputs, outputs = shapes
        return SimpleNamespace(get_inputs=lambda: inputs, get_outputs=lambda: outputs)

    monkeypatch.setattr(networks, "open_network", open_network)
    return asked


@pytest.mark.parametrize("suits", [True, False, None])
def test_ready_graphs_are_asked_for_where_there_are_any_and_they_suit(
    suits: bool | None, opened: list[tuple[str, int, bool]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(networks, "suits_this_processor", lambda readiness: suits)
    readiness = None if suits is None else Readiness("1", 8, File(Path("probe"), "", 0))
    _, embedder = open_networks(dataclasses.replace(MANIFEST, readiness=readiness), threads=2)
    assert opened == [(name, 2, bool(suits)) for name in ("pnet", "rnet", "onet", "nms", "embedder")]
    assert embedder.entry is ENTRY


def test_by_default_they_have_one_thread(opened: list[tuple[str, int, bool]]) -> None:
    open_networks(MANIFEST)
    assert {threads for _, threads, _ in opened} == {1}


@pytest.mark.parametrize(
    ("faces", "embeddings"),
    [
        (["n", 1, 160, 160], EMBEDDINGS),
        (["n", 3, 161, 160], EMBEDDINGS),
        (["n", 3, 160, 161], EMBEDDINGS),
        (FACES, ["n", 511]),
    ],
)
def test_a_network_of_other_sizes_than_the_manifest_says_is_refused(
    faces: list[Any], embeddings: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    opening(monkeypatch, faces, embeddings)
    reason = f"it takes {faces[1:]} and gives {embeddings[1:]}, unlike what the manifest says"
    with pytest.raises(DamagedFile, match=rf"embedder\.onnx.*{re.escape(reason)}"):
        open_networks(MANIFEST)


def test_sizes_that_a_network_leaves_open_are_as_the_manifest_says(monkeypatch: pytest.MonkeyPatch) -> None:
    opening(monkeypatch, ["n", 3, "height", "width"], ["n", "numbers"])
    open_networks(MANIFEST)


def test_what_cannot_be_opened_is_named_in_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(network: Network, threads: int, ready: bool) -> Any:
        raise RuntimeError("a long\ntext")

    monkeypatch.setattr(networks, "open_network", broken)
    with pytest.raises(DamagedFile, match=r"pnet\.onnx.*ONNX Runtime cannot open it: RuntimeError") as caught:
        open_networks(MANIFEST)
    assert "\n" not in str(caught.value)
