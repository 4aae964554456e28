"""The profiles that page tests share: whoever gets one finds it as new."""

from __future__ import annotations

from playwright.sync_api import Browser

from tests.frontend.profiles import Profiles

KEPT = """async () => [
  localStorage.length, (await caches.keys()).length, (await navigator.serviceWorker.getRegistrations()).length
]"""
KEEP = """async () => {
  localStorage.setItem('theme', 'dark');
  await caches.open('photos');
  await navigator.serviceWorker.register('sw.js');
}"""


def test_who_gets_a_used_one_finds_nothing_of_those_before(browser: Browser, demo_server: str) -> None:
    profiles = Profiles(browser)
    first = profiles.take({"locale": "en-US"})
    page = first.context.new_page()
    page.goto(demo_server)
    page.evaluate(KEEP)
    assert min(page.evaluate(KEPT)) >= 1
    first.context.set_offline(True)
    profiles.give_back(first, {"locale": "en-US"}, {demo_server.rstrip("/")})
    assert page.is_closed()

    assert profiles.take({"locale": "ko-KR"}) is not first
    assert profiles.take({"locale": "en-US"}) is first
    assert profiles.take({"locale": "en-US"}) is not first
    page = first.context.new_page()
    page.goto(f"{demo_server}robots.txt")
    assert page.evaluate(KEPT) == [0, 0, 0]
