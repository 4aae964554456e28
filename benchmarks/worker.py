"""The far side of a peer: its process reads a JSON request a line, works, and writes a JSON answer a line.

Runs in the peer's own environment, so it needs nothing but Python.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Mapping
from typing import Any

# Takes the request; returns the work to be timed, whose result can become JSON.
Job = Callable[[dict[str, Any]], Callable[[], Any]]


def serve(jobs: Mapping[str, Job]) -> None:
    """Answer until standard input ends. What a job does before it returns its work does not count."""
    answers, sys.stdout = sys.stdout, sys.stderr  # whatever else is printed must not get among the answers
    for line in sys.stdin:
        request = json.loads(line)
        work = jobs[request["what"]](request)
        start = time.process_time()
        result = work()
        seconds = time.process_time() - start
        print(json.dumps({"seconds": seconds, "result": result}), file=answers, flush=True)
