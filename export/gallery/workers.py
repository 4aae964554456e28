"""Photos enrolled on all cores, each process with networks of its own.

Each process has a pipe and one photo at a time: so it is known which photo brought one down, and however the processes
end, nothing of them stays in the system. (A pool's queues have named semaphores, which killed processes leave behind.)
"""

from __future__ import annotations

import dataclasses
import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from multiprocessing import connection, resource_tracker
from pathlib import Path

from export.gallery.enrolment import Outcome, Refused, enrol
from lookalike.finder import Finder
from lookalike.settings import Settings

# spawn, not fork: a forked child would inherit threads' locks.
_CONTEXT = multiprocessing.get_context("spawn")


def enrol_files(paths: Sequence[Path], settings: Settings) -> Iterator[Outcome]:
    """The outcome of each photo, in the order given.

    A photo that brings its process down (a decoder's bug, or no memory left) is refused, and the others go on.
    """
    # The caller has just verified the networks; one thread each, as there is a process for every core.
    crew = _Crew(paths, dataclasses.replace(settings, threads=1, verify="size"))
    try:
        for number in range(len(paths)):
            yield crew.outcome_of(number)
    finally:
        crew.dismiss()


class _Worker:
    """A process that enrols one photo after another."""

    def __init__(self, settings: Settings) -> None:
        # Else it is started with the first process, and lets interrupts through again that are blocked there.
        resource_tracker.ensure_running()
        self.pipe, far_end = _CONTEXT.Pipe()
        self._process = _CONTEXT.Process(target=_work, args=(far_end, settings), daemon=True)
        try:
            with _interrupts_blocked():
                self._process.start()
        except BaseException:  # an interrupt that waited
            self.end()
            raise
        finally:
            far_end.close()

    def end(self) -> None:
        """Whoever interrupts, or wants no more, need not wait for a photo under way."""
        if self._process.pid is not None:  # it was started
            self._process.terminate()
            self._process.join()
        self.pipe.close()


class _Crew:
    """As many workers as there are cores; who breaks down is replaced."""

    def __init__(self, paths: Sequence[Path], settings: Settings) -> None:
        self._settings = settings
        self._waiting = deque(enumerate(paths))
        self._outcomes: dict[int, Outcome] = {}
        self._workers: list[_Worker] = []
        self._under_way: dict[_Worker, int] = {}
        self._most = min(_cores(), len(paths))

    def outcome_of(self, number: int) -> Outcome:
        while number not in self._outcomes:
            self._hand_out()
            if not self._under_way:
                continue  # who was to take it is gone and replaced; waiting for nobody would never end
            ready = connection.wait([worker.pipe for worker in self._under_way])
            for worker in [worker for worker in self._under_way if worker.pipe in ready]:
                self._collect(worker, self._under_way.pop(worker))
        return self._outcomes.pop(number)

    def dismiss(self) -> None:
        for worker in self._workers:
            worker.end()

    def _hand_out(self) -> None:
        while self._waiting and len(self._workers) < self._most:
            self._workers.append(_Worker(self._settings))
        for worker in [worker for worker in self._workers if worker not in self._under_way]:
            if not self._waiting:
                return
            number, path = self._waiting[0]
            try:
                worker.pipe.send(path)
            except OSError:
                self._replace(worker)
                continue
            self._waiting.popleft()
            self._under_way[worker] = number

    def _collect(self, worker: _Worker, number: int) -> None:
        try:
            self._outcomes[number] = worker.pipe.recv()
        except (EOFError, OSError):
            self._outcomes[number] = Refused("the process that read it broke down")
            self._replace(worker)

    def _replace(self, worker: _Worker) -> None:
        self._workers.remove(worker)
        worker.end()


def _work(pipe: connection.Connection, settings: Settings) -> None:
    _end_with_parent()
    finder = Finder.open(settings, with_gallery=False)
    with suppress(EOFError, OSError):  # the parent ended
        while True:
            pipe.send(enrol(finder, pipe.recv()))


def _cores() -> int:
    """Those this process may use; macOS has no way to tell."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@contextmanager
def _interrupts_blocked() -> Iterator[None]:
    """Processes started meanwhile never see Ctrl-C, which a terminal sends to all: ending them is the parent's part."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _end_with_parent() -> None:
    """Without this, a worker of a killed parent would finish its photo first."""
    parent = multiprocessing.parent_process()

    def wait() -> None:
        if parent is not None:
            connection.wait([parent.sentinel])
            os._exit(1)

    threading.Thread(target=wait, daemon=True).start()
