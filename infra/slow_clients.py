"""Slow-client timeouts (against Slowloris): who sends or reads too slowly loses the connection to those who would use it."""

from __future__ import annotations

import asyncio
import json
import uuid
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from lookalike.api.problems import MEDIA_TYPE, document_of
from lookalike.errors import BadRequest

# Seconds for a whole request to arrive, and for an answer to be taken. A photo of 4.4 MB needs 150 kB/s.
SLOW_CLIENT_SECONDS = 30.0


class SlowClientProtocol(H11Protocol):
    """uvicorn's protocol, with the timeouts that its settings lack: a few hundred silent connections would keep everyone out.

    Its own refusal of what is not HTTP is a problem document here, too.
    """

    slow_client_seconds = SLOW_CLIENT_SECONDS

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)  # type: ignore[arg-type]
        self._waiting_since = self.loop.time()
        self._look_again()

    def connection_lost(self, exc: Exception | None) -> None:
        self._timer.cancel()
        super().connection_lost(exc)

    def on_response_complete(self) -> None:
        super().on_response_complete()
        self._waiting_since = self.loop.time()

    def send_400_response(self, msg: str) -> None:
        error = BadRequest(reason="it is not HTTP as this server knows it", reason_ko="올바른 HTTP 요청이 아닙니다")
        body = json.dumps(document_of(error, "en", str(uuid.uuid4()))).encode()
        headers = [("content-type", MEDIA_TYPE), ("content-length", str(len(body))), ("connection", "close")]
        for event in (h11.Response(status_code=400, headers=headers), h11.Data(data=body), h11.EndOfMessage()):
            self.transport.write(self.conn.send(event) or b"")
        self.transport.close()

    def _look(self) -> None:
        if not self._client_is_awaited():
            self._waiting_since = self.loop.time()
        elif self.loop.time() - self._waiting_since > self.slow_client_seconds:
            self.transport.abort()
            return
        self._look_again()

    def _look_again(self) -> None:
        self._timer = self.loop.call_later(self.slow_client_seconds / 30, self._look)

    def _client_is_awaited(self) -> bool:
        """For a request or the rest of one, or to take what was written; not while we work."""
        cycle: Any = self.cycle
        between = cycle is None or cycle.response_complete
        return between or cycle.more_body or self.transport.get_write_buffer_size() > 0
