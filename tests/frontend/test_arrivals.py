"""A photo that the phone's gallery shares with the installed app: it arrives in the page, and nowhere else."""

from __future__ import annotations

import json
from urllib.parse import urlsplit

from playwright.sync_api import FilePayload, Page, expect

from tests.frontend.conftest import Visit
from tests.frontend.test_files import FRONTEND
from tests.frontend.visitor import Visitor

MANIFESTS = sorted(FRONTEND.glob("*.webmanifest"))
TARGET = json.loads(MANIFESTS[0].read_text())["share_target"]
STARTED = """async () => {
  const active = async () => (await navigator.serviceWorker.getRegistration('./share/'))?.active?.state === 'activated';
  while (!(await active())) await new Promise((wait) => setTimeout(wait, 20));
}"""
# What the system does: it sends a form to the address in the manifest. A page's own form would be against its policy.
FORM = """([action, enctype, name]) => {
  const form = document.body.appendChild(document.createElement('form'));
  Object.assign(form, { id: 'system', method: 'POST', action, enctype });
  Object.assign(form.appendChild(document.createElement('input')), { type: 'file', name, multiple: true });
}"""


def share(page: Page, *photos: bytes) -> None:
    page.evaluate(FORM, [TARGET["action"], TARGET["enctype"], TARGET["params"]["files"][0]["name"]])
    files: list[FilePayload] = [{"name": "a.jpg", "mimeType": "image/jpeg", "buffer": photo} for photo in photos]
    page.set_input_files("#system input", files)
    page.evaluate("document.getElementById('system').submit()")


def install(visitor: Visitor) -> None:
    visitor.page.evaluate("dispatchEvent(new Event('appinstalled'))")
    visitor.page.evaluate(STARTED)


def test_a_shared_photo_is_answered(visit: Visit, known_server: str, photo: bytes) -> None:
    visitor = visit(address=known_server, bypass_csp=True)
    install(visitor)
    share(visitor.page, photo)
    expect(visitor.best).to_have_text("Eileen Collins")
    # The form went to the worker; what was sent on is what the page sends of any photo.
    asked = [urlsplit(request.url).path for request in visitor.uploads if not request.is_navigation_request()]
    assert asked == ["/api/lookalikes"]
    visitor.page.go_back()
    expect(visitor.page.locator("#pick")).to_be_visible()


def test_several_shared_photos_are_answered_together(visit: Visit, known_server: str, photo: bytes) -> None:
    visitor = visit(address=known_server, bypass_csp=True)
    install(visitor)
    share(visitor.page, photo, photo)
    expect(visitor.best).to_have_text("Eileen Collins")
    assert len(visitor.sent()) == 2


def test_what_was_taken_is_forgotten_and_nothing_is_stored(visit: Visit, known_server: str, photo: bytes) -> None:
    visitor = visit(address=known_server, bypass_csp=True)
    install(visitor)
    share(visitor.page, photo)
    visitor.answer()
    visitor.page.goto("about:blank")
    visitor.page.goto(f"{known_server}/#/shared")
    expect(visitor.failure()).to_contain_text("did not arrive")
    assert visitor.page.evaluate("caches.keys()") == []
    assert visitor.page.evaluate("indexedDB.databases()") == []


def test_where_no_worker_is_yet_the_page_says_what_to_do(visit: Visit) -> None:
    visitor = visit(path="/#/shared")
    expect(visitor.failure()).to_contain_text("Pick it here")
    visitor.page.evaluate(STARTED)  # for the next time


def test_a_photo_that_comes_before_the_worker_is_asked_for_again(visit: Visit, known_server: str, photo: bytes) -> None:
    visitor = visit(address=known_server, bypass_csp=True)
    share(visitor.page, photo)
    expect(visitor.failure()).to_contain_text("Pick it here")
    visitor.page.evaluate(STARTED)
    share(visitor.page, photo)
    expect(visitor.best).to_have_text("Eileen Collins")


def test_a_visitor_in_a_browser_gets_no_worker(visit: Visit) -> None:
    visitor = visit()
    visitor.page.wait_for_load_state("networkidle")
    assert visitor.page.evaluate("navigator.serviceWorker.getRegistrations().then((all) => all.length)") == 0


def test_both_languages_take_photos() -> None:
    targets = [json.loads(manifest.read_text())["share_target"] for manifest in MANIFESTS]
    assert len(targets) == 2 and targets[0] == targets[1]
    assert targets[0]["params"]["files"] == [{"name": "photo", "accept": ["image/*"]}]
