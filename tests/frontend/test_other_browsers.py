"""The main ways in Firefox and WebKitGTK, where they are installed, by the server and on the device."""

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


@pytest.mark.parametrize("browser", [firefox, webkit], ids=["Firefox", "WebKitGTK"])
def test_the_main_ways_work(
    browser: Callable[[Path], AbstractContextManager[Driver | None]], tmp_path: Path, known_server: str, photo: bytes
) -> None:
    """A photo, its answer, the card to pass on, Back and Forward, a reload, a person's card, a comparison, the other language."""
    with browser(tmp_path) as driver:
        if driver is None:
            pytest.skip("it is not installed")
        driver.open(known_server)
        wait_for(driver, "return document.querySelector('#gallery').textContent")
        given = ["drop", [["photo.jpg", "image/jpeg", base64.b64encode(photo).decode()]]]
        driver.run(f"({GIVEN})(arguments[0])", given)
        wait_for(driver, _says("#answer .label b", "Eileen Collins"))
        driver.run("document.querySelector('#answer .main').click()")
        wait_for(driver, "return document.querySelector('dialog img.card')?.src.startsWith('blob:')")
        wait_for(driver, "return document.querySelector('dialog img.card').naturalWidth === 1080")
        assert driver.run("return document.querySelectorAll('dialog.over .taps button').length") >= 2
        driver.run("document.querySelector('dialog.over > button').click()")
        wait_for(driver, "return !document.querySelector('dialog.over')")
        driver.run("history.back()")
        wait_for(driver, "return !document.querySelector('#home').hidden")
        driver.run("history.forward()")
        wait_for(driver, "return !document.querySelector('#answer').hidden")
        wait_for(driver, "return sessionStorage.length === 1")
        driver.run("location.reload()")
        wait_for(driver, "return document.querySelector('#answer .banner') !== null")
        driver.run("document.querySelector('#answer .pair button').click()")
        wait_for(driver, "return document.querySelector('dialog.person')?.open")
        driver.run("document.querySelector('dialog.person .main').click()")
        wait_for(driver, _says("#compare h1", "This could be one and the same person."))
        driver.run("document.querySelector('#language').click()")
        wait_for(driver, _says("#compare h1", "같은 사람일 수 있어요."))


def _says(where: str, words: str) -> str:
    return f"return document.querySelector({where!r})?.textContent === {words!r}"


def wait_for(driver: Driver, script: str) -> Any:
    """What the script returns, as soon as it is something."""
    end = time.monotonic() + SECONDS
    while not (found := driver.run(script)):
        assert time.monotonic() < end, f"nothing came of {script}"
        time.sleep(0.1)
    return found
