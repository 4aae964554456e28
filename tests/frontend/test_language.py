"""Korean and English."""

from __future__ import annotations

import re

import pytest
from PIL import Image
from playwright.sync_api import expect

from tests.frontend.conftest import Visit
from tests.support import encoded

WORDS = "async (language) => (await import(`/js/words/${language}.js`)).default"
HANGUL = re.compile(r"[가-힣]")


def test_the_dictionaries_have_equal_keys_and_equal_blanks(visit: Visit) -> None:
    page = visit().page
    english, korean = (page.evaluate(WORDS, language) for language in ("en", "ko"))
    assert english.keys() == korean.keys()
    for key, text in english.items():
        assert set(re.findall(r"\{\w+\}", text)) == set(re.findall(r"\{\w+\}", korean[key])), key
        assert key in ("other", "name") or HANGUL.search(korean[key]), f"{key} is not Korean"
        assert key == "other" or not HANGUL.search(text), f"{key} is not English"


@pytest.mark.parametrize(
    ("locale", "language", "title"),
    [
        ("ko-KR", "ko", "나는 누구를 닮았을까?"),
        ("en-GB", "en", "Who do you look like?"),
        ("fr-FR", "en", "Who do you look like?"),
    ],
)
def test_the_page_speaks_the_browsers_language(visit: Visit, locale: str, language: str, title: str) -> None:
    page = visit(locale=locale).page
    expect(page.locator("#home h1")).to_have_text(title)
    expect(page.locator("html")).to_have_attribute("lang", language)


def test_the_switch_wins_over_the_browser_and_is_remembered(visit: Visit) -> None:
    page = visit(locale="en-US").page
    page.get_by_role("button", name="한국어").click()
    expect(page.locator("#home h1")).to_have_text("나는 누구를 닮았을까?")
    expect(page).to_have_title("찾기 · 닮은꼴")
    expect(page.locator("#gallery")).to_have_text("75명")
    page.reload()
    expect(page.locator("#home h1")).to_have_text("나는 누구를 닮았을까?")
    page.get_by_role("button", name="English").click()
    expect(page.locator("#home h1")).to_have_text("Who do you look like?")


def test_an_answer_changes_its_language_without_another_upload(visit: Visit, known_server: str, photo: bytes) -> None:
    visitor = visit(address=known_server)
    answer = visitor.find(photo)
    visitor.page.get_by_role("button", name="한국어").click()
    expect(answer.locator("h1")).to_have_text("이게 누구야!")
    expect(visitor.best).to_have_text("Eileen Collins")
    expect(visitor.page.get_by_role("button", name="English")).to_be_focused()
    assert len(visitor.uploads) == 1


def test_a_failure_changes_its_language(visit: Visit) -> None:
    visitor = visit(locale="ko-KR")
    visitor.pick(b"Dear diary", name="diary.txt", kind="text/plain")
    failure = visitor.failure().locator(".lead")
    expect(failure).to_contain_text("읽을 수 없는 파일이에요.")
    visitor.page.get_by_role("button", name="English").click()
    expect(failure).to_contain_text("This kind of file cannot be read.")


def test_the_server_is_asked_in_the_pages_language(visit: Visit) -> None:
    visitor = visit(locale="en-US")
    visitor.faults.expect("Failed to load resource")
    visitor.page.get_by_role("button", name="한국어").click()
    with visitor.page.expect_response("**/api/lookalikes*") as response:
        visitor.pick(encoded(Image.new("RGB", (200, 200))))
    assert HANGUL.search(response.value.json()["detail"])


def test_korean_words_are_not_broken(visit: Visit) -> None:
    page = visit(locale="ko-KR").page
    assert page.locator("#home .lead").evaluate("element => getComputedStyle(element).wordBreak") == "keep-all"
