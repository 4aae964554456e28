"""The function's process as Lambda runs it: Amazon's runtime client, our package, a bare environment."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import subprocess
import threading
import time
from pathlib import Path
from queue import Empty
from typing import IO

from infra.runtime_api import Kind, Message, RuntimeApi
from infra.sandbox import Sandbox


class Process:
    """Spawned at once; then `start()`, then any number of `run()`. Times in seconds; 0 for what has not happened."""

    def __init__(self, sandbox: Sandbox, log: IO[bytes]) -> None:
        self.init = self.duration = 0.0
        self._api = RuntimeApi()
        environment = sandbox.variables | {
            "AWS_LAMBDA_RUNTIME_API": self._api.address,
            "_HANDLER": sandbox.handler,
            "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
        }
        command = [str(sandbox.python), "-m", "awslambdaric", sandbox.handler]
        self._spawned = time.perf_counter()
        self._process = subprocess.Popen(  # noqa: S603
            command,
            cwd=sandbox.task,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
        threading.Thread(target=self._watch, daemon=True).start()

    def start(self, limit: float) -> Message:
        """Wait until the function asks for its first event ("next"), or for what went wrong instead."""
        message = self._wait({"next", "init-error", "exit"}, limit)
        self.init = message.at - self._spawned
        return message

    def run(self, request_id: str, body: bytes, limit: float) -> Message:
        """Hand out one event and wait for its "response", or for what came instead."""
        handed_out = time.perf_counter()
        self._api.hand_out(request_id, body, int((time.time() + limit) * 1000))
        message = self._wait({"response", "error", "too-large", "exit"}, limit)
        self.duration = message.at - handed_out
        return message

    def has_ended(self) -> bool:
        return self._process.poll() is not None

    def peak_memory(self) -> int:
        """Largest resident size so far in bytes, from Linux's /proc; 0 elsewhere or when the process is gone."""
        with contextlib.suppress(OSError):
            found = re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{self._process.pid}/status").read_text())
            return int(found[1]) * 1024 if found else 0
        return 0

    def kill(self) -> None:
        """As Lambda does: no farewell. What the function has itself spawned goes with it."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._api.close()

    def _watch(self) -> None:
        self._api.tell("exit", str(self._process.wait()).encode())

    def _wait(self, kinds: set[Kind], limit: float) -> Message:
        deadline = time.perf_counter() + limit
        while (left := deadline - time.perf_counter()) > 0:
            with contextlib.suppress(Empty):
                message = self._api.messages.get(timeout=left)
                if message.kind in kinds:
                    return message
        return Message("timeout", time.perf_counter())


def exit_reason(message: Message) -> str:
    """Lambda's words for how a process ended."""
    code = int(message.body)
    if code == 0:
        return "Runtime exited without providing a reason"
    if code > 0:
        return f"Runtime exited with error: exit status {code}"
    return f"Runtime exited with error: signal: {signal.strsignal(-code) or -code}".lower().replace(
        "runtime", "Runtime", 1
    )
