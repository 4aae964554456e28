"""The picture card for passing on."""

from __future__ import annotations

import base64
import io
import re

import numpy as np
import numpy.typing as npt
import segno
from PIL import Image
from playwright.sync_api import Locator, expect

from tests.frontend.conftest import Visit
from tests.frontend.visitor import Visitor

SHARE_SHEET = """
navigator.canShare = (parcel) => parcel.files.length === 1;
navigator.share = async ({ files: [file], text }) => {
  const bytes = new Uint8Array(await file.arrayBuffer());
  const data = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
  window.shared = { text, name: file.name, type: file.type, data };
};
"""
SENT_AWAY = """
HTMLAnchorElement.prototype.click = () => (window.saved = true);
navigator.canShare = () => true;
navigator.share = async () => {
  setTimeout(() => (window.sentAway = true), 100);
  throw new DOMException('', 'AbortError');
};
"""
NO_SHEET = "navigator.canShare = undefined;"
LEFT, RIGHT = (106, 226, 494, 711), (586, 226, 974, 711)


def test_the_card_is_seen_before_anything_is_sent(visit: Visit, known_server: str, photo: bytes) -> None:
    visitor = visit(address=known_server, scripts=[SHARE_SHEET])
    visitor.find(photo)
    sheet = _open(visitor)
    expect(sheet.get_by_role("img", name="The picture card")).to_be_visible()
    assert visitor.page.evaluate("window.shared") is None
    sheet.get_by_role("button", name="Share").click()
    expect(sheet.get_by_role("status")).to_have_text("Passed on.")
    shared = visitor.page.evaluate("() => window.shared")
    assert shared["text"].startswith("My look-alike: Eileen Collins, 9")
    assert shared["text"].endswith(known_server)
    assert (shared["name"], shared["type"]) == ("Lookalike.jpg", "image/jpeg")
    _is_the_card(base64.b64decode(shared["data"]), visitor)
    assert len(visitor.uploads) == 1


def test_the_card_can_be_saved(visit: Visit, known_server: str, photo: bytes) -> None:
    visitor = visit("desktop", address=known_server, scripts=[NO_SHEET])
    visitor.find(photo)
    sheet = _open(visitor)
    expect(sheet.get_by_role("button", name="Share")).to_have_count(0)
    with visitor.page.expect_download() as download:
        sheet.get_by_role("button", name="Save picture").click()
    assert download.value.suggested_filename == "Lookalike.jpg"
    expect(sheet.get_by_role("status")).to_have_text("The picture was saved.")
    _is_the_card(download.value.path().read_bytes(), visitor)


def test_link_and_picture_can_be_copied(visit: Visit, known_server: str, photo: bytes) -> None:
    visitor = visit("desktop", address=known_server, permissions=["clipboard-read", "clipboard-write"])
    visitor.find(photo)
    sheet = _open(visitor)
    sheet.get_by_role("button", name="Copy link").click()
    expect(sheet.get_by_role("status")).to_have_text("The link was copied.")
    assert visitor.page.evaluate("navigator.clipboard.readText()").endswith(known_server)
    sheet.get_by_role("button", name="Copy picture").click()
    expect(sheet.get_by_role("status")).to_have_text("The picture was copied.")
    kinds = visitor.page.evaluate("navigator.clipboard.read().then(([item]) => item.types)")
    assert kinds == ["image/png"]


def test_a_phone_held_across_shows_all_of_a_dialog(visit: Visit, photo: bytes) -> None:
    visitor = visit(viewport={"width": 844, "height": 390})
    answer = visitor.find(photo)
    for button in (answer.get_by_role("button", name="Share"), answer.locator(".pair button")):
        button.click()
        dialog = visitor.page.get_by_role("dialog")
        expect(dialog.get_by_role("heading")).to_be_in_viewport(ratio=1)
        expect(dialog.locator(".card, .frame").first).to_be_in_viewport(ratio=1)
        expect(dialog.get_by_role("button", name="Close")).to_be_in_viewport(ratio=1)
        dialog.get_by_role("button", name="Close").click()
        expect(dialog).to_have_count(0)


def test_what_cannot_be_copied_is_excused(visit: Visit, photo: bytes) -> None:
    visitor = visit("desktop", scripts=["Object.defineProperty(navigator, 'clipboard', { value: undefined });"])
    visitor.find(photo)
    sheet = _open(visitor)
    sheet.get_by_role("button", name="Copy link").click()
    expect(sheet.get_by_role("status")).to_contain_text("That did not work here.")


def test_a_share_sheet_that_is_sent_away_leaves_nothing_behind(visit: Visit, photo: bytes) -> None:
    visitor = visit(scripts=[SENT_AWAY])
    visitor.find(photo)
    sheet = _open(visitor)
    sheet.get_by_role("button", name="Share").click()
    visitor.page.wait_for_function("() => window.sentAway")
    assert not visitor.page.evaluate("() => window.saved")
    visitor.page.keyboard.press("Escape")
    expect(visitor.page.get_by_role("dialog")).to_have_count(0)
    expect(visitor.page.locator("#answer").get_by_role("button", name="Share")).to_be_focused()


