"""How sure an answer is, and why."""

from __future__ import annotations

import io
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Route, expect

from lookalike.options import LEAST_FACE, MAX_EXPLAINED
from tests.frontend.conftest import Visit
from tests.frontend.visitor import Visitor
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
    heat = answer.locator(".crop canvas").first
    expect(heat).to_be_visible()
    expect(answer.get_by_text("Warm colours show where.")).to_be_visible()
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


def test_an_explanation_that_fails_is_excused_and_can_be_tried_again(visit: Visit, photo: bytes) -> None:
    visitor = visit()
    answer = visitor.find(photo)
    visitor.faults.expect("Failed to load resource")
    visitor.page.route("**/api/lookalikes*", lambda route: route.abort())
    answer.get_by_role("button", name="Why this person?").click()
    expect(answer.get_by_text("The connection broke off.")).to_be_visible()
    visitor.page.unroute_all()
    answer.get_by_role("button", name="Try again").click()
    expect(answer.get_by_text("Most alike:")).to_be_visible()
    expect(answer.get_by_role("button", name="Try again")).to_have_count(0)


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


def test_the_parts_of_the_face_that_carry_it_are_named(visit: Visit, photo: bytes) -> None:
    visitor = visit()
    answer = visitor.find(photo)
    weights = [[0.1] * 7 for _ in range(7)]
    weights[2] = [1.0] * 7  # from 2/7 to 3/7 of the height: the eyes
    weights[5] = [0.1, 0.1, 0.5, 0.5, 0.5, 0.1, 0.1]  # from 5/7 to 6/7, in the middle: the mouth

    def explained(route: Route) -> None:
        response = route.fetch()
        found: dict[str, Any] = response.json()
        found["faces"][0]["explanation"] = {"rows": 7, "columns": 7, "weights": weights}
        route.fulfill(response=response, json=found)

    visitor.page.route("**/api/lookalikes*", explained)
    answer.get_by_role("button", name="Why this person?").click()
    expect(answer.get_by_text("Most alike: the eyes and the mouth.")).to_be_visible()
    expect(answer.locator(".alike .crop")).to_have_count(2)


def test_smaller_and_unsure_faces_can_be_asked_for(visit: Visit, photo: bytes) -> None:
    visitor = visit()
    _changed(visitor, smaller_possible=True, left_out=2)
    answer = visitor.find(photo)
    expect(answer.locator(".notes")).to_contain_text("not sure that they are faces: 2")
    answer.get_by_role("button", name="Look for smaller faces").click()
    expect(answer.get_by_role("button", name="Look for smaller faces")).to_have_count(0)
    assert f"min_face_size={LEAST_FACE:.0f}" in visitor.uploads[1].url
    answer.get_by_role("button", name="Show them, too").click()
    expect(answer.locator("h1")).to_be_focused()
    assert "min_probability=0" in visitor.uploads[2].url and "min_face_size" in visitor.uploads[2].url


def test_faces_that_are_too_many_are_counted(visit: Visit, photo: bytes) -> None:
    visitor = visit()
    _changed(visitor, beyond_limit=7)
    expect(visitor.find(photo).locator(".notes")).to_contain_text("the smallest are not answered (7)")


def test_a_small_face_s_photo_is_sent_anew_with_more_of_its_pixels(visit: Visit, astronaut: Image.Image) -> None:
    """Of 3,800 pixels 1,280 are sent at first, where the face has some 42, and then 3,200."""
    crowd = Image.new("RGB", (3800, 2500), (104, 112, 122))
    crowd.paste(astronaut, (2300, 700))
    visitor = visit()
    answer = visitor.find(encoded(crowd))
    sides = [_sent_side(visitor)]
    with visitor.page.expect_response(f"**/api/lookalikes*min_face_size={LEAST_FACE:.0f}*"):
        answer.get_by_role("button", name="Look for smaller faces").click()
    sides.append(_sent_side(visitor))
    assert sides == [1280, 3200]
    expect(answer).to_be_visible()
    expect(answer.get_by_role("button", name="Look for smaller faces")).to_have_count(0)


def test_a_large_face_s_photo_is_sent_once(visit: Visit, astronaut: Image.Image) -> None:
    answer = visit().find(encoded(astronaut.resize((2000, 2000))))
    expect(answer.get_by_role("button", name="Look for smaller faces")).to_have_count(0)


def _sent_side(visitor: Visitor) -> int:
    ((_, photo),) = visitor.sent()
    return max(Image.open(io.BytesIO(photo)).size)


def test_photos_of_different_people_are_told_apart(visit: Visit, photo: bytes, hopper: Image.Image) -> None:
    visitor = visit("desktop")
    visitor.give("drop", photo, encoded(hopper), photo)
    answer = visitor.answer()
    expect(answer.get_by_text("These photos seem to show different people")).to_be_visible()
    photos = answer.locator(".photos li")
    expect(photos).to_have_count(3)
    expect(photos.get_by_text("somebody else")).to_have_count(1)
    expect(photos.nth(1)).to_contain_text("somebody else")


def test_a_broken_off_photo_is_told(visit: Visit, photo: bytes) -> None:
    visitor = visit()
    visitor.page.route("**/api/lookalikes*", lambda route: _with_photo(route, remarks=["incomplete"]))
    expect(visitor.find(photo).locator(".notes")).to_contain_text("The photo breaks off")


@pytest.mark.parametrize(
    ("verdict", "title", "lead"),
    [
        ("strong", "Look who it is", "So alike that it is hardly chance."),
        ("clear", "Your nearest likeness", "though not your double"),
        ("close", "A close race", "Won by a nose:"),
        ("none", "One of a kind", "Nobody here is quite like you."),
    ],
)
def test_every_verdict_has_its_words(visit: Visit, photo: bytes, verdict: str, title: str, lead: str) -> None:
    visitor = visit()

    def judged(route: Route) -> None:
        response = route.fetch()
        found: dict[str, Any] = response.json()
        found["faces"][0]["verdict"] = verdict
        route.fulfill(response=response, json=found)

    visitor.page.route("**/api/lookalikes*", judged)
    answer = visitor.find(photo)
    expect(answer.locator("h1")).to_have_text(title)
    expect(answer.locator(".lead")).to_contain_text(lead)


@pytest.mark.parametrize(
    ("verdict", "line"), [("strong", "Most others here are far less alike."), ("clear", "Usual here: ")]
)
def test_a_strong_likeness_is_not_measured_by_what_is_usual(
    visit: Visit, photo: bytes, verdict: str, line: str
) -> None:
    """Drawn people are more alike to each other than any photo is to them."""
    visitor = visit()

    def judged(route: Route) -> None:
        response = route.fetch()
        found: dict[str, Any] = response.json()
        found["faces"][0]["verdict"] = verdict
        found["faces"][0]["matches"][0] |= {"closer_than": 12.3, "closer_than_nearest": 0.0}
        route.fulfill(response=response, json=found)

    visitor.page.route("**/api/lookalikes*", judged)
    expect(visitor.find(photo).locator(".label p")).to_contain_text(line)


def _changed(visitor: Visitor, **values: Any) -> None:
    """From now on the API answers so."""

    def change(route: Route) -> None:
        response = route.fetch()
        route.fulfill(response=response, json=response.json() | values)

    visitor.page.route("**/api/lookalikes*", change)


def _with_photo(route: Route, **values: Any) -> None:
    response = route.fetch()
    found: dict[str, Any] = response.json()
    found["photo"] |= values
    route.fulfill(response=response, json=found)
