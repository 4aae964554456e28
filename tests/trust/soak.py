"""Thousands of requests to the real local server, many at a time, and what they leave behind: `make soak`.

    python -m tests.trust.soak [--requests N] [--clients N] [--seconds N] [--seed N]

Photos of many sizes and formats, broken ones among them, comparisons, other addresses, and clients that go away. It
ends with status 1 unless every answer was a documented one, memory, threads and file descriptors are afterwards what
they were after a warm-up, no temporary file was made, and an answer takes as long as at the beginning.
"""

from __future__ import annotations

import argparse
import base64
import itertools
import queue
import random
import statistics
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

import httpx2

from tests.trust.photos import FOUND, Sent, mixed, portraits
from tests.trust.running import Server, until

MEGABYTE = 1_000_000
# Freed memory is not all given back at once, and Python's and ONNX Runtime's pools settle late.
SLACK_BYTES = 60 * MEGABYTE
SLOWER = 1.5
POOL = 160  # photos to choose from; each run makes its own


@dataclass(frozen=True, slots=True)
class State:
    """Of the server, while nobody asks."""

    requests: int
    memory: int
    descriptors: int
    threads: int
    milliseconds: float  # median time of an answer to one and the same photo

    def __str__(self) -> str:
        return (
            f"after {self.requests:>6} requests: {self.memory / MEGABYTE:6.0f} MB, {self.descriptors} descriptors, "
            f"{self.threads} threads, {self.milliseconds:.0f} ms an answer"
        )


@dataclass
class Outcome:
    states: list[State] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    temporary_files: list[str] = field(default_factory=list)
    seconds: float = 0.0
    status: int = 0
    errors: str = ""

    def faults(self, settled: bool = True) -> list[str]:
        """What is not as it should be. Memory and an answer's time only after so many requests that they have settled."""
        before, after = self.states[1], self.states[-1]
        checks = {
            f"{len(self.wrong)} answers were wrong: {self.wrong[:5]}": bool(self.wrong),
            f"memory grew by {(after.memory - before.memory) / MEGABYTE:.0f} MB": settled
            and after.memory > before.memory + SLACK_BYTES,
            f"{after.descriptors - before.descriptors} descriptors are left": after.descriptors > before.descriptors,
            f"{after.threads - before.threads} threads are left": after.threads
            > before.threads + (1 if settled else 4),
            f"temporary files: {self.temporary_files}": bool(self.temporary_files),
            "answers take longer": settled and after.milliseconds > SLOWER * self.states[0].milliseconds,
            f"the server did not stop cleanly: {self.status} {self.errors[-300:]}": self.status not in (0, -15)
            or "Traceback" in self.errors,
        }
        return [fault for fault, found in checks.items() if found]


