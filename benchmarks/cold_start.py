"""A new process to its first answer: the package behind the Lambda stand-in, and torch with facenet-pytorch.

Time on the clock, because Lambda bills that. The function gets its photo over the Runtime API and HTTP's event format,
through the web framework; facenet-pytorch gets a file and needs no framework.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import numpy.typing as npt

from benchmarks.figure import Figure, main
from benchmarks.package import built_package
from benchmarks.photos import photos
from benchmarks.timing import Ratio
from infra.events import answer, http_event
from infra.runtime import LocalLambda
from infra.sandbox import Sandbox, packaged

Array = npt.NDArray[np.float64]

SIDE = 1280
_FACENET = """
import sys
from PIL import Image
from export.networks.facenet import facenet_pytorch
facenet = facenet_pytorch()
import torch
torch.set_num_threads(1)
face = facenet.MTCNN()(Image.open(sys.argv[1]))
with torch.no_grad():
    print(facenet.InceptionResnetV1().eval()(face[None]).shape)
"""


def measure(quick: bool = False) -> Figure:
    photo = next(photo for photo in photos(SIDE) if photo.name == "Collins, landscape")
    sandbox = packaged(built_package())
    event = http_event("POST", "/api/lookalikes", headers={"content-type": "image/jpeg"}, body=photo.jpeg())
    ours: list[tuple[float, float, float]] = []
    theirs: list[float] = []
    with tempfile.TemporaryDirectory() as directory:
        path = photo.written(Path(directory), "jpg")
        _start(sandbox, event)  # fills the page cache, as do the other's first seconds
        _torch(path)
        for _ in range(3 if quick else 9):
            theirs.append(_torch(path))
            ours.append(_start(sandbox, event))
    init, first, warm = np.array(ours).T
    return _figure(init, init + first, warm, np.array(theirs))


def _figure(init: Array, answered: Array, warm: Array, theirs: Array) -> Figure:
    """Seconds of each run: to initialise, from spawn to the first answer, to the next one; and facenet-pytorch's."""
    ratios = theirs / answered
    low, median, high = np.percentile(ratios, [25, 50, 75])
    ratio = Ratio(float(median), float(low), float(high))
    quietest = Ratio(float(theirs.min() / answered.min()), 0, 0)
    return Figure(
        "Cold start",
        "Seconds on the clock, one new process a run, files in the page cache. Ours: the package under Lambda's own Python "
        "and Amazon's runtime client, an HTTP event with a 1280-pixel JPEG. facenet-pytorch: the same photo, its own "
        "network with random weights (trained ones would be read on top), no web framework.",
        ["", "quietest run", "median"],
        [
            ["ours: initialisation", *_both(init).values()],
            ["ours: spawn to first answer", *_both(answered).values()],
            ["ours: the next answer", *_both(warm).values()],
            ["facenet-pytorch: spawn to first embedding", *_both(theirs).values()],
            ["faster", str(quietest).split(" ")[0], ratio],
        ],
        {
            "init": _both(init),
            "first_answer": _both(answered),
            "facenet-pytorch": _both(theirs),
            "ratio": ratio.to_json(),
        },
    )


def _both(seconds: Array) -> dict[str, float]:
    return {"quietest": float(seconds.min()), "median": float(np.median(seconds))}


def _start(sandbox: Sandbox, event: dict[str, object]) -> tuple[float, float, float]:
    """Seconds of initialisation, of the first answer after it, and of the next one."""
    with LocalLambda(sandbox) as function:
        first, second = function.invoke(event), function.invoke(event)
        assert answer(first.json()).status == 200, first.payload
        assert first.init is not None
        return first.init, first.duration, second.duration


def _torch(photo: Path) -> float:
    start = time.perf_counter()
    subprocess.run([sys.executable, "-c", _FACENET, str(photo)], check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start


if __name__ == "__main__":
    main(measure)
