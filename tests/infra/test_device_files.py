"""The page with what answers on the device, as it is published and as a folder for any host."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import brotli
import pytest

from infra import device_files
from infra.bucket import File
from infra.device_files import published, unpacked
from infra.on_device import Kit
from infra.publish import FRONTEND
from infra.site import make_site
from infra.site_files import ASKED_ANEW, IMMUTABLE, PublishError, release
from lookalike.settings import Settings

FILES = {"device/net-1.onnx": lambda: b"net" * 1000, "device/index-2.json": lambda: b"{}"}
KIT = Kit("embed", "device/index-2.json", dict(FILES))


@pytest.fixture
def page(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> dict[str, File]:
    monkeypatch.setattr(device_files, "PACKED", tmp_path)
    return release(FRONTEND)


def known(files: dict[str, File]) -> dict[str, Any]:
    """What the published service worker knows."""
    source = files["sw.js"].read().decode()
    return {
        name: json.loads(value) for name, value in re.findall(r"^const (VERSION|PAGE|DEVICE) = (.+);$", source, re.M)
    }


def test_large_files_are_compressed_ahead_and_kept_for_ever(page: dict[str, File], tmp_path: Path) -> None:
    for _ in range(2):  # compressed, and taken as it was kept
        file = published(page, KIT)["device/net-1.onnx"]
        assert (file.content_encoding, file.cache_control) == ("br", IMMUTABLE)
        assert brotli.decompress(file.read()) == b"net" * 1000
        assert file.size == len(file.read())
    assert len(list(tmp_path.iterdir())) == 2


def test_the_config_offers_it_and_says_what_it_costs(page: dict[str, File]) -> None:
    config = published(page, KIT)["config.json"]
    assert json.loads(config.read()) == {"device": {"mode": "embed", "index": "device/index-2.json", "megabytes": 1}}
    assert config.cache_control == ASKED_ANEW
    assert json.loads(published(page, None)["config.json"].read()) == {}


def test_the_service_worker_knows_its_release_and_no_other(page: dict[str, File]) -> None:
    files = published(page, KIT)
    assert set(known(files)["PAGE"]) == page.keys() - {"sw.js"}
    assert set(known(files)["DEVICE"]) == set(FILES)
    assert files["sw.js"].size == len(files["sw.js"].read())
    changed = published({**page, "index.html": page["config.json"]}, KIT)
    assert known(changed)["VERSION"] != known(files)["VERSION"] != known(published(page, None))["VERSION"]
    assert known(published(page, None))["DEVICE"] == []


def test_a_host_without_an_api_gets_the_files_as_they_are(page: dict[str, File]) -> None:
    files = unpacked(page, KIT)
    assert files["device/net-1.onnx"].read() == b"net" * 1000
    assert json.loads(files["config.json"].read())["device"]["alone"] is True


def test_a_site_never_replaces_what_is_no_site(tmp_path: Path, settings: Settings) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(PublishError, match="something else"):
        make_site(tmp_path, settings)
    assert (tmp_path / "notes.txt").read_text() == "mine"
