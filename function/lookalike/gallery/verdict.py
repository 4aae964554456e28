"""What the first matches of a face amount to, said once for page, command line and API."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from lookalike.gallery.people import Match

Verdict = Literal["strong", "clear", "close", "none"]

CLOSE = 0.1  # percent: what one digit of it is worth


def verdict(matches: Sequence[Match]) -> Verdict:
    """Of matches, best first: a real likeness, a clear winner, a race too close to call, or nobody at all."""
    if not matches:
        return "none"
    if matches[0].strong:
        return "strong"
    if len(matches) > 1 and matches[0].percent - matches[1].percent < CLOSE:
        return "close"
    return "clear"
