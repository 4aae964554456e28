"""The main way on the device in Firefox and WebKitGTK, where they are installed: load, drop a photo, read the answer."""

from __future__ import annotations

import base64
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest

from lookalike.finder import Finder
from lookalike.settings import Settings
from tests.frontend.drivers import Driver, firefox, webkit
from tests.frontend.visitor import GIVEN

SECONDS = 60
SWITCH_ON = "const box = document.querySelector('[role=switch]'); box?.click(); return Boolean(box)"
# As the page keeps it for a reload: on the screen, the figures are still counting up.
ANSWER = "return JSON.parse(sessionStorage.getItem('answer') ?? '{}').answer"


@pytest.mark.parametrize("browser", [firefox, webkit], ids=["Firefox", "WebKitGTK"])
def test_the_answer_is_the_functions(
    browser: Callable[[Path], AbstractContextManager[Driver | None]], tmp_path: Path, demo_server: str, photo: bytes
) -> None:
    with browser(tmp_path) as driver:
        if driver is None:
            pytest.skip("it is not installed")
        driver.open(demo_server)
        wait_for(driver, SWITCH_ON)
        wait_for(driver, "return document.querySelector('#status').textContent")
        driver.run(
            f"({GIVEN})(arguments[0])", ["drop", [["photo.jpg", "image/jpeg", base64.b64encode(photo).decode()]]]
        )
        answer = wait_for(driver, ANSWER)
    ours = Finder.open(Settings()).find([photo]).to_json()["faces"][0]["matches"]
    theirs = answer["faces"][0]["matches"]
    assert answer["onDevice"] is True
    assert [match["person"]["id"] for match in theirs] == [match["person"]["id"] for match in ours]
    assert [match["percent"] for match in theirs] == pytest.approx([match["percent"] for match in ours], abs=0.05)


def wait_for(driver: Driver, script: str) -> Any:
    """What the script returns, as soon as it is something."""
    end = time.monotonic() + SECONDS
    while not (found := driver.run(script)):
        assert time.monotonic() < end, f"nothing came of {script}"
        time.sleep(0.1)
    return found
