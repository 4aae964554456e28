"""AWS Lambda on one's own machine: the function's process behind the Runtime API, started, invoked and killed as there.

The process is Amazon's own runtime client (awslambdaric) with the real handler; only Lambda's side of the conversation
is ours. One LocalLambda is one execution environment: it starts at the first invocation (cold), stays (warm), and is
replaced after a time-out, a crash or a failed start.
"""

from __future__ import annotations

import json
import os
import tempfile
import threading
import uuid
from dataclasses import dataclass
from types import TracebackType
from typing import Any

from infra.runtime_api import ANSWER_LIMIT, EVENT_LIMIT, Message
from infra.runtime_process import Process, exit_reason
from infra.sandbox import Sandbox

# A start that takes longer is broken off and begun again, then on the invocation's own time.
_INIT_LIMIT = 10.0


class RequestTooLarge(Exception):
    """The event is over Lambda's 6 MB; the function is not even started."""

    def __init__(self, size: int) -> None:
        super().__init__(f"The event has {size} bytes; Lambda takes {EVENT_LIMIT} at most.")


@dataclass(frozen=True, slots=True)
class Invocation:
    """What Lambda would give back. Times in seconds, memory in bytes.

    `payload` is the handler's answer as JSON or, when `failed`, Lambda's {"errorType", "errorMessage", …}.
    `init` is the time from spawn to the first GET next of a process started for this invocation, None when it was warm.
    `peak_memory` is the process's largest resident size so far, 0 where the system does not tell.
    """

    request_id: str
    payload: bytes
    failed: bool
    duration: float
    init: float | None
    peak_memory: int

    def json(self) -> Any:
        return json.loads(self.payload)


class LocalLambda:
    """`with LocalLambda(sandbox) as function: function.invoke(event)`. Invocations from several threads queue up."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self._process: Process | None = None
        self._lock = threading.Lock()
        self._log = tempfile.TemporaryFile()  # noqa: SIM115 - closed in close()

    def invoke(self, event: bytes | dict[str, Any]) -> Invocation:
        """Raises RequestTooLarge; every failure of the function itself is an Invocation that says `failed`."""
        body = event if isinstance(event, bytes) else json.dumps(event).encode()
        if len(body) > EVENT_LIMIT:
            raise RequestTooLarge(len(body))
        with self._lock:
            return self._invoke(str(uuid.uuid4()), body)

    @property
    def log(self) -> str:
        """All that the function's processes have written to stdout and stderr so far."""
        size = os.fstat(self._log.fileno()).st_size
        return os.pread(self._log.fileno(), size, 0).decode(errors="replace")

    def close(self) -> None:
        if self._process is not None:
            self._process.kill()
        self._log.close()

    def __enter__(self) -> LocalLambda:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _invoke(self, request_id: str, body: bytes) -> Invocation:
        cold = self._process is None or self._process.has_ended()
        budget = self._sandbox.timeout
        process = self._process
        if process is None or cold:
            process = self._spawn()
            outcome = process.start(_INIT_LIMIT)
            if outcome.kind == "timeout":
                process = self._spawn()
                outcome = process.start(budget)
                budget -= process.init
        if not cold or outcome.kind == "next":
            outcome = process.run(request_id, body, budget)
        invocation = Invocation(
            request_id=request_id,
            payload=self._payload(outcome, request_id),
            failed=outcome.kind != "response",
            duration=process.duration,
            init=process.init if cold else None,
            peak_memory=process.peak_memory(),
        )
        if outcome.kind not in ("response", "error"):
            process.kill()
        return invocation

    def _spawn(self) -> Process:
        if self._process is not None:
            self._process.kill()
        self._process = Process(self._sandbox, self._log)
        return self._process

    def _payload(self, outcome: Message, request_id: str) -> bytes:
        match outcome.kind:
            case "timeout":
                what = f"RequestId: {request_id} Error: Task timed out after {self._sandbox.timeout:.2f} seconds"
                return _failure("Sandbox.Timedout", what)
            case "exit":
                return _failure("Runtime.ExitError", f"RequestId: {request_id} Error: {exit_reason(outcome)}")
            case "too-large":
                what = f"Response payload size exceeded maximum allowed payload size ({ANSWER_LIMIT} bytes)."
                return _failure("Function.ResponseSizeTooLarge", what)
        return outcome.body


def _failure(kind: str, message: str) -> bytes:
    return json.dumps({"errorType": kind, "errorMessage": message}).encode()
