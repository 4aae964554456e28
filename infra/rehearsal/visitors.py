"""Somebody who uses the page all the while: whatever they asked for before a change must go on answering."""

from __future__ import annotations

import json
import threading
from collections import Counter
from types import TracebackType

from infra.rehearsal.emulator import Emulator


class Visitor:
    """`with Visitor(aws, addresses) as visitor:` asks for each again and again; `statuses` counts what came.

    `sends` are the page and a photo that is sent to it, too; who is most alike is counted with the status.
    """

    def __init__(self, aws: Emulator, addresses: list[str], sends: tuple[str, bytes] | None = None) -> None:
        self.statuses: Counter[str] = Counter()
        self._aws, self._addresses, self._sends = aws, addresses, sends
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
                self._ask(address)
            if self._sends:
                page, photo = self._sends
                self._ask(f"{page}api/lookalikes", photo)
            self._stop.wait(0.1)

    def _ask(self, address: str, photo: bytes = b"") -> None:
        try:
            if photo:
                answer = self._aws.fetch(address, "POST", {"content-type": "image/jpeg"}, photo)
            else:
                answer = self._aws.fetch(address)
        except OSError as error:
            self.statuses[f"{type(error).__name__} {address}"] += 1
            return
        best = (
            json.loads(answer.body)["faces"][0]["matches"][0]["person"]["id"] if photo and answer.status == 200 else ""
        )
        self.statuses[f"200 {best}".strip() if answer.status == 200 else f"{answer.status} {address}"] += 1
