"""What one request costs a process that was just started, in processor time and memory.

A server process opens the networks and forks for each request, so that each finds them opened and untouched.
"""

from __future__ import annotations

import multiprocessing
import time
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from lookalike.errors import LookalikeError, NoFace
from lookalike.finder import Finder
from lookalike.options import LEAST_FACE, MAX_MATCHES, FindOptions
from lookalike.settings import Settings

# Everything that takes time, asked for at once.
OPTIONS = FindOptions(
    k=MAX_MATCHES,
    min_face_size=LEAST_FACE,
    min_probability=0,
    include=("crop", "embedding", "mirror", "explanation"),
)


@dataclass(frozen=True, slots=True)
class Cost:
    """Of one request; a refused one costs, too, but says so. `bytes` of a photo."""

    bytes: int
    seconds: float
    megabytes: float
    refused: str


def measured(data: bytes, photos: int) -> Cost:
    """What a request of so many times this photo costs in a process of its own. One that dies costs without end."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__, f"{__package__}.opened"])
    with ProcessPoolExecutor(1, context) as pool:
        try:
            return pool.submit(_inside, data, photos).result()
        except BrokenProcessPool:
            return Cost(len(data), float("inf"), float("inf"), "")


@cache
def finder() -> Finder:
    return Finder.open(Settings())


def _inside(data: bytes, photos: int) -> Cost:
    opened, refused = finder(), ""
    Path("/proc/self/clear_refs").write_text("5")  # forget the highest memory so far
    before, start = _highest(), time.process_time()
    try:
        opened.find([data] * photos, OPTIONS)
    except NoFace:
        pass
    except LookalikeError as error:
        refused = error.slug
    return Cost(len(data), round(time.process_time() - start, 2), round(_highest() - before), refused)


def _highest() -> float:
    """Megabytes."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1000 for line in lines if line.startswith("VmHWM"))
