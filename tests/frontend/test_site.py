"""`make site`: one folder on a plain file server, which answers without a function, and then without a network."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from infra.site import make_site
from lookalike.settings import Settings
from tests.frontend.conftest import DEVICES
from tests.frontend.test_hosting import static_server
from tests.frontend.visitor import Faults, Visitor

SLOW_MS = 60_000


@pytest.fixture
def site(tmp_path: Path, settings: Settings) -> Iterator[str]:
    make_site(tmp_path / "site" / "faces", settings)
    with static_server(tmp_path / "site") as address:
        yield f"{address}faces/"


def test_a_folder_answers_alone_and_offline(browser: Browser, site: str, photo: bytes) -> None:
    context = browser.new_context(**DEVICES["phone"])
    page, faults = context.new_page(), Faults()
    page.set_default_timeout(SLOW_MS)
    faults.watch(page, site)
    page.goto(site)
    visitor = Visitor(page, faults, site)
    expect(page.get_by_role("switch")).to_be_checked()
    expect(page.get_by_role("switch")).to_be_disabled()
    visitor.pick(photo)
    expect(visitor.best).to_have_text("Eileen Collins", timeout=SLOW_MS)
    page.wait_for_function("() => navigator.serviceWorker.ready.then((found) => found.active.state === 'activated')")
    page.goto(f"{site}#/people")
    page.reload()
    expect(page.locator("#people")).to_contain_text("Grace Hopper")
    # A portrait that was never on the screen is not there later.
    page.wait_for_function("() => [...document.querySelectorAll('#people img')].every((image) => image.naturalWidth)")
    context.set_offline(True)
    page.goto(site)
    page.reload()
    visitor.pick(photo)
    expect(visitor.best).to_have_text("Eileen Collins", timeout=SLOW_MS)
    assert visitor.uploads == []
    context.close()
    assert faults.unexpected() == []
