"""What goes wrong is said in words that help, with a way on."""

from __future__ import annotations

import os
import time
from pathlib import Path

import httpx2
import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Route, expect

from tests.frontend.conftest import UPLOAD_LIMIT, Visit
from tests.support import encoded

REFUSED = "Failed to load resource"
HEIC = b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic"


def test_no_face_comes_with_a_reason(visit: Visit) -> None:
    visitor = visit()
    visitor.faults.expect(REFUSED)
    visitor.pick(encoded(Image.new("RGB", (400, 300), (3, 3, 4))))
    failure = visitor.failure()
    expect(failure.locator("h1")).to_be_focused()
    expect(failure.locator(".lead")).to_have_text(
        "No face was found in this photo. It is very dark: turn towards a window or a lamp."
    )
    expect(failure.get_by_role("button", name="Try again")).to_have_count(0)


def test_after_a_photo_without_a_face_another_can_be_chosen(visit: Visit, known_server: str, photo: bytes) -> None:
    visitor = visit(address=known_server)
    visitor.faults.expect(REFUSED)
    visitor.pick(encoded(Image.new("RGB", (400, 300), (120, 130, 140))))
    visitor.failure()
    visitor.pick(photo, button="#failure button")
    visitor.answer()
    expect(visitor.best).to_have_text("Eileen Collins")


@pytest.mark.parametrize(
    ("data", "name", "kind", "words"),
    [
        (b"Dear diary", "diary.txt", "text/plain", "This kind of file cannot be read."),
        (b"\xff\xd8\xff\xe0 and then nothing", "photo.jpg", "image/jpeg", "This photo is damaged."),
        (b"", "empty.jpg", "image/jpeg", "This photo is damaged."),
    ],
)
def test_a_file_that_cannot_be_read_is_named_and_never_sent(
    visit: Visit, data: bytes, name: str, kind: str, words: str
) -> None:
    visitor = visit()
    visitor.pick(data, name=name, kind=kind)
    expect(visitor.failure().locator(".lead")).to_contain_text(words)
    assert visitor.uploads == []


def test_a_photo_that_only_the_server_can_read_is_sent_as_it_is(
    visit: Visit, known_server: str, astronaut: Image.Image
) -> None:
    address, kind = f"{known_server}api/lookalikes?include=crop,mirror", {"content-type": "image/jpeg"}
    answer = httpx2.post(address, content=encoded(astronaut), headers=kind).json()
    visitor = visit(address=known_server)
    visitor.page.route("**/api/lookalikes*", lambda route: route.fulfill(json=answer))
    visitor.pick(HEIC, name="photo.heic", kind="image/heic")
    visitor.answer()
    expect(visitor.best).to_have_text("Eileen Collins")
    assert visitor.sent() == [("photo", HEIC)]
    expect(visitor.page.locator(".notes")).to_contain_text("This browser cannot show HEIC photos")
    photo = visitor.page.locator("#answer .photo canvas")
    assert photo.evaluate("photo => [photo.width, photo.height]") == [512, 512]
    # Where the face is, the face; elsewhere grey.
    row = photo.evaluate("photo => [...photo.getContext('2d').getImageData(0, 115, 512, 1).data]")
    around, face = row[4 * 10 : 4 * 10 + 3], row[4 * 220 : 4 * 220 + 3]
    assert around == [0x8A, 0x8A, 0x80]
    assert np.abs(np.subtract(face, around)).max() > 30


def test_a_file_far_too_large_is_not_even_opened(visit: Visit, tmp_path: Path) -> None:
    huge = tmp_path / "huge.jpg"
    huge.touch()
    os.truncate(huge, 61_000_000)
    visitor = visit()
    with visitor.page.expect_file_chooser() as chooser:
        visitor.page.click("#pick")
    chooser.value.set_files(huge)
    expect(visitor.failure().locator(".lead")).to_have_text("This file is too large.")
    assert visitor.uploads == []


def test_a_photo_over_the_servers_limit_is_too_large(visit: Visit, known_server: str) -> None:
    noise = Image.fromarray(np.random.default_rng(1).integers(0, 256, (1280, 1280, 3), dtype=np.uint8))
    visitor = visit(address=known_server)
    visitor.faults.expect(REFUSED)
    visitor.pick(encoded(noise, quality=95))
    expect(visitor.failure().locator(".lead")).to_have_text("This file is too large.")
    [(_, sent)] = visitor.sent()
    assert len(sent) > UPLOAD_LIMIT


def test_a_broken_connection_can_be_retried(visit: Visit, known_server: str, photo: bytes) -> None:
    visitor = visit(address=known_server)
    visitor.faults.expect(REFUSED)
    visitor.page.route("**/api/lookalikes*", lambda route: route.abort("connectionreset"))
    visitor.pick(photo)
    expect(visitor.failure().locator(".lead")).to_have_text("The connection broke off. Check it and try again.")
    visitor.page.unroute_all()
    visitor.page.get_by_role("button", name="Try again").click()
    visitor.answer()
    expect(visitor.best).to_have_text("Eileen Collins")


