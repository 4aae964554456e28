"""A photo becomes an answer."""

from __future__ import annotations

import base64
import io
import re
import time

import pytest
from PIL import Image
from playwright.sync_api import expect

from lookalike.finder import Finder
from lookalike.photo.decode import read_photo
from tests.frontend.conftest import Visit
from tests.support import encoded

ALIKE = re.compile(r"9\d(\.\d)?% alike")


def test_a_picked_photo_finds_the_person_who_is_in_the_gallery(visit: Visit, known_server: str, photo: bytes) -> None:
    visitor = visit(address=known_server)
    answer = visitor.find(photo)
    expect(answer.locator("h1")).to_have_text("Look who it is")
    expect(visitor.best).to_have_text("Eileen Collins")
    expect(answer.locator(".pair .ring")).to_have_attribute("aria-label", ALIKE)
    expect(answer.locator(".label p")).to_be_visible()
    expect(answer.get_by_role("img", name="Eileen Collins")).to_be_visible()
    expect(answer.locator(".next b").first).to_have_text("Grace Hopper")


def test_the_answer_takes_the_focus_and_is_announced(visit: Visit, known_server: str, photo: bytes) -> None:
    visitor = visit(address=known_server)
    answer = visitor.find(photo)
    expect(answer.locator("h1")).to_be_focused()
    expect(visitor.page.get_by_role("status").first).to_have_text(re.compile(f"Eileen Collins, {ALIKE.pattern}"))
    assert visitor.page.evaluate("scrollY") == 0


def test_a_stranger_gets_an_honest_answer_and_the_five_nearest(visit: Visit, photo: bytes) -> None:
    visitor = visit()
    answer = visitor.find(photo)
    expect(answer.locator("h1")).to_have_text(re.compile("Look who it is|Your nearest likeness|A close race"))
    expect(answer.locator(".next li")).to_have_count(4)
    percentages = [float(text.rstrip("%")) for text in answer.locator(".ring b").all_inner_texts()]
    assert percentages == sorted(percentages, reverse=True)
    for portrait in answer.locator(".frame img").all():
        portrait.scroll_into_view_if_needed()
        expect(portrait).to_have_js_property("complete", True)
        assert portrait.evaluate("image => image.naturalWidth") > 0


def test_the_label_tells_what_the_gallery_knows_of_a_person(visit: Visit, photo: bytes) -> None:
    visitor = visit()
    visitor.find(photo)
    name = visitor.best.inner_text()
    people = visitor.page.request.get(visitor.address + "api/people").json()["people"]
    person = next(person for person in people if person["name"].endswith(f" ({name})"))
    label = visitor.page.locator(".label")
    expect(label).to_contain_text(person["department"])
    for value in person["metadata"].values():
        korean, english = value.rstrip(")").split(" (")
        expect(label).to_contain_text(english)
        expect(label).not_to_contain_text(korean)
    visitor.page.get_by_role("button", name="한국어").click()
    for value in person["metadata"].values():
        expect(label).to_contain_text(value.split(" (")[0])


def test_a_sideways_photo_is_turned_upright_before_it_is_sent(
    visit: Visit, known_server: str, astronaut: Image.Image
) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # turn by 90° clockwise to see it upright
    sideways = encoded(astronaut.resize((400, 512)).rotate(90, expand=True), quality=95, exif=exif)
    visitor = visit(address=known_server)
    visitor.find(sideways)
    expect(visitor.best).to_have_text("Eileen Collins")
    [(_, sent)] = visitor.sent()
    with Image.open(io.BytesIO(sent)) as image:
        assert image.size == (400, 512)


def test_tapping_a_face_shows_its_people_without_another_upload(
    visit: Visit, known_server: str, scene: Image.Image
) -> None:
    visitor = visit(address=known_server)
    answer = visitor.find(encoded(scene, quality=95))
    faces = answer.get_by_role("button", name="Face")
    expect(faces).to_have_count(4)
    expect(faces.first).to_have_attribute("aria-pressed", "true")
    names = set()
    for index in range(4):
        faces.nth(index).tap()
        expect(faces.nth(index)).to_have_attribute("aria-pressed", "true")
        expect(faces.nth(index)).to_be_focused()
        names.add(visitor.best.inner_text())
    assert names == {"Eileen Collins", "Grace Hopper"}
    assert len(visitor.uploads) == 1


def test_every_face_is_marked_where_it_is(visit: Visit, known_server: str, scene: Image.Image) -> None:
    visitor = visit("desktop", address=known_server)
    with visitor.page.expect_response("**/api/lookalikes*") as response:
        answer = visitor.find(encoded(scene, quality=95))
    faces = response.value.json()["faces"]
    photo = answer.locator(".photo canvas").bounding_box()
    assert photo
    scale = photo["width"] / scene.width
    for face, mark in zip(faces, answer.locator(".mark").all(), strict=True):
        box = mark.bounding_box()
        assert box
        left, top, right, bottom = (value * scale for value in face["box"])
        assert box["x"] - photo["x"] == pytest.approx(left, abs=2)
        assert box["y"] - photo["y"] == pytest.approx(top, abs=2)
        assert box["width"] == pytest.approx(right - left, abs=2)
        assert box["height"] == pytest.approx(bottom - top, abs=2)


def test_more_photos_of_one_person_give_one_answer(
    visit: Visit, known_server: str, astronaut: Image.Image, photo: bytes
) -> None:
    visitor = visit(address=known_server)
    visitor.find(photo)
    visitor.pick(encoded(astronaut.rotate(5)), encoded(astronaut.resize((300, 300))), button="text=Add photos")
    several = visitor.page.get_by_role("heading", name="From 3 photos together")
    expect(several).to_be_visible()
    expect(visitor.page.locator(".photos li")).to_have_text(["Eileen Collins"] * 3)
    expect(visitor.page.locator(".photos canvas")).to_have_count(3)
    assert [name for name, _ in visitor.sent()] == ["photo"] * 3


