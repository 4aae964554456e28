"""Answers on the device, as a visitor meets them: chosen, loaded, given, and refused; and nothing is sent."""

from __future__ import annotations

import json
import re
from urllib.parse import urlsplit

import pytest
from PIL import Image
from playwright.sync_api import Page, Request, Route, expect

from tests.frontend.conftest import Visit
from tests.frontend.visitor import Visitor
from tests.support import encoded

SLOW_MS = 60_000  # to load the networks on a busy machine


def switched_on(visitor: Visitor) -> None:
    """Turns the switch and waits until everything is there."""
    visitor.page.set_default_timeout(SLOW_MS)
    visitor.page.get_by_role("switch").check()
    expect(visitor.page.locator("#status")).to_have_text(re.compile("Ready|준비"), timeout=SLOW_MS)


def requests_of(page: Page) -> list[str]:
    """Method and path of every request from now on."""
    found: list[str] = []

    def note(request: Request) -> None:
        parts = urlsplit(request.url)
        # Chromium asks for a page's icon as often as it likes; a blob is the page's own, as a module for another state is.
        if parts.scheme != "blob" and not re.match(r"/icons/|/js/\w+\.js$", parts.path):
            found.append(f"{request.method} {parts.path}")

    page.on("request", note)
    return found


def test_nothing_is_fetched_before_it_is_switched_on(visit: Visit, known_server: str, photo: bytes) -> None:
    visitor = visit(address=known_server)
    asked = requests_of(visitor.page)
    visitor.page.reload()
    expect(visitor.page.get_by_role("switch")).not_to_be_checked()
    visitor.find(photo)
    assert not [path for path in asked if "/device/" in path]
    assert "POST /api/lookalikes" in asked


def test_the_answer_is_given_here_and_not_one_request_is_made(visit: Visit, known_server: str, photo: bytes) -> None:
    visitor = visit(address=known_server)
    switched_on(visitor)
    expect(visitor.page.locator("#privacy")).to_contain_text("Nothing is sent")
    asked = requests_of(visitor.page)
    visitor.find(photo)
    expect(visitor.best).to_have_text("Eileen Collins")
    expect(visitor.page.locator("#answer")).to_contain_text("Computed on this device")
    visitor.page.get_by_role("button", name="Why this person?").click()
    expect(visitor.page.locator("#answer .crop canvas").first).to_be_visible(timeout=SLOW_MS)
    # Portraits are pictures of the gallery; the photo and what was measured stay.
    assert [path for path in asked if not path.startswith("GET /api/portraits/")] == []


def test_of_a_private_gallery_only_numbers_are_sent(visit: Visit, private_server: str, photo: bytes) -> None:
    visitor = visit(address=private_server)
    switched_on(visitor)
    expect(visitor.page.locator("#privacy")).to_contain_text("Only numbers")
    asked = requests_of(visitor.page)
    visitor.find(photo)
    expect(visitor.best).to_have_text("Eileen Collins")
    visitor.page.get_by_role("button", name="Why this person?").click()
    expect(visitor.page.locator("#answer .crop canvas").first).to_be_visible(timeout=SLOW_MS)
    assert {path for path in asked if not path.startswith("GET /api/portraits/")} == {"POST /api/search"}
    for upload in visitor.uploads:
        body = json.loads(str(upload.post_data))
        assert set(body) == {"fingerprint", "embeddings", "spreads", "k"}
        assert {len(row) for row in body["embeddings"]} == {128}
        assert all(isinstance(value, float) for value in body["embeddings"][0])


def test_two_photos_are_compared_here(visit: Visit, known_server: str, photo: bytes) -> None:
    visitor = visit(address=known_server)
    switched_on(visitor)
    visitor.page.goto(f"{known_server}#/compare")
    expect(visitor.page.locator("#compare")).to_contain_text("Nothing is sent")
    asked = requests_of(visitor.page)
    visitor.pick(photo, button="#compare button >> nth=0")
    visitor.pick(photo, button="#compare button >> nth=1")
    expect(visitor.page.locator("#compare h1")).to_have_text("This could be one and the same person.", timeout=SLOW_MS)
    assert asked == []


def test_a_comparison_that_was_cancelled_here_does_not_come_after_all(
    visit: Visit, known_server: str, photo: bytes
) -> None:
    visitor = visit("desktop", address=known_server)
    switched_on(visitor)
    visitor.page.get_by_role("link", name="Compare").click()
    with visitor.held("Worker.prototype", "postMessage"):
        visitor.give("drop", photo, photo)
        visitor.page.locator("#compare").get_by_role("button", name="Cancel").click()
        expect(visitor.page.locator("#compare progress")).to_have_count(0)
    visitor.page.evaluate(
        "import('/js/device/client.js').then(({ load }) => load()).then((ask) => ask('glance', new ImageData(20, 20)))"
    )
    expect(visitor.page.locator("#compare h1")).to_have_text("How alike are two faces?")


def test_the_choice_is_remembered_and_can_be_taken_back(visit: Visit, known_server: str, photo: bytes) -> None:
    visitor = visit(address=known_server)
    switched_on(visitor)
    visitor.page.reload()
    expect(visitor.page.get_by_role("switch")).to_be_checked()
    visitor.page.get_by_role("switch").uncheck()
    visitor.find(photo)
    assert [urlsplit(upload.url).path for upload in visitor.uploads] == ["/api/lookalikes"]


