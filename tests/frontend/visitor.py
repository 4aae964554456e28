"""What a visitor does on the page, and what may go wrong behind it."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from playwright.sync_api import ConsoleMessage, FilePayload, Locator, Page, Request, Route, expect

GIVEN = """([type, files]) => {
  const data = new DataTransfer();
  for (const [name, kind, text] of files) {
    data.items.add(new File([Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0))], name, { type: kind }));
  }
  const event = type === 'paste'
    ? new ClipboardEvent('paste', { clipboardData: data, bubbles: true })
    : new DragEvent(type, { dataTransfer: data, bubbles: true, cancelable: true });
  document.body.dispatchEvent(event);
}"""


# Playwright does not see the files in a form; the page itself hands them out.
KEEP_FORMS = """
window.forms = [];
const send = XMLHttpRequest.prototype.send;
XMLHttpRequest.prototype.send = function (form) {
  if (form) window.forms.push(form);
  if (form) window.upload = this.upload;
  return send.call(this, form);
};
"""
LAST_FORM = """async () => {
  const parts = [...window.forms.at(-1)];
  const text = (bytes) => btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
  return Promise.all(parts.map(async ([name, file]) => [name, text(new Uint8Array(await file.arrayBuffer()))]));
}"""


# What takes long on a slow phone: every call waits until it is let go.
HELD = """([owner, name]) => {
  const object = owner.split('.').reduce((found, part) => found[part], window);
  const act = object[name];
  const held = new Promise((release) => (window.release = release));
  object[name] = function (...values) {
    return held.then(() => act.apply(this, values));
  };
}"""


class Faults:
    """What went wrong on all pages of a test, less what the test expected."""

    def __init__(self) -> None:
        self._found: list[str] = []
        self._expected: list[str] = []
        self._hosts: set[str] = set()

    def watch(self, page: Page, address: str) -> None:
        self.allow_host(address)
        page.on("console", self._on_console)
        page.on("pageerror", lambda error: self._found.append(str(error)))
        page.on("request", self._on_request)

    def allow_host(self, address: str) -> None:
        self._hosts.add(urlsplit(address).netloc)

    def expect(self, text: str) -> None:
        self._expected.append(text)

    def unexpected(self) -> list[str]:
        return [fault for fault in self._found if not any(text in fault for text in self._expected)]

    def _on_console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self._found.append(message.text)

    def _on_request(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme not in ("data", "blob") and parts.netloc not in self._hosts:
            self._found.append(f"request to {request.url}")


class Visitor:
    """A page, and the hands of the person before it."""

    def __init__(self, page: Page, faults: Faults, address: str) -> None:
        self.page = page
        self.faults = faults
        self.address = address
        self.uploads: list[Request] = []
        page.on("filechooser", lambda chooser: None)  # from now on choosers are caught, however early a key is pressed
        page.on("request", lambda request: self.uploads.append(request) if request.method == "POST" else None)

    def pick(self, *photos: bytes, button: str = "#pick", name: str = "photo.jpg", kind: str = "image/jpeg") -> None:
        """Presses a button that opens the library, and chooses these photos there."""
        with self.page.expect_file_chooser() as chooser:
            self.page.click(button)
        files: list[FilePayload] = [{"name": name, "mimeType": kind, "buffer": photo} for photo in photos]
        chooser.value.set_files(files)

    def find(self, *photos: bytes) -> Locator:
        """Chooses a photo and waits for the answer."""
        self.pick(*photos)
        return self.answer()

    def give(self, event: str, *photos: bytes) -> None:
        """Drags, drops or pastes photos."""
        files = [["photo.jpg", "image/jpeg", base64.b64encode(photo).decode()] for photo in photos]
        self.page.evaluate(GIVEN, [event, files])

    def resize(self, width: int, height: int) -> None:
        """As a phone that is turned, or another window: a page opened anew costs a second of the processor."""
        self.page.set_viewport_size({"width": width, "height": height})
        self.page.wait_for_function("width => document.documentElement.clientWidth === width", arg=width)

    def refuse_camera(self) -> None:
        """Opens the page anew in a browser that gives it no camera, by a header of the page's."""

        def refusing(route: Route) -> None:
            page = route.fetch()
            route.fulfill(response=page, headers=page.headers | {"permissions-policy": "camera=()"})

        self.faults.expect("camera is not allowed in this document")
        self.page.route(self.address, refusing)
        self.page.reload()

    @contextmanager
    def held_answers(self, path: str = "lookalikes") -> Iterator[None]:
        """Meanwhile, photos arrive and answers do not."""
        session = self.page.context.new_cdp_session(self.page)
        session.send("Fetch.enable", {"patterns": [{"urlPattern": f"*/api/{path}*", "requestStage": "Response"}]})
        yield
        session.send("Fetch.disable")
        session.detach()

    @contextmanager
    def held(self, owner: str, name: str) -> Iterator[None]:
        """Meanwhile, a function of the browser's does not come to its end: `held("Image.prototype", "decode")`."""
        self.page.evaluate(HELD, [owner, name])
        yield
        self.page.evaluate("release()")

    def held_module(self, name: str) -> list[Route]:
        """The requests for one of the page's modules, once they are made."""
        held: list[Route] = []
        self.page.route(f"**/js/{name}.js", lambda route: held.append(route))
        return held

    def answer(self) -> Locator:
        answer = self.page.locator("#answer")
        expect(answer).to_be_visible()
        return answer

    def failure(self) -> Locator:
        failure = self.page.locator("#failure")
        expect(failure).to_be_visible()
        return failure

    @property
    def best(self) -> Locator:
        """The name of the best match."""
        return self.page.locator("#answer .label b")

    def sent(self) -> list[tuple[str, bytes]]:
        """Field names and files of the latest upload."""
        return [(name, base64.b64decode(text)) for name, text in self.page.evaluate(LAST_FORM)]
