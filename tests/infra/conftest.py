"""The built package, made once by `sam build` and kept until something that goes into it changes."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from export.files import exclusive
from infra import sandbox
from infra.lambda_python import find_python
from infra.sandbox import Sandbox

ROOT = Path(__file__).parents[2]
SAM = ROOT / ".tools" / "sam" / "bin"
INPUTS = ["template.yaml", "function/**/*", "infra/package*.py", "infra/gallery_layer.py", "infra/lambda_python.py"]


@pytest.fixture(scope="session")
def sam() -> Path:
    """The folder with `sam`, `cfn-lint` and the Python that has them."""
    if not (SAM / "sam").is_file():
        pytest.skip("sam-cli is not here: run `make tools`")
    return SAM


@pytest.fixture(scope="session")
def package(sam: Path) -> Path:
    """The function's package as `sam build` leaves it."""
    for built in ("models/manifest.json", "gallery/gallery.json"):
        if not (ROOT / "function" / built).is_file():
            pytest.skip(f"function/{built} is not built: run `make models gallery`")
    folder = ROOT / ".cache" / "package-under-test"
    folder.mkdir(parents=True, exist_ok=True)
    with exclusive(folder):
        stamp, now = folder / "inputs", _fingerprint()
        if not stamp.is_file() or stamp.read_text() != now:
            stamp.unlink(missing_ok=True)
            build(sam, folder / "build")
            stamp.write_text(now)
    return folder / "build" / "Function"


@pytest.fixture(scope="session")
def packaged(package: Path) -> Sandbox:
    """The package alone on Lambda's Python."""
    if not can_run(package):
        pytest.skip("Lambda's Python is not on this machine, or it is not Linux on x86_64")
    return sandbox.packaged(package)


@pytest.fixture(scope="session")
def place(package: Path) -> Sandbox:
    """The package on Lambda's Python or, where that cannot be, the sources on this one."""
    return sandbox.packaged(package) if can_run(package) else sandbox.sources()


def can_run(package: Path) -> bool:
    return find_python() is not None and sandbox.runs_here(package)


@pytest.fixture(scope="session")
def photo() -> bytes:
    """A drawn face, out of the event that sends it raw."""
    return base64.b64decode(json.loads((ROOT / "tests" / "events" / "raw-jpeg.json").read_text())["body"])


def build(sam: Path, folder: Path) -> None:
    # As below `make PYTHON=…`, which is another Python than the environment's.
    flags = {"MAKEFLAGS": "-- PYTHON=false"}
    environment = os.environ | {"SAM_CLI_TELEMETRY": "0", "PACKAGE_PYTHON": sys.executable} | flags
    command = [str(sam / "sam"), "build", "--build-dir", str(folder)]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def _fingerprint() -> str:
    digest = hashlib.sha256(str(find_python()).encode())
    for path in sorted({path for pattern in INPUTS for path in ROOT.glob(pattern)}):
        if path.is_file() and "__pycache__" not in path.parts:
            digest.update(f"{path.relative_to(ROOT)} {path.stat().st_size} ".encode() + path.read_bytes())
    return digest.hexdigest()
