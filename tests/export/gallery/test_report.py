"""The gallery's report: its figures against the definition, what it finds in spoilt galleries, and a safe page."""

from __future__ import annotations

import dataclasses
import itertools
import json
import math
from collections.abc import Sequence
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest

from export.gallery.contents import gallery_files
from export.gallery.people import EnrolledPerson, Enrolment, Row
from export.gallery.report import pairs
from export.gallery.report.data import SHOWN, Findings, examine
from export.gallery.report.page import page
from export.gallery.report.plot import bars, occupied, ticks
from lookalike.arrays import Array
from lookalike.errors import DamagedFile, GalleryMismatch, MissingFile
from lookalike.faces.embedder import similarity_from
from lookalike.faces.manifest import EmbedderEntry, read_manifest
from lookalike.settings import Settings

DAY = date(2026, 11, 23)
JPEG = b"\xff\xd8 a portrait"


@pytest.fixture(scope="module")
def entry() -> EmbedderEntry:
    return read_manifest(Settings().models, "size").embedder


@pytest.fixture
def strangers(entry: EmbedderEntry) -> Array:
    """[60,width]: the embeddings of people who have nothing in common, similarity about 0."""
    directions = np.random.default_rng(5).normal(size=(60, entry.width))
    rows: Array = (directions / np.linalg.norm(directions, axis=1, keepdims=True) * entry.radius).astype(np.float32)
    return rows


def person(
    name: str, embeddings: Sequence[Array] | Array, department: str = "", metadata: dict[str, str] | None = None
) -> EnrolledPerson:
    rows = [
        Row(Enrolment(f"{name} {number}", "portrait.jpg", (), embedding), f"{name}/{number}.jpg", "build")
        for number, embedding in enumerate(embeddings)
    ]
    return EnrolledPerson(name, department, rows, metadata or {})


def write(directory: Path, people: Sequence[EnrolledPerson], entry: EmbedderEntry) -> Path:
    (directory / "portraits").mkdir(parents=True)
    (directory / "portraits" / "portrait-small.jpg").write_bytes(JPEG)
    for name, data in gallery_files(people, entry).items():
        (directory / name).write_bytes(data)
    return directory


def between(first: Array, second: Array, share: float, radius: float) -> Array:
    """On the way from one embedding to the other, as far from the middle as they are."""
    mixed = (1 - share) * first + share * second
    row: Array = (mixed / np.linalg.norm(mixed) * radius).astype(np.float32)
    return row


class Read(HTMLParser):
    """A page taken apart: tags, attributes, ids, and the text that is seen."""

    def __init__(self, data: bytes) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.text = ""
        self.open: list[str] = []
        self.feed(data.decode())

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(name, value or "") for name, value in attributes]
        if tag not in ("meta", "img", "wbr"):
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(name, value or "") for name, value in attributes]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open[-1:] != ["style"]:
            self.text += data

    @property
    def words(self) -> str:
        return " ".join(self.text.split())

    def values(self, name: str) -> list[str]:
        return [value for attribute, value in self.attributes if attribute == name]


def read(directory: Path, entry: EmbedderEntry) -> tuple[Findings, Read]:
    found = examine(directory, entry)
    return found, Read(page(found, directory / "portraits", DAY))


