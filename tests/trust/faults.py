"""Commands killed at random moments, and run on disks that fill up at random sizes; then what is left is looked at.

    python -m tests.trust.faults [--faults N] [--seed N] [COMMAND …]

After each fault what the command writes (a gallery, networks, a site; what is in a bucket, an index or a stack) must be
as it was before or as it should be afterwards, or between the two in a way that its command says is sound. The same
command, run again, must bring it there, with no file left over and no process left running. Tests in tests/export do this
at every single step; this is the real command, wherever it happens to be. Amazon is moto or MiniStack on this machine.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
from collections import Counter
from contextlib import ExitStack
from pathlib import Path

from infra.rehearsal.emulator import NoEmulator
from tests.trust.faults_at_amazon import pushing_and_publishing
from tests.trust.faults_here import making_a_site, on_this_machine
from tests.trust.faults_of_deploying import deploying
from tests.trust.interrupted import Command, Fault, run, surrounded, survives

MAKERS = {
    on_this_machine: ("build", "add", "remove", "import", "index", "export"),
    making_a_site: ("site",),
    pushing_and_publishing: ("push", "publish"),
    deploying: ("deploy",),
}
KNOWN = [name for names in MAKERS.values() for name in names]
DEPLOY_SHARE = 10  # a deployment takes half a minute: only so many faults are for it, of those for another


def campaign(faults: int, seed: int, only: list[str]) -> tuple[Counter[str], int]:
    """Faults by kind, and how many of them struck while the command was at work. Raises AssertionError."""
    random_ = random.Random(seed)
    kinds: Counter[str] = Counter()
    struck = 0
    with tempfile.TemporaryDirectory() as directory, ExitStack() as stack:
        chosen: dict[str, Command] = {}
        for make, names in MAKERS.items():
            if set(names) & set(only):
                work = Path(directory) / make.__name__
                work.mkdir()
                chosen |= stack.enter_context(make(work))
        lasting = {name: _lasting(chosen[name], Path(directory) / "measured" / name) for name in only}
        for number, name in enumerate(_in_turn(faults, only)):
            fault = _fault(random_, lasting[name], spacious=name == "deploy")
            try:
                struck += survives(chosen[name], fault)
            except AssertionError as error:
                error.add_note(f"in fault {number} of {name}: {fault!r}")
                raise
            kinds[f"{name}, {fault}"] += 1
            print(f"\r{number + 1}/{faults} faults", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    return kinds, struck


def _lasting(command: Command, target: Path) -> float:
    """Seconds that it takes undisturbed."""
    target.parent.mkdir(exist_ok=True)
    with surrounded(command.variables):
        command.begin(target)
        status, seconds, errors = run(command, target)
    assert status == 0, errors
    return seconds


def _in_turn(faults: int, only: list[str]) -> list[str]:
    others = [name for name in only if name != "deploy"]
    if not others:
        return ["deploy"] * faults
    rounds = [name for number in range(faults) for name in (others if number % DEPLOY_SHARE else only)]
    return rounds[:faults]


def _fault(random_: random.Random, lasting: float, spacious: bool) -> Fault:
    """`spacious`: the disk does not fill up."""
    if not spacious and random_.random() < 0.25:
        return Fault(largest_file=int(10 ** random_.uniform(0, 4.5)))
    return Fault(seconds=random_.uniform(0.05, lasting), group=random_.random() < 0.5)


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--faults", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("commands", nargs="*", help=f"of {', '.join(KNOWN)}; all by default")
    arguments = parser.parse_args()
    try:
        kinds, struck = campaign(arguments.faults, arguments.seed, arguments.commands or KNOWN)
    except NoEmulator as error:
        print(f"{error} Without it: all but deploy, by name.", file=sys.stderr)
        return 1
    for kind, count in sorted(kinds.items()):
        print(f"{count:>4} × {kind}")
    print(f"{sum(kinds.values())} faults survived, {struck} of them struck before the command was done.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
