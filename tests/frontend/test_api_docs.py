"""A request can be tried on the API's own page: a photo is chosen, sent, and the answer read, with no script."""

from __future__ import annotations

import json

from playwright.sync_api import Browser, expect

from tests.frontend.visitor import Faults


def test_a_photo_is_tried_on_the_page_of_the_api(browser: Browser, known_server: str, photo: bytes) -> None:
    faults = Faults()
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        faults.watch(page, known_server)
        page.goto(f"{known_server}api/docs")
        form = page.locator('form[action="/api/lookalikes"]')
        form.locator("input[type=file]").set_input_files({"name": "me.jpg", "mimeType": "image/jpeg", "buffer": photo})
        form.get_by_label("crop").check()
        form.locator("input[name=k]").fill("1")
        form.get_by_role("button", name="Send").click()
        expect(page).to_have_url(f"{known_server}api/lookalikes")
        (face,) = json.loads(page.locator("body").inner_text())["faces"]
        assert len(face["matches"]) == 1 and face["crop"].startswith("data:image/jpeg;base64,")
    assert faults.unexpected() == []
