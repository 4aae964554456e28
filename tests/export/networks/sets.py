"""A small set of files that pass for networks, to publish."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any


def names(directory: Path) -> list[str]:
    return sorted(path.name for path in directory.iterdir())


def staged_set(staged: Path, content: str) -> dict[str, Any]:
    """Writes two files into `staged`; returns a manifest of them."""
    entries = {}
    for name in ("pnet", "dlib"):
        data = f"{content} {name}".encode()
        (staged / f"{name}.onnx").write_bytes(data)
        entries[name] = {"file": f"{name}.onnx", "sha256": hashlib.sha256(data).hexdigest()}
    return {"content": content, "detector": {"networks": {"pnet": entries["pnet"]}}, "embedder": entries["dlib"]}
