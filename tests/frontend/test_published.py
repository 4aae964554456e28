"""The page as it is published, in its release's folder, works as the one in the sources."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from playwright.sync_api import Route, expect

from infra.headers import SECURITY
from infra.publish import FRONTEND
from infra.site_files import release
from tests.frontend.conftest import Visit


def test_the_published_page_answers(visit: Visit, known_server: str, photo: bytes) -> None:
    files = release(FRONTEND)
    asked: list[str] = []

    def as_published(route: Route) -> None:
        name = urlsplit(route.request.url).path.lstrip("/") or "index.html"
        if name.startswith("api/"):
            route.fallback()
            return
        asked.append(name)
        headers = SECURITY | {"content-type": files[name].content_type, "cache-control": files[name].cache_control}
        route.fulfill(body=files[name].read(), headers=headers)

    visitor = visit("phone", address=known_server)
    visitor.page.route("**/*", as_published)
    visitor.page.reload()
    visitor.find(photo)
    expect(visitor.best).to_have_text("Eileen Collins")
    ahead = set(re.findall(r'"([^"]+/js/[^"]+)"', files["index.html"].read().decode()))
    assert ahead and ahead <= set(asked) <= set(files)
    assert not [name for name in asked if "/js/device/" in name]  # nobody has asked for that
    # What is loaded ahead is not loaded twice. (Chromium asks for a page's icon as often as it likes.)
    once = [name for name in asked if "/icons/" not in name]
    assert sorted(once) == sorted(set(once))
