"""What is read from folders and CSVs, and what is left out with which reason. No photo is opened here."""

from __future__ import annotations

import contextlib
import os
import re
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from export.gallery.errors import GalleryError, NoPhotos, UnusableTable
from export.gallery.photo_files import FoundPhotos, unusable
from export.gallery.sources import find_photos


def people(found: FoundPhotos) -> list[tuple[str, str, str]]:
    return sorted((photo.department, photo.name, photo.source) for photo in found.photos)


def reasons(found: FoundPhotos) -> dict[str, str]:
    return {remark.source: remark.text for remark in found.left_out}


def folder(root: Path, *files: str) -> Path:
    for file in files:
        path = root / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"a photo")
    return root


def table(root: Path, text: str | bytes, *files: str) -> Path:
    folder(root, *files)
    path = root / "people.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


class TestFolder:
    def test_three_layouts_may_stand_side_by_side(self, tmp_path: Path) -> None:
        folder(tmp_path, "Arts/Kim/1.jpg", "Arts/Kim/2.png", "Arts/Lee/x.jpg", "홍길동/1.webp", "Ada Lovelace.jpg")
        assert people(find_photos(tmp_path)) == [
            ("", "Ada Lovelace", "Ada Lovelace.jpg"),
            ("", "홍길동", "홍길동/1.webp"),
            ("Arts", "Kim", "Arts/Kim/1.jpg"),
            ("Arts", "Kim", "Arts/Kim/2.png"),
            ("Arts", "Lee", "Arts/Lee/x.jpg"),
        ]

    def test_a_folder_of_photos_with_names_is_a_department(self, tmp_path: Path) -> None:
        folder(
            tmp_path, "Arts/Kim Minsu.jpg", "Arts/lee-2.jpg", "Arts/lee-1.jpg", "Physics/홍길동.png", "Physics/ada.jpg"
        )
        folder(tmp_path, "Music/clara.jpg")  # one alone: as those beside it
        found = find_photos(tmp_path)
        assert people(found) == [
            ("Arts", "Kim Minsu", "Arts/Kim Minsu.jpg"),
            ("Arts", "lee", "Arts/lee-1.jpg"),
            ("Arts", "lee", "Arts/lee-2.jpg"),
            ("Music", "clara", "Music/clara.jpg"),
            ("Physics", "ada", "Physics/ada.jpg"),
            ("Physics", "홍길동", "Physics/홍길동.png"),
        ]
        assert found.layouts == {"Department/Name.jpg": 5}

    @pytest.mark.parametrize(
        "photos",
        [
            ("1.jpg", "2.jpg"),
            ("IMG_2041.jpg", "DSC00012.JPG", "KakaoTalk_20240101.jpg"),
            ("front.jpg", "left side.jpg", "smile2.jpg"),
            ("정면.jpg", "증명사진.jpg"),
            ("Kim_0001.jpg", "Kim_0002.jpg"),
            ("kim at work.jpg", "kim-beach.jpg"),
            ("minsu 1.jpg", "minsu (2).jpg"),
            ("a.jpg", "b.jpg"),
            ("3fa85f64-5717-4562.jpg", "77aa0123-9999-0001.jpg"),
            ("only one.jpg",),
        ],
    )
    def test_a_folder_of_one_person_s_photos_is_that_person(self, tmp_path: Path, photos: tuple[str, ...]) -> None:
        folder(tmp_path, *(f"Kim Park/{photo}" for photo in photos))
        found = find_photos(tmp_path)
        assert {(department, name) for department, name, _ in people(found)} == {("", "Kim Park")}
        assert found.layouts == {"Name/photo": 1}

    def test_people_and_departments_side_by_side(self, tmp_path: Path) -> None:
        folder(tmp_path, "Arts/Kim.jpg", "Arts/Lee.jpg", "Ada Lovelace/1.jpg", "Ada Lovelace/2.jpg", "Alan/alone.jpg")
        found = find_photos(tmp_path)
        assert {(department, name) for department, name, _ in people(found)} == {
            ("", "Ada Lovelace"),
            ("", "Alan"),
            ("Arts", "Kim"),
            ("Arts", "Lee"),
        }
        assert found.layouts == {"Department/Name.jpg": 2, "Name/photo": 2}

    def test_names_are_nfc_wherever_the_folder_was_made(self, tmp_path: Path) -> None:
        folder(tmp_path, unicodedata.normalize("NFD", "학과/김민수/1.jpg"), "학과/김민수/2.jpg")
        assert {(photo.department, photo.name) for photo in find_photos(tmp_path).photos} == {("학과", "김민수")}

    def test_photos_that_show_nobody_for_certain_are_left_out(self, tmp_path: Path) -> None:
        folder(tmp_path, "Arts/Kim/1.jpg", "Arts/loose.jpg", "Arts/Kim/old/deep.jpg", "….jpg")
        found = find_photos(tmp_path)
        assert people(found) == [("Arts", "Kim", "Arts/Kim/1.jpg")]
        assert reasons(found) == {
            "Arts/loose.jpg": "it lies in a department, not in a person's folder",
            "Arts/Kim/old/deep.jpg": "it lies deeper than Department/Name/photo",
            "….jpg": "'…' cannot be a person's name: it has no letter.",
        }

    def test_beside_people_s_folders_even_a_name_is_nobody_s(self, tmp_path: Path) -> None:
        folder(tmp_path, "Arts/Kim/1.jpg", "Arts/Lee.jpg", "Arts/Park.jpg")
        found = find_photos(tmp_path)
        assert people(found) == [("Arts", "Kim", "Arts/Kim/1.jpg")]
        why = "it lies in a department, not in a person's folder"
        assert reasons(found) == {"Arts/Lee.jpg": why, "Arts/Park.jpg": why}

    def test_what_file_managers_leave_behind_is_passed_over(self, tmp_path: Path) -> None:
        folder(tmp_path, "Kim/1.jpg", "Kim/.DS_Store", "Kim/Thumbs.db", ".git/config", "__MACOSX/Kim/._1.jpg")
        found = find_photos(tmp_path)
        assert len(found.photos) == 1
        assert not found.left_out

    def test_empty_folders_are_named(self, tmp_path: Path) -> None:
        """Who made one for a person believes them to be in the gallery."""
        folder(tmp_path, "Kim/1.jpg", "Lee/.DS_Store", "Arts/Park/Thumbs.db", "Arts/Choi/1.jpg")
        (tmp_path / "Physics").mkdir()
        found = find_photos(tmp_path)
        assert reasons(found) == dict.fromkeys(["Arts/Park", "Lee", "Physics"], "the folder is empty")
        assert [name for _, name, _ in people(found)] == ["Kim", "Choi"]

    def test_links_do_not_lead_out_of_the_folder_or_round_in_circles(self, tmp_path: Path) -> None:
        outside = folder(tmp_path / "outside", "secret.jpg")
        root = folder(tmp_path / "photos", "Kim/1.jpg")
        (root / "Spy.jpg").symlink_to(outside / "secret.jpg")
        (root / "Kim" / "same.jpg").symlink_to(root / "Kim" / "1.jpg")
        (root / "Kim" / "loop").symlink_to(root)
        (root / "Broken.jpg").symlink_to(root / "nowhere")
        found = find_photos(root)
        assert people(found) == [("", "Kim", "Kim/1.jpg"), ("", "Kim", "Kim/same.jpg")]
        assert reasons(found) == {
            "Spy.jpg": "it leads outside of photos",
            "Kim/loop": "links to folders are not followed",
            "Broken.jpg": "there is no such file",
        }

    def test_pipes_and_names_in_another_encoding_are_left_out(self, tmp_path: Path) -> None:
        folder(tmp_path, "Kim.jpg")
        os.mkfifo(tmp_path / "Pipe.jpg")
        with open(os.fsencode(tmp_path) + b"/\xb1\xe8.jpg", "wb") as file:  # noqa: PTH123
            file.write(b"a photo")
        found = find_photos(tmp_path)
        assert [photo.name for photo in found.photos] == ["Kim"]
        assert reasons(found) == {"Pipe.jpg": "it is not a file", "\ufffd\ufffd.jpg": "its name is not Unicode text"}

    @pytest.mark.parametrize("what", ["empty", "missing", "a photo"])
    def test_without_any_photo_the_expected_layout_is_named(self, tmp_path: Path, what: str) -> None:
        if what == "empty":
            (tmp_path / what).mkdir()
        elif what == "a photo":
            (tmp_path / what).write_bytes(b"a photo")
        with pytest.raises(NoPhotos, match=r"Department/Name/\*\.jpg"):
            find_photos(tmp_path / what)


