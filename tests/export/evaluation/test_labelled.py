"""Labelled photos are read from LFW's pairs.txt, from a CSV and from a folder; what cannot be read is named by its line."""

from __future__ import annotations

import itertools
from collections import Counter
from pathlib import Path

import pytest

from export.evaluation.labelled import FOLDS, MOST_PAIRS_OF_ONE, Labelled, UnusablePairs, pairs_of
from export.evaluation.pair_files import read_labelled

PAIRS = """2\t2
Ada_One\t1\t2
Ben_Two\t1\t3
Ada_One\t1\tBen_Two\t1
Cho_Three\t2\tDee_Four\t3
Cho_Three\t1\t2
Dee_Four\t2\t3
Ada_One\t3\tDee_Four\t1
Ben_Two\t2\tCho_Three\t3
"""


def described(labelled: Labelled) -> list[tuple[str, str, bool, int]]:
    return [
        (labelled.photos[pair.first].stem, labelled.photos[pair.second].stem, pair.same, pair.fold)
        for pair in labelled.pairs
    ]


def test_lfws_pairs(lfw: Path, tmp_path: Path) -> None:
    (tmp_path / "pairs.txt").write_text(PAIRS)
    labelled = read_labelled(tmp_path / "pairs.txt", lfw)
    assert described(labelled) == [
        ("Ada_One_0001", "Ada_One_0002", True, 0),
        ("Ben_Two_0001", "Ben_Two_0003", True, 0),
        ("Ada_One_0001", "Ben_Two_0001", False, 0),
        ("Cho_Three_0002", "Dee_Four_0003", False, 0),
        ("Cho_Three_0001", "Cho_Three_0002", True, 1),
        ("Dee_Four_0002", "Dee_Four_0003", True, 1),
        ("Ada_One_0003", "Dee_Four_0001", False, 1),
        ("Ben_Two_0002", "Cho_Three_0003", False, 1),
    ]
    assert len(set(labelled.photos)) == len(labelled.photos) == 12
    assert all(path.parent.name == person for path, person in zip(labelled.photos, labelled.people, strict=True))


def test_lfws_smaller_lists_have_no_folds(lfw: Path, tmp_path: Path) -> None:
    (tmp_path / "pairsDevTest.txt").write_text(PAIRS.replace("2\t2\n", "4\n", 1))
    labelled = read_labelled(tmp_path / "pairsDevTest.txt", lfw)
    assert [pair.fold for pair in labelled.pairs] == list(range(8))


@pytest.mark.parametrize("header", ["name,imagenum1,imagenum2,", "name,imagenum1,imagenum2,imagenum3"])
def test_lfws_pairs_as_csv_are_in_folds_of_a_tenth(lfw: Path, tmp_path: Path, header: str) -> None:
    rows = ["Ada_One,1,2,", "Ada_One,1,Ben_Two,1", "Ben_Two,1,3", "Cho_Three,2,Dee_Four,3"] * 5
    (tmp_path / "pairs.csv").write_text("\n".join([header, *rows]))
    labelled = read_labelled(tmp_path / "pairs.csv", lfw)
    assert described(labelled)[:4] == [
        ("Ada_One_0001", "Ada_One_0002", True, 0),
        ("Ada_One_0001", "Ben_Two_0001", False, 0),
        ("Ben_Two_0001", "Ben_Two_0003", True, 1),
        ("Cho_Three_0002", "Dee_Four_0003", False, 1),
    ]
    assert labelled.pairs[-1].fold == 9 and set(labelled.people) == {"Ada_One", "Ben_Two", "Cho_Three", "Dee_Four"}


def test_deepfaces_own_list(lfw: Path, tmp_path: Path) -> None:
    (tmp_path / "master.csv").write_text(
        "file_x,file_y,Decision\nAda_One_0001.jpg,Ada_One_0002.jpg,Yes\nAda_One_0001.jpg,Ada_One_0003.jpg,No\n"
    )
    labelled = read_labelled(tmp_path / "master.csv", lfw / "Ada_One")
    assert [(a, b, same) for a, b, same, _ in described(labelled)] == [
        ("Ada_One_0001", "Ada_One_0002", True),
        ("Ada_One_0001", "Ada_One_0003", False),
    ]
    assert labelled.people == []