class TestFigures:
    @pytest.mark.parametrize("block", [1, 100, pairs._BLOCK])
    def test_they_are_those_of_the_definition_in_blocks_too(
        self, tmp_path: Path, entry: EmbedderEntry, monkeypatch: pytest.MonkeyPatch, block: int
    ) -> None:
        monkeypatch.setattr(pairs, "_BLOCK", block)
        random = np.random.default_rng(2)
        rows = [
            random.normal(0, entry.radius / 12, (1 + number % 3, entry.width)).astype(np.float32)
            for number in range(23)
        ]
        people = [person(f"p{number:02}", own) for number, own in enumerate(rows)]
        found = examine(write(tmp_path / "g", people, entry), entry)
        alike = {
            (a, b): max(float(similarity_from(np.square(x - y).sum(), entry.radius)) for x in rows[a] for y in rows[b])
            for a, b in itertools.permutations(range(23), 2)
        }
        best = sorted((value for (a, b), value in alike.items() if a < b), reverse=True)
        assert [pair.similarity for pair in found.closest] == pytest.approx(best[:SHOWN], abs=2e-5)
        names = {frozenset((pair.first.name, pair.second.name)) for pair in found.closest}
        assert names == {
            frozenset((f"p{a:02}", f"p{b:02}")) for (a, b), value in alike.items() if value > best[SHOWN] + 1e-6
        }
        assert (found.pairs, sum(found.histogram), sum(found.nearest_histogram)) == (253, 253, 23)
        middle = np.average(np.linspace(-0.995, 0.995, 200), weights=found.histogram)
        assert middle == pytest.approx(np.mean(best), abs=0.01)
        assert found.pairs_beyond_rule == sum(value >= entry.same_person for value in best)

    def test_medians_and_nearest_of_groups(self, tmp_path: Path, entry: EmbedderEntry, strangers: Array) -> None:
        people = [person(f"p{n:02}", strangers[n : n + 1], "AB"[n % 2]) for n in range(21)]
        (column,) = examine(write(tmp_path / "g", people, entry), entry).columns
        alike = 1 - np.square(strangers[:21, None] - strangers[:21]).sum(axis=2) / (2 * entry.radius**2)
        np.fill_diagonal(alike, np.nan)
        for group, first in (("A", 0), ("B", 1)):
            (seen,) = [one for one in column.groups if one.name == group]
            own = alike[first::2]
            assert seen.people == len(own)
            assert seen.median == pytest.approx(np.median(np.nanmedian(own, axis=1)), abs=1e-4)
            assert seen.nearest[2] == pytest.approx(np.median(np.nanmax(own, axis=1)), abs=1e-4)

    def test_the_most_alike_photos_are_the_ones_shown(
        self, tmp_path: Path, entry: EmbedderEntry, strangers: Array
    ) -> None:
        people = [person("a", strangers[:3]), person("b", [strangers[9], strangers[2] * 0.99])]
        (pair,) = examine(write(tmp_path / "g", people, entry), entry).closest
        assert (pair.first.source, pair.second.source) == ("a/2.jpg", "b/1.jpg")


