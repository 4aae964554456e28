"""The picture card for passing on."""

from __future__ import annotations

import base64
import io
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image
from playwright.sync_api import expect

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
LEFT, RIGHT = (110, 280, 490, 770), (590, 280, 970, 770)


def test_without_a_share_sheet_the_card_is_saved(visit: Visit, known_server: str, photo: bytes, tmp_path: Path) -> None:
    visitor = visit("desktop", address=known_server, scripts=[NO_SHEET])
    visitor.find(photo)
    with visitor.page.expect_download() as download:
        visitor.page.get_by_role("button", name="Share").click()
    assert download.value.suggested_filename == "Lookalike.png"
    download.value.save_as(tmp_path / "card.png")
    with Image.open(tmp_path / "card.png") as card:
        assert (card.format, card.size) == ("PNG", (1080, 1350))
        _shows_both_faces(card.convert("RGB"), visitor)
    expect(visitor.page.get_by_role("status").first).to_have_text("The picture card was saved.")
    assert len(visitor.uploads) == 1


def test_the_share_sheet_gets_the_card_the_words_and_the_address(visit: Visit, known_server: str, photo: bytes) -> None:
    visitor = visit(address=known_server, scripts=[SHARE_SHEET])
    visitor.find(photo)
    visitor.page.get_by_role("button", name="Share").click()
    visitor.page.wait_for_function("() => window.shared")
    shared = visitor.page.evaluate("() => window.shared")
    assert shared["text"].startswith("My look-alike: Eileen Collins, 9")
    assert shared["text"].endswith(known_server)
    assert (shared["name"], shared["type"]) == ("Lookalike.png", "image/png")
    with Image.open(io.BytesIO(base64.b64decode(shared["data"]))) as card:
        _shows_both_faces(card.convert("RGB"), visitor)
    assert len(visitor.uploads) == 1


def test_a_share_sheet_that_is_sent_away_leaves_nothing_behind(visit: Visit, photo: bytes) -> None:
    visitor = visit(scripts=[SENT_AWAY])
    visitor.find(photo)
    visitor.page.get_by_role("button", name="Share").click()
    visitor.page.wait_for_function("() => window.sentAway")
    assert not visitor.page.evaluate("() => window.saved")


def test_names_are_written_on_the_card(visit: Visit, photo: bytes, tmp_path: Path) -> None:
    """Two languages give two cards that differ in the words, and only there."""
    cards = []
    for locale in ("en-US", "ko-KR"):
        visitor = visit("desktop", locale, scripts=[NO_SHEET])
        visitor.find(photo)
        with visitor.page.expect_download() as download:
            visitor.page.locator("#answer .main").click()
        download.value.save_as(tmp_path / f"{locale}.png")
        with Image.open(tmp_path / f"{locale}.png") as card:
            cards.append(card.convert("RGB"))
    english, korean = cards
    title, name = (80, 80, 1000, 220), (80, 980, 1000, 1070)
    assert _difference(english.crop(title), korean.crop(title)) > 2
    assert _difference(english.crop(name), korean.crop(name)) == 0
    assert _pixels(english.crop(name)).min() < 80  # dark letters on the light label


def _shows_both_faces(card: Image.Image, visitor: Visitor) -> None:
    """In the left frame the visitor as on the page, in the right one the portrait."""
    shot = Image.open(io.BytesIO(visitor.page.locator("#answer .pair").screenshot(animations="disabled"))).convert(
        "RGB"
    )
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
