"""The page's own modules in a real browser, given pixels as they are: what answers on the device, without the page."""

from __future__ import annotations

import base64
import io
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from infra.browser import NO_BROWSER, find_browser

Json = dict[str, Any]
Pixels = npt.NDArray[np.uint8]

_START = """async () => {
  const { device } = await (await fetch('config.json')).json();
  const worker = new Worker('js/device/worker.js', { type: 'module' });
  const waiting = new Map();
  worker.onmessage = ({ data: { id, value, trouble } }) => waiting.get(id)?.(trouble ? { trouble } : { value });
  window.ask = (...task) => new Promise((resolve) => {
    const id = waiting.size + 1;
    waiting.set(id, resolve);
    worker.postMessage([id, ...task]);
  });
  // Handed over as PNG: of a large photo's plain bytes Playwright makes several copies.
  window.picture = async (text) => {
    const file = new Blob([Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0))], { type: 'image/png' });
    const bitmap = await createImageBitmap(file, { premultiplyAlpha: 'none', colorSpaceConversion: 'none' });
    const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d', { willReadFrequently: true });
    context.drawImage(bitmap, 0, 0);
    return context.getImageData(0, 0, bitmap.width, bitmap.height);
  };
  // As one text: Playwright looks at every number of an array.
  window.asText = (bytes) => btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
  const start = performance.now();
  const { trouble } = await ask('open', new URL(device.index, location).href, new URL('api/search', location).href);
  if (trouble) throw new Error(JSON.stringify(trouble));
  return performance.now() - start;
}"""
_ASK = """async ([task, pictures, ...more]) => {
  const taken = await Promise.all(pictures.map(picture));
  const start = performance.now();
  const { value, trouble } = await ask(task, taken, ...more);
  for (const face of value?.faces ?? []) face.crop = asText(face.crop);
  return [value, trouble, performance.now() - start];
}"""
_GLANCE = """async (given) => {
  const taken = await picture(given);
  const start = performance.now();
  const { trouble } = await ask('glance', taken);
  if (trouble) throw new Error(JSON.stringify(trouble));
  window.glanced = performance.now() - start;
}"""
_ALIGN = """async ([landmarks, template, size]) => {
  const { alignFace } = await import(new URL('js/device/align.js', location));
  return asText(alignFace(window.shown, landmarks, template, size));
}"""
_CROP = """async ([box, size, margin]) => {
  const { cropFace } = await import(new URL('js/device/crop.js', location));
  return asText(cropFace(window.shown, box, size, margin));
}"""


class DevicePage:
    """A loaded page of a server that offers answers on the device; `opening_ms`: until they could be asked for."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self.opening_ms: float = page.evaluate(_START)
        self.answer_ms = 0.0
        self._shown: Image.Image | None = None

    def find(self, pictures: Sequence[Image.Image], k: int = 5, include: Sequence[str] = ()) -> Json:
        """The answer, each face's `crop` as pixels [size,size,3]; or {"trouble": {"slug", "hint"}}."""
        wishes = {"k": k, "include": list(include)}
        value, trouble, self.answer_ms = self._page.evaluate(_ASK, ["find", [_given(one) for one in pictures], wishes])
        if trouble:
            return {"trouble": trouble}
        for face in value["faces"]:
            face["crop"] = _square(face["crop"])
        answer: Json = value
        return answer

    def compare(self, first: Image.Image, second: Image.Image, faces: Sequence[int] = (0, 0)) -> Json:
        asked = ["compare", [_given(first), _given(second)], list(faces)]
        value, trouble, self.answer_ms = self._page.evaluate(_ASK, asked)
        found: Json = {"trouble": trouble} if trouble else value
        return found

    def glance_ms(self, picture: Image.Image) -> float:
        """How long a live mirror's look takes."""
        given = _given(picture)
        self._page.evaluate(_GLANCE, given)
        elapsed: float = self._page.evaluate("window.glanced")
        return elapsed

    def align(self, picture: Image.Image, landmarks: Any, template: Any, size: int) -> Pixels:
        """What the page's align_face cuts [size,size,3] for landmarks [5,2] and a template [5,2]."""
        self._show(picture)
        chip = self._page.evaluate(_ALIGN, [np.asarray(landmarks).tolist(), np.asarray(template).tolist(), size])
        return _square(chip)

    def crop(self, picture: Image.Image, box: Any, size: int, margin: int) -> Pixels:
        """What the page's crop_face cuts [size,size,3] for a box [4]."""
        self._show(picture)
        chip = self._page.evaluate(_CROP, [np.asarray(box).tolist(), size, margin])
        return _square(chip)

    def _show(self, picture: Image.Image) -> None:
        """Of one picture many faces are cut: it is handed over once."""
        if picture is not self._shown:
            self._page.evaluate("async (given) => { window.shown = await picture(given); }", _given(picture))
            self._shown = picture


def as_png(picture: Image.Image) -> bytes:
    """The very pixels, without transparency, as a PNG file that is written quickly."""
    buffer = io.BytesIO()
    picture.convert("RGB").save(buffer, "PNG", compress_level=1)
    return buffer.getvalue()


def _given(picture: Image.Image) -> str:
    return base64.b64encode(as_png(picture)).decode()


def _square(text: str) -> Pixels:
    pixels = np.frombuffer(base64.b64decode(text), np.uint8)
    side = round((len(pixels) / 3) ** 0.5)
    return pixels.reshape(side, side, 3)


@contextmanager
def serving(*options: str) -> Iterator[str]:
    """The address of `lookalike serve`, on a free port."""
    command = [sys.executable, "-m", "cli.main", "serve", "--port", "0", *options]
    environment = os.environ | {"PYTHONUNBUFFERED": "1", "LOOKALIKE_LOG_LEVEL": "ERROR"}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:
        try:
            assert process.stdout is not None
            yield next(word for word in process.stdout.readline().split() if word.startswith("http"))
        finally:
            process.terminate()


@contextmanager
def browsing() -> Iterator[Browser]:
    """Chromium without a window."""
    with sync_playwright() as playwright:
        if not (found := find_browser(playwright)):
            sys.exit(NO_BROWSER)
        chromium = playwright.chromium.launch(executable_path=found, args=["--no-sandbox", "--disable-gpu"])
        yield chromium
        chromium.close()


def open_page(browser: Browser, address: str) -> Page:
    page = browser.new_page()
    page.goto(address)
    return page
