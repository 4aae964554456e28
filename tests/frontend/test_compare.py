"""Two photos, one percentage."""

from __future__ import annotations

import re

import pytest
from PIL import Image
from playwright.sync_api import Locator, expect

from tests.frontend.conftest import Visit
from tests.frontend.visitor import Visitor
from tests.support import encoded

FIRST_PHOTO_HELD = """() => {
  const decode = Image.prototype.decode;
  const held = new Promise((release) => (window.release = release));
  Image.prototype.decode = function () {
    Image.prototype.decode = decode;
    return held.then(() => decode.call(this));
  };
}"""

FIRST, SECOND = "#compare button >> nth=0", "#compare button >> nth=1"


def test_two_photos_of_one_person(visit: Visit, astronaut: Image.Image, photo: bytes) -> None:
    visitor = visit(path="#/compare")
    visitor.pick(photo, button=FIRST)
    visitor.pick(encoded(astronaut.rotate(8).resize((400, 400))), button=SECOND)
    expect(_page(visitor)).to_contain_text("This could be one and the same person.")
    assert _percentage(visitor) > 90


def test_two_people(visit: Visit, hopper: Image.Image, photo: bytes) -> None:
    visitor = visit(path="#/compare")
    visitor.pick(photo, button=FIRST)
    visitor.pick(encoded(hopper), button=SECOND)
    expect(_page(visitor)).to_contain_text("Most likely two different people.")
    assert _percentage(visitor) < 80
    expect(_page(visitor).get_by_role("img", name="Photo 1")).to_be_visible()
    expect(_page(visitor).get_by_role("img", name="Photo 2")).to_be_visible()


def test_a_network_without_a_rule_leaves_it_open(visit: Visit, photo: bytes) -> None:
    visitor = visit(path="#/compare")
    visitor.page.route(
        "**/api/compare?*", lambda route: route.fulfill(json=route.fetch().json() | {"same_person": None})
    )
    visitor.pick(photo, button=FIRST)
    visitor.pick(photo, button=SECOND)
    expect(_page(visitor)).to_contain_text("From where on this network takes two photos for one person is not known.")
    assert _percentage(visitor) > 90
    visitor.page.unroute_all()


def test_a_photo_can_be_changed(visit: Visit, hopper: Image.Image, photo: bytes) -> None:
    visitor = visit(path="#/compare")
    visitor.pick(photo, button=FIRST)
    visitor.pick(encoded(hopper), button=SECOND)
    expect(_page(visitor)).to_contain_text("Most likely two different people.")
    visitor.pick(photo, button=SECOND)
    expect(_page(visitor)).to_contain_text("This could be one and the same person.")


def test_dropped_photos_fill_the_frames(visit: Visit, hopper: Image.Image, photo: bytes) -> None:
    visitor = visit("desktop", path="#/compare")
    visitor.give("drop", photo)
    expect(_page(visitor).get_by_role("img", name="Photo 1")).to_be_visible()
    assert visitor.uploads == []
    visitor.give("drop", encoded(hopper))
    expect(_page(visitor)).to_contain_text("Most likely two different people.")
    assert [name for name, _ in visitor.sent()] == ["a", "b"]


@pytest.mark.parametrize("unreadable", [0, 1])
def test_of_two_dropped_photos_one_that_cannot_be_read_takes_no_other_with_it(
    visit: Visit, hopper: Image.Image, photo: bytes, unreadable: int
) -> None:
    visitor = visit("desktop", path="#/compare")
    dropped = [encoded(hopper), b"no photo"]
    visitor.give("drop", *(dropped if unreadable else reversed(dropped)))
    expect(_page(visitor)).to_contain_text("This photo is damaged.")
    visitor.pick(photo, button=(FIRST, SECOND)[unreadable])
    expect(_page(visitor)).to_contain_text("Most likely two different people.")


def test_comparing_can_be_cancelled_and_asked_again(visit: Visit, photo: bytes) -> None:
    visitor = visit(path="#/compare")
    visitor.pick(photo, button=FIRST)
    with visitor.held_answers("compare"):
        visitor.pick(photo, button=SECOND)
        expect(_page(visitor).get_by_role("heading")).to_have_text("Looking from one to the other…")
        expect(_page(visitor).locator("progress")).to_be_visible()
        with visitor.page.expect_event("requestfailed"):
            _page(visitor).get_by_role("button", name="Cancel").click()
    expect(_page(visitor).locator("progress")).to_have_count(0)
    _page(visitor).get_by_role("button", name="Try again").click()
    expect(_page(visitor)).to_contain_text("This could be one and the same person.")


def test_a_frame_takes_a_photo_of_the_camera(visit: Visit, photo: bytes) -> None:
    visitor = visit("phone", path="#/compare")
    visitor.pick(photo, button=FIRST)
    visitor.pick(photo, button="#compare button:has-text('Take a photo')")
    expect(_page(visitor)).to_contain_text("This could be one and the same person.")


def test_photos_chosen_before_the_first_is_read_have_a_frame_each(
    visit: Visit, hopper: Image.Image, photo: bytes
) -> None:
    visitor = visit("phone", path="#/compare")
    visitor.page.evaluate(FIRST_PHOTO_HELD)
    visitor.pick(photo, button=FIRST)
    visitor.pick(encoded(hopper), button="#compare button:has-text('Take a photo')")
    visitor.page.evaluate("release()")
    expect(_page(visitor)).to_contain_text("Most likely two different people.")
    assert [name for name, _ in visitor.sent()] == ["a", "b"]