class TestWhatLooksWrong:
    def test_two_people_under_one_name_and_whom_the_photo_rather_shows(
        self, tmp_path: Path, entry: EmbedderEntry, strangers: Array
    ) -> None:
        people = [person(f"p{n:02}", [strangers[n], strangers[n] * 0.98]) for n in range(20)]
        people.append(person("q", [strangers[30], strangers[30] * 0.97, strangers[4] * 0.99]))
        found, seen = read(write(tmp_path / "g", people, entry), entry)
        (apart,) = found.two_people_one_name
        assert (apart.odd.source, apart.odd.name, apart.other.name) == ("q/2.jpg", "q", "q")
        assert apart.similarity < entry.same_person
        assert apart.rather and apart.rather.name == "p04"
        assert found.two_people_one_name_count == 1
        assert found.photos_disagree == []
        assert "1 name may hold two people" in seen.words
        assert "The photo on the left is more like p04" in seen.words

    def test_photos_that_disagree_but_hang_together(
        self, tmp_path: Path, entry: EmbedderEntry, strangers: Array
    ) -> None:
        steps = [between(strangers[40], strangers[41], share, entry.radius) for share in (0, 0.5, 1)]
        people = [person(f"p{n:02}", strangers[n : n + 1]) for n in range(12)]
        found, seen = read(write(tmp_path / "g", [*people, person("q", steps)], entry), entry)
        (apart,) = found.photos_disagree
        assert {apart.odd.source, apart.other.source} == {"q/0.jpg", "q/2.jpg"}
        assert apart.rather is None
        assert found.two_people_one_name == []
        assert "1 person’s photos disagree" in seen.words

    def test_one_person_under_two_names(self, tmp_path: Path, entry: EmbedderEntry, strangers: Array) -> None:
        people = [person(f"p{n:02}", strangers[n : n + 1]) for n in range(50)]
        people.append(person("q", [strangers[7] * 0.97]))
        found, seen = read(write(tmp_path / "g", people, entry), entry)
        (pair,) = found.one_person_two_names
        assert (pair.first.name, pair.second.name, pair.same_photo) == ("p07", "q", False)
        assert pair == found.closest[0]
        assert "1 pair may be one person" in seen.words

    def test_the_very_same_photo_under_two_names_is_said(
        self, tmp_path: Path, entry: EmbedderEntry, strangers: Array
    ) -> None:
        people = [person(f"p{n:02}", strangers[n : n + 1]) for n in range(12)]
        people.append(EnrolledPerson("q", "", people[3].rows))
        found, seen = read(write(tmp_path / "g", people, entry), entry)
        assert found.one_person_two_names[0].same_photo
        assert "The very same photo is under both names." in seen.words

    def test_faces_that_are_all_alike_are_ranked_and_few(
        self, tmp_path: Path, entry: EmbedderEntry, strangers: Array
    ) -> None:
        alike = [between(strangers[0], other, 0.3, entry.radius) for other in strangers]
        people = [person(f"p{n:02}", [row]) for n, row in enumerate(alike)]
        found, seen = read(write(tmp_path / "g", people, entry), entry)
        assert found.pairs_beyond_rule > found.pairs * 0.9
        assert 1 <= found.one_person_two_names_count <= found.pairs // 500
        assert "most likely nothing is wrong" in seen.words
        assert "may be one person" not in seen.words

    def test_long_lists_are_cut_and_the_page_says_so(
        self, tmp_path: Path, entry: EmbedderEntry, strangers: Array
    ) -> None:
        people = [person(f"p{n:02}", strangers[2 * n : 2 * n + 2]) for n in range(15)]
        found, seen = read(write(tmp_path / "g", people, entry), entry)
        assert (len(found.two_people_one_name), found.two_people_one_name_count) == (SHOWN, 15)
        assert f"The {SHOWN} most striking of 15." in seen.words

    def test_where_nothing_is_wrong_it_says_so(self, tmp_path: Path, entry: EmbedderEntry, strangers: Array) -> None:
        people = [person(f"p{n:02}", [strangers[n], strangers[n] * 0.98]) for n in range(30)]
        _, seen = read(write(tmp_path / "g", people, entry), entry)
        assert "Nothing looks wrong." in seen.words


class TestGroups:
    def test_one_whose_people_are_close_together_stands_out(
        self, tmp_path: Path, entry: EmbedderEntry, strangers: Array
    ) -> None:
        people = [person(f"p{n:02}", strangers[n : n + 1], "many", {"site": "north"}) for n in range(45)]
        close = [between(row, strangers[59], 0.4, entry.radius) for row in strangers[45:57]]
        people += [person(f"q{n:02}", [row], "close", {"site": "south"}) for n, row in enumerate(close)]
        found, seen = read(write(tmp_path / "g", people, entry), entry)
        assert [(column.name, [(g.name, g.stands_out) for g in column.groups]) for column in found.columns] == [
            ("Department", [("close", True), ("many", False)]),
            ("site", [("south", True), ("north", False)]),
        ]
        assert "2 groups stand out" in seen.words

    def test_of_few_people_nothing_is_said(self, tmp_path: Path, entry: EmbedderEntry, strangers: Array) -> None:
        people = [person(f"p{n:02}", strangers[n : n + 1], "many") for n in range(20)]
        people += [person(f"q{n}", [strangers[30] * (1 - n / 50)], "few") for n in range(2)]
        found, seen = read(write(tmp_path / "g", people, entry), entry)
        (few,) = [group for group in found.columns[0].groups if group.name == "few"]
        assert (few.share, few.few, few.stands_out) == (1.0, True, False)
        assert "too few to tell" in seen.words

    def test_columns_that_do_not_divide_are_left_out(
        self, tmp_path: Path, entry: EmbedderEntry, strangers: Array
    ) -> None:
        people = [
            person(
                f"p{n:02}",
                strangers[n : n + 1],
                "one",
                {"number": str(n), "same": "x"} | ({"half": "y"} if n % 2 else {}),
            )
            for n in range(24)
        ]
        found, seen = read(write(tmp_path / "g", people, entry), entry)
        assert [(column.name, {group.name for group in column.groups}) for column in found.columns] == [
            ("half", {"", "y"})
        ]
        assert found.columns_left_out == {"number": 24}
        assert "number (24)" in seen.words
        assert "not given" in seen.words


