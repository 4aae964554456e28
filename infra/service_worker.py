"""The service worker as it is published: it knows the files of its own release, and no others."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from functools import partial

from infra.bucket import File

NAME = "sw.js"


def with_release(page: Mapping[str, File], device: Mapping[str, File]) -> dict[str, File]:
    """All of `page`, whose service worker keeps it and the files that answer on the device."""
    if NAME not in page:
        return dict(page)
    names = sorted(page.keys() - {NAME})
    digest = hashlib.sha256()
    for name in names:
        digest.update(f"{name} {hashlib.sha256(page[name].read()).hexdigest()}\n".encode())
    digest.update("\n".join(sorted(device)).encode())
    known = {"VERSION": digest.hexdigest()[:16], "PAGE": names, "DEVICE": sorted(device)}
    source = page[NAME].read().decode()
    for name, value in known.items():
        empty = "[]" if isinstance(value, list) else "''"
        source = source.replace(f"const {name} = {empty};", f"const {name} = {json.dumps(value)};")
    old = page[NAME]
    content = source.encode()
    return {**page, NAME: File(partial(bytes, content), old.content_type, old.cache_control, len(content))}
