"""Answering on the visitor's device: download, opening, answers, the live mirror, memory; beside the function itself.

python -m benchmarks.device [--quick]
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page

from benchmarks.device_page import DevicePage, browsing, serving
from benchmarks.figure import Figure, main
from benchmarks.photos import photos
from infra.device_files import published
from infra.on_device import kit
from infra.publish import FRONTEND
from infra.site_files import release
from lookalike.finder import Finder
from lookalike.options import FindOptions, Part
from lookalike.settings import Settings
from tests.support import encoded

SIDE = 1280
PARTS: tuple[Part, ...] = ("crop", "mirror")  # what the page asks for
LIVE_SIZE = (640, 480)


def measure(quick: bool = False) -> Figure:
    settings = Settings()
    files = published(release(FRONTEND), kit(settings, "all"))
    device = [file.size for name, file in files.items() if name.startswith("device/")]
    portrait = next(iter(photos(SIDE))).image
    finder = Finder.open(settings)
    question = FindOptions(include=PARTS)
    with serving() as address, browsing() as browser:
        cold, warm, device_page, context_page = _opened(browser, address)
        first = _answer(device_page, portrait)
        later = [_answer(device_page, portrait) for _ in range(5 if quick else 15)]
        data = encoded(portrait, "PNG")
        ours = [_timed(lambda: finder.find([data], question)) for _ in range(5 if quick else 15)]
        early = _renderers_mb()
        for _ in range(20 if quick else 100):
            _answer(device_page, portrait)
        late = _renderers_mb()
        live = _looks_a_second(device_page, portrait.resize(LIVE_SIZE))
        context_page.close()
    size = f"{portrait.width}×{portrait.height}"
    rows: list[list[str | float]] = [
        ["to download once, compressed (MB)", sum(device) / 1e6, "–"],
        ["opening, nothing kept by the browser (s)", cold / 1e3, "–"],
        ["opening, files kept (s)", warm / 1e3, "–"],
        [f"first answer, {size} (ms)", first, "–"],
        [f"later answers, {size} (ms)", statistics.median(later), statistics.median(ours)],
        ["live mirror, 640×480 (answers a second)", live, "–"],
        ["memory of the page after 5 photos (MB)", early, "–"],
        [f"after {20 if quick else 100} more (MB)", late, "–"],
    ]
    return Figure(
        "On the visitor's device",
        "In headless Chromium on this machine, one thread, plain WebAssembly; wall-clock time, mirror check included. "
        "Beside it, the function's own way on the same pixels (PNG, with its decoding). Memory: PSS of the page's process.",
        ["", "on the device", "the function"],
        rows,
        {"later_ms": later, "function_ms": ours, "live": live, "memory_mb": [early, late]},
    )


def _opened(browser: Browser, address: str) -> tuple[float, float, DevicePage, Page]:
    """Milliseconds to open with nothing kept, and again in the same browser."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(address)
    cold = DevicePage(page).opening_ms
    page.close()
    page = context.new_page()
    page.goto(address)
    found = DevicePage(page)
    return cold, found.opening_ms, found, page


def _answer(page: DevicePage, picture: Image.Image) -> float:
    page.find([picture], 5, PARTS)
    return page.answer_ms


def _looks_a_second(page: DevicePage, picture: Image.Image, looks: int = 20) -> float:
    return 1000 / statistics.median(page.glance_ms(picture) for _ in range(looks))


def _timed(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return (time.perf_counter() - start) * 1000


def _renderers_mb() -> float:
    """PSS of the largest of Chromium's renderers, which is the page's."""
    return max(_renderers(), default=0.0)


def _renderers() -> Iterator[float]:
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):  # gone meanwhile
            if b"--type=renderer" in (process / "cmdline").read_bytes():
                for line in (process / "smaps_rollup").read_text().splitlines():
                    if line.startswith("Pss:"):
                        yield int(line.split()[1]) / 1024


if __name__ == "__main__":
    main(measure)
