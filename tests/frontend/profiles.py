"""Browser profiles that serve one test after the other: a fresh one costs a second of the processor, an emptied one a third."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from playwright.sync_api import Browser, BrowserContext, CDPSession


class Profile:
    """A browser context, and the blank page through which it is emptied."""

    def __init__(self, browser: Browser, options: dict[str, Any]) -> None:
        self.context: BrowserContext = browser.new_context(**options)
        self._blank = self.context.new_page()
        self._session: CDPSession = self.context.new_cdp_session(self._blank)

    def empty(self, origins: set[str]) -> None:
        """Closes all pages, and forgets what these origins kept and what was fetched."""
        for page in self.context.pages:
            if page is not self._blank:
                page.close()
        for origin in origins:
            self._session.send("Storage.clearDataForOrigin", {"origin": origin, "storageTypes": "all"})
        self._session.send("Network.clearBrowserCache")
        self.context.set_offline(False)


class Profiles:
    """Those that nobody uses just now, by their options: who asks twice at once gets two."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._free: defaultdict[str, list[Profile]] = defaultdict(list)

    def take(self, options: dict[str, Any]) -> Profile:
        free = self._free[_key(options)]
        return free.pop() if free else Profile(self._browser, options)

    def give_back(self, profile: Profile, options: dict[str, Any], origins: set[str]) -> None:
        profile.empty(origins)
        self._free[_key(options)].append(profile)


def _key(options: dict[str, Any]) -> str:
    return repr(sorted(options.items()))
