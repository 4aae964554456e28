"""Galleries built from real files by real networks."""

from __future__ import annotations

import dataclasses
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from export.gallery.build import build
from export.gallery.changes import add
from export.gallery.errors import NobodyEnrolled, OutInsidePhotos
from export.gallery.names import person_id
from lookalike.errors import MissingFile
from lookalike.faces.manifest import EmbedderEntry
from lookalike.finder import Finder
from lookalike.gallery.local import open_gallery
from lookalike.settings import Settings
from tests.export.gallery.disk import embeddings, expected_files, files, index, names, people
from tests.support import encoded, largest_face

Drawn = Callable[[int], bytes]


class TestWhole:
    def test_the_function_opens_it_and_finds_everyone(self, built: Path, entry: EmbedderEntry) -> None:
        gallery = open_gallery(built, entry)
        assert [(person.department, person.name, len(person.photos)) for person in gallery.people] == [
            ("", "Alan Turing", 1),
            ("Arts", "Zoë O'Neil", 1),
            ("Arts", "홍길동", 1),
            ("Science", "Ada Lovelace", 2),
        ]
        for row, name in zip(embeddings(built), ("Alan", "Zoë", "홍", "Ada", "Ada"), strict=True):
            (match,) = gallery.search(row, 1)
            assert match.person.name.startswith(name)
            assert match.similarity == pytest.approx(1, abs=1e-4)

    def test_rows_are_what_the_function_itself_computes(self, built: Path, photos: Path, networks: Settings) -> None:
        finder = Finder.open(networks, with_gallery=False)
        sources = [photo["source"] for person in people(built) for photo in person["photos"]]
        for row, source in zip(embeddings(built), sources, strict=True):
            np.testing.assert_allclose(row, largest_face(finder, (photos / source).read_bytes())[2], atol=1e-6)

    def test_nothing_lies_there_that_is_not_named(self, built: Path) -> None:
        assert set(files(built)) == expected_files(built)

    def test_ids_are_of_name_and_department_and_sources_are_relative(self, built: Path, photos: Path) -> None:
        for person in people(built):
            assert person["id"] == person_id(person["name"], person["department"])
            assert all((photos / photo["source"]).is_file() for photo in person["photos"])
        assert str(photos) not in json.dumps(people(built))

    def test_how_alike_its_people_are_is_written_down(self, built: Path) -> None:
        data = index(built)
        assert (data["pairs"]["count"], len(data["pairs"]["quantiles"])) == (6, 1001)
        assert data["pairs"]["quantiles"] == sorted(data["pairs"]["quantiles"])
        assert data["nearest"]["quantiles"] == sorted(data["nearest"]["quantiles"])
        assert data["stands_out"] is None  # of four people it cannot be told

    def test_metadata_of_a_table_comes_along(self, tmp_path: Path, drawn: Drawn, networks: Settings) -> None:
        (tmp_path / "1.jpg").write_bytes(drawn(0))
        (tmp_path / "people.csv").write_text("name,department,photo,office\nKim,Arts,1.jpg,=1+1\n")
        build(tmp_path / "people.csv", tmp_path / "gallery", networks)
        (person,) = people(tmp_path / "gallery")
        assert (person["name"], person["department"], person["metadata"]) == ("Kim", "Arts", {"office": "=1+1"})


