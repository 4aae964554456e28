"""The real local server in a process of its own, and raw connections to it."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType

ROOT = Path(__file__).resolve().parents[2]


@dataclass
class Server:
    """`lookalike serve` on a free port of the loopback, until the `with` block ends. `environment` adds settings."""

    environment: dict[str, str] = field(default_factory=dict)
    slow_client_seconds: float | None = None
    stop_seconds: int | None = None

    def __enter__(self) -> Server:
        self._temporary = tempfile.TemporaryDirectory()
        self.temporary = Path(self._temporary.name)
        program = ["import cli.main, infra.slow_clients, infra.server"]
        if self.slow_client_seconds is not None:
            program.append(f"infra.slow_clients.SlowClientProtocol.slow_client_seconds = {self.slow_client_seconds}")
        if self.stop_seconds is not None:
            program.append(f"infra.server.STOP_SECONDS = {self.stop_seconds}")
        program.append("cli.main.main()")
        self._log = tempfile.TemporaryFile("w+")
        self.process = subprocess.Popen(
            [sys.executable, "-c", "\n".join(program), "serve", "--port", "0"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=self._log,
            text=True,
            cwd=ROOT,
            env=os.environ | {"TMPDIR": self._temporary.name, "LOOKALIKE_LOG_LEVEL": "ERROR"} | self.environment,
        )
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if "http://" not in line:
            self.__exit__(None, None, None)
            raise AssertionError(f"the server did not start: {line}{self.errors}")
        self.port = int(line.split()[3].rstrip("/").rpartition(":")[2])
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait(10)
        if self.process.stdout is not None:
            self.process.stdout.close()
        self._log.seek(0)
        self.errors = self._log.read()
        self._log.close()
        self._temporary.cleanup()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def connect(self, first: bytes = b"") -> socket.socket:
        connection = socket.create_connection(("127.0.0.1", self.port), timeout=100)
        connection.sendall(first)
        return connection

    def stop(self, number: int = signal.SIGTERM) -> int:
        """The exit status after a signal."""
        self.process.send_signal(number)
        return self.process.wait(20)

    def memory(self) -> int:
        """Bytes resident, in files of the process itself."""
        return _status(self.process.pid, "VmRSS")

    def descriptors(self) -> int:
        return len(list(Path(f"/proc/{self.process.pid}/fd").iterdir()))

    def threads(self) -> int:
        return len(list(Path(f"/proc/{self.process.pid}/task").iterdir()))

    def children(self) -> list[str]:
        return Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()

    def open_files(self) -> list[str]:
        """Where its descriptors lead, but for the three it was given."""
        targets = []
        for descriptor in Path(f"/proc/{self.process.pid}/fd").iterdir():
            with contextlib.suppress(FileNotFoundError):
                if int(descriptor.name) > 2:
                    targets.append(str(descriptor.readlink()))
        return targets

    def temporary_files(self) -> list[str]:
        """Those in the directory it was given for them, and unlinked ones that it holds open."""
        unlinked = [file for file in self.open_files() if "(deleted)" in file and not file.startswith("/memfd:")]
        return [str(path) for path in self.temporary.rglob("*")] + unlinked


def until(condition: Callable[[], bool], seconds: float = 20) -> bool:
    """Whether the condition comes true in time."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def _status(pid: int, key: str) -> int:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith(key):
            return int(line.split()[1]) * 1024
    raise KeyError(key)
