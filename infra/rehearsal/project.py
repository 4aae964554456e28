"""A copy of this checkout, deployed from as one would from the checkout itself; what is changed there stays there."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from infra.rehearsal.emulator import Emulator
from infra.sam import find_sam

_ROOT = Path(__file__).resolve().parents[2]
_COPIED = ("cli", "export", "frontend", "function", "infra", "template.yaml", "pyproject.toml", "package.json")
_LINKED = (".tools", "node_modules")


@dataclass(frozen=True, slots=True)
class Done:
    """A command that ended: its exit status, what it said, and how long it took."""

    code: int
    said: str
    seconds: float

    @property
    def last(self) -> str:
        """The last line it said."""
        return next((line for line in reversed(self.said.splitlines()) if line.strip()), "")

    @property
    def megabytes(self) -> float:
        """What sam sent, by its own progress lines; it says the whole size of each upload."""
        sizes = {}
        for line in self.said.replace("\r", "\n").splitlines():
            words = line.split()
            if words[:2] == ["Uploading", "to"] and len(words) > 5:
                sizes[words[2]] = int(words[5])
        return sum(sizes.values()) / 1e6

    @property
    def cost(self) -> str:
        return f"{self.megabytes:.2f} MB uploaded in {self.seconds:.0f} s"


@dataclass(frozen=True, slots=True)
class Project:
    """Commands run in `folder`, and Amazon is the emulator to them."""

    folder: Path
    aws: Emulator
    log: list[str] = field(default_factory=list)

    def run(self, command: Sequence[str], typed: str = "") -> Done:
        """A module of the project, as `python -m` runs it."""
        return self._run([sys.executable, "-m", *command], typed)

    def sam(self, *arguments: str) -> Done:
        return self._run([find_sam(), *arguments])

    def _run(self, command: Sequence[str], typed: str = "") -> Done:
        paths = os.pathsep.join([str(self.folder), str(self.folder / "function")])
        environment = os.environ | self.aws.variables | {"PYTHONPATH": paths, "PYTHONDONTWRITEBYTECODE": "1"}
        started = time.monotonic()
        done = subprocess.run(  # noqa: S603
            command,
            cwd=self.folder,
            env=environment,
            input=typed,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.log.append(done.stdout)
        return Done(done.returncode, done.stdout, time.monotonic() - started)

    def deploy(self, *parameters: str) -> Done:
        """What `make deploy PARAMETERS=…` runs."""
        return self.run(["infra.deploy", "deploy", *parameters])

    @property
    def models(self) -> Path:
        return self.folder / "function" / "models"

    @property
    def gallery(self) -> Path:
        return self.folder / "function" / "gallery"


@contextmanager
def copied(aws: Emulator) -> Iterator[Project]:
    with TemporaryDirectory(prefix="lookalike-rehearsal-") as directory:
        folder = Path(directory)
        for name in _COPIED:
            source = _ROOT / name
            if source.is_dir():
                shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
            elif source.is_file():
                shutil.copy2(source, folder / name)
        for name in _LINKED:
            if (_ROOT / name).exists():
                (folder / name).symlink_to((_ROOT / name).resolve())
        yield Project(folder, aws)