class TestAgain:
    def test_nothing_is_done_when_nothing_changed(self, gallery: Path, photos: Path, networks: Settings) -> None:
        before = {path: path.stat().st_mtime_ns for path in gallery.rglob("*")}
        report = build(photos, gallery, networks)
        assert (report.new, report.changed, report.people, report.photos) == (0, False, 4, 5)
        assert {path: path.stat().st_mtime_ns for path in gallery.rglob("*")} == before

    def test_only_what_changed_is_embedded(
        self, gallery: Path, own_photos: Path, drawn: Drawn, networks: Settings
    ) -> None:
        before = embeddings(gallery)
        (own_photos / "Alan Turing.jpg").write_bytes(drawn(5))
        shutil.rmtree(own_photos / "Arts" / "홍길동")
        (own_photos / "Science" / "Ada Lovelace" / "a.jpg").rename(own_photos / "Grace.jpg")
        report = build(own_photos, gallery, networks)
        assert (report.new, report.people, report.photos, report.gone) == (1, 4, 4, ["홍길동"])
        assert names(gallery) == ["Alan Turing", "Grace", "Zoë O'Neil", "Ada Lovelace"]
        np.testing.assert_array_equal(embeddings(gallery)[1:], before[[3, 1, 4]])
        assert set(files(gallery)) == expected_files(gallery)

    @pytest.mark.parametrize("size", ["", "-small"])
    def test_a_lost_portrait_is_made_again(self, gallery: Path, photos: Path, networks: Settings, size: str) -> None:
        lost = next((gallery / "portraits").glob(f"{'?' * 32}{size}.jpg"))
        content = lost.read_bytes()
        lost.unlink()
        assert build(photos, gallery, networks).new == 1
        assert lost.read_bytes() == content

    def test_people_added_by_hand_stay(
        self, gallery: Path, own_photos: Path, photos: Path, drawn: Drawn, tmp_path: Path, networks: Settings
    ) -> None:
        (tmp_path / "guest.jpg").write_bytes(drawn(5))
        add([tmp_path / "guest.jpg"], "Guest", None, gallery, networks)
        (own_photos / "Alan Turing.jpg").unlink()
        report = build(own_photos, gallery, networks)
        assert (report.new, report.kept, report.gone) == (0, ["Guest"], ["Alan Turing"])
        assert "Guest" in names(gallery)

    def test_another_network_s_gallery_is_built_anew(
        self, gallery: Path, photos: Path, drawn: Drawn, tmp_path: Path, networks: Settings
    ) -> None:
        (tmp_path / "guest.jpg").write_bytes(drawn(5))
        add([tmp_path / "guest.jpg"], "Guest", None, gallery, networks)
        data = index(gallery) | {"fingerprint": "0" * 16, "model": "vggface2"}
        (gallery / "gallery.json").write_text(json.dumps(data))
        report = build(photos, gallery, networks)
        assert (report.new, report.people) == (5, 4)
        assert "vggface2" in report.remarks[0]
        assert "Guest" in report.remarks[1]
        assert set(files(gallery)) == expected_files(gallery)

    @pytest.mark.parametrize("part", ["gallery.json", "people", "embeddings"])
    def test_a_damaged_gallery_is_built_anew_and_that_is_said(
        self, gallery: Path, built: Path, photos: Path, networks: Settings, part: str
    ) -> None:
        name = part if part == "gallery.json" else index(gallery)[part]["file"]
        (gallery / name).write_bytes((gallery / name).read_bytes()[:-30])
        report = build(photos, gallery, networks)
        assert (report.new, len(report.remarks)) == (5, 1)
        assert files(gallery) == files(built)

    def test_a_gallery_that_lacks_a_file_is_built_anew_and_that_is_said(
        self, gallery: Path, built: Path, photos: Path, networks: Settings
    ) -> None:
        (gallery / index(gallery)["people"]["file"]).unlink()
        report = build(photos, gallery, networks)
        assert report.remarks == ["The gallery there was could not be read (a file is missing) and is built anew."]
        assert files(gallery) == files(built)

    @pytest.mark.parametrize("content", [None, b"{"])
    def test_of_another_network_s_gallery_without_its_people_nobody_is_named(
        self, gallery: Path, photos: Path, networks: Settings, content: bytes | None
    ) -> None:
        data = index(gallery) | {"fingerprint": "0" * 16, "model": "vggface2"}
        (gallery / "gallery.json").write_text(json.dumps(data))
        everyone = gallery / data["people"]["file"]
        everyone.unlink() if content is None else everyone.write_bytes(content)
        report = build(photos, gallery, networks)
        assert report.remarks == ["The gallery was made with vggface2: all photos are embedded anew."]
        assert (report.new, len(names(gallery))) == (5, 4)


