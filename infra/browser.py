"""Where the browser is that tests and screenshots drive; `python -m infra.browser` sees to it that there is one."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Playwright, sync_playwright

# Chromium without its windows is asked first: all of the engine, and a page costs a third less of the processor.
SHELLS = ("chromium-headless-shell", "chrome-headless-shell")
# Then anything that is Chromium inside, by its names on the path and among macOS's applications.
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge", "msedge", "chrome")
APPLICATIONS = ("Chromium", "Google Chrome", "Microsoft Edge")
NO_BROWSER = (
    "There is no browser: install Chromium or Chrome (on Debian: apt install chromium),\n"
    "or set CHROMIUM to the file that starts one."
)


def find_browser(playwright: Playwright) -> Path | None:
    """A Chromium that starts: $CHROMIUM, one without windows, one on the path, one of macOS's applications, Playwright's."""
    return next((place for place in _places(playwright) if _starts(place)), None)


def fetch_browser() -> None:
    """Ask Playwright for its browser and, where its host is out of reach, the machine's package manager."""
    patience = os.environ | {"PLAYWRIGHT_DOWNLOAD_CONNECTION_TIMEOUT": "15000"}
    installer = [sys.executable, "-m", "playwright", "install"]
    if _runs([*installer, "--only-shell", "chromium"], patience):
        if os.geteuid() == 0:
            _runs([*installer[:-1], "install-deps", "chromium"], patience)
        return
    apt = [*_as_root(), "apt-get", "-qq", "-o", "DPkg::Lock::Timeout=120"]
    if shutil.which("apt-get") and (os.geteuid() == 0 or _runs(["sudo", "-n", "true"])):
        _runs([*apt, "update"])
        for package in (SHELLS[0], "chromium"):
            if _runs([*apt, "install", "-y", "--no-install-recommends", package, "fonts-noto-cjk"]):
                return


def main() -> None:
    """Fetch a browser if there is none. Without one, the page's tests are left out: they say so in the end."""
    with sync_playwright() as playwright:
        if not find_browser(playwright):
            print("Looking for a browser for the page's tests: a few hundred MB.", file=sys.stderr)
            fetch_browser()
        print(find_browser(playwright) or NO_BROWSER, file=sys.stderr)


def _places(playwright: Playwright) -> Iterator[Path]:
    if "CHROMIUM" in os.environ:
        yield Path(os.environ["CHROMIUM"])
    own = Path(playwright.chromium.executable_path)
    for name in SHELLS:
        if found := shutil.which(name):
            yield Path(found)
    # Playwright keeps the two side by side: chromium-1255/…/chrome, chromium_headless_shell-1255/…/chrome-headless-shell.
    kept = own.parent.parent
    if kept.name.startswith("chromium-"):
        beside = kept.name.replace("chromium", "chromium_headless_shell")
        yield from (kept.parent / beside).glob(f"*/{SHELLS[1]}")
    for name in NAMES:
        if found := shutil.which(name):
            yield Path(found)
    for name in APPLICATIONS:
        yield Path(f"/Applications/{name}.app/Contents/MacOS/{name}")
    yield own


def _starts(browser: Path) -> bool:
    """A file alone is not enough: Ubuntu's package is a script that asks for another one."""
    return browser.is_file() and _runs([str(browser), "--version"])


def _as_root() -> list[str]:
    return [] if os.geteuid() == 0 else ["sudo", "-n"]


def _runs(command: list[str], environment: dict[str, str] | None = None) -> bool:
    try:
        done = subprocess.run(command, env=environment, stdin=subprocess.DEVNULL, capture_output=True, timeout=900)  # noqa: S603
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


if __name__ == "__main__":
    main()
