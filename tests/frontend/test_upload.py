"""What leaves the phone, and every way for a photo to get in."""

from __future__ import annotations

import io

import numpy as np
from PIL import Image
from playwright.sync_api import expect

from tests.frontend.conftest import Visit
from tests.frontend.visitor import Visitor
from tests.support import encoded

JPEG_SEGMENTS_WITH_MEANING = (b"Exif\x00", b"http://ns.adobe.com/xap", b"Photoshop")


def test_a_large_photo_is_shrunk_and_stripped_before_it_is_sent(visit: Visit, astronaut: Image.Image) -> None:
    exif = Image.Exif()
    exif[0x010F] = "Telltale Phone"
    exif.get_ifd(0x8825)[2] = (37.0, 14.0, 22.0)  # latitude
    large = encoded(astronaut.resize((3000, 2250)), quality=95, exif=exif, comment=b"taken at home")
    assert b"Telltale" in large and b"taken at home" in large
    visitor = visit()
    visitor.find(large)
    [(name, sent)] = visitor.sent()
    assert name == "photo"
    with Image.open(io.BytesIO(sent)) as image:
        assert (image.format, image.size) == ("JPEG", (1280, 960))
        assert not image.getexif()
    assert not any(segment in sent for segment in (*JPEG_SEGMENTS_WITH_MEANING, b"Telltale", b"taken at home"))


def test_a_small_photo_is_not_enlarged(visit: Visit, astronaut: Image.Image) -> None:
    visitor = visit()
    visitor.find(encoded(astronaut.crop((100, 0, 400, 300))))
    [(_, sent)] = visitor.sent()
    with Image.open(io.BytesIO(sent)) as image:
        assert image.size == (300, 300)


def test_a_see_through_picture_is_sent_on_white(visit: Visit, astronaut: Image.Image) -> None:
    cut_out = astronaut.convert("RGBA")
    cut_out.paste((0, 0, 0, 0), (0, 0, 60, 512))
    visitor = visit()
    visitor.pick(encoded(cut_out, "PNG"), name="photo.png", kind="image/png")
    visitor.answer()
    [(_, sent)] = visitor.sent()
    with Image.open(io.BytesIO(sent)) as image:
        assert np.asarray(image)[:, :50].min() > 245


def test_a_phone_opens_its_camera_app_for_a_selfie(visit: Visit, known_server: str, photo: bytes) -> None:
    visitor = visit("phone", address=known_server)
    selfie = visitor.page.locator("#selfie")
    expect(selfie).to_have_attribute("capture", "user")
    visitor.page.evaluate("document.getElementById('selfie').onclick = () => (window.opened = true)")
    visitor.pick(photo, button="#take")
    expect(visitor.best).to_have_text("Eileen Collins")
    assert visitor.page.evaluate("window.opened")


def test_a_desktop_shows_what_the_camera_sees_and_takes_it(visit: Visit, known_server: str) -> None:
    visitor = visit("desktop", address=known_server, permissions=["camera"])
    visitor.page.click("#take")
    dialog = visitor.page.get_by_role("dialog", name="Take a photo")
    expect(dialog).to_be_visible()
    visitor.page.wait_for_function("() => document.getElementById('video').videoWidth > 0")
    dialog.get_by_role("button", name="Take a photo").click()
    visitor.answer()
    expect(visitor.best).to_have_text("Eileen Collins")
    expect(dialog).to_be_hidden()
    assert _camera_is_off(visitor)


def test_leaving_the_camera_turns_it_off_and_sends_nothing(visit: Visit) -> None:
    visitor = visit("desktop", permissions=["camera"])
    visitor.page.click("#take")
    dialog = visitor.page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    visitor.page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(visitor.page.locator("#home")).to_be_visible()
    assert _camera_is_off(visitor)
    assert visitor.uploads == []


def test_a_camera_that_is_not_allowed_is_explained(visit: Visit) -> None:
    visitor = visit("desktop")
    visitor.refuse_camera()
    visitor.page.click("#take")
    expect(visitor.failure()).to_contain_text("The camera did not open.")


def test_a_photo_can_be_dropped(visit: Visit, known_server: str, photo: bytes) -> None:
    visitor = visit("desktop", address=known_server)
    visitor.give("dragover", photo)
    expect(visitor.page.get_by_text("Drop your photo")).to_be_visible()
    visitor.give("drop", photo)
    visitor.answer()
    expect(visitor.best).to_have_text("Eileen Collins")
    expect(visitor.page.get_by_text("Drop your photo")).to_be_hidden()


def test_several_dropped_photos_are_one_person(visit: Visit, known_server: str, photo: bytes) -> None:
    visitor = visit("desktop", address=known_server)
    visitor.give("drop", photo, photo)
    expect(visitor.answer().get_by_role("heading", name="From 2 photos together")).to_be_visible()


def test_a_photo_can_be_pasted_on_any_page(visit: Visit, known_server: str, photo: bytes) -> None:
    visitor = visit("desktop", address=known_server, path="#/people")
    visitor.give("paste", photo)
    visitor.answer()
    expect(visitor.best).to_have_text("Eileen Collins")


def _camera_is_off(visitor: Visitor) -> bool:
    return bool(
        visitor.page.evaluate("document.getElementById('video').srcObject.getTracks()[0].readyState === 'ended'")
    )
