"""A real command that is killed, or runs out of space; what it leaves behind, and what running it again makes of that."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import boto3

from lookalike.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 300  # seconds


def nothing(_: Path) -> set[str]:
    return set()


def never(_: object) -> bool:
    return False


@dataclass(frozen=True, slots=True)
class Command:
    """`arguments` behind python; {target} is changed by it. `begin` makes the target, and `state` says what it holds.

    `sound` says which states that are neither `before` nor `after` may be found after a fault, `again` with which
    statuses the command may end when there is nothing left to do. All four see these `variables`.
    """

    arguments: tuple[str, ...]
    begin: Callable[[Path], object]
    state: Callable[[Path], object]
    before: object
    after: object
    leftovers: Callable[[Path], set[str]] = nothing
    sound: Callable[[object], bool] = never
    again: tuple[int, ...] = (0,)
    folder: Path = ROOT
    variables: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Fault:
    """Killed after some seconds, alone or with its processes, or out of space beyond some bytes a file."""

    seconds: float | None = None
    group: bool = False
    largest_file: int | None = None

    def __str__(self) -> str:
        return "disk full" if self.seconds is None else "killed with its processes" if self.group else "killed"


@contextmanager
def surrounded(variables: Mapping[str, str]) -> Iterator[None]:
    """By these environment variables: each command has an Amazon of its own."""
    before = dict(os.environ)
    os.environ.update(variables)
    boto3.DEFAULT_SESSION = None  # it would remember the other one
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)
        boto3.DEFAULT_SESSION = None


def run(command: Command, target: Path, fault: Fault | None = None) -> tuple[int, float, str]:
    """Exit status, seconds, and standard error of the real command."""

    def limit() -> None:
        if fault is not None and fault.largest_file is not None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (fault.largest_file, fault.largest_file))

    start = time.monotonic()
    with tempfile.TemporaryFile("w+") as errors:
        process = subprocess.Popen(
            [sys.executable, *(part.format(target=target) for part in command.arguments)],
            cwd=command.folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=errors,
            start_new_session=True,
            preexec_fn=limit,
            env=os.environ
            | {"ORT_DISABLE_TELEMETRY": "1", "LOOKALIKE_MODELS": str(Settings().models)}
            | dict(command.variables),
        )
        try:
            process.wait(PATIENCE if fault is None or fault.seconds is None else fault.seconds)
        except subprocess.TimeoutExpired:
            if fault is not None and fault.group:
                os.killpg(process.pid, signal.SIGKILL)
            process.kill()
            process.wait()
        seconds = time.monotonic() - start
        errors.seek(0)
        text = errors.read()
    _await_end_of_group(process.pid)
    return process.returncode, seconds, text


def survives(command: Command, fault: Fault) -> bool:
    """Whether the fault struck before the command was done. Raises AssertionError for what is not as it should be."""
    with tempfile.TemporaryDirectory() as directory, surrounded(command.variables):
        target = Path(directory) / "target"
        command.begin(target)
        assert command.state(target) == command.before
        status, _, errors = run(command, target, fault)
        assert "Traceback" not in errors, errors
        state = command.state(target)
        assert state in (command.before, command.after) or command.sound(state), f"{state} after {fault}: {errors}"
        if fault.largest_file is not None:
            assert status == 0 or len(errors.strip().splitlines()) <= 2, errors
        second, _, errors = run(command, target)
        allowed = command.again if state == command.after else (0,)
        assert second in allowed, f"{second}: {errors}"
        assert command.state(target) == command.after
        assert not command.leftovers(target), command.leftovers(target)
        return status != 0


def _await_end_of_group(group: int) -> None:
    """The processes of a killed parent end by themselves, once they have done what they were at."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return
        time.sleep(0.05)
    raise AssertionError(f"processes of {group} are left")
