"""Commands killed at random moments, and run on disks that fill up at random sizes; then what is left is looked at.

    python -m tests.trust.faults [--faults N] [--seed N] [COMMAND …]

After each fault the gallery (or the set of networks) must open as it was before or as it should be afterwards, and the
same command, run again, must bring it there, with no file left over and no process left running. Tests in tests/export
do this at every single step; this is the real command, wherever it happens to be.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from export.gallery.leftovers import small_name
from export.networks.installation import read_installed
from lookalike.faces.manifest import read_manifest
from lookalike.gallery.local import open_gallery
from lookalike.settings import Settings
from tests.trust.photos import portraits

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 300  # seconds


@dataclass(frozen=True, slots=True)
class Command:
    """`arguments` behind `lookalike`; {target} is changed by it, {material} is not. `state` reads the target."""

    arguments: tuple[str, ...]
    template: Path
    state: Callable[[Path], object]
    leftovers: Callable[[Path], set[str]]
    before: object
    after: object
    again: tuple[int, ...] = (0,)  # exit statuses when there is nothing left to do


@dataclass(frozen=True, slots=True)
class Fault:
    """Killed after some seconds, alone or with its processes, or out of space beyond some bytes a file."""

    seconds: float | None = None
    group: bool = False
    largest_file: int | None = None

    def __str__(self) -> str:
        return "disk full" if self.seconds is None else "killed with its processes" if self.group else "killed"


def run(command: Command, target: Path, material: Path, fault: Fault | None = None) -> tuple[int, float, str]:
    """Exit status, seconds, and standard error of the real command."""

    def limit() -> None:
        if fault is not None and fault.largest_file is not None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (fault.largest_file, fault.largest_file))

    arguments = [part.format(target=target, material=material) for part in command.arguments]
    program = [sys.executable, "-c", "from cli.main import main; main()", *arguments]
    start = time.monotonic()
    with tempfile.TemporaryFile("w+") as errors:
        process = subprocess.Popen(
            program,
            cwd=ROOT,
            stdout=subprocess.DEVNULL,
            stderr=errors,
            start_new_session=True,
            preexec_fn=limit,
            env=os.environ | {"ORT_DISABLE_TELEMETRY": "1", "LOOKALIKE_MODELS": str(Settings().models)},
        )
        try:
            process.wait(PATIENCE if fault is None or fault.seconds is None else fault.seconds)
        except subprocess.TimeoutExpired:
            if fault is not None and fault.group:
                os.killpg(process.pid, signal.SIGKILL)
            process.kill()
            process.wait()
        seconds = time.monotonic() - start
        errors.seek(0)
        text = errors.read()
    _await_end_of_group(process.pid)
    return process.returncode, seconds, text


def survives(command: Command, fault: Fault, material: Path) -> bool:
    """Whether the fault struck before the command was done. Raises AssertionError for what is not as it should be."""
    with tempfile.TemporaryDirectory() as directory:
        target = Path(directory) / "target"
        if command.template.exists():
            shutil.copytree(command.template, target)
        status, _, errors = run(command, target, material, fault)
        assert "Traceback" not in errors, errors
        state = command.state(target)
        assert state in (command.before, command.after), f"{state} after {fault}: {errors}"
        if fault.largest_file is not None:
            assert status == 0 or len(errors.strip().splitlines()) <= 2, errors
        second, _, errors = run(command, target, material)
        allowed = (0,) if state == command.before != command.after else command.again
        assert second in allowed, f"{second}: {errors}"
        assert command.state(target) == command.after
        assert not command.leftovers(target), command.leftovers(target)
        return status != 0


def commands(work: Path, only: list[str]) -> dict[str, Command]:
    """Each with what it finds and makes; the templates are made by the commands themselves."""
    photos, gallery = work / "photos", work / "gallery"
    photos.mkdir()
    pictures = portraits()
    names = ["Ada Lovelace", "Alan Turing", "김서연", "José Núñez", "Mary Jackson", "Niels Abel", "Emmy Noether"]
    for number, name in enumerate(names):
        picture = pictures[number % 2].rotate(number * 2 - 6)
        (photos / f"{name}.jpg").touch()
        picture.save(photos / f"{name}.jpg", quality=85 + number)
    few = work / "few"
    few.mkdir()
    for name in names[:3]:
        shutil.copy(photos / f"{name}.jpg", few)
    shutil.move(photos / f"{names[6]}.jpg", work / "added.jpg")
    entry = read_manifest(Settings().models).embedder
    faculty = work / "faculty_emb.json"
    faculty.write_text(json.dumps({f"Imported {n}": [n / 50] * entry.width for n in range(40)}))

    def people(target: Path) -> object:
        if not (target / "gallery.json").exists():
            return None
        return frozenset(person.name for person in open_gallery(target, entry).people)

    def left(target: Path) -> set[str]:
        opened = open_gallery(target, entry)
        index = json.loads((target / "gallery.json").read_bytes())
        named = {"gallery.json", index["people"]["file"], index["embeddings"]["file"]}
        portraits = {photo.portrait for person in opened.people for photo in person.photos}
        named |= {f"portraits/{name}" for portrait in portraits for name in (portrait, small_name(portrait))}
        return {str(path.relative_to(target)) for path in target.rglob("*") if path.is_file()} ^ named

    def networks(target: Path) -> object:
        found = read_installed(target)
        return found and found["embedder"]["precision"]

    def left_networks(target: Path) -> set[str]:
        found = read_installed(target) or {}
        entries = [*found["detector"]["networks"].values(), found["embedder"]]
        return {path.name for path in target.iterdir()} ^ {"manifest.json", *(entry["file"] for entry in entries)}

    def of_gallery(*arguments: str, before: object, after: object, again: tuple[int, ...] = (0,)) -> Command:
        return Command(("gallery", *arguments), gallery, people, left, before, after, again)

    first = frozenset(names[:3])
    made = {
        "build": of_gallery(
            "build", "{material}/photos", "--out", "{target}", before=first, after=frozenset(names[:6])
        ),
        "add": of_gallery(
            "add",
            "{material}/added.jpg",
            "--name",
            names[6],
            "--gallery",
            "{target}",
            before=first,
            after=first | {names[6]},
        ),
        "remove": of_gallery(
            "remove", names[1], "--gallery", "{target}", before=first, after=first - {names[1]}, again=(1,)
        ),
        "import": of_gallery(
            "import",
            "{material}/faculty_emb.json",
            "--gallery",
            "{target}",
            before=first,
            after=first | {f"Imported {n}" for n in range(40)},
        ),
        "export": Command(
            ("export", "--model", "dlib", "--precision", "fp32", "--out", "{target}"),
            work / "networks",
            networks,
            left_networks,
            "fp16",
            "fp32",
        ),
    }
    if set(only) & {"build", "add", "remove", "import"}:
        _prepare(of_gallery("build", "{material}/few", "--out", "{target}", before=None, after=first), gallery, work)
    if "export" in only:
        shutil.copytree(Settings().models, work / "networks")
    return {name: made[name] for name in only}


def _prepare(command: Command, target: Path, material: Path) -> None:
    status, _, errors = run(command, target, material)
    assert status == 0 and command.state(target) == command.after, errors


def _await_end_of_group(group: int) -> None:
    """The processes of a killed parent end by themselves."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return
        time.sleep(0.05)
    raise AssertionError(f"processes of {group} are left")


