"""The gallery by department, with search."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.frontend.conftest import Visit
from tests.frontend.visitor import Visitor


def test_everybody_hangs_in_their_department(visit: Visit) -> None:
    visitor = visit(path="#/people")
    people = visitor.page.request.get(visitor.address + "api/people").json()["people"]
    departments = {person["department"] for person in people}
    assert set(visitor.page.locator("#people h2").all_text_contents()) == departments
    for name in departments:
        room = visitor.page.locator("#people section").filter(has=visitor.page.get_by_role("heading", name=name))
        names = [person["name"].split(" (")[1] for person in people if person["department"] == name]
        assert sorted(f"{text})" for text in room.locator("li b").all_text_contents()) == sorted(names)


def test_portraits_load_when_they_come_into_view(visit: Visit) -> None:
    visitor = visit(path="#/people")
    last = visitor.page.locator("#people img").last
    last.scroll_into_view_if_needed()
    expect(last).to_have_js_property("complete", True)
    assert last.evaluate("image => image.currentSrc").endswith("-small.jpg")


def test_search_finds_names_and_work_in_both_languages_and_departments(visit: Visit) -> None:
    visitor = visit("desktop", path="#/people")
    assert _found(visitor, "seoyeon") == ["Seoyeon Kim"]
    assert _found(visitor, "김서연") == ["Seoyeon Kim"]
    assert _found(visitor, "bottom of the cup") == ["Seoyeon Kim"]
    assert len(_found(visitor, "  HUMANITAS ")) == 15
    expect(visitor.page.locator("#people h2:visible")).to_have_text(["Humanitas College"])
    assert len(_found(visitor, "")) == 75


def test_a_search_without_result_says_so(visit: Visit) -> None:
    visitor = visit(path="#/people")
    assert _found(visitor, "zzz") == []
    expect(visitor.page.locator("#people [role=status]")).to_have_text("Nobody here by that name.")


def test_the_search_is_announced(visit: Visit) -> None:
    visitor = visit(path="#/people")
    _found(visitor, "humanitas")
    expect(visitor.page.locator("#people [role=status]")).to_have_text("People: 15")


def test_a_portrait_opens_the_persons_card_wherever_it_hangs(visit: Visit, photo: bytes) -> None:
    visitor = visit()
    visitor.page.locator(".spot").first.click()
    expect(visitor.page.get_by_role("dialog").locator("p")).not_to_be_empty()
    visitor.page.get_by_role("button", name="Close").click()
    answer = visitor.find(photo)
    for touched in (answer.locator(".pair button"), answer.locator(".next button").first):
        touched.click()
        expect(visitor.page.get_by_role("dialog").get_by_role("heading")).to_be_visible()
        visitor.page.keyboard.press("Escape")
        expect(touched).to_be_focused()


def test_one_can_be_compared_with_anybody(visit: Visit, known_server: str, photo: bytes) -> None:
    visitor = visit(address=known_server)
    visitor.find(photo)
    visitor.page.get_by_role("link", name="Gallery").click()
    visitor.page.get_by_role("button", name="Eileen Collins").click()
    card = visitor.page.get_by_role("dialog", name="Eileen Collins")
    expect(card).to_contain_text("Space")
    card.get_by_role("button", name="Compare with me").click()
    expect(card).to_be_hidden()
    expect(visitor.page.locator("#compare h1")).to_have_text("This could be one and the same person.")


def _found(visitor: Visitor, query: str) -> list[str]:
    visitor.page.get_by_role("searchbox").fill(query)
    return [" ".join(text.split()) for text in visitor.page.locator("#people li:visible b").all_text_contents()]
