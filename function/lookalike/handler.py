"""AWS Lambda's entry point. Networks and gallery open while the function starts; each event is then one request."""

from __future__ import annotations

import warnings
from typing import Any

from lookalike import cold_start
from lookalike.api.application import create_app
from lookalike.api.gateway import answer
from lookalike.api.log import configure_logging
from lookalike.api.problems import MEDIA_TYPE
from lookalike.finder import Finder
from lookalike.settings import Settings

# Mangum asks for the current event loop and makes one where there is none; newer Pythons warn of the asking.
warnings.filterwarnings("ignore", "There is no current event loop", DeprecationWarning)

from mangum import Mangum  # noqa: E402
from mangum.adapter import DEFAULT_TEXT_MIME_TYPES  # noqa: E402

settings = Settings.from_environment()
configure_logging(settings.log_level)
_adapter = Mangum(
    create_app(Finder.open(settings), settings),
    lifespan="off",  # "auto" would run start-up on every request
    text_mime_types=[*DEFAULT_TEXT_MIME_TYPES, MEDIA_TYPE],  # others are sent in base64
)
cold_start.loaded()


def handler(event: Any, context: Any) -> dict[str, Any]:
    """Answer one API Gateway HTTP API event (payload 2.0), or any other; those that are no request ring no alarm."""
    return answer(event, context, _adapter, settings.origin_secret)
