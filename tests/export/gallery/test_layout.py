"""Which folders are departments and whom their photos show, from names alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from export.gallery.layout import departments, name_of


@pytest.mark.parametrize(
    ("files", "found"),
    [
        (["Arts/Bo.jpg", "Arts/Li.jpg"], {"Arts"}),  # two letters are a name
        (["Arts/B.jpg", "Arts/L.jpg"], set()),
        (["Arts/12abc.jpg", "Arts/34def.jpg"], {"Arts"}),  # with more letters than digits
        (["Arts/12ab.jpg", "Arts/34cd.jpg"], set()),
        (["Arts/kim-2024.jpg", "Arts/lee-2023.jpg"], {"Arts"}),  # but for a number at the end
        (["Arts/Kim.jpg", "Arts/Kim-2.jpg"], set()),
        (["Arts/Kim.jpg", "Arts/photo.jpg"], set()),
        (["Arts/Kim.jpg", "Arts/Lee.jpg", "Arts/Park.jpg", "Arts/x.jpg"], set()),
        (["Arts/Arts Kim.jpg", "Arts/Arts Lee.jpg"], set()),  # all called after their folder
        (["Arts/Arts Kim.jpg", "Arts/Lee.jpg"], {"Arts"}),
        (["Kim.jpg", "Lee.jpg"], set()),
        (["Arts/Kim/a.jpg", "Arts/Lee/b.jpg"], set()),
        # One photo is like the folders beside it.
        (["Arts/Kim.jpg", "Arts/Lee.jpg", "Law/Choi.jpg"], {"Arts", "Law"}),
        (["Arts/Kim.jpg", "Arts/Lee.jpg", "Law/photo.jpg"], {"Arts"}),
        (["Arts/Kim.jpg", "Arts/Lee.jpg", "Choi/Choi.jpg"], {"Arts"}),
        (["Arts/Kim.jpg", "Arts/Lee.jpg", "Choi/1.jpg", "Choi/2.jpg", "Law/Ha Na.jpg"], {"Arts"}),
        (["Law/Choi.jpg"], set()),
    ],
)
def test_a_department_has_photos_with_different_names(files: list[str], found: set[str]) -> None:
    assert departments(map(Path, files)) == found


@pytest.mark.parametrize(
    ("stem", "others", "name"),
    [
        ("kim-2", ["kim-1"], "kim"),
        ("kim (2)", ["kim"], "kim"),
        ("kim_02", ["kim 1", "lee"], "kim"),
        ("kim-2", ["lee-1"], "kim-2"),  # nobody else of that name: the number may belong to it
        ("kim", ["lee"], "kim"),
        ("007", ["008"], "007"),
    ],
)
def test_a_number_that_only_tells_photos_apart_is_no_part_of_the_name(stem: str, others: list[str], name: str) -> None:
    assert name_of(stem, [stem, *others]) == name
