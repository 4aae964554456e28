"""`make screenshots`: the pictures that the README and the app's manifest show, of the real page on the demo gallery."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from PIL import Image
from playwright.sync_api import Browser, FilePayload, Page, expect, sync_playwright

from export.demo import demo_people, draw_portrait
from infra.browser import NO_BROWSER, find_browser

ROOT = Path(__file__).resolve().parent.parent
DOCS, FRONTEND = ROOT / "docs", ROOT / "frontend"
MOST_BYTES = 300_000
HOST = "lookalike.example"
PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "device_scale_factor": 2}
DESKTOP: dict[str, Any] = {"viewport": {"width": 1280, "height": 800}}
# The same portraits on the wall each time, and the card as a file.
STEADY = (
    "let seed = 11; Math.random = () => (seed = (seed * 16807) % 2147483647) / 2147483647; navigator.canShare = null;"
)


def main() -> None:
    """Writes docs/*.png and frontend/screenshots/*.jpg."""
    with _site() as address, sync_playwright() as playwright:
        # The card shows where the page lives: an address that does not change from run to run.
        resolve = f"--host-resolver-rules=MAP {HOST} {urlsplit(address).netloc}"
        flags = ["--no-sandbox", "--disable-gpu", resolve]
        if not (found := find_browser(playwright)):
            sys.exit(NO_BROWSER)
        chromium = playwright.chromium.launch(executable_path=found, args=flags)
        for name, (device, locale, theme, path, prepare) in PICTURES.items():
            picture = _taken(
                chromium, f"http://{HOST}/{path}", device | {"locale": locale, "color_scheme": theme}, prepare
            )
            print(f"docs/{name}.png: {_write(DOCS / f'{name}.png', picture)} bytes")
        for locale in ("en-US", "ko-KR"):
            for name in MANIFEST:
                prepare = PICTURES[name][-1]
                picture = _taken(chromium, f"http://{HOST}/", PHONE | {"locale": locale}, prepare)
                file = FRONTEND / "screenshots" / f"{name}.{locale[:2]}.jpg"
                picture.resize(MANIFEST_SIZE, Image.Resampling.LANCZOS).save(file, quality=64, optimize=True)
        chromium.close()


def _home(page: Page) -> bytes:
    return page.screenshot(animations="disabled")


def _answer(page: Page) -> bytes:
    _pick(page, _visitor(0, seed=902))
    expect(page.locator("#answer .label small")).not_to_be_empty()
    return page.screenshot(animations="disabled")


def _faces(page: Page) -> bytes:
    _pick(page, _group())
    page.get_by_role("button", name="Face 2").click()
    return page.screenshot(animations="disabled")


def _why(page: Page) -> bytes:
    _pick(page, _visitor(0, seed=902))
    page.get_by_role("button", name="Why this person?").click()
    expect(page.locator(".crop canvas").first).to_be_visible()
    page.locator(".next").evaluate("list => list.scrollIntoView()")
    page.evaluate("() => new Promise((painted) => requestAnimationFrame(() => requestAnimationFrame(painted)))")
    return page.screenshot(animations="disabled")


def _people(page: Page) -> bytes:
    for portrait in page.locator("#people section").first.locator("img").all():
        expect(portrait).to_have_js_property("complete", True)
    return page.screenshot(animations="disabled")


def _card(page: Page) -> bytes:
    _pick(page, _visitor(0, seed=902))
    page.locator("#answer .main").click()
    with page.expect_download() as download:
        page.locator("dialog button:has(use[href='#i-save'])").click()
    return download.value.path().read_bytes()


Picture = tuple[dict[str, Any], str, str, str, Callable[[Page], bytes]]
PICTURES: dict[str, Picture] = {
    "home": (PHONE, "ko-KR", "light", "", _home),
    "answer": (PHONE, "en-US", "light", "", _answer),
    "faces": (PHONE, "en-US", "dark", "", _faces),
    "why": (PHONE, "en-US", "dark", "", _why),
    "people": (DESKTOP, "en-US", "light", "#/people", _people),
    "card": (PHONE, "ko-KR", "light", "", _card),
}
# What a phone shows before the page is put on its home screen.
MANIFEST, MANIFEST_SIZE = ("home", "answer"), (468, 1013)


@contextmanager
def _site() -> Iterator[str]:
    command = [sys.executable, "-m", "cli.main", "serve", "--port", "0", "--name", HOST]
    variables = os.environ | {"PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=variables) as site:  # noqa: S603
        try:
            line = site.stdout.readline().split() if site.stdout else []
            yield line[line.index("at") + 1]
        finally:
            site.terminate()


def _taken(chromium: Browser, address: str, options: dict[str, Any], prepare: Callable[[Page], bytes]) -> Image.Image:
    context = chromium.new_context(reduced_motion="reduce", **options)
    context.add_init_script(STEADY)
    page = context.new_page()
    page.goto(address)
    expect(page.locator("#gallery")).not_to_be_empty()
    page.wait_for_load_state("networkidle")
    picture = Image.open(io.BytesIO(prepare(page)))
    context.close()
    return picture.convert("RGB")


def _write(path: Path, picture: Image.Image) -> int:
    """As small as 256 colours make it, then smaller in size until it fits."""
    while True:
        picture.quantize(256).save(path, optimize=True)
        size = path.stat().st_size
        if size < MOST_BYTES:
            return size
        picture = picture.resize((picture.width * 9 // 10, picture.height * 9 // 10), Image.Resampling.LANCZOS)


def _pick(page: Page, photo: Image.Image) -> None:
    _choose(page, "#pick", photo)
    expect(page.locator("#answer")).to_be_visible()
    page.wait_for_load_state("networkidle")


def _choose(page: Page, button: str, photo: Image.Image) -> None:
    data = io.BytesIO()
    photo.save(data, "JPEG", quality=95)
    with page.expect_file_chooser() as chooser:
        page.click(button)
    chooser.value.set_files(FilePayload(name="photo.jpg", mimeType="image/jpeg", buffer=data.getvalue()))


def _visitor(like: int, **changes: Any) -> Image.Image:
    """Somebody drawn who is not in the gallery: the README shows no photo of a real person."""
    return draw_portrait(replace(person := demo_people()[like], look=replace(person.look, **changes)))


def _group() -> Image.Image:
    """Three of them, side by side."""
    visitors = [_visitor(0, seed=902), _visitor(1, seed=903, glasses=""), _visitor(9, seed=906, hair_colour="chestnut")]
    group = Image.new("RGB", (sum(visitor.width for visitor in visitors), visitors[0].height))
    for index, visitor in enumerate(visitors):
        group.paste(visitor, (index * visitor.width, 0))
    return group


if __name__ == "__main__":
    main()
