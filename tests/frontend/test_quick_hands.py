"""Quick people and slow phones: what one does while something is being read, loaded, asked or drawn."""

from __future__ import annotations

from PIL import Image
from playwright.sync_api import expect

from tests.frontend.conftest import Visit
from tests.support import encoded

DECODING = ("Image.prototype", "decode")
CAMERA = ("navigator.mediaDevices", "getUserMedia")
FRAME = "#compare .pair button >> nth={}"
LATER_MS = 500  # no double tap any more
SOON_MS = 300  # for what must not happen
KEPT_STREAMS = """
window.streams = [];
const open = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
navigator.mediaDevices.getUserMedia = async (wish) => {
  const stream = await open(wish);
  window.streams.push(stream);
  return stream;
};
"""
LIGHTS = "window.streams.flatMap((stream) => stream.getTracks()).filter((track) => track.readyState === 'live').length"
HALF_SENT = """() => {
  upload.dispatchEvent(new ProgressEvent('progress', { loaded: 1, total: 2 }));
  return document.querySelector('#compare progress').getAttribute('value') === '0.5';
}"""


def test_a_photo_dropped_while_the_first_is_read_takes_its_place(
    visit: Visit, known_server: str, hopper: Image.Image, photo: bytes
) -> None:
    visitor = visit("desktop", address=known_server)
    with visitor.held(*DECODING):
        visitor.give("drop", photo)
        visitor.give("drop", encoded(hopper))
    expect(visitor.best).to_have_text("Grace Hopper")
    assert len(visitor.uploads) == 1
    visitor.page.go_back()
    expect(visitor.page.locator("#home")).to_be_visible()


def test_a_photo_still_read_when_one_has_gone_on_is_not_sent(visit: Visit, photo: bytes) -> None:
    visitor = visit()
    with visitor.held(*DECODING):
        visitor.pick(photo)
        visitor.page.get_by_role("button", name="한국어").click()
        expect(visitor.page.locator("#step")).to_have_text("사진을 준비하고 있어요…")
        visitor.page.get_by_role("link", name="갤러리").click()
    visitor.page.wait_for_timeout(SOON_MS)
    expect(visitor.page.locator("#people h1")).to_be_visible()
    assert visitor.uploads == []


def test_cancelling_twice_stays_on_the_page(visit: Visit, photo: bytes) -> None:
    visitor = visit()
    with visitor.held(*DECODING):
        visitor.pick(photo)
        expect(visitor.page.locator("#cancel")).to_be_visible()
        visitor.page.evaluate("const button = document.getElementById('cancel'); button.click(); button.click();")
    expect(visitor.page.locator("#home h1")).to_be_focused()
    visitor.page.go_forward()
    expect(visitor.page.locator("#home")).to_be_visible()


def test_the_camera_app_opens_before_the_page_knows_who_answers(visit: Visit) -> None:
    visitor = visit()
    visitor.page.route("**/config.json", lambda route: None)  # it never comes
    visitor.page.reload(wait_until="commit")
    visitor.page.locator("#take svg").wait_for()
    with visitor.page.expect_file_chooser():
        visitor.page.click("#take")


def test_pressed_again_while_it_opens_it_opens_once_and_its_light_goes_out(visit: Visit) -> None:
    visitor = visit("desktop", permissions=["camera"], scripts=[KEPT_STREAMS])
    with visitor.held(*CAMERA):
        visitor.page.click("#take")
        visitor.page.wait_for_timeout(LATER_MS)
        visitor.page.click("#take")
    dialog = visitor.page.get_by_role("dialog", name="Take a photo")
    expect(dialog).to_be_visible()
    visitor.page.wait_for_function("() => window.streams.length === 2")
    dialog.get_by_role("button", name="Cancel").click()
    expect(dialog).to_be_hidden()
    visitor.page.wait_for_function(f"() => {LIGHTS} === 0")
    assert visitor.uploads == []


def test_left_while_it_opens_it_does_not_come_after(visit: Visit) -> None:
    visitor = visit("desktop", permissions=["camera"], scripts=[KEPT_STREAMS])
    with visitor.held(*CAMERA):
        visitor.page.click("#take")
        visitor.page.get_by_role("link", name="Gallery").click()
    visitor.page.wait_for_function(f"() => window.streams.length === 1 && {LIGHTS} === 0")
    expect(visitor.page.get_by_role("dialog")).to_have_count(0)


def test_going_back_closes_it(visit: Visit) -> None:
    visitor = visit("desktop", permissions=["camera"], scripts=[KEPT_STREAMS])
    visitor.page.get_by_role("link", name="Gallery").click()
    visitor.page.get_by_role("link", name="Find").click()
    visitor.page.click("#take")
    expect(visitor.page.get_by_role("dialog")).to_be_visible()
    visitor.page.go_back()
    expect(visitor.page.get_by_role("dialog")).to_have_count(0)
    visitor.page.wait_for_function(f"() => {LIGHTS} === 0")