def test_a_comparison_can_be_shared(visit: Visit, hopper: Image.Image, photo: bytes) -> None:
    visitor = visit("desktop", path="#/compare")
    visitor.give("drop", photo, encoded(hopper))
    _page(visitor).get_by_role("button", name="Share").click()
    expect(visitor.page.get_by_role("dialog").locator("img.card")).to_have_attribute("src", re.compile("^blob:"))


def test_of_several_faces_another_can_be_chosen(visit: Visit, scene: Image.Image, photo: bytes) -> None:
    visitor = visit(path="#/compare")
    visitor.pick(encoded(scene), button=FIRST)
    visitor.pick(photo, button=SECOND)
    expect(_page(visitor)).to_contain_text("Photo 1: 4 faces. Tap the one to compare.")
    expect(_page(visitor)).not_to_contain_text("Photo 2 has")
    before = _page(visitor).get_by_role("heading").inner_text()
    faces = _page(visitor).get_by_role("group").get_by_role("button")
    expect(faces.nth(0)).to_have_attribute("aria-pressed", "true")
    faces.nth(1).click()
    expect(_page(visitor).get_by_role("heading")).not_to_have_text(re.compile(f"{re.escape(before)}|Looking"))
    expect(faces.nth(1)).to_have_attribute("aria-pressed", "true")
    expect(faces.nth(1)).to_be_focused()


def test_another_photo_is_compared_by_its_largest_face(visit: Visit, scene: Image.Image, photo: bytes) -> None:
    visitor = visit(path="#/compare")
    visitor.pick(encoded(scene), button=FIRST)
    visitor.pick(photo, button=SECOND)
    _page(visitor).get_by_role("group").get_by_role("button").nth(3).click()
    expect(_page(visitor).locator("[aria-pressed=true]")).to_have_attribute("aria-label", "Face 4 of 4")
    visitor.pick(photo, button=FIRST)
    expect(_page(visitor)).to_contain_text("This could be one and the same person.")
    expect(_page(visitor).get_by_role("group")).to_have_count(0)


@pytest.mark.parametrize("locale", ["en-US", "ko-KR"])
def test_two_photos_of_several_faces_leave_room_for_the_buttons(visit: Visit, scene: Image.Image, locale: str) -> None:
    visitor = visit(locale=locale, path="#/compare")
    for index in range(2):
        visitor.pick(encoded(scene), button=f"#compare button >> nth={index}")
    expect(_page(visitor).get_by_role("group")).to_have_count(2)
    for width, height in ((390, 664), (844, 390)):
        visitor.resize(width, height)
        expect(_page(visitor).locator("h1")).to_be_in_viewport(ratio=1)
        button, frame = (
            _page(visitor).locator(".taps .main").bounding_box(),
            _page(visitor).locator(".frame").first.bounding_box(),
        )
        tabs = visitor.page.locator("nav").bounding_box()
        assert button and frame and tabs
        assert frame["width"] > 120
        assert button["y"] + button["height"] <= (tabs["y"] if tabs["y"] > height / 2 else height)


def test_a_choice_that_was_cancelled_is_none(visit: Visit, scene: Image.Image, photo: bytes) -> None:
    visitor = visit(path="#/compare")
    visitor.pick(encoded(scene), button=FIRST)
    visitor.pick(photo, button=SECOND)
    expect(_page(visitor).get_by_role("group")).to_be_visible()
    with visitor.held_answers("compare"):
        _page(visitor).get_by_role("group").get_by_role("button").nth(1).click()
        with visitor.page.expect_event("requestfailed"):
            _page(visitor).get_by_role("button", name="Cancel").click()
    visitor.pick(photo, button=SECOND)
    expect(_page(visitor).locator("[aria-pressed=true]")).to_have_attribute("aria-label", "Face 1 of 4")


def test_a_third_photo_is_refused_in_words(visit: Visit, hopper: Image.Image, photo: bytes) -> None:
    visitor = visit("desktop", path="#/compare")
    visitor.give("drop", photo, encoded(hopper), photo)
    expect(_page(visitor).get_by_role("alert")).to_contain_text("Only the first 2 photos were taken")
    expect(_page(visitor)).to_contain_text("Most likely two different people.")


def test_a_photo_without_a_face_is_named_and_can_be_replaced(visit: Visit, photo: bytes) -> None:
    visitor = visit(path="#/compare")
    visitor.faults.expect("Failed to load resource")
    visitor.pick(photo, button=FIRST)
    visitor.pick(encoded(Image.new("RGB", (300, 300), (100, 110, 120))), button=SECOND)
    expect(_page(visitor)).to_contain_text("No face was found in this photo.")
    visitor.pick(photo, button=SECOND)
    expect(_page(visitor)).to_contain_text("This could be one and the same person.")


def test_a_broken_connection_can_be_retried(visit: Visit, photo: bytes) -> None:
    visitor = visit(path="#/compare")
    visitor.faults.expect("Failed to load resource")
    visitor.page.route("**/api/compare?*", lambda route: route.abort())
    visitor.pick(photo, button=FIRST)
    visitor.pick(photo, button=SECOND)
    expect(_page(visitor)).to_contain_text("The connection broke off.")
    visitor.page.unroute_all()
    visitor.page.get_by_role("button", name="Try again").click()
    expect(_page(visitor)).to_contain_text("This could be one and the same person.")


def _page(visitor: Visitor) -> Locator:
    return visitor.page.locator("#compare")


def _percentage(visitor: Visitor) -> float:
    return float(_page(visitor).locator(".ring b").inner_text().rstrip("%"))
