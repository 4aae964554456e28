from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from export.errors import DamagedWeights, WeightsUnreachable
from export.networks.download import download

from .server import Site, serving
from .sets import names

CONTENT = os.urandom(400_000)


@pytest.fixture
def site() -> Iterator[Site]:
    with serving(Site(CONTENT)) as site:
        yield site


@pytest.fixture
def destination(tmp_path: Path) -> Path:
    return tmp_path / "checkpoints" / "weights.pt"


def accept(path: Path) -> None:
    assert path.read_bytes() == CONTENT


def test_brings_the_whole_file_and_leaves_nothing_else(site: Site, destination: Path) -> None:
    download(site.url, destination, accept)

    assert destination.read_bytes() == CONTENT
    assert names(destination.parent) == ["weights.pt"]


def test_goes_on_where_it_broke_off(site: Site, destination: Path) -> None:
    site.cut_at = 150_000
    with pytest.raises(WeightsUnreachable, match="could not be fetched"):
        download(site.url, destination, accept)
    assert not destination.exists()
    kept = destination.with_name("weights.pt.partial").stat().st_size
    assert kept > 50_000

    site.cut_at = None
    download(site.url, destination, accept)

    assert destination.read_bytes() == CONTENT
    assert site.requests[1]["Range"] == f"bytes={kept}-"
    assert names(destination.parent) == ["weights.pt"]


def test_starts_over_when_the_file_there_is_another_by_now(site: Site, destination: Path) -> None:
    site.content, site.cut_at = bytes(400_000), 150_000
    with pytest.raises(WeightsUnreachable):
        download(site.url, destination, accept)

    site.content, site.tag, site.cut_at = CONTENT, '"second"', None
    download(site.url, destination, accept)

    assert destination.read_bytes() == CONTENT


@pytest.mark.parametrize("tag", ["", 'W/"weak"', '"strong"'])
def test_starts_over_where_the_server_cannot_go_on(tag: str, site: Site, destination: Path) -> None:
    site.cut_at, site.resumes, site.tag = 150_000, False, tag
    with pytest.raises(WeightsUnreachable):
        download(site.url, destination, accept)

    site.cut_at = None
    download(site.url, destination, accept)

    assert destination.read_bytes() == CONTENT
    assert ("Range" in site.requests[1]) == (tag == '"strong"')


def test_never_joins_parts_that_do_not_meet(site: Site, destination: Path) -> None:
    site.cut_at, site.resumes_at = 150_000, 10
    with pytest.raises(WeightsUnreachable):
        download(site.url, destination, accept)

    with pytest.raises(WeightsUnreachable, match="the server sent 'bytes"):
        download(site.url, destination, accept)
    assert not destination.exists()


def test_throws_away_what_the_check_refuses(site: Site, destination: Path) -> None:
    def refuse(path: Path) -> None:
        raise DamagedWeights("a log-in page")

    with pytest.raises(DamagedWeights):
        download(site.url, destination, refuse)

    assert names(destination.parent) == []


@pytest.mark.parametrize("status", [404, 503])
def test_says_what_the_server_answered(status: int, site: Site, destination: Path) -> None:
    site.status = status

    with pytest.raises(WeightsUnreachable, match=rf"weights.pt could not be fetched \(the server answered {status} "):
        download(site.url, destination, accept)
    assert names(destination.parent) == []


def test_a_closed_port_is_unreachable(destination: Path) -> None:
    with pytest.raises(WeightsUnreachable, match="could not be fetched"):
        download("http://127.0.0.1:9/weights.pt", destination, accept)


def test_waits_five_seconds_for_a_connection(destination: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def never_connects(*_: Any, timeout: tuple[float, float], **__: Any) -> None:
        assert timeout[0] == 5.0
        raise requests.ConnectTimeout

    monkeypatch.setattr(requests, "get", never_connects)

    with pytest.raises(WeightsUnreachable, match=r"\(no connection within 5 seconds\)"):
        download("http://192.0.2.1/weights.pt", destination, accept)


def test_an_unwritable_place_is_said(site: Site, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")

    with pytest.raises(WeightsUnreachable, match="file"):
        download(site.url, tmp_path / "file" / "weights.pt", accept)


def test_two_at_once_fetch_it_once(site: Site, destination: Path) -> None:
    site.pause = 0.02
    threads = [threading.Thread(target=download, args=(site.url, destination, accept)) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(site.requests) == 1
    assert destination.read_bytes() == CONTENT


def test_killed_in_the_middle_it_leaves_no_file_under_the_final_name(site: Site, destination: Path) -> None:
    site.pause = 0.2
    code = f"from export.networks.download import *; download({site.url!r}, Path({str(destination)!r}), print)"
    partial = destination.with_name("weights.pt.partial")
    process = subprocess.Popen([sys.executable, "-c", code], stderr=subprocess.DEVNULL)
    try:
        while process.poll() is None and not (partial.exists() and partial.stat().st_size):
            time.sleep(0.01)
        process.send_signal(signal.SIGKILL)
    finally:
        process.wait()
    assert not destination.exists()

    site.pause = 0.0
    download(site.url, destination, accept)

    assert destination.read_bytes() == CONTENT
