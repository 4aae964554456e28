"""The page and the API on one local address, as CloudFront serves them, over the gallery as it is at the time."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path

from starlette.applications import Starlette
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from infra.device_routes import device_routes
from infra.doorkeeper import Doorkeeper
from infra.following import Following
from infra.headers import page_headers
from infra.link_preview import qr_svg
from infra.on_device import Kit
from lookalike.api.application import create_app
from lookalike.finder import Finder
from lookalike.settings import Settings

FRONTEND = Path(__file__).resolve().parent.parent / "frontend"


def create_site(
    settings: Settings, on_device: Callable[[], Kit | None] = lambda: None, names: Sequence[str] = ()
) -> ASGIApp:
    """The API under /api and the page everywhere else, at addresses, localhost and `names`.

    `on_device` makes what devices are given of the gallery, if anything. Raises SetupError when networks or gallery are
    not usable; later, the gallery before is shown until they are.
    """
    return Doorkeeper(_Site(settings, on_device), names)


class _Site:
    """API and page over one gallery, and then over the next."""

    def __init__(self, settings: Settings, on_device: Callable[[], Kit | None]) -> None:
        # Looks before the gallery is read: what changes meanwhile is a change.
        self._following = Following(settings.gallery, self._open_anew)
        self._on_device = on_device
        self._packed: dict[str, bytes] = {}
        self._app = create_app(Finder.open(settings), settings)
        self._api = _amended(self._app, _let_ask_again)
        self._page = self._open_page()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._following.look()
        path = scope.get("path", "")
        await (self._api if path == "/api" or path.startswith("/api/") else self._page)(scope, receive, send)

    def _open_anew(self) -> None:
        service = self._app.state.service.reopened()
        page = self._open_page()
        # Requests under way took theirs when they began.
        self._app.state.service, self._page = service, page

    def _open_page(self) -> ASGIApp:
        kit = self._on_device()
        files = [
            Route("/qr.svg", _own_qr_code),
            Route("/share/", _to_the_page, methods=["POST"]),
            Mount("/", StaticFiles(directory=FRONTEND, html=True)),
        ]
        offered = [] if kit is None else device_routes(kit, self._packed)
        return _amended(Starlette(routes=[*offered, *files]), partial(_complete, page_headers(kit is not None)))


async def _own_qr_code(request: Request) -> Response:
    """Of the address that this browser has used: one that phones nearby can open, where the server lets them in."""
    return Response(qr_svg(str(request.base_url)), media_type="image/svg+xml")


async def _to_the_page(request: Request) -> Response:
    """A photo that the phone shared before the page's own worker was there to take it: it is never read here."""
    return RedirectResponse("../#/shared", status_code=303)


def _complete(with_these: Mapping[str, str], headers: MutableHeaders) -> None:
    """The headers that CloudFront adds, where a file has none of that name."""
    for name, value in with_these.items():
        headers.setdefault(name, value)


def _let_ask_again(headers: MutableHeaders) -> None:
    """Who is in the gallery: a browser that kept it for minutes, as it may in the cloud, would show who was removed."""
    if "etag" in headers:
        headers["cache-control"] = "no-cache"


def _amended(app: ASGIApp, amend: Callable[[MutableHeaders], None]) -> ASGIApp:
    """The application, with the headers of its answers amended."""

    async def amended(scope: Scope, receive: Receive, send: Send) -> None:
        async def send_amended(message: Message) -> None:
            if message["type"] == "http.response.start":
                amend(MutableHeaders(scope=message))
            await send(message)

        await app(scope, receive, send_amended)

    return amended
