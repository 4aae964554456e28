"""Photos shared out among processes: with threads in their place where it is about who gets what, and real ones."""

from __future__ import annotations

import dataclasses
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import SimpleNamespace

import pytest

from export.gallery import workers
from export.gallery.enrolment import Refused
from export.gallery.workers import enrol_files
from lookalike.settings import Settings

PHOTOS = [Path(name) for name in "abcdef"]
BROKE_DOWN = Refused("the process that read it broke down")
Drawn = Callable[[int], bytes]
Work = Callable[[Path], "Refused | None"]
Hire = Callable[..., "list[Hand]"]


def answer(path: Path) -> Refused | None:
    return Refused(path.name)


class Hand:
    """In a process's place a thread, which does with photos what it is told. Where that is nothing, it breaks down."""

    def __init__(self, settings: Settings, work: Work, photos: int) -> None:
        self.settings = settings
        self.pipe, self._far_end = multiprocessing.Pipe()
        self.thread = threading.Thread(target=self._work, args=(work, photos), daemon=True)
        self.thread.start()

    def _work(self, work: Work, photos: int) -> None:
        with self._far_end, suppress(EOFError, OSError):
            for _ in range(photos):
                if not (done := work(self._far_end.recv())):
                    return
                self._far_end.send(done)

    def end(self) -> None:
        self.pipe.close()
        self.thread.join()


@pytest.fixture
def hire(monkeypatch: pytest.MonkeyPatch) -> Hire:
    """So many hands at once, each for so many photos; gives those there have been."""

    def hire(cores: int, work: Work = answer, photos: int = 100) -> list[Hand]:
        hired: list[Hand] = []

        def begin(settings: Settings) -> Hand:
            hired.append(Hand(settings, work, photos))
            return hired[-1]

        monkeypatch.setattr(workers, "_Worker", begin)
        monkeypatch.setattr(workers, "_cores", lambda: cores)
        return hired

    return hire


@pytest.mark.parametrize(("cores", "photos", "at_once"), [(1, 6, 1), (3, 6, 3), (3, 2, 2), (3, 0, 0)])
def test_there_are_as_many_as_cores_or_photos_each_with_one_thread(
    hire: Hire, cores: int, photos: int, at_once: int
) -> None:
    hired = hire(cores)
    assert list(enrol_files(PHOTOS[:photos], Settings(threads=4))) == [answer(path) for path in PHOTOS[:photos]]
    assert [(hand.settings.threads, hand.settings.verify) for hand in hired] == [(1, "size")] * at_once
    assert not any(hand.thread.is_alive() for hand in hired)


def test_outcomes_come_in_the_order_of_the_photos_however_long_each_takes(hire: Hire) -> None:
    others = threading.Event()

    def first_last(path: Path) -> Refused | None:
        if path == PHOTOS[0]:
            others.wait(60)
        if path == PHOTOS[-1]:
            others.set()
        return answer(path)

    hire(2, first_last)
    assert list(enrol_files(PHOTOS, Settings())) == [answer(path) for path in PHOTOS]
    assert others.is_set()


def test_who_breaks_down_over_a_photo_is_replaced_and_the_photo_refused(hire: Hire) -> None:
    hired = hire(1, lambda path: None if path.name in "be" else answer(path))
    refused = [BROKE_DOWN if path.name in "be" else answer(path) for path in PHOTOS]
    assert list(enrol_files(PHOTOS, Settings())) == refused
    assert len(hired) == 3


def test_who_is_gone_between_two_photos_is_replaced_and_no_photo_refused(hire: Hire) -> None:
    hired = hire(1, photos=2)
    found = enrol_files(PHOTOS, Settings())
    for path in PHOTOS:
        assert next(found) == answer(path)
        if path.name in "bdf":
            hired[-1].thread.join()
    assert list(found) == [] and len(hired) == 3


def test_a_photo_that_brings_its_process_down_is_refused_and_the_others_go_on(
    tmp_path: Path, drawn: Drawn, networks: Settings
) -> None:
    paths = [tmp_path / f"{number}.jpg" for number in range(2)]
    for number, path in enumerate(paths):
        path.write_bytes(drawn(number))
    paths.insert(1, tmp_path / "crash.jpg")
    # A first build has no gallery yet.
    settings = dataclasses.replace(networks, gallery=tmp_path / "none")
    with _whoever_reads_is_killed(tmp_path / "crash.jpg"):
        outcomes = list(enrol_files(paths, settings))
    assert outcomes[1] == BROKE_DOWN
    assert [isinstance(outcome, Refused) for outcome in outcomes] == [False, True, False]


def test_an_abandoned_run_leaves_no_process(photos: Path, networks: Settings) -> None:
    outcomes = enrol_files(sorted(photos.rglob("*.jpg")), networks)
    next(outcomes)
    # An interpreter that ends would wait for others.
    assert all(child.daemon for child in multiprocessing.active_children())
    outcomes.close()  # type: ignore[attr-defined]
    assert not multiprocessing.active_children()


def test_an_interrupt_while_one_starts_leaves_no_process(networks: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    @contextmanager
    def interrupted() -> Iterator[None]:
        yield
        raise KeyboardInterrupt

    monkeypatch.setattr(workers, "_interrupts_blocked", interrupted)
    with pytest.raises(KeyboardInterrupt):
        list(enrol_files(PHOTOS, networks))
    assert not multiprocessing.active_children()


def test_it_ends_with_the_parent_even_in_the_middle_of_a_photo(monkeypatch: pytest.MonkeyPatch) -> None:
    ended, (sentinel, parent) = threading.Event(), multiprocessing.Pipe()
    monkeypatch.setattr(multiprocessing, "parent_process", lambda: SimpleNamespace(sentinel=sentinel))
    monkeypatch.setattr(os, "_exit", lambda status: ended.set())
    with sentinel:
        workers._end_with_parent()
        assert not ended.wait(0.05)
        parent.close()
        assert ended.wait(60)


def test_the_cores_are_those_it_may_use_or_all_or_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda process: {0, 3, 5} if process == 0 else {1}, raising=False)
    monkeypatch.setattr(os, "cpu_count", lambda: 8)
    assert workers._cores() == 3
    monkeypatch.delattr(os, "sched_getaffinity")
    assert workers._cores() == 8
    monkeypatch.setattr(os, "cpu_count", lambda: None)
    assert workers._cores() == 1


@contextmanager
def _whoever_reads_is_killed(pipe: Path) -> Iterator[None]:
    """Reading from a named pipe without content never ends; a crash in a decoder ends a process as suddenly."""
    os.mkfifo(pipe)
    writer = os.open(pipe, os.O_RDWR)
    done = threading.Event()

    def watch() -> None:
        while not done.wait(0.02):
            for child in multiprocessing.active_children():
                if child.pid is not None and _has_open(child.pid, pipe):
                    os.kill(child.pid, signal.SIGKILL)

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()
        os.close(writer)


def _has_open(process: int, path: Path) -> bool:
    try:
        return any(link.readlink() == path for link in Path(f"/proc/{process}/fd").iterdir())
    except OSError:
        return False
