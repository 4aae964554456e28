"""models/manifest.json: what each network is, how a face is cut for it, and how two embeddings are compared."""

from __future__ import annotations

import hashlib
import json
import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lookalike.errors import DamagedFile, MissingFile, Untrained

FILE = "manifest.json"
VERSION = 1
REBUILD = "lookalike export"
LARGEST_FACE = 1024  # pixels a side
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
    """All the function knows of the embedding network; another network is another entry, not another code path.

    A face is cut as "box" (crop, resized) or "aligned" (five landmarks fitted to a template), `size` pixels square; the
    input is (RGB − mean) / scale. Similarity is 1 − d² / (2·radius²): for unit vectors and radius 1, the cosine.
    """

    network: Network
    model: str
    precision: str
    trained: bool
    cut: str
    size: int
    margin: int
    mean: tuple[float, float, float]
    scale: float
    width: int
    unit_length: bool
    radius: float
    same_person: float
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Manifest:
    detector: dict[str, Network]
    embedder: EmbedderEntry
    readiness: Readiness | None = None


def read_manifest(directory: Path, verify: str = "hash") -> Manifest:
    """Read and check the manifest in `directory` and the files it names (by "size", or by "hash" too).

    Raises MissingFile, DamagedFile, or Untrained: embeddings of an untrained network mean nothing.
    """
    path = directory / FILE
    try:
        data = json.loads(path.read_bytes())
    except FileNotFoundError:
        raise MissingFile(path=path, command=REBUILD) from None
    except (ValueError, RecursionError, OSError) as error:
        raise DamagedFile(path=path, reason=error, command=REBUILD) from None
    try:
        manifest = _parse(directory, data)
    except (KeyError, TypeError, ValueError, AttributeError, ArithmeticError) as error:
        raise DamagedFile(path=path, reason=f"unexpected content: {error}", command=REBUILD) from None
    for network in (*manifest.detector.values(), manifest.embedder.network):
        for file in network.files:
            check_file(file.path, file.sha256 if verify == "hash" else None, REBUILD, file.bytes)
    if not manifest.embedder.trained:
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
    if entry["cut"] not in ("box", "aligned"):
        raise ValueError(f"faces cut as {entry['cut']!r}")
    red, green, blue = (float(value) for value in entry["mean"])
    embedder = EmbedderEntry(
        network=_network(directory, entry),
        model=str(entry["model"]),
        precision=str(entry["precision"]),
        trained=entry["trained"] is True,
        cut=entry["cut"],
        size=int(entry["size"]),
        margin=int(entry["margin"]),
        mean=(red, green, blue),
        scale=float(entry["scale"]),
        width=int(entry["width"]),
        unit_length=bool(entry["unit_length"]),
        radius=float(entry["radius"]),
        same_person=float(entry["same_person"]),
        fingerprint=str(entry["fingerprint"]),
    )
    _check_numbers(embedder)
    networks = data["detector"]["networks"]
    detector = {name: _network(directory, networks[name]) for name in DETECTOR_NETWORKS}
    return Manifest(detector, embedder, _readiness(directory, data["ready"]) if "ready" in data else None)


def _check_numbers(entry: EmbedderEntry) -> None:
    numbers = (*entry.mean, entry.scale, entry.radius, entry.same_person)
    if not all(map(math.isfinite, numbers)) or min(entry.scale, entry.radius, entry.width) <= 0:
        raise ValueError("numbers that cannot be calculated with")
    if not 0 <= entry.margin < entry.size <= LARGEST_FACE:
        raise ValueError(f"faces of {entry.size} pixels with a margin of {entry.margin}")


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