def test_switched_off_while_it_loads_it_loads_no_further_and_can_be_switched_on_again(
    visit: Visit, known_server: str, photo: bytes
) -> None:
    visitor = visit(address=known_server)
    held: list[Route] = []
    visitor.page.route("**/device/onet*", lambda route: held.append(route))
    visitor.page.get_by_role("switch").check()
    expect(visitor.page.locator("#device progress")).to_be_visible(timeout=SLOW_MS)
    [worker] = visitor.page.workers
    with worker.expect_event("close"):
        visitor.page.get_by_role("switch").uncheck()
    expect(visitor.page.get_by_role("switch")).to_be_focused()
    expect(visitor.page.get_by_role("switch")).not_to_be_checked()
    expect(visitor.page.locator("#privacy")).to_contain_text("sent only to be compared")
    expect(visitor.page.locator("#device [role=alert]")).to_have_count(0)
    visitor.find(photo)
    assert [urlsplit(upload.url).path for upload in visitor.uploads] == ["/api/lookalikes"]
    visitor.page.unroute_all()
    visitor.page.get_by_role("link", name="Find").click()
    switched_on(visitor)


def test_switched_off_before_it_begins_to_load_it_does_not_begin(visit: Visit, known_server: str) -> None:
    visitor = visit(address=known_server)
    held = visitor.held_module("device/client")
    with visitor.page.expect_request("**/js/device/client.js"):
        visitor.page.get_by_role("switch").check()
    visitor.page.get_by_role("switch").uncheck()
    asked = requests_of(visitor.page)
    held[0].continue_()
    visitor.page.evaluate("import('/js/device/client.js').then(() => null)")
    visitor.page.wait_for_timeout(300)
    assert not [path for path in asked if "/device/" in path and "/js/" not in path]
    assert visitor.page.workers == []


@pytest.mark.parametrize("broken", ["**/device/ort-wasm*", "**/device/pnet*"], ids=["no runtime", "a damaged network"])
def test_where_it_fails_the_page_asks_before_it_sends(
    visit: Visit, known_server: str, photo: bytes, broken: str
) -> None:
    visitor = visit(address=known_server)
    visitor.faults.expect("Error")
    visitor.page.route(broken, lambda route: route.fulfill(body=b"something else"))
    visitor.page.get_by_role("switch").check()
    expect(visitor.page.locator("#device [role=alert]")).to_contain_text("could not load", timeout=SLOW_MS)
    visitor.pick(photo)
    visitor.failure()
    assert visitor.uploads == []
    visitor.page.get_by_role("button", name="Send the photo instead").click()
    visitor.answer()
    assert len(visitor.uploads) == 1
    visitor.page.go_back()
    expect(visitor.page.get_by_role("switch")).not_to_be_checked()
    expect(visitor.page.locator("#privacy")).to_contain_text("sent only to be compared")


def test_a_photo_without_a_face_is_refused_here_as_there(visit: Visit, known_server: str) -> None:
    visitor = visit(address=known_server)
    switched_on(visitor)
    visitor.pick(encoded(Image.new("RGB", (300, 200))))
    expect(visitor.failure()).to_contain_text("No face was found in this photo.")
    expect(visitor.failure()).to_contain_text("very dark")
    assert visitor.uploads == []


def test_the_mirror_is_live_and_a_tap_keeps_the_moment(visit: Visit, known_server: str) -> None:
    visitor = visit("desktop", address=known_server, permissions=["camera"])
    switched_on(visitor)
    asked = requests_of(visitor.page)
    visitor.page.click("#take")
    live = visitor.page.locator("#live")
    expect(live.locator("b")).to_have_text("Eileen Collins", timeout=SLOW_MS)
    expect(live).to_contain_text("alike")
    visitor.page.click("#video")
    expect(visitor.best).to_have_text("Eileen Collins", timeout=SLOW_MS)
    expect(live).to_be_empty()
    assert [path for path in asked if not path.startswith("GET /api/portraits/")] == []


def test_the_live_winner_changes_only_for_somebody_clearly_ahead(visit: Visit, known_server: str) -> None:
    visitor = visit(address=known_server)
    shown = visitor.page.evaluate(
        """async () => {
            const { Steady } = await import('/js/device/steady.js');
            const steady = new Steady();
            const look = (...found) =>
                steady.after(found.map(([id, similarity]) => ({ person: { id }, similarity })))?.person.id ?? null;
            const both = (a, b) => (a > b ? look(['a', a], ['b', b]) : look(['b', b], ['a', a]));
            const first = both(0.5, 0.4);
            const flicker = [both(0.45, 0.5), both(0.5, 0.45), both(0.45, 0.5)];
            const turned = Array.from({ length: 12 }, () => both(0.3, 0.6)).at(-1);
            const lost = Array.from({ length: 6 }, () => look());
            return { first, flicker, turned, lost };
        }"""
    )
    assert shown["first"] == "a"
    assert shown["flicker"] == ["a", "a", "a"]
    assert shown["turned"] == "b"
    assert shown["lost"] == ["b", "b", "b", "b", None, None]
