"""A request's time is its own thread's; once it is over, the next step is not begun."""

from __future__ import annotations

import threading
import time

import numpy as np
import pytest
from PIL import Image

from lookalike.deadline import SECONDS, Deadline
from lookalike.errors import TookTooLong
from lookalike.faces.detector import Detector
from lookalike.faces.embedder import BATCH, Embedder
from lookalike.faces.explain import explain
from lookalike.faces.manifest import read_manifest
from lookalike.faces.networks import open_networks
from lookalike.faces.turning import detect_any_way_up
from lookalike.finder import Finder
from lookalike.options import FindOptions
from lookalike.settings import Settings
from tests.support import encoded


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


class Last:
    """An embedder's session, after whose first batch the time is over."""

    def __init__(self, session: object, deadline: Deadline) -> None:
        self.session, self.deadline, self.batches = session, deadline, 0

    def run(self, *arguments: object) -> object:
        self.batches += 1
        self.deadline._end = 0.0
        return self.session.run(*arguments)  # type: ignore[attr-defined]


def test_embedding_looks_at_it_before_each_batch(embedder: Embedder) -> None:
    deadline = Deadline(60)
    last = Last(embedder._session, deadline)
    size = embedder.entry.recipe.size
    chips = [np.zeros((size, size, 3), np.uint8)] * (BATCH + 1)
    slow = Embedder(embedder.entry, last)  # type: ignore[arg-type]
    with pytest.raises(TookTooLong):
        slow.embed(chips, deadline)
    assert last.batches == 1
    with pytest.raises(TookTooLong):
        explain(slow, chips[0], np.zeros(embedder.entry.width, np.float32), Deadline(0))
    assert last.batches == 1


@pytest.mark.parametrize("include", [(), ("mirror",)])
def test_a_request_looks_at_it_after_its_faces_were_embedded(
    include: tuple[str, ...], finder: Finder, astronaut: Image.Image, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before their mirror images are, and before anybody is looked up in the gallery."""
    deadline = Deadline(60)
    last = Last(finder.embedder._session, deadline)
    monkeypatch.setattr("lookalike.finder.Deadline", lambda seconds: deadline)
    monkeypatch.setattr(finder.embedder, "_session", last)
    with pytest.raises(TookTooLong):
        finder.find([encoded(astronaut)], FindOptions.of({"include": include}))
    assert last.batches == 1


def test_is_over_only_once_its_time_is_past(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 100.0
    monkeypatch.setattr(time, "thread_time", lambda: now)
    deadline, endless = Deadline(8), Deadline()
    now = 108.0
    deadline.check()
    now = 108.001
    endless.check()
    with pytest.raises(TookTooLong, match="more than 8 seconds"):
        deadline.check()


def test_a_request_has_eight_seconds() -> None:
    assert SECONDS == 8