class TestLeftOut:
    def test_every_photo_left_out_is_reported_with_its_reason(
        self, own_photos: Path, drawn: Drawn, tmp_path: Path, networks: Settings
    ) -> None:
        whole = drawn(0)
        bomb = encoded(Image.new("1", (8000, 8000)), "PNG")
        wall = encoded(Image.effect_noise((300, 300), 30).convert("RGB"))
        bad = {
            "empty.jpg": (b"", "it is empty"),
            "half.jpg": (whole[: len(whole) // 2], "it is damaged or incomplete"),
            "notes.txt": (b"not a photo", "it is not a photo in a format that is read"),
            "wall.jpg": (wall, "no face was found in it"),
            "bomb.png": (bomb, "it has 8000×8000 pixels, more than 50 megapixels"),
            "copy.jpg": ((own_photos / "Arts/홍길동/1.jpg").read_bytes(), "it is the same photo as Arts/홍길동/1.jpg"),
        }
        for name, (data, _) in bad.items():
            (own_photos / "Arts" / "홍길동" / name).write_bytes(data)
        with (own_photos / "Huge.jpg").open("wb") as file:
            file.truncate(200_000_000)
        report = build(own_photos, tmp_path / "gallery", networks)
        found = {remark.source.rpartition("/")[2]: remark.text for remark in report.left_out}
        assert found == {name: reason for name, (_, reason) in bad.items()} | {"Huge.jpg": "it is larger than 100 MB"}
        assert (report.people, report.photos) == (4, 5)

    def test_when_nobody_remains_the_gallery_that_was_there_stays(
        self, gallery: Path, tmp_path: Path, networks: Settings
    ) -> None:
        before = files(gallery)
        (tmp_path / "none").mkdir()
        (tmp_path / "none" / "Kim.jpg").write_bytes(b"not a photo")
        with pytest.raises(NobodyEnrolled) as caught:
            build(tmp_path / "none", gallery, networks)
        assert [remark.source for remark in caught.value.report.left_out] == ["Kim.jpg"]
        assert files(gallery) == before

    def test_doubtful_photos_are_enrolled_and_named(
        self, tmp_path: Path, networks: Settings, scene: Image.Image, astronaut: Image.Image
    ) -> None:
        root = tmp_path / "photos"
        root.mkdir()
        (root / "Several.jpg").write_bytes(encoded(scene.crop((0, 0, 1000, 450))))
        (root / "Small.jpg").write_bytes(encoded(astronaut.resize((150, 150))))
        (root / "Eileen.jpg").write_bytes(encoded(astronaut))
        (root / "Twin.jpg").write_bytes(encoded(astronaut))
        report = build(root, tmp_path / "gallery", networks)
        doubts = [(remark.source, remark.text) for remark in report.doubtful]
        assert ("Several.jpg", "2 faces, the largest was taken") in doubts
        assert ("Small.jpg", "too small") in doubts
        assert ("Twin.jpg", "the same photo is also Eileen") in doubts
        assert (report.added, report.new, report.people, report.left_out) == (4, 3, 4, [])

    def test_a_gallery_among_the_photos_is_refused(self, own_photos: Path, networks: Settings) -> None:
        with pytest.raises(OutInsidePhotos):
            build(own_photos, own_photos / "gallery", networks)
        assert not (own_photos / "gallery").exists()

    def test_missing_networks_stop_it_before_anything_is_made(
        self, photos: Path, tmp_path: Path, networks: Settings
    ) -> None:
        with pytest.raises(MissingFile, match="lookalike export"):
            build(photos, tmp_path / "gallery", dataclasses.replace(networks, models=tmp_path / "none"))
        assert not (tmp_path / "gallery").exists()