def test_refused_it_is_explained_beside_the_frames_too(visit: Visit) -> None:
    visitor = visit("desktop", path="#/compare")
    visitor.refuse_camera()
    visitor.page.get_by_role("button", name="Take a photo").click()
    expect(visitor.page.locator("#compare")).to_contain_text("The camera did not open.")


def test_a_photo_read_while_one_looks_elsewhere_is_there_when_one_comes_back(
    visit: Visit, hopper: Image.Image, photo: bytes
) -> None:
    visitor = visit(path="#/compare")
    visitor.pick(photo, button=FRAME.format(0))
    expect(visitor.page.get_by_role("img", name="Photo 1")).to_be_visible()
    with visitor.held(*DECODING):
        visitor.pick(encoded(hopper), button=FRAME.format(1))
        visitor.page.get_by_role("link", name="Gallery").click()
        visitor.page.get_by_role("link", name="Compare").click()
    expect(visitor.page.locator("#compare h1")).to_have_text("Most likely two different people.")
    expect(visitor.page.get_by_role("img", name="Photo 2")).to_be_visible()


def test_a_face_chosen_in_each_photo_before_the_answer_counts_twice(visit: Visit, scene: Image.Image) -> None:
    visitor = visit(path="#/compare")
    for index in range(2):
        visitor.pick(encoded(scene), button=FRAME.format(index))
    faces = visitor.page.locator("#compare .choices")
    expect(faces).to_have_count(2)
    with visitor.held_answers("compare"):
        faces.nth(0).get_by_role("button").nth(1).click()
        faces.nth(1).get_by_role("button").nth(2).click()
    expect(visitor.page.locator("#compare .ring")).to_be_visible()
    pressed = visitor.page.locator("#compare [aria-pressed=true]")
    expect(pressed.nth(0)).to_have_attribute("aria-label", "Face 2 of 4")
    expect(pressed.nth(1)).to_have_attribute("aria-label", "Face 3 of 4")


def test_progress_does_not_take_cancel_from_under_the_finger(visit: Visit, photo: bytes) -> None:
    visitor = visit("desktop", path="#/compare")
    with visitor.held_answers("compare"):
        visitor.give("drop", photo, photo)
        visitor.page.get_by_role("button", name="Cancel").hover()
        visitor.page.mouse.down()
        visitor.page.wait_for_function(HALF_SENT)  # the browser's own progress may come in between
        visitor.page.mouse.up()
        expect(visitor.page.locator("#compare progress")).to_have_count(0)


def test_an_answer_still_being_kept_is_forgotten_with_a_new_photo(visit: Visit, photo: bytes) -> None:
    visitor = visit()
    with visitor.held("FileReader.prototype", "readAsDataURL"):
        visitor.find(photo)
        visitor.page.get_by_role("button", name="New photo").click()
    visitor.page.wait_for_timeout(200)
    assert visitor.page.evaluate("sessionStorage.length") == 0


def test_the_reasons_of_two_faces_asked_at_once_are_both_told(
    visit: Visit, known_server: str, scene: Image.Image
) -> None:
    visitor = visit(address=known_server)
    answer = visitor.find(encoded(scene, quality=95))
    faces, heat = answer.get_by_role("button", name="Face"), answer.locator(".crop canvas")
    with visitor.held_answers():
        for index in (0, 1):
            faces.nth(index).click()
            answer.get_by_role("button", name="Why this person?").click()
    for index in (1, 0, 1):
        faces.nth(index).click()
        expect(heat).to_have_count(2, timeout=20_000)


def test_a_page_that_cannot_be_loaded_says_so_and_can_be_asked_for_again(visit: Visit) -> None:
    visitor = visit()
    visitor.faults.expect("Failed to load resource")
    visitor.page.route("**/js/compare.js", lambda route: route.abort())
    visitor.page.get_by_role("link", name="Compare").click()
    expect(visitor.page.locator("#compare")).to_contain_text("The connection broke off.")
    visitor.page.unroute_all()
    visitor.page.locator("#compare").get_by_role("button", name="Try again").click()
    expect(visitor.page.locator("#compare h1")).to_have_text("How alike are two faces?")


def test_a_page_left_before_it_is_drawn_does_not_move_the_next(visit: Visit) -> None:
    visitor = visit()
    held = visitor.held_module("people")
    visitor.page.get_by_role("link", name="Gallery").click()
    visitor.page.get_by_role("link", name="Find").click()
    visitor.page.locator("#pick").focus()
    held[0].continue_()
    expect(visitor.page.locator("#people li").first).to_be_attached()
    expect(visitor.page.locator("#pick")).to_be_focused()
