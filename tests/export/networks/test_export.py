from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
import pytest
import torch
from PIL import Image

from export.errors import ExportError, Untrained, VerificationFailed, WeightsChanged, WeightsUnreachable
from export.networks import embedders, entries, mtcnn
from export.networks.dlib import descriptors as dlib_verification
from export.networks.entries import toolchain
from export.networks.export import export_networks
from export.networks.facenet import facenet_pytorch
from export.networks.weights import Weights
from lookalike import errors
from lookalike.faces.detector import Face
from lookalike.faces.manifest import read_manifest
from lookalike.faces.networks import open_networks
from lookalike.faces.recipe import Recipe

from .sets import names

NAME = "20180402-114759-vggface2.pt"
READ = embedders.load


class Lines(list[str]):
    def __call__(self, line: str) -> None:
        self.append(line)


@pytest.fixture
def said() -> Lines:
    return Lines()


@pytest.fixture(scope="session")
def checkpoints(seeded_network: Callable[..., Any], tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("seeded")
    torch.save(seeded_network().state_dict(), directory / "calibrated.pt")
    torch.save(seeded_network(calibrated=False).state_dict(), directory / "untrained.pt")
    return directory


@pytest.fixture(scope="session")
def exported(dlib_weights: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("exported") / "models"
    export_networks("dlib", out)
    return out


@pytest.fixture
def dlib_set(exported: Path, tmp_path: Path) -> Path:
    """A directory with dlib's network exported into it."""
    return Path(shutil.copytree(exported, tmp_path / "models"))


def manifest_of(out: Path) -> dict[str, Any]:
    manifest: dict[str, Any] = json.loads((out / "manifest.json").read_text())
    return manifest


def put(checkpoint: Path, home: Path) -> Path:
    path = home / "checkpoints" / NAME
    path.hardlink_to(checkpoint)
    return path


def snapshot(out: Path) -> dict[str, int]:
    return {path.name: path.stat().st_mtime_ns for path in out.iterdir()}


@pytest.fixture(scope="module", autouse=True)
def each_read_once() -> Iterator[None]:
    """A file's weights, its graph and what the source answers: a second of the processor each time."""
    read: dict[tuple[str, str], embedders.Source] = {}

    def load(model: embedders.Model, weights: Weights) -> embedders.Source:
        key = (model, weights.sha256)
        if key not in read:
            read[key] = READ(model, weights)
        return read[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(embedders, "load", load)
        yield


@pytest.fixture(autouse=True)
def alone(torch_home: Path, no_network: None, dlib_weights: Path) -> None:
    """Only dlib's weights are on this machine, and GitHub cannot be reached."""


def test_auto_takes_dlib_and_says_why_in_two_lines(tmp_path: Path, torch_home: Path, said: Lines) -> None:
    manifest = export_networks("auto", tmp_path / "models", say=said)

    assert manifest["embedder"]["model"] == "dlib"
    assert said[0].startswith(f"vggface2: {NAME} is not in {torch_home}/checkpoints, and http://127.0.0.1:9/{NAME}")
    assert said[1].startswith("Taking dlib instead. For vggface2: ")
    assert said[1].endswith("put the file there or pass it with --weights FILE.")
    assert [line.split(":")[0] for line in said[2:]] == ["dlib", "MTCNN"]
    assert all("largest difference" in line for line in said[2:])


def test_by_name_the_unreachable_is_an_error_and_changes_nothing(dlib_set: Path, said: Lines) -> None:
    before = snapshot(dlib_set)

    with pytest.raises(WeightsUnreachable, match=NAME):
        export_networks("vggface2", dlib_set, say=said)

    assert snapshot(dlib_set) == before


def test_the_manifest_says_all_that_the_function_needs(dlib_set: Path) -> None:
    manifest = manifest_of(dlib_set)

    assert manifest["version"] == 1
    entry = manifest["embedder"]
    expected = {"model": "dlib", "precision": "fp16", "trained": True, "cut": "aligned", "size": 150, "margin": 0}
    expected |= {"mean": [122.782, 117.001, 104.298], "scale": 256.0, "width": 128, "unit_length": False}
    expected |= {"radius": 0.61, "same_person": 0.52, "fingerprint": "165d820882959226"}
    assert {key: entry[key] for key in expected} == expected
    assert entry["weights"]["sha256"] == "55533b28a95800a551ba546ba62fe69625c7e95a7061c338adffead08719da30"
    assert "public domain" in entry["terms"]
    assert entry["verification"]["inputs"] == 14
    assert entry["bytes"] == (dlib_set / entry["file"]).stat().st_size
    detector = manifest["detector"]["networks"]
    assert set(detector) >= {"pnet", "rnet", "onet"}
    files = {entry["file"], *(network["file"] for network in detector.values())}
    assert set(names(dlib_set)) == {"manifest.json", *files}


def test_the_written_network_answers_as_real_dlib(dlib_set: Path, said: Lines) -> None:
    entry = export_networks("dlib", dlib_set, "fp32", say=said)["embedder"]
    chips, descriptors = dlib_verification.goldens()
    faces = (chips - np.array(entry["mean"])) / entry["scale"]

    session = onnxruntime.InferenceSession(dlib_set / entry["file"])
    found = session.run(["embedding"], {"face": faces.transpose(0, 3, 1, 2).astype(np.float32)})[0]

    assert entry["precision"] == "fp32"
    assert np.abs(found - descriptors).max() < 5e-6
    assert sum("largest difference" in line for line in said) == 2


def test_a_repeated_run_does_nothing_and_says_so(dlib_set: Path, said: Lines) -> None:
    before = snapshot(dlib_set)

    assert export_networks("auto", dlib_set, say=said) == export_networks("dlib", dlib_set, say=said)

    assert snapshot(dlib_set) == before
    assert said[0] == said[2] == "Up to date: MTCNN and dlib (fp16); nothing to do."
    assert said[1] == "To try for vggface2's weights again: lookalike export --model vggface2"


def test_a_repeated_run_does_not_wait_for_torch(dlib_set: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from export.networks.export import export_networks;"
        f"export_networks('auto', Path({str(dlib_set)!r}));"
        "sys.exit('torch' in sys.modules or 'onnxruntime' in sys.modules)"
    )

    done = subprocess.run([sys.executable, "-c", code], stderr=subprocess.PIPE, text=True, timeout=60)

    assert done.returncode == 0
    assert "nothing to do" in done.stderr


def test_a_damaged_network_is_exported_anew(dlib_set: Path, said: Lines) -> None:
    before = manifest_of(dlib_set)["embedder"]
    (dlib_set / before["file"]).write_bytes(b"")

    after = export_networks("dlib", dlib_set, say=said)["embedder"]

    assert (dlib_set / after["file"]).stat().st_size == before["bytes"]


def test_other_packages_mean_another_export(dlib_set: Path, said: Lines, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(entries, "version", lambda package: "99")

    assert export_networks("dlib", dlib_set, say=said)["toolchain"] == toolchain()
    assert sum("largest difference" in line for line in said) == 2


def test_auto_prefers_vggface2_once_its_file_is_there_and_embeds_as_torch_does(
    dlib_set: Path, torch_home: Path, checkpoints: Path, said: Lines, astronaut: Image.Image, hopper: Image.Image
) -> None:
    dlib = manifest_of(dlib_set)["embedder"]
    path = put(checkpoints / "calibrated.pt", torch_home)

    entry = export_networks("auto", dlib_set, say=said)["embedder"]

    assert (entry["model"], entry["cut"], entry["size"], entry["unit_length"]) == ("vggface2", "box", 160, True)
    assert (entry["precision"], entry["trained"], entry["width"]) == ("fp32", True, 512)
    assert entry["verification"]["lowest_cosine"] > 0.99999
    assert entry["fingerprint"] != dlib["fingerprint"]
    assert not (dlib_set / dlib["file"]).exists()

    network = facenet_pytorch().InceptionResnetV1().eval()
    network.load_state_dict(torch.load(path), strict=False)  # but for the layer that tells the trained faces apart
    _, embedder = open_networks(read_manifest(dlib_set))
    face = Face(np.array([178.8, 61.2, 266.7, 173.2], np.float32), 1.0, np.zeros((5, 2), np.float32))
    chips = [embedder.cut(picture, face) for picture in (astronaut, hopper)]
    inputs = torch.from_numpy(np.stack(chips).astype(np.float32)).permute(0, 3, 1, 2)
    with torch.no_grad():
        expected = network((inputs - 127.5) / 128.0).numpy()
    ours = embedder.embed(chips)
    assert np.allclose(np.linalg.norm(ours, axis=1), 1, atol=1e-5)
    assert ((ours * expected).sum(axis=1) >= 0.99999).all()

    before = snapshot(dlib_set)
    export_networks("auto", dlib_set, say=said)
    export_networks("vggface2", dlib_set, say=said)
    assert snapshot(dlib_set) == before

    path.unlink()
    put(checkpoints / "untrained.pt", torch_home)
    for model in ("vggface2", "auto"):
        with pytest.raises(WeightsChanged):
            export_networks(model, dlib_set, say=said)
    assert snapshot(dlib_set) == before


def test_untrained_weights_are_refused_unless_allowed(tmp_path: Path, checkpoints: Path, said: Lines) -> None:
    out, weights = tmp_path / "models", checkpoints / "untrained.pt"

    with pytest.raises(Untrained, match="answers nearly the same to every face"):
        export_networks("vggface2", out, weights=weights, say=said)
    assert names(out) == []

    manifest = export_networks("vggface2", out, weights=weights, allow_untrained=True, say=said)
    assert manifest["embedder"]["trained"] is False
    with pytest.raises(errors.Untrained, match="untrained weights"):
        read_manifest(out)
    assert export_networks("vggface2", out, weights=weights, allow_untrained=True, say=said) == manifest

    with pytest.raises(Untrained):
        export_networks("vggface2", out, weights=weights, say=said)


def test_auto_passes_over_untrained_weights(tmp_path: Path, torch_home: Path, checkpoints: Path, said: Lines) -> None:
    put(checkpoints / "untrained.pt", torch_home)

    assert export_networks("auto", tmp_path / "models", say=said)["embedder"]["model"] == "dlib"
    assert any("it was never trained" in line for line in said)


def test_weights_alone_do_not_say_which_network(tmp_path: Path, said: Lines) -> None:
    with pytest.raises(ExportError, match="--weights needs --model"):
        export_networks("auto", tmp_path, weights=tmp_path / "weights.pt", say=said)


def bgr(self: Recipe, faces: Any) -> Any:
    normal = (faces[..., ::-1] - np.array(self.mean)) / self.scale
    return np.ascontiguousarray(normal.transpose(0, 3, 1, 2), np.float32)


def differing(directory: Path) -> dict[str, Any]:
    (directory / "pnet.onnx").write_bytes(b"")
    raise ValueError("MTCNN's ONNX graphs differ from facenet-pytorch by 0.5; nothing was written")


@pytest.mark.parametrize(("place", "wrong"), [(Recipe, bgr), (mtcnn, differing)])
def test_a_network_that_computes_something_else_replaces_nothing(
    place: Any, wrong: Any, dlib_set: Path, said: Lines, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = snapshot(dlib_set)
    monkeypatch.setattr(place, "normalised" if wrong is bgr else "export_mtcnn", wrong)
    monkeypatch.setattr(embedders, "load", READ)

    with pytest.raises(VerificationFailed):
        export_networks("dlib", dlib_set, "fp32", say=said)

    assert snapshot(dlib_set) == before


def test_says_what_is_not_installed(tmp_path: Path, said: Lines, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "torch", None)

    with pytest.raises(ExportError, match="Exporting needs torch, which is not installed: run `make setup`"):
        export_networks("dlib", tmp_path / "models", say=said)
    assert names(tmp_path / "models") == []


def test_says_on_standard_error_what_it_does(dlib_set: Path, capsys: pytest.CaptureFixture[str]) -> None:
    export_networks("dlib", dlib_set)

    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err == "Up to date: MTCNN and dlib (fp16); nothing to do.\n"


def test_published_files_can_be_read_by_others(dlib_set: Path) -> None:
    assert all(path.stat().st_mode & 0o044 == 0o044 for path in dlib_set.iterdir())
