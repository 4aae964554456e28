"""What goes into the package, and what the checks after the build refuse."""

from __future__ import annotations

import platform
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from infra import gallery_layer, sandbox
from infra import package as packaging
from infra.package_contents import LIMIT, PackageError, check
from infra.sandbox import SandboxError


def test_says_how_to_make_what_is_missing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(packaging, "_FUNCTION", tmp_path)
    with pytest.raises(PackageError) as caught:
        packaging.build(tmp_path / "target")
    assert str(caught.value) == "function/models/manifest.json is missing: run `make models` first."
    monkeypatch.setattr(gallery_layer, "_GALLERY", tmp_path)
    with pytest.raises(PackageError) as caught:
        gallery_layer.build(tmp_path / "target")
    assert str(caught.value) == "function/gallery/gallery.json is missing: run `make gallery` first."
    assert not (tmp_path / "target").exists()


def test_says_loudly_that_it_goes_without_bytecode_where_lambdas_python_is_not(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "module.py").write_text("x = 1")
    monkeypatch.setattr(packaging, "find_python", lambda: None)
    packaging._compile(tmp_path)
    assert not list(tmp_path.rglob("*.pyc"))
    said = capsys.readouterr().err
    assert "WARNING" in said and "without bytecode" in said and "pyenv install 3.13" in said


@pytest.fixture
def library(tmp_path: Path) -> Callable[..., Path]:
    """A maker of files that look like a compiled library from outside."""

    def make(name: str = "module.cpython-313-x86_64-linux-gnu.so", machine: int = 62, glibc: str = "2.34") -> Path:
        path = tmp_path / name
        path.write_bytes(
            b"\x7fELF" + bytes(14) + struct.pack("<H", machine) + f"\0GLIBC_2.2.5\0GLIBC_{glibc}\0".encode()
        )
        return tmp_path

    return make


def test_accepts_a_library_for_lambda(library: Callable[..., Path]) -> None:
    check(library(), "x86_64")
    check(library(machine=183), "arm64")


@pytest.mark.parametrize(
    ("fault", "sentence"),
    [
        ({"machine": 183}, "is for arm64, the function for x86_64"),
        ({"machine": 243}, "is for machine 243"),
        ({"name": "module.cpython-311-x86_64-linux-gnu.so"}, "built for cpython-311, the function runs on cpython-313"),
        ({"glibc": "2.35"}, r"wants glibc 2\.35; Lambda has 2\.34"),
    ],
)
def test_refuses_a_library_that_lambda_could_not_load(
    library: Callable[..., Path], fault: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(PackageError, match=sentence):
        check(library(**fault), "x86_64")


def test_refuses_a_library_of_another_system(tmp_path: Path) -> None:
    (tmp_path / "module.abi3.so").write_bytes(b"\xcf\xfa\xed\xfe" + bytes(32))
    with pytest.raises(PackageError, match="not a Linux library"):
        check(tmp_path, "x86_64")


def test_refuses_a_package_over_lambdas_limit(tmp_path: Path) -> None:
    with (tmp_path / "large.onnx").open("wb") as file:
        file.truncate(LIMIT + 1)
    with pytest.raises(PackageError, match=r"250\.0 MiB unzipped") as caught:
        check(tmp_path, "x86_64")
    assert "large" in str(caught.value)


def test_a_package_for_another_machine_is_not_run_here(library: Callable[..., Path]) -> None:
    package = library(machine=183 if platform.machine() == "x86_64" else 62)
    (package / "lookalike").mkdir()
    with pytest.raises(SandboxError, match="The package is for Linux on"):
        sandbox.packaged(package)


def test_a_package_that_is_not_built_is_named(tmp_path: Path) -> None:
    with pytest.raises(SandboxError, match="make package"):
        sandbox.packaged(tmp_path)


def test_the_sources_answer_with_the_gallery_that_every_command_takes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its path is that of the folder where the command was given, not of the one where the function runs."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LOOKALIKE_GALLERY", "mine")
    monkeypatch.setenv("LOOKALIKE_MODELS", "/networks")
    variables = sandbox.sources().variables
    assert variables["LOOKALIKE_GALLERY"] == str(tmp_path / "mine")
    assert variables["LOOKALIKE_MODELS"] == "/networks"
