"""Answers on the device are the function's: the same pixels through both, in a real browser."""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np
import pytest
from PIL import Image, ImageFilter
from playwright.sync_api import Browser, Route

from benchmarks.device_page import DevicePage
from benchmarks.device_parity import BOX, PERCENT, compared, same_chips
from lookalike.faces.align import align_face, crop_face
from lookalike.finder import Finder
from lookalike.options import CompareOptions, FindOptions
from lookalike.settings import Settings
from tests.support import encoded

GREY = (96, 112, 128)


@pytest.fixture(scope="module")
def device(browser: Browser, demo_server: str) -> Iterator[DevicePage]:
    page = browser.new_page()
    page.goto(demo_server)
    yield DevicePage(page)
    page.close()


@pytest.fixture(scope="module")
def demo_finder() -> Finder:
    return Finder.open(Settings())


@pytest.fixture(scope="module")
def pictures(astronaut: Image.Image, hopper: Image.Image, scene: Image.Image) -> dict[str, Image.Image]:
    """Portraits and scenes of one to six faces, turned, tilted, dark, blurred, tiny, and without a face."""
    six = Image.new("RGB", (1240, 700), GREY)
    for at, person in enumerate([astronaut, hopper] * 3):
        six.paste(
            person.resize((300, 320)).rotate(5 * at - 12, fillcolor=GREY), (60 + at % 3 * 400, 20 + at // 3 * 340)
        )
    pair = Image.new("RGB", (900, 611), GREY)
    pair.paste(astronaut, (0, 0))
    pair.paste(hopper.resize((350, 410)), (530, 150))
    three = scene.crop((0, 0, 843, 640))
    far = Image.new("RGB", (1280, 853), GREY)
    far.paste(hopper.resize((103, 121)), (700, 300))
    small = Image.new("RGB", (1280, 853), GREY)
    small.paste(hopper.resize((154, 180)), (700, 300))
    noise = np.random.default_rng(3).integers(0, 256, (203, 311, 3), np.uint8)
    return {
        "astronaut": astronaut,
        "astronaut right": astronaut.rotate(270, expand=True),
        "astronaut upside down": astronaut.rotate(180),
        "astronaut large": astronaut.resize((1280, 1273)),
        "astronaut dark": astronaut.point(lambda value: value // 5),
        "astronaut cut": astronaut.crop((0, 60, 250, 400)),
        "hopper": hopper,
        "hopper left": hopper.rotate(90, expand=True),
        "hopper tilted": hopper.rotate(17, fillcolor=GREY),
        "hopper small": hopper.resize((160, 171)),
        "hopper blurred": hopper.filter(ImageFilter.GaussianBlur(5)),
        "hopper cut": hopper.crop((0, 60, 250, 400)),
        "pair": pair,
        "three": three,
        "scene": scene,
        "scene turned": scene.rotate(90, expand=True),
        "six": six,
        "far": far,
        "small left": small.rotate(90, expand=True),
        "blank": Image.new("RGB", (400, 300), "white"),
        "night": Image.new("RGB", (400, 300), (3, 3, 3)),
        "noise": Image.fromarray(noise),
        "stamp": astronaut.resize((19, 31)),
        "line": Image.new("RGB", (900, 1), GREY),
    }


def test_the_same_faces_and_people_on_every_picture(
    device: DevicePage, demo_finder: Finder, pictures: dict[str, Image.Image]
) -> None:
    found = {name: compared(demo_finder, device, picture) for name, picture in pictures.items()}
    assert {name: one.problems for name, one in found.items() if one.problems} == {}
    assert max(one.box for one in found.values()) <= BOX
    assert max(one.percent for one in found.values()) <= PERCENT
    # The pictures are what their names say.
    faces = {"pair": 2, "scene": 4, "six": 6, "far": 1, "small left": 1, "blank": 0, "stamp": 0}
    assert {name: found[name].faces for name in faces} == faces


def test_faces_that_are_too_many_are_counted(browser: Browser, demo_server: str, scene: Image.Image) -> None:
    """Where the three largest of four may be answered."""

    def fewer(route: Route) -> None:
        index = route.fetch().json()
        index["constants"]["most_faces"] = 3
        route.fulfill(json=index)

    page = browser.new_page()
    page.route(re.compile(r"/index[^/]*\.json$"), fewer)
    page.goto(demo_server)
    found = DevicePage(page).find([scene], 1)
    assert (len(found["faces"]), found["beyond_limit"]) == (3, 1)
    page.close()


def test_faces_are_cut_byte_for_byte_alike(
    device: DevicePage, demo_finder: Finder, pictures: dict[str, Image.Image]
) -> None:
    some = [pictures[name] for name in ("pair", "scene", "six", "astronaut large", "hopper cut")]
    assert all(same_chips(demo_finder, device, picture) for picture in some)


@pytest.mark.parametrize("step", [1.7, 2.2, 3.9, 6.1, 11.4])
def test_large_faces_are_reduced_byte_for_byte_alike(
    device: DevicePage, demo_finder: Finder, hopper: Image.Image, step: float
) -> None:
    """Beyond the picture's edges, too."""
    recipe = demo_finder.embedder.entry.recipe
    template = np.array(recipe.template)
    landmarks = (template - 75) @ np.array([[0.96, 0.28], [-0.28, 0.96]]) * step + (301.3, 222.8)
    theirs = device.align(hopper, landmarks.astype(np.float32), template, recipe.size)
    np.testing.assert_array_equal(align_face(hopper, landmarks.astype(np.float32), template, recipe.size), theirs)


@pytest.mark.parametrize(("size", "margin"), [(160, 0), (150, 14), (17, 3)])
def test_boxes_are_cut_byte_for_byte_alike(device: DevicePage, hopper: Image.Image, size: int, margin: int) -> None:
    """Enlarged, reduced, taller and wider than high, as large as the chip, over every edge, and thinner than a pixel."""
    boxes = [
        (178.8, 61.2, 266.7, 173.2),
        (60.4, 33.3, 411.9, 590.1),
        (20.1, 300.6, 501.2, 420.4),
        (100.0, 200.0, 260.0, 360.0),
        (-30.5, -12.1, 90.4, 140.9),
        (400.2, 480.7, 560.0, 700.3),
        (250.3, 250.6, 250.5, 250.7),
    ]
    for box in np.array(boxes, np.float32):
        np.testing.assert_array_equal(
            crop_face(hopper, box, size, margin), device.crop(hopper, box, size, margin), str(box)
        )


@pytest.mark.slow
def test_facenet_s_own_network_finds_the_same_people(
    browser: Browser, facenet_server: str, facenet_settings: Settings, pictures: dict[str, Image.Image]
) -> None:
    """It wants faces cut as boxes, and 94 MB: what is said of the download before it begins is what comes."""
    page, came = browser.new_page(), list[int]()
    page.on("requestfinished", lambda request: came.append(request.sizes()["responseBodySize"]))
    page.goto(facenet_server)
    device, finder = DevicePage(page), Finder.open(facenet_settings)
    for name in ("pair", "hopper left", "astronaut large"):
        found = compared(finder, device, pictures[name])
        assert (found.problems, found.faces) == ((), 2 if name == "pair" else 1)
        assert found.percent <= PERCENT
    assert page.evaluate("fetch('config.json').then((answer) => answer.json())")["device"][
        "megabytes"
    ] == pytest.approx(sum(came) / 1e6, abs=2)
    page.close()


def test_two_photos_compare_alike(
    device: DevicePage, demo_finder: Finder, astronaut: Image.Image, hopper: Image.Image
) -> None:
    ours = demo_finder.compare(_png(astronaut), _png(hopper)).to_json()
    theirs = device.compare(astronaut, hopper)
    assert theirs["percent"] == pytest.approx(ours["percent"], abs=PERCENT)
    assert theirs["same_person"] is False
    assert theirs["b"]["box"] == pytest.approx(ours["b"]["box"], abs=BOX)


def test_the_same_faces_of_two_photos_compare_alike(
    device: DevicePage, demo_finder: Finder, scene: Image.Image, hopper: Image.Image
) -> None:
    ours = demo_finder.compare(_png(scene), _png(hopper), CompareOptions(a_face=2)).to_json()
    theirs = device.compare(scene, hopper, (2, 0))
    assert theirs["percent"] == pytest.approx(ours["percent"], abs=PERCENT)
    assert (theirs["a"]["chosen"], len(theirs["a"]["faces"])) == (2, 4)
    assert theirs["a"]["box"] == pytest.approx(ours["a"]["box"], abs=BOX)
    assert device.compare(scene, hopper, (0, 1))["trouble"]["slug"] == "invalid-parameter"


def test_several_photos_speak_together(
    device: DevicePage, demo_finder: Finder, astronaut: Image.Image, hopper: Image.Image
) -> None:
    photos = [astronaut, astronaut.resize((400, 400)), Image.new("RGB", (300, 200)), hopper]
    ours = demo_finder.find([_png(photo) for photo in photos]).to_json()
    theirs = device.find(photos, 5)
    assert [match["person"] for match in theirs["faces"][0]["matches"]] == [
        match["person"] for match in ours["faces"][0]["matches"]
    ]
    assert theirs["photos"] == ours["photos"]


def test_reasons_are_alike(device: DevicePage, demo_finder: Finder, hopper: Image.Image) -> None:
    ours = demo_finder.find([_png(hopper)], FindOptions(include=("explanation",))).to_json()["faces"][0]["explanation"]
    theirs = device.find([hopper], 5, ["explanation"])["faces"][0]["explanation"]
    np.testing.assert_allclose(theirs["weights"], ours["weights"], atol=0.01)
    assert (theirs["rows"], theirs["columns"]) == (7, 7)


def _png(picture: Image.Image) -> bytes:
    return encoded(picture, "PNG")