def test_five_photos_are_the_most(visit: Visit, known_server: str, photo: bytes) -> None:
    visitor = visit(address=known_server)
    visitor.find(photo)
    visitor.pick(*[photo] * 6, button="text=Add photos")
    expect(visitor.page.get_by_role("heading", name="From 5 photos together")).to_be_visible()
    expect(visitor.page.get_by_role("button", name="Add photos")).to_have_count(0)
    expect(visitor.page.get_by_text("Only the first 5 photos were taken")).to_be_visible()


def test_both_faces_have_their_eyes_in_the_same_place(
    visit: Visit, known_server: str, astronaut: Image.Image, finder: Finder
) -> None:
    tilted = encoded(
        astronaut.rotate(12, Image.Resampling.BICUBIC).crop((60, 0, 512, 452)).resize((640, 640)), quality=95
    )
    visitor = visit("desktop", address=known_server)
    answer = visitor.find(tilted)
    data = answer.locator(".pair canvas").evaluate("canvas => canvas.toDataURL('image/png').split(',')[1]")
    with Image.open(io.BytesIO(base64.b64decode(data))) as shown:
        assert shown.size == (480, 600)
        left, right = finder.detect(read_photo(encoded(shown.convert("RGB"), quality=95))).probes[0].face.landmarks[:2]
    # 0.42 of the way down, a quarter of the width apart and more where the photo ends too early.
    assert left[1] == pytest.approx(252, abs=6) and right[1] == pytest.approx(252, abs=6)
    assert (left[0] + right[0]) / 2 == pytest.approx(240, abs=6)
    zoom = float(answer.locator(".pair .frame").nth(1).evaluate("frame => frame.style.getPropertyValue('--zoom')"))
    assert right[0] - left[0] == pytest.approx(120 * zoom, abs=6)
    assert 1 <= zoom <= 1.5


def test_the_answer_is_revealed_after_a_moment_and_a_tap_skips_it(visit: Visit, photo: bytes) -> None:
    # By itself the number would stay where it begins.
    still = "const frame = requestAnimationFrame; window.requestAnimationFrame = (then) => frame(() => then(0));"
    visitor = visit(reduced_motion="no-preference", scripts=[still])
    asked = time.monotonic()
    answer = visitor.find(photo)
    assert time.monotonic() - asked > 1.3
    seal = answer.locator(".pair .ring b")
    expect(seal).to_have_text("0%")
    visitor.page.evaluate("for (const animation of document.getAnimations()) animation.playbackRate = 0.01;")
    visitor.page.mouse.click(200, 90)
    expect(seal).to_have_text(re.compile(r"[78]\d%"))
    assert visitor.page.evaluate("document.getAnimations().filter((a) => a.playState === 'running').length") == 0
    visitor.page.go_back()
    visitor.page.go_forward()  # and it is not played twice
    visitor.answer()
    expect(answer.locator(".arriving")).to_have_count(0)


def test_a_tap_while_thinking_brings_the_answer_at_once(visit: Visit, photo: bytes) -> None:
    slow = "const wait = setTimeout; window.setTimeout = (then, ms) => wait(then, ms > 500 ? ms * 20 : ms);"
    visitor = visit(reduced_motion="no-preference", scripts=[slow])
    visitor.pick(photo)
    expect(visitor.page.locator("#line")).not_to_be_empty()
    visitor.page.wait_for_load_state("networkidle")
    visitor.page.mouse.click(200, 200)
    visitor.answer()


def test_the_mirror_opens_the_picker(visit: Visit, known_server: str, photo: bytes) -> None:
    visitor = visit(address=known_server)
    visitor.pick(photo, button="#mirror")
    visitor.answer()
    expect(visitor.best).to_have_text("Eileen Collins")


@pytest.mark.parametrize("locale", ["en-US", "ko-KR"])
def test_the_result_is_on_the_first_screen(visit: Visit, photo: bytes, scene: Image.Image, locale: str) -> None:
    visitor = visit(locale=locale)
    for given in (photo, encoded(scene)):
        answer = visitor.find(given)
        for width, height in ((390, 664), (360, 640), (844, 390)):
            visitor.resize(width, height)
            tabs = visitor.page.locator("nav").bounding_box()
            assert tabs
            bottom = tabs["y"] if width < 700 else height
            for part in (
                answer.locator("h1"),
                answer.locator(".label b"),
                *answer.locator(".taps").first.locator("button").all(),
            ):
                box = part.bounding_box()
                assert box and box["y"] >= 0 and box["y"] + box["height"] <= bottom, (part, width)
        visitor.page.go_back()


@pytest.mark.parametrize("locale", ["en-US", "ko-KR"])
def test_headline_and_a_button_are_on_the_first_screen_at_twice_the_size(
    visit: Visit, photo: bytes, locale: str
) -> None:
    """A window of 1280×800 or 1024×768 at 200 %."""
    visitor = visit("desktop", locale=locale, device_scale_factor=2)
    answer = visitor.find(photo)
    for width, height in ((640, 400), (512, 384)):
        visitor.resize(width, height)
        expect(answer.locator("h1")).to_be_in_viewport(ratio=1)
        expect(answer.locator(".taps button").first).to_be_in_viewport(ratio=1)
        tabs, button = visitor.page.locator("nav").bounding_box(), answer.locator(".taps button").first.bounding_box()
        assert tabs and button and (tabs["y"] < height / 2 or button["y"] + button["height"] <= tabs["y"])
