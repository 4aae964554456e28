"""The local server's share of answering on the device: config.json that offers it, and the files that it needs."""

from __future__ import annotations

import gzip

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from infra.on_device import FOLDER, Kit, content_type
from infra.site_files import IMMUTABLE

LEVEL = 1  # of gzip: the start waits for it, and higher levels make little of networks


def device_routes(kit: Kit, packed_before: dict[str, bytes]) -> list[BaseRoute]:
    """Files travel compressed, as they are published.

    `packed_before` holds what the kit before this one took, by names that say the content, and then what this one takes.
    """
    packed = {name: packed_before.get(name) or gzip.compress(read(), LEVEL) for name, read in kit.files.items()}
    packed_before.clear()
    packed_before.update(packed)
    offer = kit.config(sum(map(len, packed.values())))

    def file(request: Request) -> Response:
        name = FOLDER + request.path_params["name"]
        if name not in kit.files:
            return Response(status_code=404)
        headers = {"cache-control": IMMUTABLE, "vary": "accept-encoding"}
        if "gzip" not in request.headers.get("accept-encoding", ""):
            return Response(kit.files[name](), media_type=content_type(name), headers=headers)
        return Response(packed[name], media_type=content_type(name), headers=headers | {"content-encoding": "gzip"})

    def config(request: Request) -> Response:
        return JSONResponse({"device": offer})

    return [Route("/config.json", config), Route(f"/{FOLDER}{{name}}", file)]
