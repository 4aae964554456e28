"""The local server: uvicorn around the page and the API, until it is interrupted."""

from __future__ import annotations

import ctypes
import socket
from collections.abc import Sequence
from functools import partial

import uvicorn

from infra.address import own_address, page_address, qr_code
from infra.local_site import create_site
from infra.on_device import offered
from infra.slow_clients import SlowClientProtocol
from lookalike.api.log import configure_logging
from lookalike.settings import Settings

STOP_SECONDS = 10
_M_ARENA_MAX = -8  # of glibc's <malloc.h>


def serve(settings: Settings, host: str, port: int, on_device: str | None = None, names: Sequence[str] = ()) -> None:
    """Serve until interrupted; requests under way are finished first. Port 0 takes a free one. Prints the address."""
    configure_logging(settings.log_level)
    _keep_one_heap()
    site = create_site(settings, partial(offered, settings, on_device), [host, *names])
    with _bind(host, port) as listener:
        _announce(host, listener.getsockname()[1])
        config = uvicorn.Config(
            site,
            http=SlowClientProtocol,
            ws="none",
            log_level="warning",
            access_log=False,
            lifespan="off",
            server_header=False,
            timeout_graceful_shutdown=STOP_SECONDS,
        )
        uvicorn.Server(config).run(sockets=[listener])


def _announce(host: str, port: int) -> None:
    """Where the page is; for a phone nearby, as a QR code too, if this server is for others and they can reach it."""
    nearby = own_address(host)
    address = page_address(nearby or host, port)
    print(f"Lookalike is at {address}  (Ctrl+C stops it)", flush=True)
    if nearby:
        print(qr_code(address), flush=True)


def _keep_one_heap() -> None:
    """All threads take their memory from one heap, where the C library is glibc.

    Otherwise every worker thread has its own, and photos of many sizes leave holes in each: a third more memory after a
    thousand of them, and rising. It costs no time.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(_M_ARENA_MAX, 1)


def _bind(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((host, port))
    # Listening from now on, so that the printed address works at once: requests wait until the server takes them.
    listener.listen(128)
    return listener
