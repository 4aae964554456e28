"""`lookalike invoke EVENT.json`: the function as Lambda would run it, without Docker and without an account."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from infra.runtime import Invocation


def invoke(
    event: Annotated[Path, typer.Argument(help="An event as the HTTP API sends it; see tests/events.", exists=True)],
    package: Annotated[
        bool, typer.Option("--package/--sources", help="Run what `make package` built, or the sources as they are.")
    ] = True,
) -> None:
    """Start the function in a stand-in for Lambda, hand it one event and print its answer."""
    from infra import sandbox
    from infra.runtime import LocalLambda, RequestTooLarge

    try:
        place = sandbox.packaged() if package else sandbox.sources()
        with LocalLambda(place) as function:
            invocation = function.invoke(event.read_bytes())
            log = function.log
    except (sandbox.SandboxError, RequestTooLarge) as error:
        hint = " Or run the sources: --sources." if isinstance(error, sandbox.SandboxError) and package else ""
        print(f"{error}{hint}", file=sys.stderr)
        raise typer.Exit(1) from error
    sys.stderr.write(log)
    print(_report(invocation), file=sys.stderr)
    print(invocation.payload.decode())
    raise typer.Exit(1 if invocation.failed else 0)


def _report(invocation: Invocation) -> str:
    """Like the line that Lambda ends each invocation's log with."""
    parts = [f"REPORT RequestId: {invocation.request_id}", f"Duration: {invocation.duration * 1000:.2f} ms"]
    if invocation.init is not None:
        parts.append(f"Init Duration: {invocation.init * 1000:.2f} ms")
    return "\t".join([*parts, f"Max Memory Used: {invocation.peak_memory / 2**20:.0f} MB"])
