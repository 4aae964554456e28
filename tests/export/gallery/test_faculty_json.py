"""faculty_emb.json: out of a gallery, into a gallery, and what is refused."""

from __future__ import annotations

import dataclasses
import io
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from export.gallery import faculty_json
from export.gallery.build import build
from export.gallery.errors import NobodyEnrolled, NotWritable, UnusableFaculty
from export.gallery.faculty_json import export_faculty, import_faculty
from lookalike.errors import GalleryMismatch, LookalikeError, MissingFile
from lookalike.faces.manifest import EmbedderEntry, read_manifest
from lookalike.gallery.local import open_gallery
from lookalike.settings import Settings
from tests.export.gallery.disk import embeddings, expected_files, files, index, names, people
from tests.support import with_recipe


def written(path: Path, faculty: Any) -> Path:
    path.write_text(faculty if isinstance(faculty, str) else json.dumps(faculty))
    return path


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "faculty_emb.json"


class TestExport:
    def test_names_and_lists_of_numbers_and_nothing_else(
        self, built: Path, file: Path, networks: Settings, entry: EmbedderEntry
    ) -> None:
        assert export_faculty(built, file, networks) == 4
        faculty = json.loads(file.read_text())
        assert list(faculty) == names(built)
        rows = embeddings(built)
        for name, row in zip(list(faculty)[:3], rows, strict=False):
            np.testing.assert_array_equal(np.array(faculty[name], np.float32), row)
        np.testing.assert_allclose(faculty["Ada Lovelace"], rows[3:].mean(axis=0), atol=1e-6)

    def test_people_of_one_name_are_told_apart(self, tmp_path: Path, photos: Path, networks: Settings) -> None:
        table = photos / "twins.csv"
        try:
            table.write_text("name,department,photo\nKim,Arts,Alan Turing.jpg\nKim,Science,Arts/홍길동/1.jpg\n")
            build(table, tmp_path / "gallery", networks)
        finally:
            table.unlink()
        export_faculty(tmp_path / "gallery", tmp_path / "f.json", networks)
        assert list(json.loads((tmp_path / "f.json").read_text())) == ["Kim (Arts)", "Kim (Science)"]

    def test_another_network_s_gallery_and_none_are_refused(
        self, gallery: Path, file: Path, networks: Settings
    ) -> None:
        (gallery / "gallery.json").write_text(json.dumps(index(gallery) | {"fingerprint": "0"}))
        with pytest.raises(GalleryMismatch):
            export_faculty(gallery, file, networks)
        with pytest.raises(MissingFile):
            export_faculty(gallery / "none", file, networks)
        assert not file.exists()

    def test_averages_of_unit_vectors_are_unit_vectors(
        self, gallery: Path, file: Path, networks: Settings, entry: EmbedderEntry, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        _pretend(monkeypatch, with_recipe(entry, unit_length=True))
        export_faculty(gallery, file, networks)
        faculty = json.loads(file.read_text())
        assert np.linalg.norm(faculty["Ada Lovelace"]) == pytest.approx(1, abs=1e-6)
        # What is no average stays as it is.
        np.testing.assert_array_equal(np.array(faculty["Alan Turing"], np.float32), embeddings(gallery)[0])


class TestImport:
    def test_what_was_exported_finds_the_same_people(
        self, built: Path, file: Path, tmp_path: Path, networks: Settings, entry: EmbedderEntry
    ) -> None:
        export_faculty(built, file, networks)
        report = import_faculty(file, tmp_path / "gallery", networks)
        assert (report.people, report.photos, report.left_out) == (4, 4, [])
        imported = open_gallery(tmp_path / "gallery", entry)
        for row in embeddings(built):
            expected = open_gallery(built, entry).search(row, 1)[0].person.name
            assert imported.search(row, 1)[0].person.name == expected
        export_faculty(tmp_path / "gallery", tmp_path / "again.json", networks)
        assert json.loads((tmp_path / "again.json").read_text()) == json.loads(file.read_text())

    def test_everyone_gets_a_portrait(self, built: Path, file: Path, tmp_path: Path, networks: Settings) -> None:
        export_faculty(built, file, networks)
        import_faculty(file, tmp_path / "gallery", networks)
        assert set(files(tmp_path / "gallery")) == expected_files(tmp_path / "gallery")
        for person in people(tmp_path / "gallery"):
            data = (tmp_path / "gallery" / "portraits" / person["photos"][0]["portrait"]).read_bytes()
            assert Image.open(io.BytesIO(data)).size == (512, 512)

    def test_the_gallery_s_own_people_stay_and_win(self, gallery: Path, file: Path, networks: Settings) -> None:
        export_faculty(gallery, file, networks)
        before = files(gallery)
        report = import_faculty(file, gallery, networks)
        assert (report.changed, len(report.left_out)) == (False, 4)
        assert files(gallery) == before
        faculty = json.loads(file.read_text())
        written(file, {"Guest": faculty["홍길동"]} | faculty)
        assert import_faculty(file, gallery, networks).people == 5
        assert set(names(gallery)) == {*faculty, "Guest"}

    def test_imported_people_outlast_a_build(
        self, gallery: Path, photos: Path, file: Path, entry: EmbedderEntry, networks: Settings
    ) -> None:
        import_faculty(written(file, {"Guest": [0.1] * entry.width}), gallery, networks)
        report = build(photos, gallery, networks)
        assert (report.new, report.changed, report.kept) == (0, False, ["Guest"])

    def test_unusable_entries_are_left_out_with_the_reason(
        self, file: Path, tmp_path: Path, entry: EmbedderEntry, networks: Settings
    ) -> None:
        good = [0.1] * entry.width
        bad: dict[str, tuple[Any, str]] = {
            "Short": (good[1:], f"{entry.width - 1} numbers"),
            "Infinite": ([float("inf"), *good[1:]], "not finite"),
            "NaN": ([float("nan"), *good[1:]], "not finite"),
            "Huge": ([10**300, *good[1:]], "not finite"),
            "Text": (["0.1", *good[1:]], "list of numbers"),
            "Bool": ([True, *good[1:]], "list of numbers"),
            "Nested": ([good], "list of numbers"),
            "Null": (None, "list of numbers"),
            "Object": ({"a": 1}, "list of numbers"),
            "\u202e": (good, "no letter"),
            "good": (good, ""),
        }
        report = import_faculty(
            written(file, {name: numbers for name, (numbers, _) in bad.items()}), tmp_path / "gallery", networks
        )
        assert names(tmp_path / "gallery") == ["good"]
        assert [remark.source for remark in report.left_out] == [name.strip("\u202e") for name in bad][:-1]
        for remark, (_, reason) in zip(report.left_out, bad.values(), strict=False):
            assert reason in remark.text

    def test_a_name_twice_in_the_file_counts_once(
        self, file: Path, tmp_path: Path, entry: EmbedderEntry, networks: Settings
    ) -> None:
        numbers = json.dumps([0.1] * entry.width)
        written(file, f'{{"Kim": {numbers}, "Kim": {numbers}, " Kim ": {numbers}}}')
        report = import_faculty(file, tmp_path / "gallery", networks)
        assert (report.people, len(report.left_out)) == (1, 2)

    def test_lengths_other_than_one_are_refused_where_the_network_s_are_one(
        self, file: Path, tmp_path: Path, entry: EmbedderEntry, networks: Settings, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        _pretend(monkeypatch, with_recipe(entry, unit_length=True))
        unit = np.full(entry.width, entry.width**-0.5)
        written(file, {"One": unit.round(5).tolist(), "Two": (2 * unit).tolist(), "None": (0 * unit).tolist()})
        report = import_faculty(file, tmp_path / "gallery", networks)
        assert names(tmp_path / "gallery") == ["One"]
        assert [remark.text for remark in report.left_out] == ["its length is 2, not 1", "its length is 0, not 1"]

    @pytest.mark.parametrize(
        ("content", "reason"),
        [
            ("", "not JSON"),
            ("[]", "not an object|Nobody"),
            ('["Kim", [1, 2]]', "not an object"),
            ('[["Kim", [1, 2]]]', "not an object"),
            ("3", "not an object"),
            ("null", "not an object"),
            ('{"Kim": [1, 2', "not JSON"),
            ('{"Kim": [1, 2]}', r"it has 2 numbers for a person, but the network in use \(dlib\) gives 128"),
            ("[" * 100_000, "not JSON"),
            ("\xff\xfe", "not JSON"),
            ('{"Kim": [' + "9" * 5000 + "]}", "not JSON"),
            ("{}", "Nobody"),
            ('{"Kim": null}', "Nobody"),
        ],
    )
    def test_what_is_no_such_file_is_one_sentence(
        self, file: Path, tmp_path: Path, networks: Settings, content: str, reason: str
    ) -> None:
        with pytest.raises((UnusableFaculty, NobodyEnrolled), match=reason) as caught:
            import_faculty(written(file, content), tmp_path / "gallery", networks)
        assert len(str(caught.value)) < 500
        assert not (tmp_path / "gallery" / "gallery.json").exists()

    @pytest.mark.parametrize("spare", [0, -1])
    def test_a_file_may_be_as_large_as_is_said(
        self,
        file: Path,
        tmp_path: Path,
        entry: EmbedderEntry,
        networks: Settings,
        monkeypatch: pytest.MonkeyPatch,
        spare: int,
    ) -> None:
        written(file, {"Kim": [0.1] * entry.width})
        assert faculty_json._MAX_BYTES == 2_000_000_000
        monkeypatch.setattr(faculty_json, "_MAX_BYTES", file.stat().st_size + spare)
        if spare == 0:
            assert import_faculty(file, tmp_path / "gallery", networks).people == 1
        else:
            with pytest.raises(UnusableFaculty, match="it is larger than"):
                import_faculty(file, tmp_path / "gallery", networks)

    def test_a_missing_file_is_one_sentence(self, file: Path, tmp_path: Path, networks: Settings) -> None:
        with pytest.raises(UnusableFaculty, match="No such file"):
            import_faculty(file, tmp_path / "gallery", networks)

    def test_the_source_of_a_remark_is_eighty_characters_at_most(
        self, file: Path, tmp_path: Path, networks: Settings
    ) -> None:
        with pytest.raises(NobodyEnrolled) as caught:
            import_faculty(written(file, {"y" * 81: None}), tmp_path / "gallery", networks)
        assert [remark.source for remark in caught.value.report.left_out] == ["y" * 80]


@pytest.mark.parametrize(
    ("unit_length", "numbers", "reason"),
    [
        (False, [3.0, 4.0], ""),  # ten radii
        (False, [3.0, 4.001], "its length is 5.001, which no face has"),
        (False, [0.0, 0.0], "its length is 0, which no face has"),
        (False, [0.0, 1e-9], ""),
        (True, [0.0, 1.0009], ""),
        (True, [0.0, 1.0011], "its length is 1.001, not 1"),
        (True, [-0.9991, 0.0], ""),
        (True, [-0.9989, 0.0], "its length is 0.9989, not 1"),
        (False, [3.4e38, 0.0], "its length is 3.4e+38, which no face has"),
        (False, [0.0, -3.5e38], "one of its numbers is not finite"),
        (False, [1, 0], ""),
        (False, [1.0, 0.0, 0.0], "it has 3 numbers, not 2"),
    ],
)
def test_an_entry_at_each_bound(entry: EmbedderEntry, unit_length: bool, numbers: list[float], reason: str) -> None:
    plain = with_recipe(entry, width=2, radius=0.5, unit_length=unit_length)
    name, embedding, why = faculty_json._entry(" Kim ", numbers, plain, {"Lee"})
    assert (name, why) == ("Kim", reason)
    assert (embedding is None) is bool(reason)
    assert embedding is None or (embedding.dtype == np.float32 and np.allclose(embedding, numbers))
    assert faculty_json._entry("Lee", numbers, plain, {"Lee"})[2] == "that name is in the gallery already"


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=8,
)


@given(content=json_values.map(json.dumps) | st.text(max_size=30))
def test_whatever_the_file_holds_the_error_is_a_documented_one(
    tmp_path_factory: pytest.TempPathFactory, networks: Settings, content: str
) -> None:
    directory = tmp_path_factory.mktemp("any", numbered=True)
    (directory / "f.json").write_bytes(content.encode("utf-8", "surrogatepass"))
    with pytest.raises(LookalikeError):
        import_faculty(directory / "f.json", directory / "gallery", dataclasses.replace(networks, verify="size"))


def test_a_file_that_cannot_be_written_is_an_error(gallery: Path, tmp_path: Path, networks: Settings) -> None:
    with pytest.raises((OSError, NotWritable)):
        export_faculty(gallery, tmp_path / "none" / "f.json", networks)


def _pretend(monkeypatch: pytest.MonkeyPatch, entry: EmbedderEntry) -> None:
    real = read_manifest
    monkeypatch.setattr(faculty_json, "read_manifest", lambda *given: dataclasses.replace(real(*given), embedder=entry))
