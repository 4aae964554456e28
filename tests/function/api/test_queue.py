"""Who is let in, who waits and who is turned away: counted at the very bounds, and counted down whatever happens."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import anyio
import pytest

from lookalike.api import queue as queue_module
from lookalike.api.queue import AdmissionQueue
from lookalike.errors import Busy


def together(queue: AdmissionQueue, works: list[Callable[[], object]]) -> None:
    async def main() -> None:
        with anyio.fail_after(20):
            await everything()

    async def everything() -> None:
        async with anyio.create_task_group() as group:
            for work in works:
                group.start_soon(queue.run, work)

    anyio.run(main)


@pytest.mark.parametrize(("processors", "threads", "workers"), [(4, 2, 2), (5, 2, 2), (3, 1, 3), (1, 2, 1)])
def test_as_many_are_worked_on_as_processors_allow(
    monkeypatch: pytest.MonkeyPatch, processors: int, threads: int, workers: int
) -> None:
    monkeypatch.setattr(queue_module, "PROCESSORS", processors)
    met = threading.Barrier(workers)
    inside: list[int] = []
    most: list[int] = []

    def work() -> None:
        inside.append(1)
        most.append(len(inside))
        met.wait(timeout=10)  # never passes unless so many work at once
        time.sleep(0.01)  # for one more to come, if it may
        inside.pop()

    together(AdmissionQueue(10, threads), [work] * (2 * workers))
    assert max(most) == workers


def test_one_more_than_the_longest_queue_is_turned_away() -> None:
    queue, go, seen = AdmissionQueue(2, 1), threading.Event(), list[bool]()

    async def main() -> None:
        async with anyio.create_task_group() as group:
            group.start_soon(queue.run, lambda: go.wait(20))
            await anyio.wait_all_tasks_blocked()
            seen.append(queue.full)
            group.start_soon(queue.run, lambda: go.wait(20))
            await anyio.wait_all_tasks_blocked()
            seen.append(queue.full)
            with pytest.raises(Busy):
                await queue.run(lambda: None)
            go.set()
        seen.append(queue.full)
        assert [await queue.run(work) for work in (int, list, str)] == [0, [], ""]
        async with anyio.create_task_group() as group:  # as many as before
            go.clear()
            for _ in range(2):
                group.start_soon(queue.run, lambda: go.wait(20))
            await anyio.wait_all_tasks_blocked()
            seen.append(queue.full)
            go.set()
        assert await queue.run(lambda: "done") == "done"

    anyio.run(main)
    assert seen == [False, True, False, True]


def test_work_that_fails_leaves_its_place() -> None:
    queue = AdmissionQueue(1, 1)

    async def main() -> None:
        for _ in range(3):
            with pytest.raises(ZeroDivisionError):
                await queue.run(lambda: 1 / 0)

    anyio.run(main)
    assert not queue.full


def test_four_times_as_many_may_be_arriving() -> None:
    queue = AdmissionQueue(2, 1)
    waiting = [queue.arriving() for _ in range(8)]
    for one in waiting[:7]:
        one.__enter__()
    assert not queue.full
    waiting[7].__enter__()
    assert queue.full
    with pytest.raises(ValueError, match="cut off"), queue.arriving():
        raise ValueError("cut off")
    waiting[0].__exit__(None, None, None)
    assert not queue.full
