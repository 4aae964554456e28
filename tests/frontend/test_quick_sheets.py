"""Quick people and slow phones, where something opens over a page: one at a time, and only while it is wanted."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.frontend.conftest import Visit

LATER_MS = 500  # no double tap any more
SOON_MS = 300  # for what must not happen


def test_sharing_pressed_again_while_it_loads_opens_one_sheet(visit: Visit, photo: bytes) -> None:
    visitor = visit()
    held = visitor.held_module("share")
    visitor.find(photo)
    for _ in range(2):
        visitor.page.locator("#answer .main").click()
        visitor.page.wait_for_timeout(LATER_MS)
    held[0].continue_()
    # For a moment the first is still there.
    expect(visitor.page.locator("img.card").last).to_have_attribute("src", re.compile("^blob:"))
    expect(visitor.page.locator("dialog.over")).to_have_count(1)


def test_what_loads_when_one_has_gone_on_does_not_open(visit: Visit, photo: bytes) -> None:
    visitor = visit()
    held = visitor.held_module("share")
    visitor.find(photo)
    visitor.page.locator("#answer .main").click()
    visitor.page.go_back()
    held[0].continue_()
    visitor.page.wait_for_timeout(SOON_MS)
    expect(visitor.page.locator("dialog.over")).to_have_count(0)


def test_going_back_closes_what_lies_over_the_page(visit: Visit, photo: bytes) -> None:
    visitor = visit()
    answer = visitor.find(photo)
    for opened in (answer.get_by_role("button", name="Share"), answer.locator(".pair button")):
        opened.click()
        expect(visitor.page.get_by_role("dialog")).to_be_visible()
        visitor.page.go_back()
        expect(visitor.page.locator("#home h1")).to_be_focused()
        expect(visitor.page.get_by_role("dialog")).to_have_count(0)
        visitor.page.go_forward()
        visitor.answer()


def test_of_two_portraits_touched_the_later_one_is_shown(visit: Visit) -> None:
    visitor = visit()
    held = visitor.held_module("person")
    spots = visitor.page.locator("#wall .spot:visible")
    expect(spots.first.locator("img")).to_be_visible()
    spots.nth(0).click()
    spots.nth(1).click()
    portrait = spots.nth(1).locator("img").get_attribute("srcset")
    held[0].continue_()
    expect(visitor.page.locator("dialog.over img").last).to_have_attribute("srcset", str(portrait))
    expect(visitor.page.locator("dialog.over")).to_have_count(1)


def test_a_comparison_that_one_thought_better_of_does_not_come(visit: Visit) -> None:
    visitor = visit("desktop", path="#/people")
    visitor.page.locator("#people li button").first.click()
    expect(visitor.page.get_by_role("dialog").locator("img")).to_have_js_property("complete", True)
    with visitor.held("Image.prototype", "decode"):
        visitor.page.get_by_role("button", name="Compare with me").click()
        visitor.page.get_by_role("button", name="Close").click()
    visitor.page.wait_for_timeout(SOON_MS)
    expect(visitor.page.locator("#people h1")).to_be_visible()


def test_a_portrait_that_cannot_be_had_is_not_compared_in_silence(visit: Visit) -> None:
    visitor = visit("desktop", path="#/people")
    visitor.faults.expect("Failed to load resource")
    visitor.page.locator("#people li button").first.click()
    visitor.page.route("**/api/portraits/*", lambda route: route.abort())
    visitor.page.evaluate("void (Image.prototype.decode = () => Promise.reject(new DOMException('', 'EncodingError')))")
    visitor.page.get_by_role("button", name="Compare with me").click()
    expect(visitor.page.get_by_role("alert")).to_contain_text("The connection broke off.")
