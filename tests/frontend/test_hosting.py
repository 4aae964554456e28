"""The page where it is hosted: beside its API, apart from it, in a subfolder."""

from __future__ import annotations

import json
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.frontend.conftest import DEVICES, Visit
from tests.frontend.visitor import KEEP_FORMS, Faults, Visitor

FRONTEND = Path(__file__).parents[2] / "frontend"


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def elsewhere(tmp_path: Path, known_server: str) -> Iterator[str]:
    """The page in a subfolder of another address, told where the API is."""
    folder = tmp_path / "site" / "faces"
    shutil.copytree(FRONTEND, folder)
    (folder / "config.json").write_text(json.dumps({"api": known_server.rstrip("/")}))
    with static_server(tmp_path / "site") as address:
        yield f"{address}faces/"


@contextmanager
def static_server(folder: Path) -> Iterator[str]:
    """The address of a plain file server."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}/"
    server.shutdown()
    thread.join()
    server.server_close()


def test_the_page_works_apart_from_its_api(
    browser: Browser, elsewhere: str, known_server: str, photo: bytes, tmp_path: Path
) -> None:
    context = browser.new_context(**DEVICES["desktop"])
    context.add_init_script(KEEP_FORMS + "navigator.canShare = undefined;")
    page, faults = context.new_page(), Faults()
    faults.watch(page, elsewhere)
    faults.expect("404")  # where the address is not known there is no QR code of it
    faults.allow_host(known_server)
    page.goto(elsewhere)
    visitor = Visitor(page, faults, elsewhere)
    visitor.find(photo)
    expect(visitor.best).to_have_text("Eileen Collins")
    with page.expect_download() as download:  # the portrait from the other host does not taint the card
        page.get_by_role("button", name="Share").click()
        page.get_by_role("button", name="Save picture").click()
    assert download.value.suggested_filename == "Lookalike.jpg"
    context.close()
    assert faults.unexpected() == []


def test_without_a_config_file_the_api_is_on_the_same_host(visit: Visit, photo: bytes) -> None:
    visitor = visit()
    visitor.faults.expect("Failed to load resource")
    visitor.page.route("**/config.json", lambda route: route.fulfill(status=404, body="Not found"))
    visitor.page.reload()
    visitor.find(photo)


def test_the_server_sends_a_strict_policy(visit: Visit) -> None:
    visitor = visit()
    policy = visitor.page.request.get(visitor.address).headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy.replace("'wasm-unsafe-eval'", "")
