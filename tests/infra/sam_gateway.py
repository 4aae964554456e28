"""sam-cli's own local API gateway with the runtime stand-in where it would start a Docker container.

Run with sam-cli's Python: sam_gateway.py PORT PACKAGE, or sam_gateway.py PORT --sources PYTHON.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from samcli.lib.providers.api_provider import ApiProvider  # type: ignore[import-not-found]
from samcli.lib.providers.sam_stack_provider import SamLocalStackProvider  # type: ignore[import-not-found]
from samcli.local.apigw.local_apigw_service import LocalApigwService  # type: ignore[import-not-found]

from infra import sandbox, template
from infra.runtime import LocalLambda


class Runner:
    """What the gateway asks of sam-cli's LocalLambdaRunner."""

    def __init__(self, function: LocalLambda) -> None:
        self._function = function

    def is_debugging(self) -> bool:
        return False

    def invoke(self, function_name: str, event: str, stdout: Any, **_: Any) -> None:
        assert function_name == "Function"
        stdout.write_str(self._function.invoke(event.encode()).payload.decode())


def main(port: str, *place: str) -> None:
    stacks, _ = SamLocalStackProvider.get_stacks(template_file=str(template.PATH))
    provider = ApiProvider(stacks, cwd=str(template.PATH.parent))
    what = sandbox.sources(Path(place[1])) if place[0] == "--sources" else sandbox.packaged(Path(place[0]))
    with LocalLambda(what) as function:
        service = LocalApigwService(provider.api, Runner(function), port=int(port), host="127.0.0.1")
        service.create()
        service.run()


main(*sys.argv[1:])
