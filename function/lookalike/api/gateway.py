"""Which of Lambda's events are requests for the API, and what is said to the others: they are no faults of the function.

Whatever can be invoked is invoked some day with a schedule's event, a warm-up's, or null. An error would ring the alarm.
"""

from __future__ import annotations

import hmac
import json
import logging
from collections.abc import Callable
from typing import Any

from lookalike.api.problems import MEDIA_TYPE, document_of
from lookalike.errors import BadRequest, LookalikeError, WrongAddress

logger = logging.getLogger("lookalike")

ORIGIN_HEADER = "x-lookalike-origin"  # template.yaml makes CloudFront send it

Answer = dict[str, Any]
Adapter = Callable[[dict[str, Any], Any], Answer]


def answer(event: Any, context: Any, adapter: Adapter, secret: str) -> Answer:
    """The adapter's answer to an HTTP event that came the right way: with the secret, where there is one."""
    if not isinstance(event, dict) or not isinstance(event.get("requestContext"), dict):
        logger.info(json.dumps({"ignored": "an event that is no HTTP request"}))
        return {"statusCode": 204}
    if secret and not hmac.compare_digest(_header(event, ORIGIN_HEADER).encode(), secret.encode()):
        return _problem(WrongAddress(), event)
    try:
        return adapter(event, context)
    except (RuntimeError, LookupError, TypeError, AttributeError, ValueError) as error:
        # Of the event alone, such as broken base64: what goes wrong inside the application, it has answered itself.
        logger.warning(json.dumps({"ignored": "an event that cannot be read", "error": type(error).__name__}))
        unreadable = BadRequest(reason="the event is not one of an HTTP API", reason_ko="HTTP API의 이벤트가 아닙니다")
        return _problem(unreadable, event)


def _header(event: dict[str, Any], name: str) -> str:
    headers = event.get("headers")
    return str(headers.get(name, "")) if isinstance(headers, dict) else ""


def _problem(error: LookalikeError, event: dict[str, Any]) -> Answer:
    document = document_of(error, "en", str(event["requestContext"].get("requestId", "")))
    return {"statusCode": error.status, "headers": {"content-type": MEDIA_TYPE}, "body": json.dumps(document)}
