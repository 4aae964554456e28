"""The HTTP API: a FastAPI application around one finder. Its routes are in routes.py, its errors in problems.py."""

from __future__ import annotations

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from lookalike import __version__
from lookalike.api.docs_page import docs
from lookalike.api.log import RequestLog
from lookalike.api.openapi import DescribedAPI
from lookalike.api.problems import Faults, on_error, on_http_exception, on_invalid_request
from lookalike.api.routes import router
from lookalike.api.service import Service
from lookalike.api.shedding import Shedding
from lookalike.errors import LookalikeError
from lookalike.finder import Finder
from lookalike.settings import Settings

DESCRIPTION = (
    "Who in a gallery looks most like the face in a photo. Photos are read in memory, answered, and forgotten: "
    "nothing is stored, logged or passed on. Errors are RFC 9457 problem documents, in English or Korean by "
    "Accept-Language."
)


def create_app(finder: Finder, settings: Settings) -> FastAPI:
    """The API as an ASGI application."""
    app = described_app()
    app.state.service = Service.of(finder, settings)
    app.add_exception_handler(LookalikeError, on_error)
    app.add_exception_handler(HTTPException, on_http_exception)
    app.add_exception_handler(RequestValidationError, on_invalid_request)
    # The last added is the outermost: errors carry the headers for other origins too, and every answer is logged.
    app.add_middleware(Faults)
    app.add_middleware(Shedding, routes=router.routes)
    _let_in(app, settings.allowed_origins)
    app.add_middleware(RequestLog)
    return app


def described_app() -> FastAPI:
    """The routes and their description, without a finder to answer."""
    app = DescribedAPI(
        title="Lookalike",
        version=__version__,
        description=DESCRIPTION,
        openapi_url="/api/openapi.json",
        docs_url=None,  # its page loads its script from another host
        redoc_url=None,
        redirect_slashes=False,
        # What is asked and what goes wrong is nobody's business but the log's.
        telemetry={"tracing": False, "metrics": False, "logs": False, "auto_configure": False},
    )
    # include_router would analyse every route a second time, on the first request.
    app.router.routes.extend(router.routes)
    app.add_api_route("/api/docs", docs, include_in_schema=False)
    return app


def _let_in(app: FastAPI, origins: tuple[str, ...]) -> None:
    """Pages of other origins, where there are any."""
    if origins:
        from starlette.middleware.cors import CORSMiddleware

        app.add_middleware(
            CORSMiddleware,
            allow_origins=origins,
            allow_methods=["GET", "POST"],
            allow_headers=["content-type", "accept-language"],
            expose_headers=["x-request-id", "server-timing"],
        )
