"""What the page answers with on the device: complete, named by content, and nothing of the gallery that need not be seen."""

from __future__ import annotations

import hashlib
import io
import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from starlette.testclient import TestClient

from infra.local_site import create_site
from infra.on_device import FOLDER, Kit, OnDeviceError, constants, content_type, kit, offered
from lookalike.settings import Settings

INDEX_ARN = "arn:aws:s3vectors:us-east-1:123456789012:bucket/faces/index/faces-165d820882959226"


@pytest.fixture(scope="module")
def everything(settings: Settings) -> Kit:
    return kit(settings, "all")


@pytest.fixture(scope="module")
def site(settings: Settings, everything: Kit) -> TestClient:
    return TestClient(create_site(settings, lambda: everything), base_url="http://localhost")


def test_the_index_leads_to_every_file_by_its_hash(everything: Kit) -> None:
    found = list(_files(_index(everything)))
    assert {FOLDER + file["url"] for file in found} | {everything.index} == set(everything.files)
    for file in found:
        content = everything.files[FOLDER + file["url"]]()
        assert hashlib.sha256(content).hexdigest() == file["sha256"]
        assert len(content) == file["bytes"]
        assert file["sha256"][:8] in file["url"]
    assert everything.config(13_000_001)["megabytes"] == 14


def test_the_gallery_shows_names_and_portraits_and_nothing_else(everything: Kit, settings: Settings) -> None:
    gallery = _index(everything)["gallery"]
    about = json.loads(everything.files[FOLDER + gallery["people"]["url"]]())
    assert [set(person) for person in about["people"]] == [{"id", "name", "department", "photos"}] * 2
    assert about["scale"]["same_person"] == 0.52
    rows = np.load(io.BytesIO(everything.files[FOLDER + gallery["rows"]["url"]]()))
    np.testing.assert_array_equal(rows, np.load(settings.gallery / "embeddings-0.npy"))


def test_embed_publishes_nothing_of_the_gallery(settings: Settings, everything: Kit) -> None:
    found = kit(settings, "embed")
    assert "gallery" not in _index(found)
    assert len(found.files) == len(everything.files) - 2


def test_constants_are_the_functions_own() -> None:
    found = constants()
    assert found["detector"]["thresholds"] == (0.6, 0.7, 0.7)
    assert found["embedder"] == {"batch": 8}
    assert found["quality"]["min_side"] == 60
    assert found["most_faces"] == 100


@pytest.mark.parametrize(("precision", "tolerance"), [("fp16", 0.001), ("int8", 0.005)])
def test_int8_may_round_otherwise_on_the_device(
    settings: Settings, tmp_path: Path, precision: str, tolerance: float
) -> None:
    models = shutil.copytree(settings.models, tmp_path / "models")
    manifest = json.loads((models / "manifest.json").read_text())
    manifest["embedder"]["precision"] = precision
    (models / "manifest.json").write_text(json.dumps(manifest))
    golden = _index(kit(replace(settings, models=models), "embed"))["golden"]
    assert [golden[name]["tolerance"] for name in ("pnet", "embedder")] == [0.001, tolerance]


def test_a_gallery_elsewhere_cannot_be_published_whole(settings: Settings) -> None:
    with pytest.raises(OnDeviceError, match="choose `embed`"):
        kit(replace(settings, vector_index=INDEX_ARN), "all")
    assert kit(replace(settings, vector_index=INDEX_ARN), "embed").mode == "embed"


def test_without_the_runtime_it_is_an_error_where_it_was_asked_for(settings: Settings, tmp_path: Path) -> None:
    with pytest.raises(OnDeviceError, match="npm ci"):
        kit(settings, "all", runtime=tmp_path)


def test_by_default_what_is_not_possible_is_not_offered(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    assert offered(replace(settings, vector_index=INDEX_ARN), None) is None
    assert "not offered" in capsys.readouterr().out
    assert offered(settings, "off") is None


def test_files_travel_compressed_and_may_be_kept(site: TestClient, everything: Kit) -> None:
    for name, read in everything.files.items():
        answer = site.get(f"/{name}", headers={"accept-encoding": "gzip"})
        assert answer.content == read()
        assert answer.headers["content-encoding"] == "gzip"
        assert int(answer.headers["content-length"]) < len(read()) or len(read()) < 2000
        assert answer.headers["content-type"] == content_type(name)
        assert "immutable" in answer.headers["cache-control"]
    plain = site.get(f"/{everything.index}", headers={"accept-encoding": "identity"})
    assert "content-encoding" not in plain.headers
    assert site.get("/device/../infra/server.py").status_code == 404


def test_only_where_it_is_offered_may_the_page_compile(site: TestClient, settings: Settings) -> None:
    without = TestClient(create_site(settings), base_url="http://localhost").get("/").headers["content-security-policy"]
    policy = site.get("/").headers["content-security-policy"]
    assert "unsafe" not in without
    assert policy == without.replace("script-src 'self'", "script-src 'self' 'wasm-unsafe-eval'")


def _index(found: Kit) -> Any:
    return json.loads(found.files[found.index]())


def _files(value: Any) -> Any:
    if isinstance(value, dict):
        if "url" in value:
            yield value
        else:
            for part in value.values():
                yield from _files(part)
