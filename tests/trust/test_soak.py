"""A short form of `make soak`: many clients, all kinds of photos, and nothing left of them afterwards."""

from __future__ import annotations

import sys

import pytest

from lookalike.settings import Settings
from tests.trust.soak import soak


@pytest.mark.skipif(sys.platform != "linux", reason="looks at the process through Linux's /proc")
def test_nothing_is_left_of_many_requests(settings: Settings) -> None:
    outcome = soak(40, 4, 120, 3, {"LOOKALIKE_GALLERY": str(settings.gallery)}, parts=1, photos=20)
    assert not outcome.faults(settled=False)
    assert outcome.statuses[200] > 10 and sum(outcome.statuses.values()) == 44
