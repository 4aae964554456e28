"""Time and memory for the worst request that is accepted, by format: `python -m tests.trust.bounds [FORMAT…]`.

For each format a hill-climb goes through its codings (tests/trust/worst.py), at 50 megapixels and at the largest size
that is read, with one photo in the request and with five. Each request is answered in a process of its own, networks
and all. It ends with status 1 if one takes more than SECONDS of processor time or MEGABYTES beyond what the process had.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lookalike.errors import LookalikeError, NoFace
from lookalike.finder import Finder
from lookalike.settings import Settings
from tests.trust.worst import CHOICES

SECONDS = 8.0
MEGABYTES = 450
UPLOAD = Settings().max_upload_bytes
# Megapixels: the general limit, and those of formats and codings that are held to less.
SIZES = (50, 33, 25, 12.5, 4)
PHOTOS = (1, 5)


@dataclass(frozen=True, slots=True)
class Cost:
    """Of one request; a refused one costs, too, but says so."""

    seconds: float
    megabytes: float
    refused: str

    @property
    def share(self) -> float:
        return max(self.seconds / SECONDS, self.megabytes / MEGABYTES)


def measured(data: bytes, photos: int) -> Cost:
    """What a request of so many times this photo costs in a process of its own."""
    command = [sys.executable, "-m", "tests.trust.bounds", "--inside", str(photos)]
    done = subprocess.run(command, input=data, capture_output=True, check=True)
    seconds, megabytes, *refused = done.stdout.decode().split()
    return Cost(float(seconds), float(megabytes), " ".join(refused))


def inside(data: bytes, photos: int) -> str:
    finder = Finder.open(Settings())
    Path("/proc/self/clear_refs").write_text("5")  # forget the highest memory so far
    before, start, refused = _highest(), time.process_time(), ""
    try:
        finder.find([data] * photos)
    except NoFace:
        pass
    except LookalikeError as error:
        refused = error.slug
    return f"{time.process_time() - start:.2f} {_highest() - before:.0f} {refused}"


def climb(kind: str, megapixels: float) -> Iterator[tuple[Mapping[str, Any], int, Cost]]:
    """The worst coding found so far, with the bytes of its file and its cost: better and better."""
    make, choices = CHOICES[kind]
    size = (round((megapixels * 1.5e6) ** 0.5) - 1, round((megapixels / 1.5e-6) ** 0.5) - 1)
    worst, seen = {name: values[0] for name, values in choices.items()}, set()
    most = -1.0
    for _ in range(2):
        for name, values in choices.items():
            for value in values:
                trial = worst | {name: value}
                if str(trial) in seen:
                    continue
                seen.add(str(trial))
                try:
                    data = make(size, **trial)
                except (OSError, ValueError, KeyError, RuntimeError):
                    continue  # no such picture
                if len(data) > UPLOAD:
                    continue
                cost = measured(data, 1)
                if not cost.refused and cost.share > most:
                    most, worst = cost.share, trial
                    yield worst, len(data), cost


def _highest() -> float:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1000 for line in lines if line.startswith("VmHWM"))


def _row(kind: str, megapixels: float) -> bool:
    """Print the worst of a format at a size. Gives whether it is beyond the bound."""
    found = list(climb(kind, megapixels))
    if not found:
        print(f"{kind:<20}{megapixels:5} MP  refused", flush=True)
        return False
    coding, size, one = found[-1]
    make, _ = CHOICES[kind]
    several = ""
    costs = [one]
    if 5 * size <= UPLOAD:
        pixels = (round((megapixels * 1.5e6) ** 0.5) - 1, round((megapixels / 1.5e-6) ** 0.5) - 1)
        five = measured(make(pixels, **coding), 5)
        costs.append(five)
        several = f"{five.seconds:6.2f} s {five.megabytes:4.0f} MB {five.refused}"
    beyond = any(cost.seconds > SECONDS or cost.megabytes > MEGABYTES for cost in costs)
    print(
        f"{kind:<20}{megapixels:5} MP {size / 1e6:5.2f} MB {one.seconds:6.2f} s {one.megabytes:4.0f} MB | "
        f"{several:<34} {' '.join(f'{name}={value}' for name, value in coding.items())}{' TOO MUCH' * beyond}",
        flush=True,
    )
    return beyond


def main() -> int:
    if sys.argv[1:2] == ["--inside"]:
        print(inside(sys.stdin.buffer.read(), int(sys.argv[2])))
        return 0
    kinds = sys.argv[1:] or list(CHOICES)
    return int(any([_row(kind, megapixels) for kind in kinds for megapixels in SIZES]))


if __name__ == "__main__":
    sys.exit(main())
