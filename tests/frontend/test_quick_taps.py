"""A tap is for what it touches, and a double tap is one tap, also where something else comes up under it."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, expect

from tests.frontend.conftest import Visit
from tests.frontend.visitor import Visitor

SIZES = [(390, 664), (320, 568), (664, 390)]
SAVED = "window.saved = 0; HTMLAnchorElement.prototype.click = () => window.saved++; navigator.canShare = undefined;"
SLOW = "const wait = setTimeout; window.setTimeout = (then, ms) => wait(then, ms > 500 ? ms * 20 : ms);"
BETWEEN_MS = 150
SOON_MS = 500


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_a_double_tap_is_one_tap_whatever_comes_up_under_it(
    visit: Visit, photo: bytes, width: int, height: int
) -> None:
    granted = ["clipboard-read", "clipboard-write"]
    visitor = visit(viewport={"width": width, "height": height}, scripts=[SAVED], permissions=granted)
    answer = visitor.find(photo)
    visitor.page.evaluate("import('/js/share.js').then(() => import('/js/person.js')).then(() => null)")
    _double_tap(visitor, answer.get_by_role("button", name="Share"))
    sheet = visitor.page.get_by_role("dialog")
    expect(sheet.locator("img.card")).to_have_attribute("src", re.compile("^blob:"))
    _double_tap(visitor, sheet.get_by_role("button", name="Save picture"))
    visitor.page.wait_for_function("() => window.saved")
    assert visitor.page.evaluate("window.saved") == 1
    _double_tap(visitor, sheet.get_by_role("button", name="Copy link"))
    expect(sheet.get_by_role("status")).to_have_text("The link was copied.")
    _double_tap(visitor, sheet.get_by_role("button", name="Close"))
    expect(sheet).to_have_count(0)
    _double_tap(visitor, answer.locator(".pair button"))
    expect(sheet).to_have_count(1)
    _double_tap(visitor, sheet.get_by_role("button", name="Close"))
    expect(sheet).to_have_count(0)
    _double_tap(visitor, answer.get_by_role("button", name="New photo"))
    expect(visitor.page.locator("#home h1")).to_be_visible()
    expect(sheet).to_have_count(0)


def test_the_tap_that_skips_the_moment_touches_nothing_of_the_answer(visit: Visit, photo: bytes) -> None:
    visitor = visit(reduced_motion="no-preference", scripts=[SLOW])
    finger = visitor.page.context.new_cdp_session(visitor.page)
    visitor.pick(photo)
    visitor.page.wait_for_timeout(2000)
    place = {"x": 280, "y": 250}
    finger.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [place]})
    visitor.answer()
    finger.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    visitor.page.wait_for_timeout(SOON_MS)
    expect(visitor.page.get_by_role("dialog")).to_have_count(0)


def test_a_press_without_a_pointer_counts_after_a_tap_on_what_is_gone(visit: Visit) -> None:
    """A screen reader's click has no place, and no pointer before it."""
    visitor = visit()
    visitor.page.locator("#wall .spot:visible").first.tap()
    visitor.page.get_by_role("dialog").get_by_role("button", name="Close").tap()
    expect(visitor.page.get_by_role("dialog")).to_have_count(0)
    click = "link => link.dispatchEvent(new MouseEvent('click', { detail: 1, bubbles: true, cancelable: true }))"
    visitor.page.get_by_role("link", name="Gallery").evaluate(click)
    expect(visitor.page.locator("#people h1")).to_be_visible()


def _double_tap(visitor: Visitor, button: Locator) -> None:
    button.evaluate("button => button.scrollIntoView({ block: 'center' })")
    box = button.bounding_box()
    assert box
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    visitor.page.touchscreen.tap(x, y)
    visitor.page.wait_for_timeout(BETWEEN_MS)
    visitor.page.touchscreen.tap(x, y)
    visitor.page.wait_for_timeout(SOON_MS)
