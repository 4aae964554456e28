"""How sure an answer is, and why."""

from __future__ import annotations

from typing import Any

from PIL import Image
from playwright.sync_api import Route, expect

from lookalike.options import MAX_EXPLAINED
from tests.frontend.conftest import Visit
from tests.support import encoded


def test_a_small_face_comes_with_advice(visit: Visit, known_server: str, astronaut: Image.Image) -> None:
    canvas = Image.new("RGB", (900, 700), (90, 100, 110))
    canvas.paste(astronaut.resize((260, 260)), (300, 200))
    visitor = visit(address=known_server)
    answer = visitor.find(encoded(canvas, quality=95))
    expect(answer.locator(".notes")).to_contain_text("The face is small: come closer.")


def test_a_stable_winner_passes_the_mirror_check(visit: Visit, known_server: str, photo: bytes) -> None:
    visitor = visit(address=known_server)
    answer = visitor.find(photo)
    expect(answer.get_by_text("The mirrored photo gives the same person")).to_be_visible()


def test_an_unstable_winner_is_said_so(visit: Visit, photo: bytes) -> None:
    visitor = visit()

    def turn(route: Route) -> None:
        response = route.fetch()
        answer: dict[str, Any] = response.json()
        face = answer["faces"][0]
        face["mirror"] = {"stable": False, "person": face["matches"][1]["person"], "similarity": 0.1}
        route.fulfill(response=response, json=answer)

    visitor.page.route("**/api/lookalikes*", turn)
    answer = visitor.find(photo)
    second = answer.locator(".next b").first.inner_text()
    expect(answer.locator(".notes")).to_contain_text(f"Mirrored, this photo looks more like {second}")
    expect(answer.get_by_text("The mirrored photo gives the same person")).to_have_count(0)


def test_the_face_is_shown_as_the_network_saw_it(visit: Visit, photo: bytes) -> None:
    visitor = visit()
    answer = visitor.find(photo)
    crop = answer.locator(".crop img")
    crop.scroll_into_view_if_needed()
    expect(crop).to_have_js_property("complete", True)
    assert crop.evaluate("image => image.naturalWidth") in (150, 160)


def test_why_this_person_is_asked_only_on_demand_and_drawn_over_the_face(visit: Visit, photo: bytes) -> None:
    visitor = visit()
    answer = visitor.find(photo)
    assert "explanation" not in visitor.uploads[0].url
    answer.get_by_role("button", name="Why this person?").click()
    heat = answer.locator(".crop canvas")
    expect(heat).to_be_visible()
    expect(answer.get_by_text("Warm: what makes you alike")).to_be_visible()
    assert "explanation" in visitor.uploads[1].url
    strengths = heat.evaluate(
        "c => Array.from(c.getContext('2d').getImageData(0, 0, c.width, c.height).data).filter((_, i) => i % 4 === 3)"
    )
    assert len(strengths) == 49
    assert len(set(strengths)) > 5
    assert max(strengths) < 255  # the face shows through


def test_a_face_that_is_not_explained_offers_no_reason(visit: Visit, known_server: str, scene: Image.Image) -> None:
    answer = visit(address=known_server).find(encoded(scene, quality=95))
    faces = answer.get_by_role("button", name="Face")
    why = answer.get_by_role("button", name="Why this person?")
    for index in range(4):
        faces.nth(index).tap()
        expect(faces.nth(index)).to_have_attribute("aria-pressed", "true")
        expect(why).to_have_count(1 if index < MAX_EXPLAINED else 0)


def test_an_explanation_that_fails_is_excused(visit: Visit, photo: bytes) -> None:
    visitor = visit()
    answer = visitor.find(photo)
    visitor.faults.expect("Failed to load resource")
    visitor.page.route("**/api/lookalikes*", lambda route: route.abort())
    answer.get_by_role("button", name="Why this person?").click()
    expect(answer.get_by_text("The connection broke off.")).to_be_visible()


def test_the_percentage_is_explained(visit: Visit, photo: bytes) -> None:
    visitor = visit()

    def measured(route: Route) -> None:
        response = route.fetch()
        people: dict[str, Any] = response.json()
        people["gallery"] |= {"median_pair": 80.2, "median_nearest": 89.6}
        route.fulfill(response=response, json=people)

    visitor.page.route("**/api/people", measured)
    visitor.page.reload()
    answer = visitor.find(photo)
    answer.get_by_text("What does the percentage mean?").click()
    meaning = answer.locator("details")
    expect(meaning).to_contain_text("The same photo twice gives 100%.")
    expect(meaning).to_contain_text("Two people here are usually 80% alike, the nearest ones 90%.")
    expect(meaning).to_contain_text("Network: dlib")
