"""A file server on this machine, as good or as bad as a test wants it."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Site:
    content: bytes
    tag: str = '"first"'
    status: int = 200
    resumes: bool = True
    cut_at: int | None = None  # the connection ends after so many bytes
    resumes_at: int = 0  # bytes too far on
    pause: float = 0.0  # seconds between two pieces
    url: str = ""
    requests: list[dict[str, str]] = field(default_factory=list)  # each one's headers


@contextmanager
def serving(site: Site) -> Iterator[Site]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            site.requests.append(dict(self.headers))
            start = self._start()
            body = site.content[start:]
            self.send_response(206 if start else site.status)
            self.send_header("Content-Length", str(len(body)))
            self.send_header("ETag", site.tag)
            if start:
                self.send_header("Content-Range", f"bytes {start}-{len(site.content) - 1}/{len(site.content)}")
            self.end_headers()
            self._send(body if site.cut_at is None else body[: site.cut_at])

        def _start(self) -> int:
            asked = self.headers.get("Range")
            if not asked or not site.resumes or self.headers.get("If-Range") != site.tag:
                return 0
            return int(asked.removeprefix("bytes=").removesuffix("-")) + site.resumes_at

        def _send(self, body: bytes) -> None:
            try:
                for at in range(0, len(body), 50_000):
                    self.wfile.write(body[at : at + 50_000])
                    time.sleep(site.pause)
            except OSError:  # the client has gone
                self.close_connection = True

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    site.url = f"http://127.0.0.1:{server.server_port}/weights.pt"
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
