"""For everybody: axe finds nothing, the keyboard is enough, targets are large, nothing overflows or moves against one's will."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PIL import Image
from playwright.sync_api import FilePayload, Page, expect

from tests.frontend.conftest import AXE, Visit
from tests.frontend.visitor import Visitor
from tests.support import encoded

RUN = "async () => (await axe.run()).violations.map(({ id, nodes }) => [id, ...nodes.map(({ html }) => html)])"
SMALL_TARGETS = """() => [...document.querySelectorAll('a, button, input, summary')].filter((element) => {
  const { width, height } = (element.closest('label') ?? element).getBoundingClientRect();
  return width && !element.closest('.photo') && (width < 44 || height < 44);
}).map((element) => element.outerHTML)"""
# Top, right, bottom and left of every line of the answer's words.
WORDS_AT = """(answer) => {
  const words = document.createTreeWalker(answer, NodeFilter.SHOW_TEXT);
  const lines = [];
  while (words.nextNode()) {
    const range = document.createRange();
    range.selectNodeContents(words.currentNode);
    lines.push(...[...range.getClientRects()].map(({ top, right, bottom, left }) => [top, right, bottom, left]));
  }
  return lines;
}"""
# Not innerWidth: a phone zooms out to what is too wide.
TOO_WIDE = "() => document.documentElement.scrollWidth - screen.width"


@pytest.fixture(scope="module")
def axe() -> str:
    """The checker's code. Without it, test_tools.py fails, and it alone."""
    return AXE.read_text() if AXE.exists() else pytest.skip("there is no axe-core")


# Colours are the theme's and names the language's: each once.
@pytest.mark.parametrize(("locale", "theme"), [("en-US", "light"), ("ko-KR", "dark")])
def test_axe_finds_nothing(visit: Visit, axe: str, scene: Image.Image, photo: bytes, locale: str, theme: str) -> None:
    visitor = visit("phone", locale, theme, reduced_motion="reduce")
    visitor.page.evaluate(axe)
    for state in _states(visitor, scene, photo):
        assert visitor.page.evaluate(RUN) == [], state


def test_axe_finds_nothing_in_the_camera_dialog(visit: Visit, axe: str) -> None:
    visitor = visit("desktop", permissions=["camera"], reduced_motion="reduce")
    visitor.page.evaluate(axe)
    visitor.page.click("#take")
    expect(visitor.page.get_by_role("dialog")).to_be_visible()
    assert visitor.page.evaluate(RUN) == []
    visitor.page.keyboard.press("Escape")


@pytest.mark.parametrize("locale", ["en-US", "ko-KR"])
def test_at_320_pixels_targets_are_large_and_nothing_overflows(
    visit: Visit, scene: Image.Image, photo: bytes, locale: str
) -> None:
    visitor = visit("small", locale)
    for state in _states(visitor, scene, photo):
        assert visitor.page.evaluate(SMALL_TARGETS) == [], state
        assert visitor.page.evaluate(TOO_WIDE) <= 0, state


def test_letters_of_twice_the_size_fit(visit: Visit, scene: Image.Image, photo: bytes) -> None:
    visitor = visit("phone")
    visitor.page.evaluate("document.documentElement.style.fontSize = '200%'")
    for state in _states(visitor, scene, photo):
        assert visitor.page.evaluate(TOO_WIDE) <= 0, state


@pytest.mark.parametrize("locale", ["en-US", "ko-KR"])
def test_letters_of_twice_the_size_cover_no_face(visit: Visit, photo: bytes, locale: str) -> None:
    visitor = visit(locale=locale)
    visitor.page.evaluate("document.documentElement.style.fontSize = '200%'")
    answer = visitor.find(photo)
    for width, height in ((390, 664), (320, 568), (664, 390)):
        visitor.resize(width, height)
        for frame in answer.locator(".pair .frame").all():
            box = frame.bounding_box()
            assert box and box["width"] > 80
            for top, right, bottom, left in answer.evaluate(WORDS_AT):
                beside = right < box["x"] or left > box["x"] + box["width"]
                assert beside or bottom < box["y"] or top > box["y"] + 0.7 * box["height"], (width, height)


def test_the_keyboard_alone_is_enough(visit: Visit, known_server: str, scene: Image.Image) -> None:
    visitor = visit("desktop", address=known_server)
    page = visitor.page
    _tab_to(page, "pick")
    with page.expect_file_chooser() as chooser:
        page.keyboard.press("Enter")
    chooser.value.set_files(FilePayload(name="scene.jpg", mimeType="image/jpeg", buffer=encoded(scene, quality=95)))
    answer = visitor.answer()
    expect(answer.locator("h1")).to_be_focused()
    page.keyboard.press("Shift+Tab")
    last = answer.get_by_role("button", name="Face 4 of 4")
    expect(last).to_be_focused()
    page.keyboard.press("Space")
    expect(last).to_have_attribute("aria-pressed", "true")
    expect(last).to_be_focused()
    page.keyboard.press("Tab")
    expect(answer.locator(".pair button")).to_be_focused()
    page.keyboard.press("Tab")
    expect(answer.get_by_role("button", name="Share")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Who do you look like?")).to_be_focused()


def test_a_new_page_is_announced_by_its_title_and_its_heading(visit: Visit) -> None:
    page = visit("desktop").page
    page.get_by_role("link", name="Compare").click()
    expect(page.get_by_role("heading", name="How alike are two faces?")).to_be_focused()
    expect(page).to_have_title("Compare · Lookalike")
    expect(page.get_by_role("link", name="Compare")).to_have_attribute("aria-current", "page")


def test_who_wants_no_motion_gets_none(visit: Visit, photo: bytes) -> None:
    visitor = visit(reduced_motion="reduce")
    lively = visit(reduced_motion="no-preference")
    for person, moves in ((visitor, False), (lively, True)):
        with person.held_answers():
            person.pick(photo)
            expect(person.page.locator("#mirror canvas")).to_be_visible()
            assert (person.page.evaluate("document.getAnimations().length") > 0) == moves
            person.page.click("#cancel")


def _states(visitor: Visitor, scene: Image.Image, photo: bytes) -> Iterator[str]:
    """Leads the visitor through all that the page can show."""
    page = visitor.page
    yield "home"
    visitor.pick(b"Dear diary", name="diary.txt", kind="text/plain")
    visitor.failure()
    yield "failure"
    page.locator("nav a").first.click()
    with visitor.held_answers():
        visitor.pick(photo)
        expect(page.locator("#mirror canvas")).to_be_visible()
        yield "thinking"
        page.locator("#cancel").click()
    visitor.find(photo)
    page.locator("summary").click()
    yield "answer"
    page.go_back()
    visitor.find(encoded(scene))
    expect(page.locator(".crowd")).to_be_visible()
    yield "several faces"
    page.locator("nav a").nth(1).click()
    expect(page.locator("#compare h1")).to_be_visible()
    yield "compare, empty"
    visitor.pick(photo, button="#compare button >> nth=0")
    visitor.pick(photo, button="#compare button >> nth=1")
    expect(page.locator("#compare .ring")).to_be_visible()
    yield "compare"
    visitor.pick(encoded(scene), button="#compare button >> nth=0")
    expect(page.locator("#compare .choices")).to_be_visible()
    yield "compare, several faces"
    page.locator("nav a").nth(2).click()
    expect(page.locator("#people li").first).to_be_visible()
    yield "people"
    page.get_by_role("searchbox").fill("zzz")
    yield "nobody found"


def _tab_to(page: Page, identity: str) -> None:
    for _ in range(20):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == identity:
            return
    raise AssertionError(f"the keyboard does not reach {identity}")