def test_a_double_tap_shares_once(visit: Visit, photo: bytes) -> None:
    counted = "window.times = 0; navigator.canShare = () => true; navigator.share = async () => { window.times += 1; };"
    visitor = visit(scripts=[counted])
    visitor.find(photo)
    visitor.page.locator("#answer .main").dblclick()
    sheet = visitor.page.get_by_role("dialog")
    expect(sheet).to_have_count(1)
    sheet.get_by_role("button", name="Share").dblclick()
    expect(sheet.get_by_role("status")).to_have_text("Passed on.")
    assert visitor.page.evaluate("window.times") == 1


def test_a_portrait_that_cannot_be_had_is_an_initial(visit: Visit, known_server: str, photo: bytes) -> None:
    visitor = visit("desktop", address=known_server, scripts=[NO_SHEET])
    visitor.faults.expect("Failed to load resource")
    visitor.page.route("**/api/portraits/*", lambda route: route.abort())
    visitor.find(photo)
    card = _card(visitor)
    letter = _pixels(card.crop(RIGHT))
    assert letter.min() < 60 and np.median(letter) > 220  # dark on the mat


def test_the_card_leads_to_the_page_by_a_code(visit: Visit, photo: bytes) -> None:
    visitor = visit("desktop", scripts=[NO_SHEET])
    visitor.find(photo)
    code = np.asarray(_card(visitor).convert("L").crop((828, 1118, 992, 1282)))
    drawn = segno.make(visitor.address, micro=False)
    side = drawn.symbol_size(border=0)[0]
    middles = ((np.arange(side) + 0.5) * 164 / side).astype(int)
    np.testing.assert_array_equal(code[np.ix_(middles, middles)] < 128, np.array(drawn.matrix, bool))


def test_names_are_written_on_the_card(visit: Visit, known_server: str, photo: bytes) -> None:
    """Two languages give two cards that differ in the words, and only there."""
    cards = []
    for locale in ("en-US", "ko-KR"):
        visitor = visit("desktop", locale, address=known_server, scripts=[NO_SHEET])
        visitor.find(photo)
        cards.append(_card(visitor))
    english, korean = cards
    title, name = (80, 60, 1000, 160), (80, 890, 1000, 975)
    assert _difference(english.crop(title), korean.crop(title)) > 2
    assert _difference(english.crop(name), korean.crop(name)) < 1
    assert _pixels(english.crop(name)).min() < 80  # dark letters on the light label


def _open(visitor: Visitor) -> Locator:
    """The sheet, once the card is drawn."""
    visitor.page.locator("#answer .main").click()
    sheet = visitor.page.get_by_role("dialog")
    expect(sheet.locator("img.card")).to_have_attribute("src", re.compile("^blob:"))
    return sheet


def _card(visitor: Visitor) -> Image.Image:
    """As it is saved."""
    sheet = _open(visitor)
    with visitor.page.expect_download() as download:
        sheet.locator("button:has(use[href='#i-save'])").click()
    with Image.open(download.value.path()) as card:
        return card.convert("RGB")


def _is_the_card(data: bytes, visitor: Visitor) -> None:
    assert len(data) < 300_000
    with Image.open(io.BytesIO(data)) as card:
        assert (card.format, card.size) == ("JPEG", (1080, 1350))
        _shows_both_faces(card.convert("RGB"), visitor)


def _shows_both_faces(card: Image.Image, visitor: Visitor) -> None:
    """In the left frame the visitor as on the page, in the right one the portrait."""
    visitor.page.keyboard.press("Escape")
    pair = visitor.page.locator("#answer .pair").screenshot(animations="disabled")
    shot = Image.open(io.BytesIO(pair)).convert("RGB")
    middle = shot.width // 2
    you, portrait = shot.crop((0, 0, middle, shot.height)), shot.crop((middle, 0, shot.width, shot.height))
    assert _likeness(card.crop(LEFT), you) > 0.6
    assert _likeness(card.crop(RIGHT), portrait) > 0.6


def _likeness(card: Image.Image, shot: Image.Image) -> float:
    """Correlation of the upper halves, below which the seal lies over both."""
    size = (24, 30)
    inner = shot.crop((16, 16, shot.width - 16, shot.height - 56))
    one, other = (_pixels(image.resize(size))[:15].ravel() for image in (card, inner))
    return float(np.corrcoef(one, other)[0, 1])


def _difference(one: Image.Image, other: Image.Image) -> float:
    return float(np.abs(_pixels(one) - _pixels(other)).mean())


def _pixels(image: Image.Image) -> npt.NDArray[np.float64]:
    return np.asarray(image, np.float64)
