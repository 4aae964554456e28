"""What we are compared with, each in a process of its own that takes its turns when asked."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks.timing import Turn

# dlib has no wheels, and building it takes minutes: `make bench-peers` puts it here, and without it its cells stay empty.
DLIB_PYTHON = Path(__file__).parents[1] / ".tools" / "peers" / "bin" / "python"


class Peer:
    """A worker process: see worker.py for what goes in and out."""

    def __init__(self, command: list[str]) -> None:
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def turn(self, what: str, path: Path, **request: Any) -> Turn:
        return lambda: float(self._ask(what, path, request)["seconds"])

    def result(self, what: str, path: Path, **request: Any) -> Any:
        return self._ask(what, path, request)["result"]

    def close(self) -> None:
        self._process.terminate()
        self._process.wait()

    def _ask(self, what: str, path: Path, request: dict[str, Any]) -> dict[str, Any]:
        assert self._process.stdin and self._process.stdout
        print(json.dumps({"what": what, "path": str(path), **request}), file=self._process.stdin, flush=True)
        answer: dict[str, Any] = json.loads(self._process.stdout.readline())
        return answer


@contextmanager
def peers() -> Iterator[tuple[Peer, Peer | None]]:
    """facenet-pytorch, and dlib where it is installed."""
    facenet = Peer([sys.executable, "-m", "benchmarks.facenet_worker"])
    dlib = Peer([str(DLIB_PYTHON), str(Path(__file__).with_name("dlib_worker.py"))]) if DLIB_PYTHON.exists() else None
    if dlib is None:
        print("dlib is not here (`make bench-peers` builds it): its cells stay empty.", file=sys.stderr)
    try:
        yield facenet, dlib
    finally:
        facenet.close()
        if dlib:
            dlib.close()
