"""The function's published versions: the one that answers, and the one before it, to go back to.

The alias `live` names the version that answers. Each deployment publishes one; this is who deletes the others.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from infra.amazon import AmazonError, client, plain_errors
from infra.events import http_event

ALIAS = "live"


@dataclass(frozen=True, slots=True)
class Versions:
    """Numbers, in order; `live` is one of them."""

    live: int
    all: tuple[int, ...]

    @property
    def newest(self) -> int:
        return self.all[-1]

    @property
    def before(self) -> int | None:
        """The last one before that which answers."""
        return max((number for number in self.all if number < self.live), default=None)


def versions(function: str) -> Versions:
    with plain_errors():
        functions = client("lambda")
        live = int(functions.get_alias(FunctionName=function, Name=ALIAS)["FunctionVersion"])
        pages = functions.get_paginator("list_versions_by_function").paginate(FunctionName=function)
        numbers = {item["Version"] for page in pages for item in page["Versions"]} - {"$LATEST"}
    return Versions(live, tuple(sorted(map(int, numbers))))


def origin_secret(function: str) -> str:
    """What the version that is live wants to hear from CloudFront; nothing where it lets everybody in."""
    with plain_errors():
        live = client("lambda").get_function_configuration(FunctionName=function, Qualifier=ALIAS)
    secret: str = live["Environment"]["Variables"]["LOOKALIKE_ORIGIN_SECRET"]
    return secret


def go_live(function: str, version: int) -> None:
    """From now on that version answers: seconds, for nothing is built or uploaded."""
    with plain_errors():
        client("lambda").update_alias(FunctionName=function, Name=ALIAS, FunctionVersion=str(version))


def delete_all_but(function: str, kept: set[int]) -> list[int]:
    """A version that is kept costs nothing, but for SnapStart's: its snapshot is billed as long as it is there."""
    deleted = [number for number in versions(function).all if number not in kept]
    with plain_errors():
        for number in deleted:
            client("lambda").delete_function(FunctionName=function, Qualifier=str(number))
    return deleted


def check(function: str) -> None:
    """Raises AmazonError unless the version that is live starts and answers."""
    event = json.dumps(http_event("GET", "/api/health"))
    with plain_errors():
        # With SnapStart, a version is pending for minutes, until its snapshot is taken.
        waiter = client("lambda").get_waiter("published_version_active")
        waiter.wait(FunctionName=function, Qualifier=ALIAS, WaiterConfig={"Delay": 2, "MaxAttempts": 300})
        answer = client("lambda").invoke(FunctionName=function, Qualifier=ALIAS, Payload=event)
        said: Any = json.loads(answer["Payload"].read() or b"null")
    # 403: it wants to be asked through CloudFront only.
    if "FunctionError" in answer or said.get("statusCode") not in (200, 403):
        reason = said.get("errorMessage") or said.get("body") if isinstance(said, dict) else said
        raise AmazonError(sentence=f"The function does not answer: {reason}")
