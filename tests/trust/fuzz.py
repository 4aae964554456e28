"""Coverage-guided fuzzing with atheris (libFuzzer) of everything that reads what others wrote: `make fuzz`.

    python -m tests.trust.fuzz [--seconds N] [TARGET …]

The time is shared between the targets, each in a process of its own. What is found goes to .cache/fuzz/TARGET/, and from
there, once mended, to tests/trust/corpus/TARGET/. Inputs that grew the coverage are kept for the next run.
"""

from __future__ import annotations

import argparse
import importlib
import importlib.util
import os
import re
import subprocess
import sys
import warnings
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CORPUS = Path(__file__).parent / "corpus"
CACHE = ROOT / ".cache" / "fuzz"
INSTRUMENTED = ["lookalike", "export.networks.dlib", "export.gallery", "PIL", "python_multipart"]
LONGEST = 20_000  # bytes; what grows with size is attacks.py's
SLOWEST = 4  # seconds for one input, of which instrumentation takes about half
MOST_MEMORY = 3_000  # MB


def fuzz(target: str, seconds: int) -> tuple[int, list[Path]]:
    """How many inputs were tried, and those that broke something."""
    learnt, found = CACHE / target / "learnt", CACHE / target / "found"
    for directory in (learnt, found):
        directory.mkdir(parents=True, exist_ok=True)
    before = set(found.iterdir())
    options = [
        f"-max_total_time={seconds}",
        f"-max_len={LONGEST}",
        f"-timeout={SLOWEST}",
        f"-rss_limit_mb={MOST_MEMORY}",
        f"-artifact_prefix={found}/",
        "-print_final_stats=1",
        "-verbosity=1",
    ]
    known = [str(CORPUS / target)] if (CORPUS / target).is_dir() else []
    command = [sys.executable, "-m", "tests.trust.fuzz", "--inside", target, *options, str(learnt), *known]
    finished = subprocess.run(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False)
    output = finished.stderr.decode("utf-8", "replace")
    (CACHE / target / "log").write_text(output)
    tried = re.search(r"number_of_executed_units:\s*(\d+)", output)
    new = sorted(set(found.iterdir()) - before)
    if finished.returncode and not new:
        raise RuntimeError(f"{target}: the fuzzer ended with {finished.returncode}:\n{output[-2000:]}")
    return int(tried[1]) if tried else 0, new


def inside(target: str, options: list[str]) -> None:
    """In the process of its own: libFuzzer takes over and ends it."""
    # Not every machine has it: it is no part of the tests' environment.
    atheris = importlib.import_module("atheris")
    warnings.simplefilter("ignore")
    with atheris.instrument_imports(include=INSTRUMENTED, enable_loader_override=False):
        from tests.trust.targets import TARGETS, seeds

    learnt = Path(next(option for option in options if not option.startswith("-")))
    for number, seed in enumerate(seeds(target)):
        (learnt / f"seed-{number}").write_bytes(seed)

    def one(data: bytes) -> None:
        TARGETS[target](data)

    atheris.Setup([sys.argv[0], *options], one)
    atheris.Fuzz()


def main() -> int:
    if sys.argv[1:2] == ["--inside"]:
        inside(sys.argv[2], sys.argv[3:])
        return 0
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--seconds", type=int, default=600, help="in all")
    parser.add_argument("targets", nargs="*", help="all by default")
    arguments = parser.parse_args()
    if importlib.util.find_spec("atheris") is None:
        sys.exit(
            "This needs atheris, which is there for Linux on x86-64 and Python 3.11 to 3.13; there, `make fuzz` installs it."
        )
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"
    from tests.trust.targets import TARGETS

    targets = arguments.targets or list(TARGETS)
    total = 0
    broken: list[Path] = []
    for target in targets:
        tried, new = fuzz(target, max(1, arguments.seconds // len(targets)))
        total += tried
        broken += new
        print(f"{target:>10}: {tried:>9,} inputs, {len(new)} broke something", flush=True)
    print(f"{total:,} inputs")
    for path in broken:
        print(f"look at {path.relative_to(ROOT)}: {(CACHE / path.parent.parent.name / 'log').relative_to(ROOT)}")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
