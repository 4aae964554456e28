"""The manifest and the networks it names are checked before anything is computed with them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from lookalike.errors import DamagedFile, MissingFile, Untrained
from lookalike.faces.manifest import read_manifest
from lookalike.settings import Settings

Edit = Callable[[dict[str, Any]], Any]


@pytest.fixture
def models(tmp_path: Path) -> Path:
    """A copy of the exported networks to damage."""
    for file in Settings().models.iterdir():
        if file.is_file():
            (tmp_path / file.name).write_bytes(file.read_bytes())
    return tmp_path


def edit(models: Path, change: Edit) -> None:
    path = models / "manifest.json"
    manifest = json.loads(path.read_text())
    change(manifest)
    path.write_text(json.dumps(manifest))


def test_reads_what_export_wrote(models: Path) -> None:
    manifest = read_manifest(models)
    assert set(manifest.detector) == {"pnet", "rnet", "onet", "nms"}
    assert manifest.embedder.width in (128, 512) and len(manifest.networks) == 5


def test_a_network_may_have_no_rule_for_one_person(models: Path) -> None:
    edit(models, lambda manifest: manifest["embedder"].update(same_person=0.5))
    entry = read_manifest(models).embedder
    assert [entry.rule, entry.shows_one_person(0.5), entry.shows_one_person(0.499)] == [0.5, True, False]
    edit(models, lambda manifest: manifest["embedder"].update(same_person=None))
    entry = read_manifest(models).embedder
    assert [entry.rule, entry.shows_one_person(1.0)] == [None, None] and not entry.same_person <= 1.0


def test_without_an_export_the_command_is_named(tmp_path: Path) -> None:
    with pytest.raises(MissingFile, match="lookalike export"):
        read_manifest(tmp_path)


@pytest.mark.parametrize(
    "change",
    [
        lambda manifest: manifest.pop("embedder"),
        lambda manifest: manifest.update(version=2),
        lambda manifest: manifest["embedder"].update(cut="round"),
        lambda manifest: manifest["embedder"].update(mean=[1, 2]),
        lambda manifest: manifest["embedder"].update(file="../elsewhere.onnx"),
        lambda manifest: manifest["embedder"].update(file="half of a character \ud800.onnx"),
        lambda manifest: manifest["embedder"].update(file="nothing\0.onnx"),
        lambda manifest: manifest["embedder"].update(model="\udfff"),
        lambda manifest: manifest["detector"]["networks"].pop("onet"),
        lambda manifest: manifest["detector"].update(networks=None),
    ],
)
def test_unexpected_content_is_one_sentence(models: Path, change: Edit) -> None:
    edit(models, change)
    with pytest.raises(DamagedFile, match=r"manifest.json .*lookalike export") as caught:
        read_manifest(models)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("text", ["", "{", "7", "[]", "\x00\xff"])
def test_a_manifest_that_is_no_manifest_is_refused(models: Path, text: str) -> None:
    (models / "manifest.json").write_text(text)
    with pytest.raises(DamagedFile):
        read_manifest(models)


def test_a_changed_network_is_refused(models: Path) -> None:
    network = next(models.glob("pnet*.onnx"))
    data = network.read_bytes()
    network.write_bytes(data[:-1] + bytes([data[-1] ^ 1]))
    with pytest.raises(DamagedFile, match="pnet"):
        read_manifest(models)
    network.write_bytes(data[:-1])
    with pytest.raises(DamagedFile, match="pnet"):
        read_manifest(models, verify="size")
    network.unlink()
    with pytest.raises(MissingFile, match="pnet"):
        read_manifest(models)


def test_untrained_weights_are_never_used(models: Path) -> None:
    edit(models, lambda manifest: manifest["embedder"].update(trained=False))
    with pytest.raises(Untrained, match="lookalike export"):
        read_manifest(models)


@pytest.mark.parametrize("verify", ["size", "hash"])
def test_a_network_with_a_byte_more_is_refused(models: Path, verify: str) -> None:
    """The deployed function looks at sizes only, so that they must be the very ones."""
    network = next(models.glob("dlib*.onnx"))
    network.write_bytes(network.read_bytes() + b"\0")
    with pytest.raises(DamagedFile, match=r"dlib.*bytes, not" if verify == "size" else "dlib"):
        read_manifest(models, verify=verify)
