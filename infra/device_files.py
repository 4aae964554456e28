"""The page with what it needs to answer on the device: as it is published, and as one folder for any host."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import partial
from pathlib import Path

from infra.bucket import File
from infra.on_device import ROOT, Json, Kit, content_type
from infra.service_worker import with_release
from infra.site_files import ASKED_ANEW, IMMUTABLE

CONFIG = "config.json"
PACKED = ROOT / "build" / "device"
QUALITY = 9  # of brotli; the two levels above take minutes for a few per cent


def published(page: Mapping[str, File], kit: Kit | None) -> dict[str, File]:
    """The page that offers it, and the files, compressed ahead: CloudFront compresses nothing of this size."""
    device = {name: _packed(name, kit) for name in kit.files} if kit else {}
    travelling = sum(file.size for file in device.values())
    offering = {**page, CONFIG: _config(page, kit.config(travelling))} if kit else page
    return {**with_release(offering, device), **device}


def unpacked(page: Mapping[str, File], kit: Kit) -> dict[str, File]:
    """The same for a host without an API, which sends files as they are, or compresses them itself."""
    device = {name: _file(kit.files[name](), content_type(name)) for name in kit.files}
    travelling = sum(file.size for file in device.values())
    alone = kit.config(travelling) | {"alone": True}
    # Relative, for such a site may be in a folder.
    return {**with_release({**page, CONFIG: _config(page, alone, api=".")}, device), **device}


def _config(page: Mapping[str, File], offer: Json, **more: str) -> File:
    config = json.loads(page[CONFIG].read()) | more | {"device": offer}
    return _file(json.dumps(config).encode(), page[CONFIG].content_type, ASKED_ANEW)


def _packed(name: str, kit: Kit) -> File:
    """Kept from one time to the next: a name says what is in a file."""
    import brotli  # of the packages for deploying

    path = PACKED / f"{Path(name).name}.br{QUALITY}"
    if not path.is_file():
        path.parent.mkdir(parents=True, exist_ok=True)
        half = path.with_suffix(".part")
        half.write_bytes(brotli.compress(kit.files[name](), quality=QUALITY))
        half.replace(path)
    return File(path.read_bytes, content_type(name), IMMUTABLE, path.stat().st_size, "br")


def _file(content: bytes, kind: str, cache: str = IMMUTABLE) -> File:
    return File(partial(bytes, content), kind, cache, len(content))
