"""Where the visitor is: Back, Forward and Reload lead where one would think, and nothing is lost on the way."""

from __future__ import annotations

import re

from PIL import Image
from playwright.sync_api import expect

from tests.frontend.conftest import Visit
from tests.support import encoded

HOME = "Who do you look like?"
KEPT = "() => sessionStorage.length === 1"


def test_back_leads_from_the_answer_to_the_first_page_and_forward_to_the_answer(visit: Visit, photo: bytes) -> None:
    visitor = visit()
    visitor.find(photo)
    name = visitor.best.inner_text()
    visitor.page.go_back()
    expect(visitor.page.get_by_role("heading", name=HOME)).to_be_focused()
    visitor.page.go_forward()
    visitor.answer()
    expect(visitor.best).to_have_text(name)
    assert len(visitor.uploads) == 1


def test_back_from_thinking_cancels_and_stays_on_the_page(visit: Visit, photo: bytes) -> None:
    visitor = visit()
    with visitor.held_answers():
        visitor.pick(photo)
        expect(visitor.page.locator("#mirror canvas")).to_be_visible()
        with visitor.page.expect_event("requestfailed") as aborted:
            visitor.page.go_back()
        assert "ABORTED" in str(aborted.value.failure)
        expect(visitor.page.get_by_role("heading", name=HOME)).to_be_focused()
        expect(visitor.page.locator("#mirror")).to_have_text("?")
    visitor.page.go_forward()  # there is nothing to come back to
    expect(visitor.page.get_by_role("heading", name=HOME)).to_be_visible()


def test_each_of_two_answers_has_an_entry_of_its_own(
    visit: Visit, known_server: str, hopper: Image.Image, photo: bytes
) -> None:
    visitor = visit(address=known_server)
    visitor.find(photo)
    visitor.page.get_by_role("button", name="New photo").click()
    visitor.find(encoded(hopper))
    expect(visitor.best).to_have_text("Grace Hopper")
    visitor.page.go_back()
    expect(visitor.page.get_by_role("heading", name=HOME)).to_be_visible()
    visitor.page.go_back()
    expect(visitor.best).to_have_text("Eileen Collins")
    visitor.page.go_forward()
    visitor.page.go_forward()
    expect(visitor.best).to_have_text("Grace Hopper")


def test_back_from_an_answer_after_a_failure_skips_the_failure(visit: Visit, photo: bytes) -> None:
    visitor = visit()
    visitor.pick(b"Dear diary", name="diary.txt", kind="text/plain")
    visitor.failure()
    visitor.pick(photo, button="#failure button")
    visitor.answer()
    visitor.page.go_back()
    expect(visitor.page.get_by_role("heading", name=HOME)).to_be_visible()


def test_a_reload_brings_the_last_answer_back_and_says_so(visit: Visit, known_server: str, photo: bytes) -> None:
    visitor = visit(address=known_server)
    visitor.find(photo)
    visitor.page.wait_for_function(KEPT)
    visitor.page.reload()
    expect(visitor.best).to_have_text("Eileen Collins")
    expect(visitor.page.get_by_text("Your last answer.")).to_be_visible()
    expect(visitor.page.locator("#answer .photo canvas")).to_have_js_property("width", 512)
    assert len(visitor.uploads) == 1
    visitor.page.get_by_role("button", name="Why this person?").click()  # the photo itself is back, too
    expect(visitor.page.locator(".crop canvas")).to_have_count(2)


def test_a_new_photo_forgets_the_answer(visit: Visit, photo: bytes) -> None:
    visitor = visit()
    visitor.find(photo)
    visitor.page.wait_for_function(KEPT)
    visitor.page.get_by_role("button", name="New photo").click()
    assert visitor.page.evaluate("sessionStorage.length") == 0
    visitor.page.go_back()
    visitor.page.reload()
    expect(visitor.page.get_by_role("heading", name=HOME)).to_be_visible()


def test_a_reload_where_nothing_can_be_kept_begins_anew(visit: Visit, photo: bytes) -> None:
    forbidden = "Storage.prototype.setItem = () => { throw new DOMException('', 'QuotaExceededError'); };"
    visitor = visit(scripts=[forbidden])
    visitor.find(photo)
    visitor.page.reload()
    expect(visitor.page.get_by_role("heading", name=HOME)).to_be_visible()
    assert visitor.page.url.endswith("#/find")


def test_photos_that_cannot_be_added_leave_the_answer(visit: Visit, known_server: str, photo: bytes) -> None:
    visitor = visit(address=known_server)
    visitor.find(photo)
    visitor.pick(b"Dear diary", button="text=Add photos", name="diary.txt", kind="text/plain")
    expect(visitor.page.get_by_role("alert").last).to_have_text(re.compile("This kind of file cannot be read."))
    expect(visitor.best).to_have_text("Eileen Collins")


def test_the_place_on_the_page_and_the_search_are_kept(visit: Visit) -> None:
    page = visit(path="#/people").page
    page.get_by_role("searchbox").fill("engineering")
    page.evaluate("scrollTo(0, 400)")
    page.get_by_role("link", name="Compare").click()
    expect(page.get_by_role("heading", name="How alike are two faces?")).to_be_focused()
    assert page.evaluate("scrollY") == 0
    page.go_back()
    expect(page.get_by_role("searchbox")).to_have_value("engineering")
    page.wait_for_function("() => scrollY === 400")
    page.get_by_role("link", name="Compare").click()
    page.get_by_role("link", name="Gallery").click()
    expect(page.get_by_role("searchbox")).to_have_value("engineering")


def test_a_language_switch_translates_what_is_on_the_screen(visit: Visit, photo: bytes) -> None:
    visitor = visit()
    korean = visitor.page.get_by_role("button", name="한국어")
    with visitor.held_answers():
        visitor.pick(photo)
        expect(visitor.page.locator("#step")).to_have_text("Walking past the portraits…")
        korean.click()
        expect(visitor.page.locator("#step")).to_have_text("초상화를 둘러보고 있어요…")
        expect(visitor.page.locator("#mirror canvas")).to_be_visible()
        visitor.page.go_back()


def test_redrawing_keeps_focus_details_and_reason(visit: Visit, photo: bytes) -> None:
    visitor = visit("desktop")
    answer = visitor.find(photo)
    answer.locator("summary").click()
    answer.get_by_role("button", name="Why this person?").click()
    expect(answer.locator(".crop canvas")).to_have_count(2)
    answer.get_by_role("button", name="Add photos").focus()
    visitor.page.evaluate("document.getElementById('language').click()")
    expect(answer.get_by_role("button", name="사진 더하기")).to_be_focused()
    expect(answer.locator("details")).to_have_attribute("open", "")
    expect(answer.locator(".crop canvas")).to_have_count(2)


def test_an_address_without_its_answer_is_the_first_page(visit: Visit) -> None:
    for path in ("#/answer", "#/thinking", "#/nowhere"):
        page = visit(path=path).page
        expect(page.get_by_role("heading", name=HOME)).to_be_visible()
        assert page.url.endswith("#/find")
