"""Somebody who uses the page all the while: whatever they asked for before a change must go on answering."""

from __future__ import annotations

import threading
from collections import Counter
from types import TracebackType

from infra.rehearsal.emulator import Emulator


class Visitor:
    """`with Visitor(aws, addresses) as visitor:` asks for each again and again; `statuses` counts what came."""

    def __init__(self, aws: Emulator, addresses: list[str]) -> None:
        self.statuses: Counter[str] = Counter()
        self._aws, self._addresses = aws, addresses
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._visit)

    def __enter__(self) -> Visitor:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop.set()
        self._thread.join()

    @property
    def undisturbed(self) -> bool:
        return set(self.statuses) == {"200"}

    def _visit(self) -> None:
        while not self._stop.is_set():
            for address in self._addresses:
                try:
                    answer = self._aws.fetch(address)
                    self.statuses["200" if answer.status == 200 else f"{answer.status} {address}"] += 1
                except OSError as error:
                    self.statuses[f"{type(error).__name__} {address}"] += 1
            self._stop.wait(0.1)
