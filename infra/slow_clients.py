"""HTTP with an end to waiting: a client that sends or reads too slowly loses its connection to those who would use it."""

from __future__ import annotations

import asyncio
from typing import Any

from uvicorn.protocols.http.h11_impl import H11Protocol

# Seconds for a whole request to arrive, and for an answer to be taken. A photo of 4.4 MB needs 150 kB/s.
PATIENCE = 30.0


class PatientProtocol(H11Protocol):
    """uvicorn's protocol, which knows of no such limit: a few hundred silent connections would keep everyone out."""

    patience = PATIENCE

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

    def _look(self) -> None:
        if not self._client_is_awaited():
            self._waiting_since = self.loop.time()
        elif self.loop.time() - self._waiting_since > self.patience:
            self.transport.abort()
            return
        self._look_again()

    def _look_again(self) -> None:
        self._timer = self.loop.call_later(self.patience / 30, self._look)

    def _client_is_awaited(self) -> bool:
        """For a request or the rest of one, or to take what was written; not while we work."""
        cycle: Any = self.cycle
        between = cycle is None or cycle.response_complete
        return between or cycle.more_body or self.transport.get_write_buffer_size() > 0
