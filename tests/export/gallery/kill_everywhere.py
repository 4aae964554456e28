"""Run as a script: kill an operation before each step in which it touches the disk, and see that nothing is lost.

    python kill_everywhere.py OPERATION GALLERY ARGUMENT WORK

Each kill is a real SIGKILL of a forked process. Afterwards the gallery must be whole, either as before or as after the
operation; the same operation must finish; and then nothing else may lie in the directory. Prints the number of kills.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import shutil
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from export.gallery.build import build
from export.gallery.changes import remove
from export.gallery.errors import NoSuchPerson
from export.gallery.faculty_json import import_faculty
from lookalike.faces.manifest import read_manifest
from lookalike.gallery.local import open_gallery
from lookalike.settings import Settings
from tests.export.gallery.disk import expected_files, files

STEPS = ("replace", "unlink", "mkdir", "rmdir", "fsync")
Operation = Callable[[Path], object]


def main(name: str, template: Path, argument: str, work: Path) -> None:
    settings = Settings()
    operations: dict[str, Operation] = {
        "build": lambda gallery: build(Path(argument), gallery, settings),
        "remove": lambda gallery: remove(argument, gallery, settings),
        "import": lambda gallery: import_faculty(Path(argument), gallery, settings),
    }
    operation = operations[name]
    after = _copy(template, work / "after")
    _in_fork(operation, after)
    results = [files(template) if template.exists() else {}, files(after)]
    for point in itertools.count():
        gallery = _copy(template, work / "gallery")
        killed = _in_fork(operation, gallery, point)
        _check_whole(gallery, results, f"after a kill at step {point}")
        _in_fork(operation, gallery)
        assert files(gallery) == results[1], f"not finished after a kill at step {point}"
        if not killed:
            print(point)
            return


def _check_whole(gallery: Path, results: list[dict[str, bytes]], when: str) -> None:
    index = gallery / "gallery.json"
    if not index.exists():
        assert not results[0], f"the gallery is gone {when}"
        return
    open_gallery(gallery, read_manifest(Settings().models, "size").embedder)
    content = files(gallery)
    assert any({name: content[name] for name in expected_files(gallery)} == result for result in results), when


def _in_fork(operation: Operation, gallery: Path, kill_at: int | None = None) -> bool:
    """Whether the process was killed."""
    child = os.fork()
    if child == 0:
        if kill_at is not None:
            _arm(kill_at)
        # Killed after the removal, whoever asks again is told that nobody has that name.
        with contextlib.suppress(NoSuchPerson):
            operation(gallery)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) or os.waitstatus_to_exitcode(status) == 0, "the operation failed"
    return os.WIFSIGNALED(status)


def _arm(point: int) -> None:
    counted = itertools.count()

    def killing(real: Callable[..., Any]) -> Callable[..., Any]:
        def step(*given: Any, **named: Any) -> Any:
            if next(counted) == point:
                os.kill(os.getpid(), signal.SIGKILL)
            return real(*given, **named)

        return step

    for name in STEPS:
        setattr(os, name, killing(getattr(os, name)))


def _copy(template: Path, target: Path) -> Path:
    shutil.rmtree(target, ignore_errors=True)
    if template.exists():
        shutil.copytree(template, target)
    return target


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), sys.argv[3], Path(sys.argv[4]))
