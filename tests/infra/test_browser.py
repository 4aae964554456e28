"""One place knows where the browser is: a file that starts, by $CHROMIUM, on the path, or Playwright's own."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest
from playwright.sync_api import Playwright

from infra.browser import NAMES, SHELLS, find_browser


@pytest.fixture
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine without a browser: a folder for the path, and Playwright with nothing fetched."""
    monkeypatch.delenv("CHROMIUM", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    return tmp_path


def playwright(fetched: Path) -> Playwright:
    return cast(Playwright, SimpleNamespace(chromium=SimpleNamespace(executable_path=str(fetched))))


def program(path: Path, status: int = 0) -> Path:
    path.write_text(f"#!/bin/sh\nexit {status}\n")
    path.chmod(0o755)
    return path


def test_there_may_be_none(bare: Path) -> None:
    assert find_browser(playwright(bare / "fetched")) is None


@pytest.mark.parametrize("name", NAMES + SHELLS)
def test_one_on_the_path_is_found_by_any_of_its_names(bare: Path, name: str) -> None:
    there = program(bare / name)
    assert find_browser(playwright(bare / "fetched")) == there


def test_the_variable_goes_before_the_path(bare: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program(bare / "chromium")
    mine = program(bare / "mine")
    monkeypatch.setenv("CHROMIUM", str(mine))
    assert find_browser(playwright(bare / "fetched")) == mine


def test_one_without_windows_goes_before_one_with(bare: Path) -> None:
    program(bare / "chromium")
    there = program(bare / "chromium-headless-shell")
    assert find_browser(playwright(bare / "fetched")) == there


def test_of_playwright_s_own_two_the_one_without_windows_is_taken(bare: Path) -> None:
    for place in ("chromium-7/linux/chrome", "chromium_headless_shell-6/linux/chrome-headless-shell"):
        (bare / place).parent.mkdir(parents=True)
        program(bare / place)
    assert find_browser(playwright(bare / "chromium-7/linux/chrome")) == bare / "chromium-7/linux/chrome"

    (bare / "chromium_headless_shell-7/linux").mkdir(parents=True)
    there = program(bare / "chromium_headless_shell-7/linux/chrome-headless-shell")
    assert find_browser(playwright(bare / "chromium-7/linux/chrome")) == there


def test_what_does_not_start_is_passed_over(bare: Path) -> None:
    program(bare / "chromium", status=1)
    fetched = program(bare / "fetched")
    assert find_browser(playwright(fetched)) == fetched


def test_a_file_that_is_no_program_is_passed_over(bare: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (bare / "readme").write_text("no program")
    monkeypatch.setenv("CHROMIUM", str(bare / "readme"))
    assert find_browser(playwright(bare)) is None
