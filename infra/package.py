"""What `sam build` puts into the function's zip: the lock's libraries, trimmed; our code; the networks.

Run by function/Makefile. Only the standard library and pip are needed, not Lambda's Python: the lock names built wheels
for Lambda's platform. Where that Python is at hand, bytecode goes into the package too, which saves a cold start most
of a second: Lambda's disk is read-only, so that what is not compiled here is compiled again at every start.
"""

from __future__ import annotations

import argparse
import contextlib
import platform
import shutil
import subprocess
import sys
from pathlib import Path

from infra.lambda_python import PYTHON_VERSION, find_python
from infra.package_contents import PackageError, check, table

_FUNCTION = Path(__file__).parents[1] / "function"
# Lambda's Python 3.13 runs on Amazon Linux 2023, whose glibc is 2.34; pip takes each platform name literally.
_PLATFORMS = ("manylinux_2_28", "manylinux_2_27", "manylinux_2_17", "manylinux2014")
_MANIFEST = "models/manifest.json"
# Nothing below is imported, linked or read when a request is answered; tests/infra runs the package without them.
_UNNEEDED = (
    "bin",
    "*.dist-info/RECORD",  # untrue once anything is trimmed
    "**/*.pyi",
    "**/*.a",
    "**/*.h",
    "**/*.pxd",
    "**/tests",
    "numpy/f2py",
    # Parts of NumPy that it loads when they are first asked for, which nothing here does.
    "numpy/fft",
    "numpy/polynomial",
    "numpy/random",
    "numpy/testing",
    "numpy/conftest.py",
    "numpy/_pyinstaller",
    "numpy/_core/include",
    "numpy/_core/_simd.*",  # for NumPy's own tests, as are the next ones
    "numpy/_core/_*_tests.*",
    "pydantic/mypy.py",
    "pydantic/v1",  # for models of an older pydantic; FastAPI does without, and starts 20 ms sooner
    "fastapi/.agents",
    "onnxruntime/backend",
    "onnxruntime/datasets",
    "onnxruntime/quantization",
    "onnxruntime/tools",
    "onnxruntime/transformers",
    "onnxruntime/capi/libonnxruntime.so.*",  # for C programs: the Python module has the whole runtime inside
    "PIL/_imagingtk.*",
    "PIL/ImageDraw*.py",
    "PIL/ImageFont.py",
    "PIL/ImageText.py",
    "PIL/ImageGrab.py",
    "PIL/ImageShow.py",
    "PIL/ImageTk.py",
    "PIL/Pdf*.py",
    "PIL/ImageMath.py",
    "PIL/_imagingmath.*",
    "PIL/_imagingft.*",  # text drawing, and the font libraries under it
    "pillow.libs/libbrotli*",
    "pillow.libs/libfreetype-*",
    "pillow.libs/libharfbuzz-*",
    "pillow.libs/libpng16-*",  # for fonts only: Pillow reads PNG by itself
)
_NO_BYTECODE = f"""
WARNING: no Python {PYTHON_VERSION} here, so the package goes without bytecode: each cold start then takes 1 s instead of 0.4.
Install one and build again: `pyenv install {PYTHON_VERSION}`, `uv python install {PYTHON_VERSION}`, or your system's
python{PYTHON_VERSION}.
"""


def build(target: Path, architecture: str = "x86_64") -> None:
    """Fill the empty folder `target`. Raises PackageError, with a sentence for people, when it cannot or must not.

    The same sources make the same bytes, so that nothing is uploaded or published that has not changed.
    """
    if not (_FUNCTION / _MANIFEST).is_file():
        raise PackageError(f"function/{_MANIFEST} is missing: run `make models` first.")
    target.mkdir(parents=True, exist_ok=True)
    _install(target, architecture)
    for pattern in _UNNEEDED:
        for path in list(target.glob(pattern)):
            _remove(path)
    for name in ("lookalike", "models"):
        shutil.copytree(_FUNCTION / name, target / name, ignore=shutil.ignore_patterns("__pycache__", ".*"))
    _make_ready(target / "models", architecture)
    _compile(target)
    check(target, architecture)


def _install(target: Path, architecture: str) -> None:
    machine = {"x86_64": "x86_64", "arm64": "aarch64"}[architecture]
    platforms = [word for name in _PLATFORMS for word in ("--platform", f"{name}_{machine}")]
    options = [
        "--require-hashes",
        "--no-deps",
        "--only-binary=:all:",
        "--no-compile",
        "--python-version",
        PYTHON_VERSION,
    ]
    # --ignore-requires-python: older pips judge it by the Python they run on, not by --python-version.
    options += ["--implementation", "cp", "--ignore-requires-python", "--disable-pip-version-check", "--quiet"]
    lock = str(_FUNCTION / "requirements.txt")
    command = [sys.executable, "-m", "pip", "install", "--requirement", lock, "--target", str(target)]
    done = subprocess.run([*command, *platforms, *options], stderr=subprocess.PIPE, text=True)  # noqa: S603
    if done.returncode != 0:
        raise PackageError(f"pip could not install the function's libraries for {machine}:\n{done.stderr.strip()}")


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _make_ready(models: Path, architecture: str) -> None:
    """Optimise the networks for processors like this machine's; the function sees for itself whether they fit its own."""
    if {"aarch64": "arm64", "AMD64": "x86_64"}.get(platform.machine(), platform.machine()) == architecture:
        with contextlib.suppress(ImportError):
            from export.networks.ready import make_ready

            make_ready(models)
            return
    print(
        "The networks go as they are, and each cold start optimises them: that takes onnx, and the function's processor."
    )


def _compile(target: Path) -> None:
    python = find_python()
    if python is None:
        print(_NO_BYTECODE, file=sys.stderr)
        return
    # unchecked-hash: the zip rounds modification times, and bytecode checked by time would be thrown away.
    # /var/task: where tracebacks should point, and no trace of the folder it was built in.
    options = ["-q", "-j", "0", "--invalidation-mode", "unchecked-hash", "-s", str(target), "-p", "/var/task"]
    done = subprocess.run([python, "-I", "-m", "compileall", *options, str(target)])  # noqa: S603
    if done.returncode != 0:
        raise PackageError(f"Python {PYTHON_VERSION} could not compile the package: see above.")


def _main() -> int:
    parser = argparse.ArgumentParser(description="Build the function's package into a folder.")
    parser.add_argument("target", type=Path)
    parser.add_argument("--architecture", choices=["x86_64", "arm64"], default="x86_64")
    arguments = parser.parse_args()
    try:
        build(arguments.target, arguments.architecture)
    except (PackageError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    print(table(arguments.target))
    return 0


if __name__ == "__main__":
    sys.exit(_main())
