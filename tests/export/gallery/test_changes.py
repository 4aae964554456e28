"""People added and removed one at a time."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from export.gallery.build import build
from export.gallery.changes import add, remove
from export.gallery.contents import read_people
from export.gallery.errors import InvalidName, NobodyEnrolled, NoSuchPerson, SeveralPeople
from export.gallery.store import writing
from lookalike.errors import GalleryMismatch, MissingFile
from lookalike.faces.manifest import EmbedderEntry
from lookalike.settings import Settings
from tests.export.gallery.disk import embeddings, expected_files, files, index, names, people

Drawn = Callable[[int], bytes]


@pytest.fixture
def guest(tmp_path: Path, drawn: Drawn) -> Path:
    path = tmp_path / "guest.jpg"
    path.write_bytes(drawn(6))
    return path


class TestAdd:
    def test_a_new_person_with_several_photos(
        self, gallery: Path, guest: Path, drawn: Drawn, networks: Settings
    ) -> None:
        second = guest.with_name("second.jpg")
        second.write_bytes(drawn(5))
        report = add([guest, second], "  Grace\tHopper ", "Science", gallery, networks)
        assert (report.new, report.people, report.photos) == (2, 5, 7)
        person = people(gallery)[-1]
        assert (person["name"], person["department"]) == ("Grace Hopper", "Science")
        assert [photo["source"] for photo in person["photos"]] == ["guest.jpg", "second.jpg"]
        assert set(files(gallery)) == expected_files(gallery)
        assert index(gallery)["pairs"]["count"] == 10

    def test_a_photo_of_someone_already_there(self, gallery: Path, guest: Path, networks: Settings) -> None:
        add([guest], "홍길동", None, gallery, networks)
        (person,) = [person for person in people(gallery) if person["name"] == "홍길동"]
        assert (person["department"], len(person["photos"])) == ("Arts", 2)

    def test_a_photo_that_is_there_already_changes_nothing(
        self, gallery: Path, photos: Path, networks: Settings
    ) -> None:
        before = files(gallery)
        report = add([photos / "Alan Turing.jpg"], "Alan Turing", None, gallery, networks)
        assert (report.new, report.changed) == (0, False)
        assert "same photo as Alan Turing.jpg" in report.left_out[0].text
        assert files(gallery) == before

    def test_into_a_gallery_that_is_not_there_yet(self, tmp_path: Path, guest: Path, networks: Settings) -> None:
        add([guest], "Guest", None, tmp_path / "new" / "gallery", networks)
        assert names(tmp_path / "new" / "gallery") == ["Guest"]

    def test_a_name_that_two_people_have_needs_a_department(
        self, gallery: Path, guest: Path, networks: Settings
    ) -> None:
        add([guest], "홍길동", "Science", gallery, networks)
        with pytest.raises(SeveralPeople, match="--department 'Arts' or --department 'Science'"):
            add([guest], "홍길동", None, gallery, networks)

    def test_photos_that_cannot_be_used_leave_the_gallery_as_it_was(
        self, gallery: Path, tmp_path: Path, networks: Settings
    ) -> None:
        before = files(gallery)
        (tmp_path / "bad.jpg").write_bytes(b"not a photo")
        with pytest.raises(NobodyEnrolled) as caught:
            add([tmp_path / "bad.jpg", tmp_path / "none.jpg", tmp_path], "Guest", None, gallery, networks)
        assert [remark.source for remark in caught.value.report.left_out] == ["none.jpg", tmp_path.name, "bad.jpg"]
        assert files(gallery) == before

    def test_a_name_without_a_letter_is_refused(self, gallery: Path, guest: Path, networks: Settings) -> None:
        with pytest.raises(InvalidName):
            add([guest], "\x1b\u202e", None, gallery, networks)


class TestRemove:
    def test_the_gallery_is_then_as_if_the_person_had_never_been_there(
        self, gallery: Path, own_photos: Path, tmp_path: Path, networks: Settings
    ) -> None:
        shutil.rmtree(own_photos / "Science")
        build(own_photos, tmp_path / "never", networks)
        removed, remaining = remove("Ada Lovelace", gallery, networks)
        assert (removed.name, remaining) == ("Ada Lovelace", 3)
        assert files(gallery) == files(tmp_path / "never")

    def test_no_trace_of_the_person_is_left_on_the_disk(
        self, gallery: Path, entry: EmbedderEntry, networks: Settings
    ) -> None:
        (person,) = [person for person in read_people(gallery, entry) if person.name == "홍길동"]
        with writing(gallery, entry) as store:  # an interrupted build knew the person, too
            for row in person.rows:
                store.note_finished(row.enrolment)
        remove(person.id, gallery, networks)
        traces = [person.name.encode(), json.dumps(person.name).encode(), person.id.encode()]
        for row in person.rows:
            traces += [row.enrolment.sha256.encode(), row.enrolment.portrait.encode(), row.source.encode()]
            traces += [row.enrolment.embedding.tobytes()[:64]]
        for name, data in files(gallery).items():
            assert not [trace for trace in traces if trace in data or trace in name.encode()], name
        assert set(files(gallery)) == expected_files(gallery)

    def test_a_portrait_that_someone_else_needs_stays(self, gallery: Path, photos: Path, networks: Settings) -> None:
        add([photos / "Alan Turing.jpg"], "Twin", None, gallery, networks)
        remove("Alan Turing", gallery, networks)
        assert set(files(gallery)) == expected_files(gallery)
        assert "Twin" in names(gallery)

    def test_a_name_in_any_case_and_spelling(self, gallery: Path, networks: Settings) -> None:
        remove("  zoe\u0308   O'NEIL", gallery, networks)
        assert "Zoë O'Neil" not in names(gallery)

    def test_a_name_that_two_people_have_needs_the_id(self, gallery: Path, guest: Path, networks: Settings) -> None:
        add([guest], "홍길동", "Science", gallery, networks)
        before = files(gallery)
        with pytest.raises(SeveralPeople, match=r"[0-9a-f]{12} \(Arts\) or [0-9a-f]{12} \(Science\)"):
            remove("홍길동", gallery, networks)
        assert files(gallery) == before
        ids = {person["department"]: person["id"] for person in people(gallery) if person["name"] == "홍길동"}
        remove(ids["Science"], gallery, networks)
        assert [person["department"] for person in people(gallery) if person["name"] == "홍길동"] == ["Arts"]

    def test_the_last_person_leaves_an_empty_gallery(self, gallery: Path, networks: Settings) -> None:
        for name in names(gallery):
            remove(name, gallery, networks)
        assert names(gallery) == []
        assert not [name for name in files(gallery) if name.startswith("portraits/")]

    @pytest.mark.parametrize("person", ["Nobody", "", "../..", "홍"])
    def test_nobody_of_that_name(self, gallery: Path, networks: Settings, person: str) -> None:
        before = files(gallery)
        with pytest.raises(NoSuchPerson):
            remove(person, gallery, networks)
        assert files(gallery) == before

    def test_without_a_gallery(self, tmp_path: Path, networks: Settings) -> None:
        with pytest.raises(MissingFile):
            remove("Anyone", tmp_path / "none", networks)
        assert not (tmp_path / "none").exists()

    def test_an_unfinished_first_build_is_forgotten(
        self, tmp_path: Path, gallery: Path, entry: EmbedderEntry, networks: Settings
    ) -> None:
        enrolment = read_people(gallery, entry)[0].rows[0].enrolment
        with writing(tmp_path / "first", entry) as store:
            store.note_finished(enrolment)
        with pytest.raises(MissingFile):
            remove("Anyone", tmp_path / "first", networks)
        assert files(tmp_path / "first") == {}


@pytest.mark.parametrize("command", ["add", "remove"])
def test_another_network_s_gallery_is_refused_with_the_way_out(
    gallery: Path, guest: Path, networks: Settings, command: str
) -> None:
    (gallery / "gallery.json").write_text(json.dumps(index(gallery) | {"fingerprint": "0" * 16, "model": "vggface2"}))
    before = files(gallery)
    with pytest.raises(GalleryMismatch, match="Rebuild it with: lookalike gallery build PHOTOS --out"):
        if command == "add":
            add([guest], "Guest", None, gallery, networks)
        else:
            remove("Ada Lovelace", gallery, networks)
    assert files(gallery) == before


def test_added_rows_are_appended_and_nothing_else_moves(gallery: Path, guest: Path, networks: Settings) -> None:
    before = embeddings(gallery)
    add([guest], "Zzz", "Zzz", gallery, networks)
    np.testing.assert_array_equal(embeddings(gallery)[:-1], before)
