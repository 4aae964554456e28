"""The search for the worst request finds it where it is known, and goes on where it was interrupted."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from PIL import Image

from tests.support import encoded
from tests.trust import notes
from tests.trust.bounds import Search, beyond, rows
from tests.trust.codings import FORMATS
from tests.trust.meter import Cost, measured
from tests.trust.notes import Notes, Trial


def known(data: bytes, photos: int) -> Cost:
    """Of a photo that is a text: its pixels, then two numbers. More than 25 megapixels are refused, or 50 together."""
    width, height, slow, large = map(int, data.split())
    megapixels = width * height / 1e6
    if megapixels > 25 or megapixels * photos > 50:
        return Cost(len(data), 0.0, 0, "too-large")
    return Cost(len(data), slow / 10 * photos, large, "")


@pytest.fixture
def search(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Search:
    def make(size: tuple[int, int], slow: int, large: int) -> bytes:
        if slow == large:
            raise ValueError("no such picture")
        return f"{size[0]} {size[1]} {slow} {large}".encode()

    monkeypatch.setitem(FORMATS, "text", (make, {"slow": range(1, 50), "large": (0, 10, 450, 451)}))
    monkeypatch.setattr(notes, "measured", known)
    return Search("text", Notes(tmp_path))


def test_finds_the_slowest_and_the_largest_and_five_of_them(search: Search) -> None:
    search.sweep()
    chance = random.Random(1)
    for _ in range(300):
        search.step(chance)
    assert {measure: worst for measure, (worst, _) in search.worst.items()} == {"seconds": 4.9, "megabytes": 451}
    table, *codings = rows("text", search._notes)
    assert table.split("|")[3:8] == [" 25 MP ", " 4.9 s ", " 451 MB ", " 24.5 s ", " 451 MB "]
    assert "slow=49" in codings[0] and codings[2].startswith("    5 × 24.5 s: text, 5 × 10 MP, slow=49")


@pytest.mark.parametrize(
    ("cost", "too_much"),
    [
        (Cost(1, 8.5, 450, ""), False),
        (Cost(1, 8.51, 450, ""), True),
        (Cost(1, 8.5, 451, ""), True),
        (Cost(1, 8.5, 451, "too-large"), False),
        (Cost(1, 8.51, 0, "took-too-long"), True),
    ],
)
def test_a_refused_request_may_not_take_longer_either(cost: Cost, too_much: bool) -> None:
    assert beyond(cost) == too_much


def test_what_was_measured_is_not_measured_again(
    search: Search, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    search.sweep()
    monkeypatch.setattr(notes, "measured", lambda data, photos: pytest.fail("measured again"))
    again = Search("text", Notes(tmp_path))
    again.sweep()
    assert again.worst == search.worst


def test_a_request_is_measured_in_a_process_of_its_own() -> None:
    cost = measured(encoded(Image.new("RGB", (4000, 3000)), "PNG"), 2)
    assert cost.refused == "" and 0.05 < cost.seconds < 5 and 20 < cost.megabytes < 200
    assert measured(b"no photo", 1).refused == "unsupported-photo"


@pytest.mark.parametrize("kind", FORMATS)
def test_every_format_has_a_first_photo(kind: str) -> None:
    coding = {name: values[0] for name, values in FORMATS[kind][1].items()} | {"shape": 1.5}
    assert len(Trial(kind, coding, 0.1, 1).photo()) > 100
