"""What we are compared with: facenet-pytorch in this process, dlib in one of its own where it is installed."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import torch

from benchmarks.photos import Photo
from benchmarks.timing import Turn
from export.facenet import facenet_pytorch

# dlib has no wheels, and building it takes minutes: `make bench-peers` puts it here, and without it its cells stay empty.
DLIB_PYTHON = Path(__file__).parents[1] / ".tools" / "peers" / "bin" / "python"


def facenet_detector() -> Any:
    """MTCNN with its own defaults, but for all faces instead of one."""
    torch.set_num_threads(1)
    return facenet_pytorch().MTCNN(keep_all=True)


class Dlib:
    """face_recognition, with its HOG detector, answering one request at a time with the CPU seconds it took."""

    def __init__(self) -> None:
        command = [str(DLIB_PYTHON), str(Path(__file__).with_name("dlib_worker.py"))]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def turn(self, what: str, path: Path) -> Turn:
        return lambda: float(self._ask(what, path)["seconds"])

    def faces(self, path: Path) -> int:
        return int(self._ask("detect", path)["faces"])

    def close(self) -> None:
        self._process.terminate()
        self._process.wait()

    def _ask(self, what: str, path: Path) -> dict[str, Any]:
        assert self._process.stdin and self._process.stdout
        print(json.dumps({"what": what, "path": str(path)}), file=self._process.stdin, flush=True)
        answer: dict[str, Any] = json.loads(self._process.stdout.readline())
        return answer


def dlib() -> Dlib | None:
    if not DLIB_PYTHON.exists():
        print("dlib is not here (`make bench-peers` builds it): its cells stay empty.", file=sys.stderr)
        return None
    return Dlib()


def written(photo: Photo, directory: Path, quality: int = 90) -> Path:
    """The photo as a JPEG file, for peers that read files."""
    path = directory / f"{photo.name}-{photo.size}.jpg"
    path.write_bytes(photo.jpeg(quality))
    return path
