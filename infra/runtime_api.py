"""Lambda's side of the Runtime API: what a function's process asks for its next event, and where it posts its answer.

Amazon documents the paths under "Lambda runtime API".
"""

from __future__ import annotations

import json
import threading
import time
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from queue import Queue
from typing import Literal

# Lambda lets an answer be 100 bytes longer than an event.
EVENT_LIMIT = 6 * 2**20
ANSWER_LIMIT = EVENT_LIMIT + 100
_PREFIX = "/2018-06-01/runtime"

Kind = Literal["next", "response", "error", "too-large", "init-error", "exit", "timeout"]


@dataclass(frozen=True, slots=True)
class Message:
    """What the process did, and when (time.perf_counter, seconds). An exit's body is the exit code as text."""

    kind: Kind
    at: float
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Event:
    body: bytes
    headers: dict[str, str]


_ARN = "arn:aws:lambda:us-east-1:123456789012:function:lookalike:live"


class RuntimeApi:
    """One process's Runtime API on a port of its own. What the process does arrives in `messages`, in order."""

    def __init__(self) -> None:
        self.messages: Queue[Message] = Queue()
        self.events: Queue[Event | None] = Queue()
        self.request_id = ""
        self._server = _Server(self)
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self._server.server_port}"

    def hand_out(self, request_id: str, body: bytes, deadline_ms: int) -> None:
        """Answer the process's waiting (or next) GET …/invocation/next."""
        self.request_id = request_id
        self.events.put(
            Event(
                body,
                {
                    "Content-Type": "application/json",
                    "Lambda-Runtime-Aws-Request-Id": request_id,
                    "Lambda-Runtime-Deadline-Ms": str(deadline_ms),
                    "Lambda-Runtime-Invoked-Function-Arn": _ARN,
                    "Lambda-Runtime-Trace-Id": f"Root=1-{int(time.time()):08x}-{'0' * 24};Sampled=0",
                },
            )
        )

    def tell(self, kind: Kind, body: bytes = b"") -> None:
        self.messages.put(Message(kind, time.perf_counter(), body))

    def close(self) -> None:
        self.events.put(None)
        self._server.shutdown()
        self._server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, api: RuntimeApi) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.api = api

    def handle_error(self, request: object, client_address: object) -> None:
        """A process that is killed leaves its connection broken: nothing to report."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server
    # One packet for each answer, sent at once: otherwise every call costs 40 ms of waiting for acknowledgements.
    disable_nagle_algorithm = True
    wbufsize = -1

    def do_GET(self) -> None:
        api = self.server.api
        if self.path == f"{_PREFIX}/invocation/next":
            api.tell("next")
            event = api.events.get()
            if event is not None:
                self._answer(200, event.body, event.headers)
        else:
            self._refuse(404, "NotFound")

    def do_POST(self) -> None:
        api = self.server.api
        size = int(self.headers.get("Content-Length", 0))
        body = self.rfile.read(size)
        posts: dict[str, Kind] = {
            f"/invocation/{api.request_id}/response": "response",
            f"/invocation/{api.request_id}/error": "error",
            "/init/error": "init-error",
        }
        kind = posts.get(self.path.removeprefix(_PREFIX))
        if kind is None:
            self._refuse(400, "InvalidRequestID")
        elif kind == "response" and size > ANSWER_LIMIT:
            api.tell("too-large", str(size).encode())
            self._refuse(413, "RequestEntityTooLarge")
        else:
            api.tell(kind, body)
            self._answer(202, b'{"status":"OK"}')

    def _refuse(self, status: int, error: str) -> None:
        self._answer(status, json.dumps({"errorType": error, "errorMessage": error}).encode())

    def _answer(self, status: int, body: bytes, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in (headers or {"Content-Type": "application/json"}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """The process's own log is what matters."""
