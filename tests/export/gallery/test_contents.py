"""A gallery's files, made of people and read again."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import numpy as np
import pytest

from export.gallery import contents
from export.gallery.contents import gallery_files, read_names, read_people
from export.gallery.people import EnrolledPerson, Enrolment, Row
from export.gallery.statistics import Statistics
from lookalike.errors import DamagedFile, GalleryMismatch, MissingFile
from lookalike.faces.manifest import EmbedderEntry
from tests.export.gallery.disk import index


def someone(name: str, entry: EmbedderEntry, *numbers: float) -> EnrolledPerson:
    embeddings = [np.full(entry.width, number, np.float32) for number in numbers]
    rows = [Row(Enrolment("ab", "c.jpg", (), embedding), "1.jpg", "add") for embedding in embeddings]
    return EnrolledPerson(name, "", rows)


@pytest.fixture
def directory(tmp_path: Path, entry: EmbedderEntry) -> Path:
    for name, data in gallery_files([someone("Kim", entry, 0.1, 0.2), someone("Lee", entry, 0.3)], entry).items():
        (tmp_path / name).write_bytes(data)
    return tmp_path


def test_files_are_named_by_their_content_and_gallery_json_names_them(directory: Path, entry: EmbedderEntry) -> None:
    header = index(directory)
    counts = {part: {key: header[part].pop(key)} for part, key in (("embeddings", "rows"), ("people", "count"))}
    assert counts == {"embeddings": {"rows": 3}, "people": {"count": 2}}
    for part, suffix in (("embeddings", "npy"), ("people", "json")):
        digest = hashlib.sha256((directory / header[part]["file"]).read_bytes()).hexdigest()
        assert header[part] == {"file": f"{part}-{digest[:12]}.{suffix}", "sha256": digest}
    assert {path.name for path in directory.iterdir()} == {
        "gallery.json",
        header["embeddings"]["file"],
        header["people"]["file"],
    }


def test_how_alike_people_are_is_kept_to_so_many_digits(entry: EmbedderEntry, monkeypatch: pytest.MonkeyPatch) -> None:
    third, two_thirds = np.array([1 / 3]), np.array([2 / 3])
    found = Statistics(pairs=1, quantiles=third, nearest=two_thirds, stands_out=2 / 3)
    monkeypatch.setattr(contents, "statistics", lambda embeddings, counts, entry: found)
    header = json.loads(gallery_files([], entry)["gallery.json"])
    assert header["pairs"]["quantiles"] == [0.33333] and header["nearest"] == {"quantiles": [0.66667]}
    assert header["stands_out"] == 0.6667


def test_everybody_is_read_again(directory: Path, entry: EmbedderEntry) -> None:
    kim, lee = read_people(directory, entry)
    assert (kim.name, lee.name, index(directory)["stands_out"]) == ("Kim", "Lee", None)
    numbers = [row.enrolment.embedding[0] for person in (kim, lee) for row in person.rows]
    assert numbers == pytest.approx([0.1, 0.2, 0.3])


def test_nobody_is_written_and_read_too(tmp_path: Path, entry: EmbedderEntry) -> None:
    for name, data in gallery_files([], entry).items():
        (tmp_path / name).write_bytes(data)
    assert read_people(tmp_path, entry) == []


@pytest.mark.parametrize(("version", "read"), [(0, False), (1, True), (2, True), (3, False)])
def test_people_of_an_earlier_version_are_read(directory: Path, entry: EmbedderEntry, version: int, read: bool) -> None:
    (directory / "gallery.json").write_text(json.dumps(index(directory) | {"version": version}))
    if read:
        assert len(read_people(directory, entry)) == 2
    else:
        with pytest.raises(DamagedFile):
            read_people(directory, entry)


def test_names_are_read_of_any_network_s_gallery_and_without_its_embeddings(
    directory: Path, entry: EmbedderEntry
) -> None:
    (directory / "gallery.json").write_text(json.dumps(index(directory) | {"fingerprint": "0" * 16}))
    with pytest.raises(GalleryMismatch):
        read_people(directory, entry)
    (directory / index(directory)["embeddings"]["file"]).unlink()
    header, everyone = read_names(directory)
    assert header == index(directory)
    assert [(person.name, len(person.rows)) for person in everyone] == [("Kim", 2), ("Lee", 1)]
    assert all(row.enrolment.embedding.shape == (0,) for person in everyone for row in person.rows)


def test_names_of_people_that_were_changed_by_hand_are_read(directory: Path) -> None:
    file = directory / index(directory)["people"]["file"]
    file.write_text(file.read_text().replace("Kim", "Kin"))
    assert [person.name for person in read_names(directory)[1]] == ["Kin", "Lee"]


def test_names_of_no_gallery_are_missing(tmp_path: Path) -> None:
    with pytest.raises(MissingFile):
        read_names(tmp_path)