def soak(
    requests: int,
    clients: int,
    seconds: float,
    seed: int,
    environment: dict[str, str] | None = None,
    parts: int = 10,
    photos: int = POOL,
    say: Callable[[State], object] = lambda state: None,
) -> Outcome:
    """`requests` with so many photos, in so many parts, after a tenth as many for warming up, or as many as `seconds` allow."""
    outcome = Outcome()
    pool = list(itertools.islice(mixed(seed), photos))
    start = time.monotonic()
    with Server(environment or {}) as server:

        def look() -> None:
            outcome.states.append(state := _state(server, sum(outcome.statuses.values())))
            say(state)

        look()
        _ask(server, pool, max(1, requests // 10), clients, start + seconds, seed, outcome)
        look()
        for part in range(parts):
            _ask(server, pool, requests // parts, clients, start + seconds, seed + 1 + part, outcome)
            look()
        outcome.temporary_files = server.temporary_files()
        outcome.seconds = time.monotonic() - start
        outcome.status = server.stop()
    outcome.errors = server.errors
    return outcome


def _ask(
    server: Server, pool: list[Sent], requests: int, clients: int, deadline: float, seed: int, outcome: Outcome
) -> None:
    """`clients` at a time."""
    tickets: queue.SimpleQueue[int] = queue.SimpleQueue()
    for number in range(requests):
        tickets.put(number)
    lock = threading.Lock()

    def work() -> None:
        with httpx2.Client(base_url=server.address, timeout=120) as client:
            while time.monotonic() < deadline:
                try:
                    number = tickets.get_nowait()
                except queue.Empty:
                    return
                random_ = random.Random(f"{seed} {number}")
                status, wrong = _one(server, client, pool, random_)
                with lock:
                    outcome.statuses[status] += 1
                    if wrong:
                        outcome.wrong.append(wrong)

    threads = [threading.Thread(target=work) for _ in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _one(server: Server, client: httpx2.Client, pool: list[Sent], random_: random.Random) -> tuple[int, str]:
    """The status of one request of some kind, and what is wrong with its answer."""
    sent = random_.choice(pool)
    kind = random_.choices(
        ["raw", "multipart", "json", "several", "compare", "people", "portrait", "page", "nonsense", "gone"],
        [40, 20, 10, 6, 6, 4, 4, 4, 3, 3],
    )[0]
    path = "/api/lookalikes?include=" + random_.choice(["", "", "crop", "mirror,embedding"])
    allowed = sent.statuses | {503}
    match kind:
        case "raw":
            response = client.post(path, content=sent.body, headers={"content-type": "image/jpeg"})
        case "multipart":
            response = client.post(path, files={"photo": ("me", sent.body, "image/jpeg")}, data={"k": "3"})
        case "json":
            if len(sent.body) > 3_000_000:
                return 0, ""
            response = client.post(path, json={"photo": base64.b64encode(sent.body).decode(), "k": 2})
        case "several":
            small = [other for other in random_.choices(pool, k=3) if len(other.body) < MEGABYTE]
            response = client.post(path, files=[("photo", ("me", other.body, "image/jpeg")) for other in small])
            allowed = frozenset({200, 415, 422, 503})
        case "compare":
            other = random_.choice(pool)
            response = client.post("/api/compare", files={"a": sent.body, "b": other.body})
            allowed = frozenset({200, 413, 415, 422, 503})
        case "people":
            response, allowed = client.get("/api/people"), FOUND
        case "portrait":
            people = client.get("/api/people").json()["people"]
            response = client.get(f"/api/portraits/{random_.choice(people)['portrait']}")
            allowed = FOUND
        case "page":
            response, allowed = client.get("/"), FOUND
        case "nonsense":
            response = client.request(random_.choice(["PUT", "GET"]), "/api/" + random_.choice(["x", "compare"]))
            allowed = frozenset({404, 405})
        case _:
            line = (
                f"POST /api/lookalikes HTTP/1.1\r\nhost: localhost\r\ncontent-length: {len(sent.body)}\r\n\r\n".encode()
            )
            server.connect(line + sent.body[: random_.randrange(len(sent.body) + 1)]).close()
            return 0, ""
    wrong = "" if response.status_code in allowed else f"{kind}: {response.status_code} {response.text[:200]}"
    return response.status_code, wrong


def _state(server: Server, requests: int) -> State:
    """Once the last connections are closed and the last abandoned photo is done."""
    until(lambda: _connections(server) == 0, 60)
    photo = _reference()
    with httpx2.Client(base_url=server.address, timeout=60) as client:
        times = []
        for _ in range(11):
            start = time.perf_counter()
            client.post("/api/lookalikes", content=photo, headers={"content-type": "image/jpeg"}).raise_for_status()
            times.append((time.perf_counter() - start) * 1000)
    until(lambda: _connections(server) == 0, 60)
    return State(requests, server.memory(), server.descriptors(), server.threads(), statistics.median(times))


def _connections(server: Server) -> int:
    """Sockets of the server but the one it listens with and the two of its event loop."""
    return sum("socket:" in target for target in server.open_files()) - 3


def _reference() -> bytes:
    import io

    buffer = io.BytesIO()
    portraits()[0].save(buffer, "JPEG")
    return buffer.getvalue()


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--requests", type=int, default=5000)
    parser.add_argument("--clients", type=int, default=6)
    parser.add_argument("--seconds", type=float, default=1800, help="an end, whatever was reached by then")
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    outcome = soak(
        arguments.requests,
        arguments.clients,
        arguments.seconds,
        arguments.seed,
        say=lambda state: print(state, flush=True),
    )
    answered = ", ".join(f"{count} × {status or 'gone'}" for status, count in sorted(outcome.statuses.items()))
    print(f"{sum(outcome.statuses.values())} requests in {outcome.seconds:.0f} s: {answered}")
    faults = outcome.faults()
    print("\n".join(faults) or "Nothing was left behind.")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
