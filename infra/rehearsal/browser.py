"""The page in a real browser, through the emulated CloudFront: a photo is chosen and answered."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import sync_playwright

from infra.browser import find_browser
from infra.rehearsal.emulator import Emulator
from infra.rehearsal.table import Table


def find_on_the_page(aws: Emulator, page: str, photo: Path, table: Table) -> None:
    """The browser takes the distribution's name for this machine; its certificate is the emulator's."""
    with sync_playwright() as playwright:
        found = find_browser(playwright)
        if found is None:
            table.see("the page in a browser", False, "there is no browser here: see `python -m infra.browser`")
            return
        flags = [f"--host-resolver-rules=MAP *.cloudfront.net 127.0.0.1:{aws.port}", "--no-sandbox"]
        browser = playwright.chromium.launch(executable_path=found, args=flags)
        try:
            opened = browser.new_context(ignore_https_errors=True, locale="en-US").new_page()
            faults: list[str] = []
            opened.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
            opened.on("pageerror", lambda error: faults.append(str(error)))
            opened.goto(page)
            with opened.expect_response(lambda answer: "/api/lookalikes" in answer.url, timeout=30_000) as asked:
                with opened.expect_file_chooser() as chooser:
                    opened.click("#pick")
                chooser.value.set_files(photo)
            name = opened.locator("#answer .label b").first.inner_text(timeout=15_000)
            kind = asked.value.request.headers.get("content-type", "").partition(";")[0]
            status = asked.value.status
        finally:
            browser.close()
    well = status == 200 and bool(name) and not faults
    table.see("a photo, found in Chromium", well, "; ".join(faults) or f"{kind}: {status}, {name}")
