"""A short form of `make faults`: a real command, killed at random moments and out of space, leaves a whole gallery."""

from __future__ import annotations

import sys

import pytest

from tests.trust.faults import campaign


@pytest.mark.skipif(sys.platform != "linux", reason="limits files and ends groups of processes as Linux does")
def test_a_command_stopped_anywhere_is_finished_by_running_it_again() -> None:
    kinds, _ = campaign(3, 2, ["remove"])
    assert sum(kinds.values()) == 3