@pytest.mark.parametrize(("name", "reason"), [("x" * 5000, "File name too long"), ("a\0b", "null (byte|character)")])
def test_what_the_system_refuses_is_left_out_with_its_reason(tmp_path: Path, name: str, reason: str) -> None:
    assert re.fullmatch(rf"it cannot be read \(.*{reason}.*\)", unusable(tmp_path / name, tmp_path) or "")
    assert "Errno" not in (unusable(tmp_path / name, tmp_path) or "")


class TestTable:
    def test_columns_in_any_order_and_the_others_as_metadata(self, tmp_path: Path) -> None:
        text = "Photo,Office,NAME,department\na/1.jpg,301,김민수,Arts\nb.jpg,,Ada,\n"
        found = find_photos(table(tmp_path, text, "a/1.jpg", "b.jpg"))
        assert people(found) == [("", "Ada", "b.jpg"), ("Arts", "김민수", "a/1.jpg")]
        assert [photo.metadata for photo in found.photos] == [{"Office": "301"}, {}]

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp949"])
    @pytest.mark.parametrize("separator", [",", ";", "\t"])
    def test_what_spreadsheets_save(self, tmp_path: Path, encoding: str, separator: str) -> None:
        text = f"name{separator}photo\r\n김민수{separator}1.jpg\r\n\r\n".encode(encoding)
        assert people(find_photos(table(tmp_path, text, "1.jpg"))) == [("", "김민수", "1.jpg")]

    @pytest.mark.parametrize("heading", ["이름,학과,사진", "성명,소속,사진파일", "Name,학과,파일"])
    @pytest.mark.parametrize("encoding", ["utf-8", "cp949"])
    def test_korean_headings_as_excel_writes_them(self, tmp_path: Path, heading: str, encoding: str) -> None:
        # “뷁” is one of the syllables that cp949 has beside a plain letter.
        text = f"{heading},호실\r\n뷁민수,컴퓨터공학과,사진/1.jpg,301\r\n".encode(encoding)
        (photo,) = find_photos(table(tmp_path, text, "사진/1.jpg")).photos
        assert (photo.name, photo.department, photo.metadata) == ("뷁민수", "컴퓨터공학과", {"호실": "301"})

    def test_cells_are_cleaned_but_for_the_photo_s_path(self, tmp_path: Path) -> None:
        text = "name,photo,office\nKim\u202e  Su,two  spaces.jpg,3\u202e01\n"
        (photo,) = find_photos(table(tmp_path, text, "two  spaces.jpg")).photos
        assert (photo.name, photo.source, photo.metadata) == ("Kim Su", "two  spaces.jpg", {"office": "301"})

    @pytest.mark.parametrize(("size", "reason"), [(50_000_000, "field larger"), (50_000_001, "larger than 50 MB")])
    def test_a_table_has_fifty_megabytes_at_most(self, tmp_path: Path, size: int, reason: str) -> None:
        path = table(tmp_path, "name,photo\n")
        os.truncate(path, size)  # the rest of it takes no place on the disk
        with pytest.raises(UnusableTable, match=reason):
            find_photos(path)

    def test_rows_of_a_person_share_metadata_and_the_first_value_counts(self, tmp_path: Path) -> None:
        text = "name,photo,office,title\nKim,1.jpg,301,\nKim,2.jpg,999,Professor\n"
        found = find_photos(table(tmp_path, text, "1.jpg", "2.jpg"))
        assert [photo.metadata for photo in found.photos] == [{"office": "301", "title": "Professor"}] * 2

    def test_cells_like_formulas_are_text(self, tmp_path: Path) -> None:
        text = "name,photo,note\n=cmd|' /C calc'!A0,1.jpg,@SUM(A1)\n"
        (photo,) = find_photos(table(tmp_path, text, "1.jpg")).photos
        assert photo.name == "=cmd|' /C calc'!A0"
        assert photo.metadata == {"note": "@SUM(A1)"}

    def test_paths_stay_in_the_folder_of_the_table(self, tmp_path: Path) -> None:
        folder(tmp_path, "secret.jpg")
        root = tmp_path / "photos"
        tricks = ["../secret.jpg", "a/../../secret.jpg", str(tmp_path / "secret.jpg"), r"..\secret.jpg", r"C:\x.jpg"]
        tricks += ["link.jpg", "1.jpg\0.png", "x" * 5000, ".", "no.jpg", "", "~/1.jpg", "file:///etc/passwd"]
        rows = "".join(f'Spy {number},"{trick}"\n' for number, trick in enumerate(tricks))
        path = table(root, f"name,photo\nKim,1.jpg\n{rows}", "1.jpg")
        (root / "link.jpg").symlink_to(tmp_path / "secret.jpg")
        found = find_photos(path)
        assert [photo.name for photo in found.photos] == ["Kim"]
        texts = [remark.text for remark in found.left_out]
        assert len(texts) == len(tricks)
        assert ["outside" in text for text in texts[:2]] == [True, True]
        assert ["relative" in text for text in texts[2:5]] == [True, False, True]
        assert "outside" in texts[3]
        assert "outside" in texts[5]

    def test_paths_as_windows_and_macos_spell_them(self, tmp_path: Path) -> None:
        decomposed = unicodedata.normalize("NFD", "김민수.jpg")
        found = find_photos(table(tmp_path, "name,photo\nA,Arts\\1.jpg\nB,김민수.jpg\n", "Arts/1.jpg", decomposed))
        assert [photo.source for photo in found.photos] == ["Arts/1.jpg", decomposed]

    def test_rows_that_cannot_be_used_are_left_out_by_number(self, tmp_path: Path) -> None:
        text = 'name,photo\nLee, Min,1.jpg\n"Kim",1.jpg\n,1.jpg\nNo,2.jpg\n'
        found = find_photos(table(tmp_path, text, "1.jpg"))
        assert people(found) == [("", "Kim", "1.jpg")]
        assert reasons(found) == {
            "row 2": "it has more cells than there are columns",
            "row 4": "'' cannot be a person's name: it has no letter.",
            "row 5": "2.jpg: there is no such file",
        }

    @pytest.mark.parametrize(
        ("content", "reason"),
        [
            (b"", "it is empty"),
            (b"name,department\nKim,Arts\n", "no column “photo”"),
            (b"photo,department\n1.jpg,Arts\n", "no column “name”"),
            (b"name,photo,office,office\n", "two columns"),
            ("name,photo\nJosé,1.jpg".encode("latin-1"), "neither in UTF-8 nor in cp949"),
            ("name,photo\nÄrger,1.jpg".encode("latin-1"), "CSV UTF-8"),  # in cp949, “훣ger”
            (b'name,photo\n"Kim,1.jpg\n', "line"),
            (b"name,photo\n" + b"x" * 200_000 + b",1.jpg\n", "field larger"),
            (b"\xff\xfea", "UTF-8"),
        ],
    )
    def test_a_table_that_cannot_be_read_is_refused_in_one_sentence(
        self, tmp_path: Path, content: bytes, reason: str
    ) -> None:
        with pytest.raises(UnusableTable, match=reason) as caught:
            find_photos(table(tmp_path, content, "1.jpg"))
        assert "\n" not in str(caught.value)

    @given(content=st.binary(max_size=80) | st.text('name,photo;\t\r\n"=.\\/0', max_size=80).map(str.encode))
    def test_whatever_the_bytes_it_reads_them_or_refuses_them(
        self, tmp_path_factory: pytest.TempPathFactory, content: bytes
    ) -> None:
        path = tmp_path_factory.mktemp("any", numbered=True) / "people.csv"
        for start in (b"", b"name,photo,x\n"):
            path.write_bytes(start + content)
            with contextlib.suppress(GalleryError):
                find_photos(path)
