"""`python -m benchmarks [--quick] [FIGURE …]`: all figures, or some; writes results.md and results.json beside this file."""

from __future__ import annotations

import argparse
import json
import os
import platform
import re
import sys
import time
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import Any

from benchmarks.figure import Figure

FIGURES = ("detection", "stages", "embedding", "answer", "search", "package", "cold_start")
RESULTS = Path(__file__).with_name("results.md")
PACKAGES = ("onnxruntime", "torch", "facenet-pytorch", "numpy", "Pillow")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer rounds and fewer cases; results are only printed")
    parser.add_argument("figures", nargs="*", choices=[*FIGURES, []], help="default: all")
    arguments = parser.parse_args()
    chosen = arguments.figures or list(FIGURES)
    figures = {name: _measured(name, arguments.quick) for name in chosen}
    machine = _machine()
    report = "\n".join([_heading(machine), *(figure.markdown() for figure in figures.values())])
    if arguments.quick or len(figures) < len(FIGURES):
        print(report)
        return
    RESULTS.write_text(report)
    data = {"machine": machine, "figures": {name: figure.to_json() for name, figure in figures.items()}}
    RESULTS.with_suffix(".json").write_text(json.dumps(data, indent=1, ensure_ascii=False) + "\n")
    print(f"Written: {RESULTS.name} and {RESULTS.stem}.json")


def _measured(name: str, quick: bool) -> Figure:
    start = time.perf_counter()
    print(f"{name} …", end=" ", file=sys.stderr, flush=True)
    figure: Figure = import_module(f"benchmarks.{name}").measure(quick)
    print(f"{time.perf_counter() - start:.0f} s", file=sys.stderr)
    return figure


def _machine() -> dict[str, Any]:
    information = Path("/proc/cpuinfo")
    text = information.read_text() if information.exists() else ""
    model = re.search(r"model name\s*: (.*)", text)
    return {
        "processor": model[1] if model else platform.processor() or platform.machine(),
        "avx512": "avx512f" in text,
        "cpus": os.cpu_count(),
        "load": [round(value, 1) for value in os.getloadavg()],
        "python": platform.python_version(),
        "packages": {name: version(name) for name in PACKAGES},
        "date": time.strftime("%Y-%m-%d"),
    }


def _heading(machine: dict[str, Any]) -> str:
    packages = ", ".join(f"{name} {number}" for name, number in machine["packages"].items())
    return (
        f"## Benchmarks\n\n{machine['processor']}{' with AVX-512' if machine['avx512'] else ''}, one thread, "
        f"{machine['date']}; Python {machine['python']}, {packages}. `make bench` makes this table anew. What is compared "
        "takes turns; “faster” is the median of all rounds and, in brackets, where the middle half of them lies.\n"
    )


if __name__ == "__main__":
    main()
