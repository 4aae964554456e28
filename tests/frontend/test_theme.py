"""Light and dark."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.frontend.conftest import Visit


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_page_follows_the_system(visit: Visit, theme: str) -> None:
    page = visit(theme=theme).page
    expect(page.locator("html")).to_have_attribute("data-theme", theme)
    assert (_brightness(page) > 128) == (theme == "light")


def test_the_switch_wins_over_the_system_and_is_remembered(visit: Visit) -> None:
    page = visit(theme="light").page
    page.get_by_role("button", name="Light or dark").click()
    assert _brightness(page) < 60
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.emulate_media(color_scheme="dark")
    page.get_by_role("button", name="Light or dark").click()
    page.reload()
    assert _brightness(page) > 200


def test_where_storage_is_forbidden_the_switches_work_until_the_page_is_left(visit: Visit) -> None:
    forbidden = (
        "Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('', 'SecurityError'); } });"
    )
    page = visit(scripts=[forbidden]).page
    page.get_by_role("button", name="Light or dark").click()
    page.get_by_role("button", name="한국어").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    expect(page.locator("html")).to_have_attribute("lang", "ko")


def _brightness(page: Page) -> float:
    colour = page.evaluate("getComputedStyle(document.body).backgroundColor")
    channels = [int(channel) for channel in colour.removeprefix("rgb(").rstrip(")").split(",")]
    return sum(channels) / 3
