"""What is deployed: its size, unzipped and zipped, by part; and the memory of a warm function."""

from __future__ import annotations

import io
import os
import re
import tempfile
import zipfile
from functools import cache
from pathlib import Path
from typing import Any

from benchmarks import ours
from benchmarks.figure import Cell, Figure, main
from benchmarks.photos import photos, twelve_megapixels
from export.networks.ready import make_ready
from infra import gallery_layer
from infra.events import answer, http_event
from infra.package import build
from infra.package_contents import table
from infra.runtime import LocalLambda
from infra.sandbox import LAYER, packaged

MB = 1e6


@cache
def built_package() -> Path:
    """The function's package, built now from what function/ holds; removed when the process ends."""
    directory = tempfile.TemporaryDirectory(prefix="lookalike-package-")
    _kept.append(directory)
    package = Path(directory.name) / "Function"
    build(package)
    gallery_layer.build(package.parent / LAYER)
    return package


_kept: list[tempfile.TemporaryDirectory[str]] = []


def measure(quick: bool = False) -> Figure:
    package = built_package()
    sizes = _sizes(package)
    unzipped = sum(sizes.values())
    models = sum(size for path, size in sizes.items() if path.parts[0] == "models")
    with ours.seeded_inception() as (_, inception):
        make_ready(inception)
        large = unzipped - models + sum(path.stat().st_size for path in inception.iterdir())
    zipped = None if quick else _zipped(package)
    requests, peak = _peak_memory(package, quick)
    rows: list[list[Cell]] = [[name, size] for size, name in _parts(package)]
    rows += [
        ["in all, MB", unzipped / MB],
        ["zipped, MB", zipped / MB if zipped else None],
        ["in all with InceptionResnetV1 in fp32, MB", large / MB],
        [f"peak memory after {requests} photos of as many sizes, MB", peak / MB],
    ]
    facts: dict[str, Any] = {"unzipped": unzipped, "inception": large, "zipped": zipped, "peak_memory": peak}
    return Figure(
        "Package and memory",
        "What the zip for Lambda holds, in MiB by part, and in all in MB; and how much memory the function's process has "
        "ever held after answering photos of many sizes, up to 12 megapixels.",
        ["", "size"],
        rows,
        facts,
    )


def _sizes(package: Path) -> dict[Path, int]:
    return {path.relative_to(package): path.stat().st_size for path in package.rglob("*") if path.is_file()}


def _zipped(package: Path) -> int:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in package.rglob("*"):
            archive.write(path, path.relative_to(package))
    return buffer.tell()


def _parts(package: Path) -> list[tuple[float, str]]:
    lines = re.findall(r"^ *([\d.]+)  (\w+)$", table(package), re.MULTILINE)
    return [(float(size), name) for size, name in lines if float(size) >= 1]


def _peak_memory(package: Path, quick: bool) -> tuple[int, int]:
    """How many photos were answered, and the most memory ever held, in bytes."""
    sides = range(300, 2400, 300 if quick else 50)
    pictures = [photo for index, side in enumerate(sides) for photo in photos(side)[index % 4 : index % 4 + 1]]
    pictures.append(twelve_megapixels())
    with LocalLambda(packaged(package)) as function:
        for photo in pictures:
            headers = {"content-type": "image/jpeg"}
            invocation = function.invoke(http_event("POST", "/api/lookalikes", headers=headers, body=photo.jpeg()))
            assert answer(invocation.json()).status == 200, invocation.payload
    assert os.name == "posix" and invocation.peak_memory
    return len(pictures), invocation.peak_memory


if __name__ == "__main__":
    main(measure)