def campaign(faults: int, seed: int, only: list[str]) -> tuple[Counter[str], int]:
    """Faults by kind, and how many of them struck while the command was at work. Raises AssertionError."""
    random_ = random.Random(seed)
    kinds: Counter[str] = Counter()
    struck = 0
    with tempfile.TemporaryDirectory() as directory:
        work = Path(directory)
        chosen = commands(work, only)
        lasting = {}
        for name, command in chosen.items():
            target = work / "measured"
            shutil.copytree(command.template, target)
            _, lasting[name], _ = run(command, target, work)
            shutil.rmtree(target)
        for number in range(faults):
            name = only[number % len(only)]
            if random_.random() < 0.25:
                fault = Fault(largest_file=int(10 ** random_.uniform(0, 4.5)))
            else:
                fault = Fault(seconds=random_.uniform(0.05, lasting[name]), group=random_.random() < 0.5)
            struck += survives(chosen[name], fault, work)
            kinds[f"{name}, {fault}"] += 1
            print(f"\r{number + 1}/{faults} faults", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    return kinds, struck


def main() -> int:
    known = ["build", "add", "remove", "import", "export"]
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--faults", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("commands", nargs="*", help=f"of {', '.join(known)}; all by default")
    arguments = parser.parse_args()
    kinds, struck = campaign(arguments.faults, arguments.seed, arguments.commands or known)
    for kind, count in sorted(kinds.items()):
        print(f"{count:>4} × {kind}")
    print(f"{sum(kinds.values())} faults survived, {struck} of them struck before the command was done.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
