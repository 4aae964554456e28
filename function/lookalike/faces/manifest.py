"""models/manifest.json: what each network is, how a face is cut for it, and how two embeddings are compared."""

from __future__ import annotations

import hashlib
import json
import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lookalike.errors import DamagedFile, MissingFile, Untrained
from lookalike.faces.recipe import Recipe

FILE = "manifest.json"
VERSION = 1
EXPORT_NETWORKS = "lookalike export"
DETECTOR_NETWORKS = ("pnet", "rnet", "onet", "nms")


@dataclass(frozen=True, slots=True)
class File:
    """A file beside the manifest."""

    path: Path
    sha256: str
    bytes: int


@dataclass(frozen=True, slots=True)
class Network(File):
    """A graph. In a package (export/networks/ready.py), another one `ready` for one kind of processor, and `tensors` of both."""

    ready: File | None = None
    tensors: File | None = None

    @property
    def files(self) -> list[File]:
        return [file for file in (self, self.ready, self.tensors) if file is not None]


@dataclass(frozen=True, slots=True)
class Readiness:
    """Where ready graphs run: in this ONNX Runtime, where `probe` shows that it puts `block` channels in a block."""

    onnxruntime: str
    block: int
    probe: File


@dataclass(frozen=True, slots=True)
class EmbedderEntry:
    """The embedding network, but for its file. Another network is another entry, not another code path.

    Two photos are taken to show one person from the similarity `same_person` on: from none at all, infinity, where no
    rule is known. Embeddings of networks with different fingerprints cannot be compared.
    """

    model: str
    precision: str
    recipe: Recipe
    same_person: float
    fingerprint: str

    @property
    def rule(self) -> float | None:
        """`same_person`, or None where no rule is known."""
        return self.same_person if math.isfinite(self.same_person) else None

    def shows_one_person(self, similarity: float) -> bool | None:
        """What two photos as alike as this show; None where no rule is known."""
        return None if self.rule is None else similarity >= self.rule

    @property
    def width(self) -> int:
        return self.recipe.width

    @property
    def unit_length(self) -> bool:
        return self.recipe.unit_length

    @property
    def radius(self) -> float:
        return self.recipe.radius


@dataclass(frozen=True, slots=True)
class Manifest:
    detector: dict[str, Network]
    embedder: EmbedderEntry
    embedding_network: Network
    readiness: Readiness | None = None

    @property
    def networks(self) -> list[Network]:
        return [*self.detector.values(), self.embedding_network]


def read_manifest(directory: Path, verify: str = "hash") -> Manifest:
    """Read and check the manifest in `directory` and the files it names (by "size", or by "hash" too).

    Raises MissingFile, DamagedFile, or Untrained: embeddings of an untrained network mean nothing.
    """
    path = directory / FILE
    try:
        data = json.loads(path.read_bytes())
        json.dumps(
            data, ensure_ascii=False
        ).encode()  # no half of a character, which no file name and no answer can carry
    except FileNotFoundError:
        raise MissingFile(path=path, command=EXPORT_NETWORKS) from None
    except (ValueError, RecursionError, OSError) as error:
        raise DamagedFile(path=path, reason=error, command=EXPORT_NETWORKS) from None
    try:
        manifest = _parse(directory, data)
    except (KeyError, TypeError, ValueError, AttributeError, ArithmeticError) as error:
        raise DamagedFile(path=path, reason=f"unexpected content: {error}", command=EXPORT_NETWORKS) from None
    for network in manifest.networks:
        for file in network.files:
            check_file(file.path, file.sha256 if verify == "hash" else None, EXPORT_NETWORKS, file.bytes)
    if data["embedder"].get("trained") is not True:
        raise Untrained(path=directory)
    return manifest


def check_file(path: Path, sha256: str | None, command: str, size: int | None = None) -> None:
    """Raises MissingFile or DamagedFile unless `path` has that size (where given) and hash (where given)."""
    try:
        actual = path.stat().st_size
        if size is not None and actual != size:
            raise DamagedFile(path=path, reason=f"{actual} bytes, not {size}", command=command)
        if sha256 is not None:
            with path.open("rb") as file:
                digest = hashlib.file_digest(file, "sha256").hexdigest()
            if digest != sha256:
                raise DamagedFile(path=path, reason="its content changed", command=command)
    except FileNotFoundError:
        raise MissingFile(path=path, command=command) from None
    except OSError as error:
        raise DamagedFile(path=path, reason=error.strerror, command=command) from None


def _parse(directory: Path, data: dict[str, Any]) -> Manifest:
    if data["version"] != VERSION:
        raise ValueError(f"version {data['version']}, not {VERSION}")
    entry = data["embedder"]
    embedder = EmbedderEntry(
        model=str(entry["model"]),
        precision=str(entry["precision"]),
        recipe=Recipe.from_json(entry),
        same_person=math.inf if entry["same_person"] is None else _similarity(entry["same_person"]),
        fingerprint=str(entry["fingerprint"]),
    )
    networks = data["detector"]["networks"]
    detector = {name: _network(directory, networks[name]) for name in DETECTOR_NETWORKS}
    readiness = _readiness(directory, data["ready"]) if "ready" in data else None
    return Manifest(detector, embedder, _network(directory, entry), readiness)


def _similarity(value: Any) -> float:
    similarity = float(value)
    if not math.isfinite(similarity):
        raise ValueError("a rule for one person that cannot be calculated with")
    return similarity


def _network(directory: Path, entry: dict[str, Any]) -> Network:
    file = _file(directory, entry)
    ready, tensors = (_file(directory, entry[part]) if part in entry else None for part in ("ready", "tensors"))
    return Network(file.path, file.sha256, file.bytes, ready, tensors)


def _readiness(directory: Path, entry: dict[str, Any]) -> Readiness:
    return Readiness(str(entry["onnxruntime"]), int(entry["block"]), _file(directory, entry["probe"]))


def _file(directory: Path, entry: dict[str, Any]) -> File:
    name = str(entry["file"])
    if Path(name).name != name or "\0" in name:
        raise ValueError(f"file name {name!r}")
    return File(directory / name, str(entry["sha256"]), int(entry["bytes"]))