def test_photos_beside_the_list_need_no_option(lfw: Path) -> None:
    (lfw / "beside.csv").write_text(
        "a,b,same\nAda_One/Ada_One_0001.jpg,Ada_One/Ada_One_0002.jpg,yes\n"
        "Ada_One/Ada_One_0001.jpg,Ben_Two/Ben_Two_0001.jpg,No\n"
    )
    labelled = read_labelled(lfw / "beside.csv")
    (lfw / "beside.csv").unlink()
    assert [pair.same for pair in labelled.pairs] == [True, False]
    assert labelled.people == [] and len(labelled.photos) == 3


def test_a_folder_of_people(lfw: Path) -> None:
    labelled = read_labelled(lfw)
    assert Counter(labelled.people) == {"Ada_One": 3, "Ben_Two": 3, "Cho_Three": 3, "Dee_Four": 3}
    assert Counter(pair.same for pair in labelled.pairs) == {True: 12, False: 54}


def test_all_pairs_are_taken() -> None:
    people = [f"p{index % 7}" for index in range(40)]
    pairs = pairs_of(people)
    assert [(pair.first, pair.second) for pair in pairs] == list(itertools.combinations(range(40), 2))
    assert all(pair.same == (people[pair.first] == people[pair.second]) for pair in pairs)
    assert all(0 <= pair.fold < FOLDS for pair in pairs)
    assert len({pair.fold for pair in pairs if pair.same and people[pair.first] == "p0"}) == 1
    assert len(pairs_of(people, most=40 * 39 // 2)) == 780


def test_of_too_many_a_sample_is_the_same_every_time() -> None:
    people = [f"p{index % 7}" for index in range(40)]
    pairs = pairs_of(people, most=700)
    assert pairs == pairs_of(people, most=700) and len(pairs) == 700
    same = {(pair.first, pair.second) for pair in pairs if pair.same}
    assert same == {(a, b) for a, b in itertools.combinations(range(40), 2) if people[a] == people[b]}
    different = [(pair.first, pair.second) for pair in pairs if not pair.same]
    assert len(different) == len(set(different)) == 700 - len(same)
    assert all(people[a] != people[b] and a < b for a, b in different)
    assert sum(pair.same for pair in pairs_of(people, most=100)) == 50


def test_nobody_outvotes_the_others_in_a_sample() -> None:
    pairs = pairs_of(["often"] * 60 + ["once", "twice", "twice"], most=1000)
    assert Counter(pair.same for pair in pairs) == {True: MOST_PAIRS_OF_ONE + 1, False: 182}  # all there are


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("pairs.txt", "", "none of a folder of people"),
        ("pairs.txt", "photo one, photo two", "none of a folder of people"),
        ("pairs.txt", "10\t300\nAda_One\t1\n", "line 2: a name and two numbers"),
        ("pairs.txt", "1\t1\nAda_One\t1\t2\nAda_One\t1\tBen_Two\tx\n", "line 3"),
        ("pairs.txt", "1\t1\nAda_One\t1\t2\n", "pairs of the same person and pairs of different people"),
        ("pairs.txt", "1\t1\nAda_One\t1\t9\nAda_One\t1\tBen_Two\t1\n", r"Ada_One_0009\.jpg is missing"),
        ("pairs.txt", "1\t1\nEve_Six\t1\t2\nAda_One\t1\tBen_Two\t1\n", "and 1 more are missing.*--photos"),
        ("pairs.csv", "a,b\n1,2\n", "columns a, b and same"),
        ("pairs.csv", "a,b,same\nx.jpg,y.jpg,maybe\n", "line 2"),
        ("pairs.csv", "a,b,same\nx.jpg,,yes\n", "line 2"),
    ],
)
def test_what_cannot_be_used_is_said_in_one_sentence(
    lfw: Path, tmp_path: Path, name: str, content: str, sentence: str
) -> None:
    (tmp_path / name).write_text(content)
    with pytest.raises(UnusablePairs, match=sentence) as caught:
        read_labelled(tmp_path / name, lfw)
    assert "\n" not in str(caught.value)


def test_neither_file_nor_people(lfw: Path, tmp_path: Path) -> None:
    with pytest.raises(UnusablePairs, match="There is no"):
        read_labelled(tmp_path / "none.txt")
    with pytest.raises(UnusablePairs, match="a folder for each person"):
        read_labelled(tmp_path)
    with pytest.raises(UnusablePairs, match="at least two people"):
        read_labelled(lfw / "Ada_One")
    (tmp_path / "pairs.txt").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(UnusablePairs, match="not text"):
        read_labelled(tmp_path / "pairs.txt")
