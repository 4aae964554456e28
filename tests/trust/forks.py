"""Tests in forks of this process, which has loaded what they import of others: to start pytest takes longer than many tests."""

from __future__ import annotations

import importlib
import os
import resource
import signal
import sys
import time
from contextlib import suppress
from pathlib import Path

# What the tests of the function and of the gallery's commands import, and nothing of the house itself.
LIBRARIES = (
    *("boto3", "fastapi.testclient", "hypothesis", "matplotlib.cbook", "moto.moto_server.werkzeug_app"),
    *("moto.s3vectors.models", "numpy", "onnxruntime", "PIL.Image", "pytest", "schemathesis", "skimage.data", "torch"),
)
HOUSE = ("benchmarks", "cli", "export", "infra", "lookalike", "tests")
# Of its own time a mutant that never ends gets the first, one that waits for ever the second.
PROCESSOR_SECONDS, SECONDS = 60, 200
MEMORY = 12 * 2**30
KILLED = 128


def load_libraries() -> None:
    """So that forks need not. To be called before the first, and without threads."""
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"
    for name in LIBRARIES:
        importlib.import_module(name)


def run_pytest(tests: list[str], checkout: Path, keep_bytecode: bool = False) -> int:
    """Pytest's exit status for these files of a checkout, KILLED for one that went on for too long.

    `keep_bytecode` is for a checkout that does not change: two mutants may have one size and one second.
    """
    sys.stdout.flush()
    process = os.fork()
    if process == 0:
        try:
            _become_pytest(tests, checkout, keep_bytecode)
        finally:
            os._exit(1)
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        ended, status = os.waitpid(process, os.WNOHANG)
        if ended:
            _end(process)
            return os.waitstatus_to_exitcode(status) if os.WIFEXITED(status) else KILLED
        time.sleep(0.01)
    _end(process)
    os.waitpid(process, 0)
    return KILLED


def _become_pytest(tests: list[str], checkout: Path, keep_bytecode: bool) -> None:
    import pytest

    os.setsid()
    os.chdir(checkout)
    resource.setrlimit(resource.RLIMIT_CPU, (PROCESSOR_SECONDS, PROCESSOR_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nowhere, stream)
    for name in [name for name in sys.modules if name.partition(".")[0] in HOUSE]:
        del sys.modules[name]
    places = [str(checkout), str(checkout / "function")]
    sys.path[:0] = places
    os.environ["PYTHONPATH"] = os.pathsep.join(places)  # for what the tests start
    sys.dont_write_bytecode = not keep_bytecode
    if not keep_bytecode:
        os.environ["PYTHONDONTWRITEBYTECODE"] = "1"
    quiet = ["-q", "-x", "-p", "no:cacheprovider", "-W", "ignore::pytest.PytestAssertRewriteWarning"]
    os._exit(int(pytest.main([*quiet, *tests])))


def _end(group: int) -> None:
    """A fork and whatever it started."""
    with suppress(ProcessLookupError):
        os.killpg(group, signal.SIGKILL)
