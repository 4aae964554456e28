"""What the first matches of a face amount to, said once for page, command line and API."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from lookalike.gallery.people import Match

Verdict = Literal["strong", "clear", "close", "none"]

# Points of a percentage: as much as saving the same photo anew as a JPEG may move it (half a point at the median, 2.6 at
# most), so that nearer ones may change places.
CLOSE = 1.0


def verdict(matches: Sequence[Match]) -> Verdict:
    """Of matches, best first: a real likeness, a clear winner, a race too close to call, or nobody at all.

    Nobody is alike whose similarity is 0 or less: two strangers are as alike as that on average.
    """
    if not matches:
        return "none"
    if matches[0].strong:
        return "strong"
    if matches[0].similarity <= 0:
        return "none"
    if len(matches) > 1 and matches[0].percent - matches[1].percent < CLOSE:
        return "close"
    return "clear"
