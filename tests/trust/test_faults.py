"""A short form of `make faults`: a real command, killed at random moments and out of space, leaves a whole gallery."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from tests.trust.faults import campaign
from tests.trust.interrupted import Command, Fault, survives

WRITE = "import os, sys; open(sys.argv[1], 'w').write(os.environ['LOOKALIKE_PLACE'])"


@pytest.mark.skipif(sys.platform != "linux", reason="limits files and ends groups of processes as Linux does")
def test_a_command_stopped_anywhere_is_finished_by_running_it_again() -> None:
    kinds, _ = campaign(3, 2, ["remove"])
    assert sum(kinds.values()) == 3


@pytest.mark.skipif(sys.platform != "linux", reason="limits files and ends groups of processes as Linux does")
@pytest.mark.parametrize("place", ["here", "there"])
def test_each_command_is_begun_run_and_looked_at_among_its_own_variables(place: str) -> None:
    def begin(target: Path) -> None:
        target.write_text(f"not {os.environ['LOOKALIKE_PLACE']}")

    def state(target: Path) -> tuple[str, str]:
        return os.environ["LOOKALIKE_PLACE"], target.read_text()

    before, after = (place, f"not {place}"), (place, place)
    command = Command(("-c", WRITE, "{target}"), begin, state, before, after, variables={"LOOKALIKE_PLACE": place})
    assert not survives(command, Fault(seconds=60))
    assert "LOOKALIKE_PLACE" not in os.environ
