"""`lookalike serve` while ten times as much is asked as it can answer: how many are answered still, and how soon.

python -m benchmarks.load

The server has one core, and wrk, which asks, another. Answers are told by the server's own processor time, so that work of
others on the machine does not count.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.figure import Figure, main
from benchmarks.photos import photos

SIDE, CLIENTS, TIMES = 1280, 64, 10
SCRIPT = Path(__file__).with_suffix(".lua")


@dataclass(frozen=True, slots=True)
class Run:
    """`cpu`: seconds of the server's processor; `latency`: median ms of what was answered, by the server's log."""

    answered: int
    refused: int
    seconds: float
    cpu: float
    latency: float

    @property
    def goodput(self) -> float:
        return self.answered / self.cpu


def measure(quick: bool = False) -> Figure:
    if not shutil.which("wrk"):
        sys.exit("This needs wrk, which asks from a process of its own: apt-get install wrk, or brew install wrk.")
    seconds = 5 if quick else 20
    with tempfile.TemporaryDirectory() as directory, _serving(Path(directory)) as server:
        server.ask(1, 0, 3)  # warms it
        alone = server.ask(1, 0, seconds)
        offered = (TIMES + 1) * alone.answered / alone.seconds
        crowd = server.ask(CLIENTS, round(1000 * CLIENTS / offered), seconds)
    kept, slower = crowd.goodput / alone.goodput, crowd.latency / alone.latency
    runs = {"one": alone, f"{CLIENTS}, {TIMES + 1} times as much": crowd}
    return Figure(
        "Under load",
        "`lookalike serve` on one core, wrk on another, a 1280-pixel JPEG each time. Goodput: answers a second of the "
        f"server's processor. Under load it keeps {kept:.0%} of it, and an answer takes {slower:.1f} times as long.",
        ["clients", "answered", "refused", "goodput", "median latency, ms"],
        [[name, run.answered, run.refused, run.goodput, run.latency] for name, run in runs.items()],
        {"goodput_kept": kept, "slower": slower, "refused_per_answer": crowd.refused / max(1, crowd.answered)},
    )


@dataclass(frozen=True, slots=True)
class _Server:
    process: subprocess.Popen[str]
    address: str
    directory: Path

    def ask(self, clients: int, pause: int, seconds: int) -> Run:
        """Each client pauses so many ms before it asks again."""
        before, start = len(self._latencies()), self._cpu()
        command = (
            f"taskset -c 1 wrk -t1 -c{clients} -d{seconds} --timeout 60 -s {SCRIPT} {self.address}api/lookalikes --"
        )
        asked = [*command.split(), str(self.directory / "photo.jpg"), str(pause)]
        said = subprocess.run(asked, check=True, capture_output=True, text=True).stdout
        cpu = self._cpu() - start
        counted = re.search(r"counted\s+(\d+)\s+(\d+)\s+(\d+)\s+([\d.]+)", said)
        assert counted and counted[3] == "0", said
        latencies = self._latencies()[before:]
        # Some are answered after wrk has gone: the processor's time went into them, too.
        return Run(len(latencies), int(counted[2]), float(counted[4]), cpu, statistics.median(latencies))

    def _latencies(self) -> list[float]:
        lines = [json.loads(line) for line in (self.directory / "log").read_text().splitlines() if line.startswith("{")]
        return [line["ms"] for line in lines if line["status"] == 200]

    def _cpu(self) -> float:
        ticks = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()[11:13]
        return sum(map(int, ticks)) / os.sysconf("SC_CLK_TCK")


@contextmanager
def _serving(directory: Path) -> Iterator[_Server]:
    photo = next(photo for photo in photos(SIDE) if photo.name == "Collins, landscape")
    (directory / "photo.jpg").write_bytes(photo.jpeg())
    command = ["taskset", "-c", "0", sys.executable, "-m", "cli.main", "serve", "--port", "0", "--on-device", "off"]
    with (directory / "log").open("w") as log, subprocess.Popen(command, stdout=log, text=True) as process:
        try:
            while not (found := re.search(r"http\S+", (directory / "log").read_text())):
                time.sleep(0.1)
                assert process.poll() is None, "the server did not start"
            yield _Server(process, found[0], directory)
        finally:
            process.terminate()


if __name__ == "__main__":
    main(measure)
