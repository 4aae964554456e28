"""What `sam build` makes, and that Lambda could run it."""

from __future__ import annotations

import io
import json
import struct
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pillow_heif  # the encoder; the function has the decoder only
import pytest
from PIL import Image

from infra import package as packaging
from infra.events import Answer, answer, http_event
from infra.lambda_python import PYTHON_VERSION, find_python
from infra.package_contents import PackageError, check, table
from infra.runtime import LocalLambda
from infra.sandbox import LAYER, Sandbox
from lookalike.faces.manifest import read_manifest

ROOT = Path(__file__).parents[2]
FUNCTION = ROOT / "function"


# The package ---------------------------------------------------------------------------------------------------------


def test_holds_the_code_and_the_gallery_as_they_are(package: Path) -> None:
    for folder, place in (("lookalike", package), ("gallery", package.parent / LAYER)):
        sources = {path.relative_to(FUNCTION): path for path in (FUNCTION / folder).rglob("*") if wanted(path)}
        assert sources
        for name, path in sources.items():
            assert (place / name).read_bytes() == path.read_bytes(), name
    assert not (package / "gallery").exists()


def test_holds_the_networks_ready_to_start_and_nothing_else(package: Path) -> None:
    manifest, source = read_manifest(package / "models", "hash"), read_manifest(FUNCTION / "models", "hash")
    assert manifest.embedder.fingerprint == source.embedder.fingerprint
    networks = manifest.networks
    named = {file.path.name for network in networks for file in network.files} | {"manifest.json"}
    # The package is only built for the tests where it can run, and there ONNX Runtime has a blocked order.
    assert manifest.readiness is not None
    named.add(manifest.readiness.probe.path.name)
    assert {path.name for path in (package / "models").iterdir()} == named


def test_fits_lambdas_limit_and_machine(package: Path) -> None:
    check(package, "x86_64")
    with pytest.raises(PackageError, match="for x86_64, the function for arm64"):
        check(package, "arm64")


def test_leaves_out_what_is_not_needed(package: Path) -> None:
    left = [str(path.relative_to(package)) for pattern in packaging._UNNEEDED for path in package.glob(pattern)]
    assert left == []
    # Nothing here may bring a training framework, an exporter or a compiler along.
    assert not {"torch", "onnx", "export", "cli", "infra"} & {path.name for path in package.iterdir()}


def test_keeps_the_licences_of_what_it_carries(package: Path) -> None:
    for library in package.glob("*.dist-info"):
        files = [path for path in library.rglob("*") if path.is_file()]
        texts = [path for path in files if path.name.upper().startswith(("LICEN", "COPYING"))]
        declared = "License" in (library / "METADATA").read_text(encoding="utf-8")
        assert texts or declared, library.name


@pytest.mark.skipif(find_python() is None, reason="Lambda's Python is not on this machine")
def test_has_bytecode_that_lambda_takes_unchecked(package: Path) -> None:
    for source in (package / "lookalike").glob("*.py"):
        compiled = source.parent / "__pycache__" / f"{source.stem}.cpython-313.pyc"
        header = compiled.read_bytes()[:16]
        assert header[2:4] == b"\r\n"
        assert struct.unpack("<I", header[4:8]) == (0b01,), "a hash, which nobody checks"


def test_says_nothing_of_where_it_was_built(package: Path) -> None:
    build = str(package.parent).encode()
    assert not [path for path in package.rglob("*") if path.suffix in (".pyc", ".py") and build in path.read_bytes()]


def test_the_table_adds_up(package: Path) -> None:
    total = sum(path.stat().st_size for path in package.rglob("*") if path.is_file())
    lines = table(package).splitlines()
    assert lines[-2].split() == [f"{total / 2**20:.1f}", "in", "all,", "of", "250.0"]
    assert "x86_64" in lines[-1]
    assert {"onnxruntime", "numpy", "PIL", "models"} <= {line.split()[-1] for line in lines}


# The package on Lambda's Python --------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def function(packaged: Sandbox) -> Iterator[LocalLambda]:
    with LocalLambda(packaged) as function:
        yield function


def test_runs_alone_on_lambdas_python(packaged: Sandbox) -> None:
    code = (
        "import json, sys, lookalike.handler\n"
        "print(json.dumps([m.__file__ for m in sys.modules.values() if getattr(m, '__file__', None)]))"
    )
    files = [Path(name) for name in json.loads(run(packaged, code))]
    library = Path(find_python() or "").resolve().parents[1] / "lib" / f"python{PYTHON_VERSION}"
    strangers = [path for path in files if not {packaged.task, library} & set(path.parents)]
    assert strangers == [] and packaged.task / "onnxruntime" / "__init__.py" in files


def test_starts_without_what_no_answer_needs(packaged: Sandbox) -> None:
    """Each of these took 10 ms or more of a cold start; FastAPI goes on without pydantic's former self."""
    code = (
        "import gc, sys, lookalike.handler\n"
        "print([name for name in ('numpy.ma', 'pydantic.v1', 'boto3') if name in sys.modules], gc.isenabled())"
    )
    assert run(packaged, code).strip() == "[] True"


def test_describes_itself(function: LocalLambda) -> None:
    """The models of the OpenAPI document are built only now."""
    document = json.loads(answer(function.invoke(http_event("GET", "/api/openapi.json")).json()).body)
    assert document == json.loads((ROOT / "tests/function/api/openapi.json").read_text())


def test_answers_a_photo_as_the_command_line_does(function: LocalLambda, photo: bytes, tmp_path: Path) -> None:
    file = tmp_path / "photo.jpg"
    file.write_bytes(photo)
    command = [sys.executable, "-m", "cli.main", "find", "--json", str(file)]
    printed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    answered = json.loads(post(function, photo, "image/jpeg").body)
    assert without_timings(answered) == approximately(without_timings(json.loads(printed)))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF", "GIF", "BMP", "TIFF", "HEIF"])
def test_reads_every_format_it_claims_to(function: LocalLambda, photo: bytes, kind: str) -> None:
    picture, file = Image.open(io.BytesIO(photo)), io.BytesIO()
    if kind == "HEIF":
        pillow_heif.from_pillow(picture).save(file)
    else:
        picture.save(file, kind)
    got = post(function, file.getvalue(), "application/octet-stream")
    assert got.status == 200, got.body
    assert len(json.loads(got.body)["faces"]) == 1


def run(packaged: Sandbox, code: str) -> str:
    command = [str(packaged.python), "-c", code]
    done = subprocess.run(command, cwd=packaged.task, env=packaged.variables, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


def post(function: LocalLambda, photo: bytes, kind: str) -> Answer:
    invocation = function.invoke(http_event("POST", "/api/lookalikes", headers={"content-type": kind}, body=photo))
    assert not invocation.failed, invocation.payload
    return answer(invocation.json())


def wanted(path: Path) -> bool:
    return path.is_file() and "__pycache__" not in path.parts and not path.name.startswith(".")


def without_timings(answer: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in answer.items() if key not in ("timings_ms", "request_id")}


def approximately(value: Any) -> Any:
    """Equal but for the last digit of a rounded number: two Pythons' builds of NumPy need not agree on it."""
    match value:
        case dict():
            return {key: approximately(item) for key, item in value.items()}
        case list():
            return [approximately(item) for item in value]
        case float():
            return pytest.approx(value, abs=0.011)
    return value
