"""The page and the API on one local address, as CloudFront serves them: uvicorn around the function's app."""

from __future__ import annotations

import ctypes
import socket
from collections.abc import Mapping, Sequence
from pathlib import Path

import uvicorn
from starlette.applications import Starlette
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from infra.address import own_address, page_address, qr_code
from infra.device_routes import device_routes
from infra.doorkeeper import Doorkeeper
from infra.headers import page_headers
from infra.link_preview import qr_svg
from infra.on_device import Kit, offered
from infra.slow_clients import SlowClientProtocol
from lookalike.api.application import create_app
from lookalike.api.log import configure_logging
from lookalike.finder import Finder
from lookalike.settings import Settings

FRONTEND = Path(__file__).resolve().parent.parent / "frontend"
STOP_SECONDS = 10
_M_ARENA_MAX = -8  # of glibc's <malloc.h>


def create_site(settings: Settings, on_device: Kit | None = None, names: Sequence[str] = ()) -> ASGIApp:
    """The API under /api and the page everywhere else, at addresses, localhost and `names`.

    Raises SetupError when networks or gallery are not usable.
    """
    api = create_app(Finder.open(settings), settings)
    routes: list[BaseRoute] = [Route("/qr.svg", _own_qr_code), Mount("/", StaticFiles(directory=FRONTEND, html=True))]
    if on_device is not None:
        routes = [*device_routes(on_device), *routes]
    page = _Page(Starlette(routes=routes), page_headers(on_device is not None))

    async def site(scope: Scope, receive: Receive, send: Send) -> None:
        path = scope.get("path", "")
        await (api if path == "/api" or path.startswith("/api/") else page)(scope, receive, send)

    return Doorkeeper(site, names)


def serve(settings: Settings, host: str, port: int, on_device: str | None = None, names: Sequence[str] = ()) -> None:
    """Serve until interrupted; requests under way are finished first. Port 0 takes a free one. Prints the address."""
    configure_logging(settings.log_level)
    _keep_one_heap()
    site = create_site(settings, offered(settings, on_device), [host, *names])
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


async def _own_qr_code(request: Request) -> Response:
    """Of the address that this browser has used: one that phones nearby can open, where the server lets them in."""
    return Response(qr_svg(str(request.base_url)), media_type="image/svg+xml")


class _Page:
    """Static files with the headers that CloudFront adds, where they have none of that name."""

    def __init__(self, files: ASGIApp, headers: Mapping[str, str]) -> None:
        self._files = files
        self._headers = headers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._files(scope, receive, send_with_headers)


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
