"""What tests look at in a gallery directory."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt


def files(directory: Path) -> dict[str, bytes]:
    """Everything in the directory, hidden files too, by relative path."""
    return {str(path.relative_to(directory)): path.read_bytes() for path in directory.rglob("*") if path.is_file()}


def index(directory: Path) -> dict[str, Any]:
    data: dict[str, Any] = json.loads((directory / "gallery.json").read_bytes())
    return data


def people(directory: Path) -> list[dict[str, Any]]:
    data: list[dict[str, Any]] = json.loads((directory / index(directory)["people"]["file"]).read_bytes())
    return data


def names(directory: Path) -> list[str]:
    return [person["name"] for person in people(directory)]


def embeddings(directory: Path) -> npt.NDArray[np.float32]:
    rows: npt.NDArray[np.float32] = np.load(directory / index(directory)["embeddings"]["file"])
    return rows


def expected_files(directory: Path) -> set[str]:
    """Those that gallery.json and its people name, and no other."""
    data = index(directory)
    names = {photo["portrait"].removesuffix(".jpg") for person in people(directory) for photo in person["photos"]}
    portraits = {f"portraits/{name}{size}.jpg" for name in names for size in ("", "-small")}
    return {"gallery.json", data["people"]["file"], data["embeddings"]["file"]} | portraits
