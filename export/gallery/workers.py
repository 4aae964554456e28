"""Photos enrolled on all cores, each process with networks of its own."""

from __future__ import annotations

import dataclasses
import multiprocessing
import os
import signal
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from functools import cache, partial
from multiprocessing import connection
from pathlib import Path

from export.gallery.enrolment import Enrolled, Refused, enrol
from lookalike.finder import Finder
from lookalike.settings import Settings

# After a worker died, so many photos are tried in a process of their own.
_SUSPECTS = 8


def enrol_files(paths: Sequence[Path], settings: Settings) -> Iterator[Enrolled | Refused]:
    """The outcome of each photo, in the order given. Raises SetupError when the networks cannot be opened.

    A photo that brings its process down (a decoder's bug, or no memory left) is refused, and the others go on.
    """
    # The caller has just verified the networks; one thread each, as there is a process for every core.
    settings = dataclasses.replace(settings, threads=1, verify="size")
    done = 0
    while done < len(paths):
        try:
            for outcome in _in_pool(paths[done:], settings):
                done += 1
                yield outcome
        except BrokenProcessPool:
            for path in paths[done : done + _SUSPECTS]:
                done += 1
                yield _alone(path, settings)


def _alone(path: Path, settings: Settings) -> Enrolled | Refused:
    try:
        (outcome,) = _in_pool([path], settings)
        return outcome
    except BrokenProcessPool:
        return Refused("the process that read it broke down")


def _in_pool(paths: Sequence[Path], settings: Settings) -> Iterator[Enrolled | Refused]:
    # spawn, not fork: a forked child would inherit threads' locks.
    executor = ProcessPoolExecutor(
        min(_cores(), len(paths)), multiprocessing.get_context("spawn"), initializer=_end_with_parent
    )
    others = set(multiprocessing.active_children())
    try:
        with _interrupts_blocked():
            outcomes = executor.map(partial(_enrol, settings), paths)
        yield from outcomes
    except BaseException:
        # Whoever interrupts, or wants no more, need not wait for photos under way.
        for process in set(multiprocessing.active_children()) - others:
            process.terminate()
        raise
    finally:
        executor.shutdown(cancel_futures=True)


def _enrol(settings: Settings, path: Path) -> Enrolled | Refused:
    return enrol(_finder(settings), path)


@cache
def _finder(settings: Settings) -> Finder:
    return Finder.open(settings, with_gallery=False)


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
    """Without this, workers of a killed parent would wait for their next photo for ever."""
    parent = multiprocessing.parent_process()

    def wait() -> None:
        if parent is not None:
            connection.wait([parent.sentinel])
            os._exit(1)

    threading.Thread(target=wait, daemon=True).start()