class TestPage:
    @pytest.fixture
    def hostile(self, tmp_path: Path, entry: EmbedderEntry, strangers: Array) -> Path:
        evil = """<script>alert("1")</script>' onerror='x' \u202e&amp;"""
        people = [
            person(f"{n} {evil}", [strangers[2 * n], strangers[2 * n + 1]], f"{n % 2}{evil}", {evil: f"{n % 3}{evil}"})
            for n in range(12)
        ]
        return write(tmp_path / "g", people, entry)

    def test_names_and_metadata_are_text_and_nothing_else(self, hostile: Path, entry: EmbedderEntry) -> None:
        found, seen = read(hostile, entry)
        assert len(found.columns) == 2
        assert "script" not in seen.tags
        assert not [name for name, _ in seen.attributes if name.startswith("on")]
        assert """0<script>alert("1")</script>' onerror='x' &amp;""" in seen.words
        assert "\u202e" not in page(found, hostile / "portraits", DAY).decode()
        assert seen.open == []

    def test_nothing_comes_from_elsewhere(self, hostile: Path, entry: EmbedderEntry) -> None:
        _, seen = read(hostile, entry)
        assert {source.partition(",")[0] for source in seen.values("src")} == {"data:image/jpeg;base64"}
        assert all(link.startswith("#") and link[1:] in seen.values("id") for link in seen.values("href"))
        assert not {"script", "link", "iframe", "object", "form"} & set(seen.tags)
        (policy,) = [value for value in seen.values("content") if "default-src" in value]
        assert policy.startswith("default-src 'none'; img-src data:; style-src 'sha256-")
        assert not seen.values("style")

    def test_ids_are_used_once_and_pictures_are_described(self, hostile: Path, entry: EmbedderEntry) -> None:
        found, seen = read(hostile, entry)
        assert len(set(seen.values("id"))) == len(seen.values("id"))
        assert seen.values("role").count("img") == 2 + sum(len(column.groups) for column in found.columns)
        assert seen.values("lang") == ["en"]

    def test_a_portrait_that_is_gone_is_a_letter(self, hostile: Path, entry: EmbedderEntry) -> None:
        (hostile / "portraits" / "portrait-small.jpg").unlink()
        _, seen = read(hostile, entry)
        assert seen.values("src") == []
        assert seen.open == []

    @pytest.mark.parametrize(("people", "says"), [(0, "The gallery is empty."), (1, "one person in the gallery")])
    def test_too_few_to_compare(
        self, tmp_path: Path, entry: EmbedderEntry, strangers: Array, people: int, says: str
    ) -> None:
        everyone = [person(f"p{n}", strangers[n : n + 1]) for n in range(people)]
        found, seen = read(write(tmp_path / "g", everyone, entry), entry)
        assert (found.people, found.pairs, found.closest, found.median) == (people, 0, [], None)
        assert says in seen.words
        assert "nan" not in seen.words
        assert seen.open == []

    def test_two_people_go_by_the_network_s_rule(self, tmp_path: Path, entry: EmbedderEntry, strangers: Array) -> None:
        everyone = [person(f"p{n}", strangers[n : n + 1]) for n in range(2)]
        found, seen = read(write(tmp_path / "g", everyone, entry), entry)
        assert (found.pairs, len(found.closest)) == (1, 1)
        assert found.usual_nearest == pytest.approx(entry.same_person) and not found.usual_from_people
        assert "too few people to tell what is usual" in seen.words
        assert "Nothing looks wrong." in seen.words

    @pytest.mark.parametrize("count", [2, 30])
    def test_without_a_rule_nothing_is_judged_by_one(
        self, tmp_path: Path, entry: EmbedderEntry, strangers: Array, count: int
    ) -> None:
        everyone = [person(f"p{n}", strangers[2 * n : 2 * n + 2]) for n in range(count)]
        found, seen = read(write(tmp_path / "g", everyone, entry), dataclasses.replace(entry, same_person=math.inf))
        assert (found.same_person, found.rule_is_meant, found.pairs_beyond_rule) == (None, False, 0)
        assert found.two_people_one_name == found.photos_disagree == []
        assert "From where on this network takes two photos for one person is not known." in seen.words
        assert "inf" not in [word.strip("%.,") for word in seen.words.split()]
        json.dumps(dataclasses.asdict(found), allow_nan=False)

    def test_findings_are_plain_json(self, hostile: Path, entry: EmbedderEntry) -> None:
        found = dataclasses.asdict(examine(hostile, entry))
        assert json.loads(json.dumps(found, allow_nan=False)) == found


