"""What export tests work with: real and seeded weights, photos of drawn people, and a small gallery of them.

The gallery is made once; tests that change one work on a copy.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path

import pytest

from export.gallery import intake
from export.gallery.build import build
from export.gallery.enrolment import Outcome, enrol
from export.networks import weights
from lookalike.faces.manifest import EmbedderEntry, read_manifest
from lookalike.finder import Finder
from lookalike.settings import Settings


@pytest.fixture(scope="session")
def dlib_weights() -> Path:
    """dlib's real network file: out of the cache, where `make test` puts it beforehand."""
    return weights.dlib_weights().path


@pytest.fixture
def torch_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty TORCH_HOME; its `checkpoints` is where facenet-pytorch keeps downloaded weights."""
    home = tmp_path / "torch"
    (home / "checkpoints").mkdir(parents=True)
    monkeypatch.setenv("TORCH_HOME", str(home))
    return home


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Downloads meet a closed port of this machine."""
    monkeypatch.setattr(weights, "_RELEASE", "http://127.0.0.1:9/")


@pytest.fixture(scope="session")
def networks() -> Settings:
    """The exported networks; the gallery is always given."""
    return Settings()


@pytest.fixture(scope="session")
def entry(networks: Settings) -> EmbedderEntry:
    return read_manifest(networks.models).embedder


@cache
def _finder(models: Path, manifest: str) -> Finder:
    """Opened once for what is in a folder now."""
    return Finder.open(Settings(models=models, threads=1), with_gallery=False)


def _enrol_files(paths: Sequence[Path], settings: Settings) -> Iterator[Outcome]:
    manifest = (settings.models / "manifest.json").read_text()
    return (enrol(_finder(settings.models, manifest), path) for path in paths)


@pytest.fixture(scope="package", autouse=True)
def enrolled_here() -> Iterator[None]:
    """Photos are enrolled in this process: others would take seconds to start each time. test_workers.py tries those."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(intake, "enrol_files", _enrol_files)
        yield


@pytest.fixture(scope="session")
def drawn(demo_photos: list[Path]) -> Callable[[int], bytes]:
    """JPEG of the n-th drawn person."""
    return lambda number: demo_photos[number * 7].read_bytes()


@pytest.fixture(scope="session")
def photos(tmp_path_factory: pytest.TempPathFactory, drawn: Callable[[int], bytes]) -> Path:
    """Four people in all three layouts, one of them with two photos. Not to be changed."""
    root = tmp_path_factory.mktemp("photos")
    layout = ("Arts/홍길동/1.jpg", "Arts/Zoë O'Neil/face.jpg", "Science/Ada Lovelace/a.jpg", "Alan Turing.jpg")
    for number, name in enumerate((*layout, "Science/Ada Lovelace/b.jpg")):
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(drawn(number))
    return root


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory, photos: Path, networks: Settings) -> Path:
    """The gallery of `photos`. Not to be changed."""
    directory = tmp_path_factory.mktemp("built") / "gallery"
    build(photos, directory, networks)
    return directory


@pytest.fixture
def gallery(tmp_path: Path, built: Path) -> Path:
    return Path(shutil.copytree(built, tmp_path / "gallery"))


@pytest.fixture
def own_photos(tmp_path: Path, photos: Path) -> Path:
    return Path(shutil.copytree(photos, tmp_path / "photos"))
