from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from export.networks.installation import install, read_installed, staging

from .sets import names, staged_set

# Publishes a set of two small files into argv[1], and dies by the argv[2]th time a file would change there.
DYING = """
import os, sys
from pathlib import Path
out, steps = Path(sys.argv[1]), int(sys.argv[2])

def counted(method):
    def step(self, *arguments, **keywords):
        global steps
        if not (steps := steps - 1):
            os.kill(os.getpid(), 9)
        return method(self, *arguments, **keywords)
    return step

from export.networks.installation import install, staging
from sets import staged_set
with staging(out) as staged:
    manifest = staged_set(staged, "new")
    for name in ("replace", "unlink", "chmod", "rmdir"):
        setattr(Path, name, counted(getattr(Path, name)))
    install(out, staged, manifest)
"""


def publish_set(out: Path, content: str) -> None:
    with staging(out) as staged:
        install(out, staged, staged_set(staged, content))


def test_names_carry_hashes_and_the_manifest_knows_them(tmp_path: Path) -> None:
    publish_set(tmp_path / "models", "old")

    manifest = read_installed(tmp_path / "models")

    assert manifest
    entry = manifest["embedder"]
    assert entry["file"] == f"dlib-{entry['sha256'][:12]}.onnx"
    assert (tmp_path / "models" / entry["file"]).read_text() == "old dlib"
    assert len(names(tmp_path / "models")) == 3


def test_what_is_superseded_goes_and_what_is_not_ours_stays(tmp_path: Path) -> None:
    publish_set(tmp_path, "old")
    (tmp_path / "mine.onnx").write_text("somebody else's")

    publish_set(tmp_path, "new")

    assert "mine.onnx" in names(tmp_path)
    assert len(names(tmp_path)) == 4


@pytest.mark.parametrize("step", range(1, 10))
def test_killed_at_any_step_it_leaves_one_whole_set(step: int, tmp_path: Path) -> None:
    out = tmp_path / "models"
    publish_set(out, "old")
    command = [sys.executable, "-c", DYING, str(out), str(step)]

    died = subprocess.run(command, cwd=Path(__file__).parent, timeout=60).returncode == -9

    manifest = read_installed(out)
    assert manifest
    assert manifest["content"] == (
        "old" if step <= 6 else "new"
    )  # two files: chmod, replace; manifest: written, replaced
    assert died == (step <= 8)
    publish_set(out, "newest")
    assert len(names(out)) == 3


@pytest.mark.parametrize("damage", ["gone", "changed", "no-json", "no-entry", "a-list"])
def test_a_damaged_set_is_no_set(damage: str, tmp_path: Path) -> None:
    publish_set(tmp_path, "old")
    manifest = read_installed(tmp_path)
    assert manifest
    network, file = tmp_path / manifest["embedder"]["file"], tmp_path / "manifest.json"
    match damage:
        case "gone":
            network.unlink()
        case "changed":
            network.write_text("old dlip")
        case "no-json":
            file.write_text(file.read_text()[:-5])
        case "no-entry":
            file.write_text(json.dumps({"version": 1}))
        case "a-list":
            file.write_text("[]")

    assert read_installed(tmp_path) is None


def test_no_set_is_no_set(tmp_path: Path) -> None:
    assert read_installed(tmp_path / "models") is None


def test_an_error_leaves_no_staging_behind(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError), staging(tmp_path) as staged:
        (staged / "half").write_text("")
        raise RuntimeError
    assert names(tmp_path) == []
