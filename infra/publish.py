"""The page and the portraits into the stack's bucket: what changed is uploaded, what is stale removed, caches are told.

Whoever opened the page before still needs its files: those of the release before this one stay until the next.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from infra.amazon import client, plain_errors
from infra.bucket import Bucket, File, Stored
from infra.device_files import published
from infra.link_preview import with_address
from infra.on_device import Kit
from infra.site_files import ASKED_ANEW, IMMUTABLE, PublishError, release

FRONTEND = Path(__file__).resolve().parents[1] / "frontend"
PORTRAIT_KEYS = "api/portraits/"  # as the page asks for them
RELEASES = "releases.json"  # what this release and the one before consist of
INVALIDATE_MOST = 30  # paths, of the 1,000 a month that are free; beyond, one wildcard stands for all portraits


@dataclass(frozen=True, slots=True)
class Outcome:
    uploaded: list[str]
    removed: list[str]
    invalidated: list[str]


def publish_portraits(bucket: Bucket, folder: Path) -> list[str]:
    """Upload the portraits that are not there whole, before anybody is told of them. Raises PublishError or AmazonError."""
    if not folder.is_dir():
        raise PublishError(f"{folder} is missing: run `make gallery` first.")  # or all would be taken for stale
    files, there = _portraits(folder), bucket.list()
    missing = {key: file for key, file in files.items() if key not in there or there[key].size != file.size}
    bucket.write(missing)
    return sorted(missing)


def publish(
    bucket: Bucket,
    distribution: str,
    address: str,
    frontend: Path,
    portraits: Path,
    kept: Collection[str] = (),
    device: Kit | None = None,
) -> Outcome:
    """Make the bucket hold the page, which lives at `address`, and the portraits.

    `kept` are earlier portraits that a page still open may ask for. With `device`, the page may answer by itself.

    Raises PublishError or AmazonError.
    """
    new = publish_portraits(bucket, portraits)
    page = with_address(published(release(frontend), device), address, portraits)
    files = page | _portraits(portraits)
    there = bucket.list()
    changed = [key for key, file in page.items() if _differs(bucket, key, file, there.get(key))]
    named = [key for key in changed if files[key].cache_control == ASKED_ANEW]
    # What leads to other files goes after them, so that nobody is led to what is not there yet.
    bucket.write({key: files[key] for key in changed if key not in named})
    bucket.write({key: files[key] for key in named})
    earlier = {RELEASES, *_kept_for_a_while(bucket, there, sorted(page)), *(PORTRAIT_KEYS + name for name in kept)}
    stale = sorted(there.keys() - files.keys() - earlier)
    bucket.remove(stale)
    paths = _outdated([key for key in changed if key in there] + stale)
    if paths:
        _invalidate(distribution, paths)
    return Outcome(new + changed, stale, paths)


def _portraits(folder: Path) -> dict[str, File]:
    return {
        PORTRAIT_KEYS + path.name: File(path.read_bytes, "image/jpeg", IMMUTABLE, path.stat().st_size)
        for path in sorted(folder.glob("*.jpg"))
    }


def _differs(bucket: Bucket, key: str, file: File, stored: Stored | None) -> bool:
    if stored is None or stored.size != file.size:
        return True
    if hashlib.md5(file.read(), usedforsecurity=False).hexdigest() != stored.md5:
        return True
    # What is named by its content was uploaded with the headers of its name.
    return file.cache_control != IMMUTABLE and bucket.headers(key) != (file.content_type, file.cache_control)


def _kept_for_a_while(bucket: Bucket, there: dict[str, Stored], current: list[str]) -> list[str]:
    """The files of the release before this one."""
    releases = json.loads(bucket.read(RELEASES)) if RELEASES in there else {"current": [], "previous": []}
    if releases["current"] != current:
        releases = {"current": current, "previous": releases["current"]}
        content = json.dumps(releases).encode()
        bucket.write({RELEASES: File(lambda: content, "application/json", ASKED_ANEW, len(content))})
    previous: list[str] = releases["previous"]
    return previous


def _outdated(keys: list[str]) -> list[str]:
    """Paths that caches must forget: named files that changed and portraits that are gone. Old assets may stay."""
    pages = [f"/{key}" for key in keys if "/" not in key]
    portraits = [f"/{key}" for key in keys if key.startswith(PORTRAIT_KEYS)]
    if len(portraits) > INVALIDATE_MOST:
        portraits = [f"/{PORTRAIT_KEYS}*"]
    return pages + (["/"] if "/index.html" in pages else []) + portraits


def _invalidate(distribution: str, paths: list[str]) -> None:
    batch = {"Paths": {"Quantity": len(paths), "Items": paths}, "CallerReference": str(time.time_ns())}
    with plain_errors():
        client("cloudfront").create_invalidation(DistributionId=distribution, InvalidationBatch=batch)