class TestGalleriesThatCannotBeRead:
    def test_none(self, tmp_path: Path, entry: EmbedderEntry) -> None:
        with pytest.raises(MissingFile):
            examine(tmp_path, entry)

    def test_another_network(self, tmp_path: Path, entry: EmbedderEntry, strangers: Array) -> None:
        directory = write(tmp_path / "g", [person("a", strangers[:1])], entry)
        with pytest.raises(GalleryMismatch):
            examine(directory, dataclasses.replace(entry, fingerprint="0" * 16))

    def test_damaged(self, tmp_path: Path, entry: EmbedderEntry, strangers: Array) -> None:
        directory = write(tmp_path / "g", [person("a", strangers[:1])], entry)
        (embeddings,) = directory.glob("embeddings-*.npy")
        embeddings.write_bytes(embeddings.read_bytes()[:-1] + b"\x01")
        with pytest.raises(DamagedFile):
            examine(directory, entry)


@pytest.mark.parametrize(
    ("bins", "marks", "scope"),
    [
        ([100], (), (50, 55)),
        ([100, 193], (), (50, 100)),
        ([], (76.0,), (75, 80)),
        ([], (75.0,), (70, 80)),
        ([], (100.0,), (95, 100)),
        ([], (0.0,), (0, 5)),
    ],
)
def test_a_histogram_shows_what_is_there(bins: list[int], marks: tuple[float, ...], scope: tuple[float, float]) -> None:
    counts = [int(index in bins) for index in range(200)]
    assert occupied(counts, marks) == scope


def test_bars_stand_where_their_percents_are_and_even_one_pair_is_seen() -> None:
    counts = [0] * 200
    counts[100], counts[119], counts[99] = 400, 100, 7  # from 50 %, from 59.5 %, and one that is not shown
    first, last = bars(counts, (50, 60))
    # 612 units for 10 %, from 14 on; 154 high, on a base at 188.
    assert first == pytest.approx((50.25, 14.75, 34, 29.1, 154))
    assert last == pytest.approx((59.75, 596.15, 149.5, 29.1, 38.5))
    counts[119] = 1
    assert bars(counts, (50, 60))[1][2:] == pytest.approx((186, 29.1, 2))


def test_more_bins_than_can_be_told_apart_share_bars() -> None:
    counts = [1] * 200
    assert [bar.middle for bar in bars(counts, (0, 100))] == [1.25 + 2.5 * number for number in range(40)]
    assert [bar.height for bar in bars(counts, (0, 100))] == [154] * 40


@pytest.mark.parametrize(
    ("scope", "expected"),
    [
        ((50, 60), [(50, "start"), (55, "middle"), (60, "end")]),
        ((45, 80), [(50, "middle"), (60, "middle"), (70, "middle"), (80, "end")]),
        ((30, 60), [(30, "start"), *((percent, "middle") for percent in (35, 40, 45, 50, 55)), (60, "end")]),
    ],
)
def test_ticks_are_few_and_none_is_cut_off(scope: tuple[float, float], expected: list[tuple[int, str]]) -> None:
    assert ticks(scope) == expected