def test_being_offline_is_said_as_such(visit: Visit, photo: bytes) -> None:
    visitor = visit()
    visitor.faults.expect("ERR_INTERNET_DISCONNECTED")
    banner = visitor.page.get_by_role("alert")
    expect(banner).to_be_hidden()
    visitor.page.context.set_offline(True)
    expect(banner).to_contain_text("You are offline.")
    visitor.pick(photo)
    expect(visitor.failure().locator(".lead")).to_contain_text("You are offline.")
    visitor.page.context.set_offline(False)
    expect(banner).to_be_hidden()
    visitor.page.get_by_role("button", name="Try again").click()
    visitor.answer()


def test_thinking_can_be_cancelled_and_nothing_comes_of_it(visit: Visit, photo: bytes) -> None:
    visitor = visit()
    with visitor.held_answers():
        visitor.pick(photo)
        expect(visitor.page.get_by_role("heading", name="Walking past the portraits…")).to_be_visible()
        expect(visitor.page.locator("#mirror canvas")).to_be_visible()
        with visitor.page.expect_event("requestfailed") as aborted:
            visitor.page.get_by_role("button", name="Cancel").click()
        assert "ABORTED" in str(aborted.value.failure)
    expect(visitor.page.get_by_role("heading", name="Who do you look like?")).to_be_focused()
    expect(visitor.page.locator("#mirror")).to_have_text("?")


def test_a_slow_answer_asks_for_patience(visit: Visit, photo: bytes) -> None:
    hurry = "const wait = setTimeout; window.setTimeout = (then, ms) => wait(then, ms / 20);"
    visitor = visit(scripts=[hurry])
    with visitor.held_answers():
        visitor.pick(photo)
        expect(visitor.page.get_by_role("heading", name="Walking past the portraits…")).to_be_visible()
        expect(visitor.page.locator("#patience")).to_contain_text("The gallery is just opening")
        visitor.page.get_by_role("button", name="Cancel").click()


def test_the_progress_of_a_slow_upload_is_shown(visit: Visit, photo: bytes) -> None:
    visitor = visit()
    network = visitor.page.context.new_cdp_session(visitor.page)
    limits = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": 30_000}
    network.send("Network.emulateNetworkConditions", limits)
    visitor.pick(photo)
    expect(visitor.page.locator("#step")).to_contain_text("Sending…")
    shares = set()
    until = time.monotonic() + 10
    while visitor.page.locator("#thinking").is_visible() and time.monotonic() < until:
        shares.add(visitor.page.locator("#progress").get_attribute("value"))
    visitor.answer()
    assert len(shares - {None}) > 1


@pytest.mark.parametrize(
    ("status", "body", "words"),
    [
        (503, '{"type": "urn:lookalike:problem:unavailable"}', "The gallery is closed just now."),
        (502, "<html>Bad gateway</html>", "The gallery is closed just now."),
        (429, '{"message": "Too Many Requests"}', "Many people are asking just now."),
        (413, "", "This file is too large."),
        (500, '{"type": "urn:lookalike:problem:internal"}', "Something broke on our side."),
        (418, '{"type": "urn:lookalike:problem:teapot", "detail": "Short and stout."}', "Short and stout."),
    ],
)
def test_every_refusal_has_words(visit: Visit, photo: bytes, status: int, body: str, words: str) -> None:
    visitor = visit()
    visitor.faults.expect(REFUSED)
    visitor.page.route("**/api/lookalikes*", lambda route: route.fulfill(status=status, body=body))
    visitor.pick(photo)
    expect(visitor.failure().locator(".lead")).to_contain_text(words)


def test_a_server_that_is_only_busy_is_asked_again(visit: Visit, known_server: str, photo: bytes) -> None:
    visitor = visit(address=known_server)
    visitor.faults.expect(REFUSED)
    refused: list[str] = []

    def twice(route: Route) -> None:
        if len(refused) == 2:
            route.continue_()
        else:
            refused.append(route.request.url)
            route.fulfill(
                status=503, headers={"Retry-After": "1"}, body='{"type": "urn:lookalike:problem:unavailable"}'
            )

    visitor.page.route("**/api/lookalikes*", twice)
    visitor.pick(photo)
    expect(visitor.best).to_have_text("Eileen Collins")
    assert len(refused) == 2


def test_the_first_page_stands_without_the_gallery(visit: Visit, photo: bytes) -> None:
    visitor = visit()
    visitor.faults.expect(REFUSED)
    visitor.page.route("**/api/people", lambda route: route.abort())
    visitor.page.reload()
    expect(visitor.page.locator(".spot .frame").first).to_be_visible()
    visitor.page.click("nav >> text=Gallery")
    expect(visitor.page.locator("#people .lead")).to_have_text("The connection broke off. Check it and try again.")
    visitor.page.unroute_all()
    visitor.page.get_by_role("button", name="Try again").click()
    expect(visitor.page.locator("#people li")).to_have_count(75)
