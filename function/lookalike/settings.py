"""All settings in one frozen class, read once from environment variables that begin with LOOKALIKE_."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from lookalike.errors import InvalidSetting

FUNCTION = Path(__file__).resolve().parent.parent
PREFIX = "LOOKALIKE_"
INDEX_ARN = re.compile(
    r"arn:aws[-a-z0-9]*:s3vectors:[-a-z0-9]+:[0-9]{12}:bucket/[-.a-z0-9]{3,63}/index/[-.a-z0-9]{3,63}"
)
# That this process may run on, where the system tells.
PROCESSORS = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@dataclass(frozen=True, slots=True)
class Settings:
    """Defaults suit both Lambda and a laptop. Sizes in bytes and pixels."""

    models: Path = FUNCTION / "models"
    gallery: Path = FUNCTION / "gallery"
    # The ARN of the S3 Vectors index that holds the gallery's faces; without one, they are in the gallery's directory.
    vector_index: str = ""
    # Lambda takes 6 MB a request, and its gateway adds a third for base64: 4.4 MB of photo.
    max_upload_bytes: int = 4_400_000
    max_pixels: int = 50_000_000
    # Photos are shrunk to this side before detection; coordinates still refer to the photo as given.
    working_side: int = 1280
    threads: int = 1
    # "hash" reads every model and gallery file at start, "size" only looks at their sizes.
    verify: str = "hash"
    # Requests worked on or waiting in one process; more are turned away. One waits for each processor, so that an answer
    # takes three times as long as on a quiet server at most. Lambda sends one request at a time.
    max_waiting: int = 2 * PROCESSORS
    # Pages on other origins that may call the API; the hosted page has the API's own origin and needs none.
    allowed_origins: tuple[str, ...] = ()
    # What CloudFront says in a header to be let in, where a firewall stands before it; nobody else gets past this.
    origin_secret: str = ""
    log_level: str = "INFO"

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Settings:
        """Raises InvalidSetting for a value that cannot be used, or a name with our prefix that does not exist."""
        known = {f"{PREFIX}{field.name.upper()}": field for field in fields(cls)}
        values: dict[str, Any] = {}
        for name, text in environment.items():
            if not name.startswith(PREFIX) or name in _READ_ELSEWHERE:
                continue
            if name not in known:
                raise InvalidSetting(name=name, value=text, rule=f"one of {', '.join(sorted(known))}")
            field = known[name]
            values[field.name] = _RULES[field.name](name, text)
        return cls(**values)


# The export side's cache of downloads.
_READ_ELSEWHERE = {"LOOKALIKE_CACHE"}


def _path(name: str, text: str) -> Path:
    if not text:
        raise InvalidSetting(name=name, value=text, rule="a directory")
    return Path(text)


def _whole(low: int, high: int) -> Any:
    def read(name: str, text: str) -> int:
        if not text.isascii() or not text.isdigit() or not low <= int(text) <= high:
            raise InvalidSetting(name=name, value=text, rule=f"a whole number from {low} to {high}")
        return int(text)

    return read


def _one_of(*allowed: str) -> Any:
    def read(name: str, text: str) -> str:
        if text not in allowed:
            raise InvalidSetting(name=name, value=text, rule=f"one of {', '.join(allowed)}")
        return text

    return read


def _origins(name: str, text: str) -> tuple[str, ...]:
    origins = tuple(origin.strip() for origin in text.split(",") if origin.strip())
    if not all(origin == "*" or origin.startswith(("https://", "http://")) for origin in origins):
        raise InvalidSetting(name=name, value=text, rule="origins such as https://example.org, with commas between")
    return origins


def _index(name: str, text: str) -> str:
    if text and not INDEX_ARN.fullmatch(text):
        raise InvalidSetting(name=name, value=text, rule="the ARN of an S3 Vectors index, or empty")
    return text


_RULES = {
    "models": _path,
    "gallery": _path,
    "vector_index": _index,
    "max_upload_bytes": _whole(1, 100_000_000),
    "max_pixels": _whole(1, 500_000_000),
    "working_side": _whole(160, 8000),
    "threads": _whole(1, 64),
    "verify": _one_of("hash", "size"),
    "max_waiting": _whole(1, 1000),
    "allowed_origins": _origins,
    "origin_secret": lambda name, text: text,
    "log_level": _one_of("DEBUG", "INFO", "WARNING", "ERROR"),
}
