"""What iOS 15.0 and Chrome 90 lack: the page works without it. What is taken away here, they never had."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.frontend.conftest import Visit
from tests.frontend.test_device import SLOW_MS, switched_on
from tests.frontend.test_files import FILES

# Of Chrome 103 and Firefox 119; of Chrome 100 and iOS 15.4; of Safari 15.4.
NO_REFLECTION = """for (const name of Object.getOwnPropertyNames(Element.prototype)) {
  if (name === 'role' || name.startsWith('aria')) delete Element.prototype[name];
}"""
NO_HELPERS = "delete AbortSignal.prototype.throwIfAborted;"
NO_DIALOGS = "delete HTMLDialogElement.prototype.showModal; delete window.HTMLDialogElement;"
# Chrome before 97 refuses a picture that is not ready yet.
READY_PICTURES = """window.ClipboardItem = class extends ClipboardItem {
  constructor(items) {
    for (const item of Object.values(items)) if (!(item instanceof Blob)) throw new TypeError('not a Blob');
    super(items);
  }
};"""

# Newer than both, and missed by tsconfig.json, which knows the language's own functions only.
NEWER = r"structuredClone|randomUUID|AbortSignal\.|throwIfAborted|OffscreenCanvas|showPicker|requestIdleCallback"
NEWER += r"|\(\?<[=!]|static \{|:has\(|@layer|@container|color-mix|\binert\b|popover|\d[sld]v[wh]"
WITH_A_FALLBACK = "@supports (height: 1svh)"


def test_nothing_newer_is_used_without_a_fallback() -> None:
    for path in FILES:
        if path.suffix in (".js", ".css", ".html"):
            lines = [line for line in path.read_text().splitlines() if WITH_A_FALLBACK not in line]
            assert not re.search(NEWER, "\n".join(lines)), path


def test_names_and_roles_reach_who_cannot_see(visit: Visit, photo: bytes) -> None:
    visitor = visit(scripts=[NO_REFLECTION])
    answer = visitor.find(photo)
    expect(answer.get_by_role("img", name="You", exact=True)).to_be_visible()
    expect(answer.get_by_role("img", name="alike").first).to_be_visible()
    expect(visitor.page.get_by_role("button", name="Light or dark")).to_be_visible()


def test_a_desktop_without_dialogs_offers_its_files(visit: Visit) -> None:
    visitor = visit("desktop", permissions=["camera"], scripts=[NO_DIALOGS])
    with visitor.page.expect_file_chooser():
        visitor.page.click("#take")


def test_a_picture_is_copied_when_it_is_ready(visit: Visit, photo: bytes) -> None:
    visitor = visit("desktop", permissions=["clipboard-read", "clipboard-write"], scripts=[READY_PICTURES])
    visitor.find(photo).get_by_role("button", name="Share").click()
    visitor.page.get_by_role("button", name="Copy picture").click()
    expect(visitor.page.get_by_text("The picture was copied.")).to_be_visible()


def test_the_device_answers_without_newer_helpers(visit: Visit, photo: bytes) -> None:
    visitor = visit(scripts=[NO_HELPERS])
    switched_on(visitor)
    visitor.pick(photo)
    expect(visitor.page.locator("#answer")).to_contain_text("Computed on this device", timeout=SLOW_MS)
