"""A request's time is its own thread's; once it is over, the next step is not begun."""

from __future__ import annotations

import threading
import time

import numpy as np
import pytest
from PIL import Image

from lookalike.deadline import Deadline
from lookalike.errors import TookTooLong
from lookalike.faces.detector import Detector
from lookalike.faces.manifest import read_manifest
from lookalike.faces.networks import open_networks
from lookalike.faces.turning import detect_any_way_up
from lookalike.settings import Settings


@pytest.fixture(scope="module")
def detector() -> Detector:
    return open_networks(read_manifest(Settings().models))[0]


def work(seconds: float) -> None:
    end = time.thread_time() + seconds
    while time.thread_time() < end:
        pass


def test_ends_after_its_seconds_of_work() -> None:
    deadline = Deadline(0.02)
    deadline.check()
    work(0.03)
    with pytest.raises(TookTooLong):
        deadline.check()


def test_neither_sleep_nor_others_work_counts() -> None:
    deadline = Deadline(0.02)
    other = threading.Thread(target=work, args=(0.05,))
    other.start()
    other.join()
    deadline.check()


def test_the_search_for_faces_looks_at_it(detector: Detector, astronaut: Image.Image) -> None:
    with pytest.raises(TookTooLong):
        detect_any_way_up(detector, np.asarray(astronaut), deadline=Deadline(0))


@pytest.mark.parametrize(("network", "runs"), [("pnet", 6), ("rnet", 1), ("onet", 1)])
def test_every_stage_looks_at_it(network: str, runs: int, astronaut: Image.Image) -> None:
    """The time is over once a network was asked: P-Net still has its first level, of six strips, the others a batch."""
    passed = []

    class Slow:
        def __init__(self, name: str, session: object) -> None:
            self.name, self.session = name, session

        def run(self, *arguments: object) -> object:
            passed.append(self.name)
            if self.name == network:
                deadline._end = 0.0
            return self.session.run(*arguments)  # type: ignore[attr-defined]

    deadline = Deadline(60)
    whole = open_networks(read_manifest(Settings().models))[0]
    slow = Detector({name: Slow(name, session) for name, session in whole._sessions.items()})  # type: ignore[misc]
    with pytest.raises(TookTooLong):
        slow.detect(np.asarray(astronaut.resize((1024, 1024))), deadline=deadline)
    assert passed.count(network) == runs
