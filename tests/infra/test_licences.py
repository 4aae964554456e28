"""Everything shipped has a licence that is known, and one that may be shipped."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from infra.licences import NOT_INSTALLED, main, networks, packages, page_runtime
from infra.on_device import ROOT
from lookalike.settings import Settings

# What may be passed on with a notice; pi-heif's libheif and libde265 are libraries of their own, which the LGPL allows.
PERMISSIVE = {"MIT", "MIT License", "MIT-CMU", "BSD-3-Clause", "Apache-2.0", "PSF-2.0", "0BSD", "Zlib", "CC0-1.0"}
LGPL = "GNU Lesser General Public License v3 (LGPLv3)"


def test_every_locked_package_has_a_licence_that_may_be_shipped() -> None:
    found = {package.name: package for package in packages()}
    assert {"numpy", "onnxruntime", "pillow", "starlette", "pydantic-core"} <= set(found)
    for package in found.values():
        named = {part for text in package.licence.split("; ") for part in text.split(" AND ")}
        allowed = PERMISSIVE | ({LGPL} if package.name == "pi-heif" else set())
        assert named <= allowed, f"{package.name}: {package.licence}"
    assert found["pi-heif"].notices and found["onnxruntime"].notices


def test_networks_come_with_origin_and_terms(settings: Settings) -> None:
    detector, embedder = networks(settings.models)
    manifest = json.loads((settings.models / "manifest.json").read_text())
    assert (detector.name, embedder.name) == ("mtcnn", manifest["embedder"]["model"])
    assert embedder.licence == manifest["embedder"]["terms"] and "facenet-pytorch" in detector.version


def test_what_the_page_runs_is_listed_where_it_is_installed(tmp_path: Path) -> None:
    (runtime,) = page_runtime()
    pinned = json.loads((ROOT / "package.json").read_text())["dependencies"]
    assert (runtime.name, runtime.version, runtime.licence) == ("onnxruntime-web", pinned["onnxruntime-web"], "MIT")
    assert page_runtime(tmp_path) == []


def test_what_is_not_known_is_said(tmp_path: Path) -> None:
    lock = tmp_path / "requirements.txt"
    lock.write_text("no-such-package==1.0 \\\n    --hash=sha256:00\nnumpy==0.1 \\\n    --hash=sha256:00\n")
    absent, other = packages(lock)
    assert absent.licence == NOT_INSTALLED and other.licence.startswith("unknown: here is")
    assert networks(tmp_path) == []


def test_the_list_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main() == 0
    printed = capsys.readouterr().out
    assert "starlette" in printed and "mtcnn" in printed and "ThirdPartyNotices.txt" in printed
