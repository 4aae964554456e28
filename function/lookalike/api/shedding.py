"""Load shedding: while the admission queue is full, a question is refused on its headers, before its body is read."""

from __future__ import annotations

from collections.abc import Iterable

from fastapi.routing import APIRoute
from starlette.requests import Request
from starlette.routing import BaseRoute
from starlette.types import ASGIApp, Receive, Scope, Send

from lookalike.api.problems import language_of, problem, request_id_of
from lookalike.errors import Busy


class Shedding:
    """ASGI layer before the routes, so that a refusal costs a fraction of a millisecond, however many come.

    The connection stays: the server lets the rest of the body pass unread, and the client reads its answer whenever it
    looks for one, which for most is once they have sent all they had to say.
    """

    def __init__(self, app: ASGIApp, routes: Iterable[BaseRoute]) -> None:
        self._app = app
        self._questions = {
            route.path: route for route in routes if isinstance(route, APIRoute) and "POST" in (route.methods or ())
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        question = self._questions.get(scope.get("path", ""))
        if question is None or scope["method"] != "POST" or not scope["app"].state.service.queue.full:
            await self._app(scope, receive, send)
            return
        scope["route"] = question  # for the log
        request = Request(scope)
        await problem(Busy(), language_of(request), request_id_of(request))(scope, receive, send)
