"""What the page's tests need of the machine. Where it is missing they are left out, and only this fails."""

from __future__ import annotations

from contextlib import suppress

import pytest

from infra.browser import NO_BROWSER
from tests.frontend.conftest import AXE


def test_there_is_a_browser(request: pytest.FixtureRequest) -> None:
    with suppress(pytest.skip.Exception):
        request.getfixturevalue("browser")
        return
    pytest.fail(f"The page was not tested. {NO_BROWSER}", pytrace=False)


def test_there_is_axe() -> None:
    if not AXE.exists():
        pytest.fail("Accessibility was not tested. `npm ci`, of Node.js 20 or newer, brings axe-core.", pytrace=False)
