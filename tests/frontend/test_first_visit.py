"""What is there before anything is touched: words before scripts, nothing that jumps, and a way in for everybody."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, expect

from tests.frontend.conftest import DEVICES, Visit

FRONTEND = Path(__file__).parents[2] / "frontend"
SHIFTS = """
window.shift = 0;
const add = (entries) => entries.forEach((entry) => entry.hadRecentInput || (window.shift += entry.value));
new PerformanceObserver((list) => add(list.getEntries())).observe({ type: 'layout-shift', buffered: true });
"""
# WCAG's relative luminance of the outline and of what it lies on.
CONTRAST = """(element) => {
  const light = (colour) => colour.match(/[\\d.]+/g).slice(0, 3).map((c) => c / 255)
    .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
    .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
  let behind = element.parentElement;
  while (getComputedStyle(behind).backgroundColor === 'rgba(0, 0, 0, 0)') behind = behind.parentElement;
  const both = [getComputedStyle(element).outlineColor, getComputedStyle(behind).backgroundColor].map(light);
  return (Math.max(...both) + 0.05) / (Math.min(...both) + 0.05);
}"""


@pytest.mark.parametrize(("locale", "words"), [("en-US", "Who do you look like?"), ("ko-KR", "나는 누구를 닮았을까?")])
def test_there_are_words_before_the_scripts(browser: Browser, demo_server: str, locale: str, words: str) -> None:
    """Only the first, small script has come: the one that knows the language."""
    context = browser.new_context(locale=locale, **DEVICES["phone"])
    page = context.new_page()
    page.route("**/main.js", lambda route: route.abort())
    page.goto(demo_server)
    expect(page.locator("#home h1 span:visible")).to_have_text(words)
    expect(page.locator("#home .lead span:visible")).to_have_count(1)
    context.close()


def test_without_scripts_it_says_what_is_missing(browser: Browser, demo_server: str) -> None:
    context = browser.new_context(java_script_enabled=False, **DEVICES["phone"])
    page = context.new_page()
    page.goto(demo_server)
    assert "This page needs JavaScript." in str(page.locator("noscript").text_content())  # unseen under automation
    expect(page.get_by_text("Who do you look like?")).to_be_visible()
    context.close()


def test_the_words_in_the_page_are_those_of_the_dictionaries(visit: Visit) -> None:
    page = visit().page
    html = (FRONTEND / "index.html").read_text()
    for language in ("en", "ko"):
        words = page.evaluate("async (l) => (await import(`/js/words/${l}.js`)).default", language)
        for key, inside in re.findall(r'data-t="([\w.-]+)">(.*?)</(?:a|p|h1|button)>', html):
            shown = re.search(rf'<span lang="{language}">(.*?)</span>', inside)
            assert shown is None or shown[1] == words[key], key


def test_an_old_browser_is_told_so(visit: Visit) -> None:
    page = visit(scripts=["CSS.supports = () => false;"]).page
    expect(page.get_by_text("This browser is too old for this page")).to_be_visible()
    expect(visit().page.get_by_text("This browser is too old for this page")).to_be_hidden()


@pytest.mark.parametrize("locale", ["en-US", "ko-KR"])
def test_a_low_screen_has_room_for_what_to_do(visit: Visit, locale: str) -> None:
    """Phones held across, and windows at 200 %."""
    visitor = visit("desktop", locale)
    page = visitor.page
    for width, height in ((844, 390), (667, 375), (640, 400), (512, 384)):
        visitor.resize(width, height)
        expect(page.locator("#home h1")).to_be_in_viewport(ratio=1)
        button, tabs = page.locator("#take").bounding_box(), page.locator("nav").bounding_box()
        assert button and tabs
        assert button["y"] + button["height"] <= (tabs["y"] if tabs["y"] > height / 2 else height), (width, height)


@pytest.mark.parametrize("device", ["phone", "desktop"])
@pytest.mark.parametrize("locale", ["en-US", "ko-KR"])
def test_nothing_jumps(visit: Visit, photo: bytes, device: str, locale: str) -> None:
    visitor = visit(device, locale, scripts=[SHIFTS])
    visitor.page.wait_for_load_state("networkidle")
    assert visitor.page.evaluate("window.shift") <= 0.02
    visitor.find(photo)
    visitor.page.wait_for_load_state("networkidle")
    assert visitor.page.evaluate("window.shift") <= 0.02


def test_the_keyboard_can_skip_the_head(visit: Visit) -> None:
    page = visit("desktop").page
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.locator("#take")).to_be_focused()
    expect(page.get_by_role("heading", name="Who do you look like?")).to_be_visible()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_focus_is_seen_everywhere(visit: Visit, photo: bytes, theme: str) -> None:
    visitor = visit("phone", theme=theme)
    for button in ("#pick", "#language", "nav a >> nth=1"):
        visitor.page.locator(button).focus()
        assert visitor.page.locator(button).evaluate(CONTRAST) >= 3, button
    answer = visitor.find(photo)
    answer.get_by_role("button", name="Add photos").focus()
    assert answer.get_by_role("button", name="Add photos").evaluate(CONTRAST) >= 3


def test_every_state_has_its_title(visit: Visit, photo: bytes) -> None:
    visitor = visit()
    visitor.faults.expect("Failed to load resource")
    expect(visitor.page).to_have_title("Find · Lookalike")
    with visitor.held_answers():
        visitor.pick(photo)
        expect(visitor.page).to_have_title("Walking past the portraits… · Lookalike")
        visitor.page.go_back()
    visitor.pick(b"Dear diary", name="diary.txt", kind="text/plain")
    expect(visitor.page).to_have_title("That did not work · Lookalike")
    visitor.pick(photo, button="#failure button")
    expect(visitor.page).to_have_title("Your look-alike · Lookalike")


def test_words_of_the_other_language_are_marked(visit: Visit, photo: bytes) -> None:
    visitor = visit(locale="ko-KR")
    visitor.page.get_by_role("link", name="갤러리").click()
    expect(visitor.page.locator("#people h2").first).to_have_attribute("lang", "en")
    expect(visitor.page.locator("#people li b").first).not_to_have_attribute("lang", "en")


@pytest.mark.parametrize(
    ("file", "language", "name"),
    [("manifest.webmanifest", "en", "Lookalike"), ("manifest.ko.webmanifest", "ko", "닮은꼴")],
)
def test_the_home_screen_has_the_readers_name_and_icons(visit: Visit, file: str, language: str, name: str) -> None:
    manifest = json.loads((FRONTEND / file).read_text())
    assert (manifest["name"], manifest["lang"], manifest["id"], manifest["scope"]) == (name, language, "./", "./")
    page = visit(locale=f"{language}-XX").page
    expect(page.locator("link[rel=manifest]")).to_have_attribute("href", file)
    maskable = [icon for icon in manifest["icons"] if icon.get("purpose") == "maskable"]
    assert len(maskable) == 1
    for icon in manifest["icons"][1:]:
        with Image.open(FRONTEND / icon["src"]) as picture:
            assert f"{picture.width}x{picture.height}" == icon["sizes"]


def test_what_browsers_ask_for_unasked_is_there(visit: Visit) -> None:
    visitor = visit()
    icon = visitor.page.request.get(visitor.address + "favicon.ico")
    with Image.open(io.BytesIO(icon.body())) as picture:
        assert picture.format == "ICO"
    assert "Disallow: /api/" in visitor.page.request.get(visitor.address + "robots.txt").text()
