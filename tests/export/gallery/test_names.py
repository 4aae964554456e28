from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from export.gallery.errors import InvalidName
from export.gallery.names import LONGEST, clean, person_id, person_name


@given(st.text())
def test_cleaned_text_is_one_visible_line_in_nfc_and_cleaning_it_again_changes_nothing(text: str) -> None:
    cleaned = clean(text)
    assert cleaned == clean(cleaned) == unicodedata.normalize("NFC", cleaned)
    assert not any(unicodedata.category(character) in ("Cc", "Cs") for character in cleaned)
    cleaned.encode()


@pytest.mark.parametrize(
    "name", ["김민수", "محمد بن موسى", "Nguyễn Thị Định", "דוד", "ஸ்ரீநிவாச", "O'Brien-Łukasz", "می‌خواهم"]
)
def test_names_in_any_script_stay_as_they_are(name: str) -> None:
    assert person_name(name) == unicodedata.normalize("NFC", name)


def test_composed_and_decomposed_spelling_are_one_person() -> None:
    decomposed = unicodedata.normalize("NFD", "김민수")
    assert decomposed != "김민수"
    assert person_id(person_name(decomposed), "") == person_id("김민수", "")


def test_terminal_codes_and_marks_of_direction_are_taken_out() -> None:
    assert clean("Kim\x1b[31m\u202eniM\x00\n\tsu") == "Kim[31mniM su"


@pytest.mark.parametrize("name", ["", "  ", "\u200b\u200d", "…", "\x00", "x" * (LONGEST + 1)])
def test_names_without_a_letter_or_too_long_are_refused(name: str) -> None:
    with pytest.raises(InvalidName):
        person_name(name)


def test_a_name_has_two_hundred_characters_at_most() -> None:
    assert person_name("x" * 200) == "x" * 200
    with pytest.raises(InvalidName, match=f"^'{'x' * 20}…' .*: it is longer than 200 characters"):
        person_name("x" * 201)


def test_the_readable_part_of_an_id_has_forty_characters_at_most() -> None:
    for name, readable in (("x" * 41, "x" * 40), ("x" * 40, "x" * 40), (f"{'x' * 39} {'y' * 9}", "x" * 39)):
        assert person_id(name, "").rpartition("-")[0] == readable


@given(st.text(), st.text())
def test_ids_are_safe_in_paths_addresses_and_html(name: str, department: str) -> None:
    assert re.fullmatch(r"([a-z0-9-]{1,40}-)?[0-9a-f]{12}", person_id(clean(name), clean(department)))


def test_ids_are_readable_and_tell_people_of_one_name_apart() -> None:
    assert person_id("Zoë O'Neil", "").startswith("zoe-o-neil-")
    assert person_id("Kim", "Arts") != person_id("Kim", "Science")
    assert person_id("김", "") != person_id("이", "")
    # Name and department must not run into each other.
    assert person_id("bc", "a") != person_id("c", "ab")


def test_path_tricks_are_only_text() -> None:
    assert person_id("../../etc/passwd", "..").startswith("etc-passwd-")
