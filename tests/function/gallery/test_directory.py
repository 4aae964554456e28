"""What a gallery's directory must hold to be opened, each thing at its bound and one step past it."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from lookalike.errors import DamagedFile, MissingFile, OlderGallery
from lookalike.faces.manifest import EmbedderEntry, read_manifest
from lookalike.gallery.directory import read_gallery, read_header
from lookalike.settings import Settings
from tests.support import with_recipe

WIDTH = 3
ROWS = np.arange(9, dtype=np.float32).reshape(3, WIDTH)
Json = dict[str, Any]


@pytest.fixture(scope="module")
def entry() -> EmbedderEntry:
    return with_recipe(read_manifest(Settings().models, "size").embedder, width=WIDTH)


def person(name: str, photos: int, /, **more: Any) -> Json:
    shown = [{"portrait": f"{name}{n}.jpg", "source": f"{n}.png", "sha256": f"h{n}"} for n in range(photos)]
    return {"id": name, "name": name.upper(), "department": "Art", "photos": shown} | more


def write(directory: Path, entry: EmbedderEntry, rows: Any = ROWS, people: Any = None, **index: Any) -> None:
    """Two people, the first with two photos, unless told otherwise."""
    np.save(directory / "rows.npy", rows)
    (directory / "people.json").write_text(json.dumps(people or [person("a", 2), person("b", 1, metadata={"r": "1"})]))
    files = {"embeddings": "rows.npy", "people": "people.json"}
    parts = {
        part: {"file": file, "sha256": hashlib.sha256((directory / file).read_bytes()).hexdigest()}
        for part, file in files.items()
    }
    known = {"version": 2, "fingerprint": entry.fingerprint, "model": "dlib", "stands_out": None}
    scale = {"pairs": {"quantiles": [-0.5, 0.5]}, "nearest": {"quantiles": [0.1]}}
    (directory / "gallery.json").write_text(json.dumps(known | scale | parts | index))


@pytest.mark.parametrize("mapped", [False, True])
def test_reads_people_with_their_photos_and_rows(tmp_path: Path, entry: EmbedderEntry, mapped: bool) -> None:
    write(tmp_path, entry)
    people, embeddings, scale = read_gallery(tmp_path, entry, mapped=mapped)
    assert [(one.id, one.name, one.department, one.metadata) for one in people] == [
        ("a", "A", "Art", {}),
        ("b", "B", "Art", {"r": "1"}),
    ]
    assert [(p.portrait, p.source, p.sha256) for p in people[0].photos] == [
        ("a0.jpg", "0.png", "h0"),
        ("a1.jpg", "1.png", "h1"),
    ]
    assert np.array_equal(embeddings, ROWS) and isinstance(embeddings, np.memmap) is mapped
    assert scale.quantiles.tolist() == [-0.5, 0.5] and scale.same_person == entry.same_person


@pytest.mark.parametrize("mapped", [False, True])
@pytest.mark.parametrize(
    "rows",
    [ROWS[:2], ROWS[:, :2], np.vstack([ROWS, ROWS]), ROWS.astype(np.float64)],
    ids=["two", "narrow", "six", "f8"],
)
def test_rows_that_are_not_one_for_each_photo_are_refused(
    tmp_path: Path, entry: EmbedderEntry, rows: Any, mapped: bool
) -> None:
    write(tmp_path, entry, rows)
    with pytest.raises(DamagedFile, match=r"embeddings .* for 3 photos"):
        read_gallery(tmp_path, entry, mapped=mapped)


def test_a_number_that_is_none_is_refused_where_all_are_read(tmp_path: Path, entry: EmbedderEntry) -> None:
    rows = ROWS.copy()
    rows[2, 1] = np.nan
    write(tmp_path, entry, rows)
    with pytest.raises(DamagedFile, match="not a number"):
        read_gallery(tmp_path, entry)
    assert len(read_gallery(tmp_path, entry, mapped=True)[1]) == 3  # not read before it is used


@pytest.mark.parametrize("mapped", [False, True])
def test_a_person_without_a_photo_is_refused(tmp_path: Path, entry: EmbedderEntry, mapped: bool) -> None:
    write(tmp_path, entry, people=[person("a", 3), person("b", 0)])
    with pytest.raises(DamagedFile, match="without a photo"):
        read_gallery(tmp_path, entry, mapped=mapped)


@pytest.mark.parametrize("file", ["rows.npy", "people.json"])
def test_contents_are_compared_with_their_hashes_only_where_asked(
    tmp_path: Path, entry: EmbedderEntry, file: str
) -> None:
    write(tmp_path, entry)
    content = (tmp_path / file).read_bytes().replace(b"A", b"Z") + (b" " if file == "people.json" else b"\0")
    (tmp_path / file).write_bytes(content)
    with pytest.raises(DamagedFile, match=f"{file}.*its content changed"):
        read_gallery(tmp_path, entry)
    assert len(read_gallery(tmp_path, entry, "size")[0]) == 2


@pytest.mark.parametrize(
    ("version", "kind"), [(0, DamagedFile), (1, OlderGallery), (3, DamagedFile), ("2", DamagedFile)]
)
def test_other_versions_are_refused(tmp_path: Path, entry: EmbedderEntry, version: Any, kind: type[Exception]) -> None:
    write(tmp_path, entry, version=version)
    with pytest.raises(kind):
        read_header(tmp_path, entry)


def test_earlier_versions_are_read_where_they_are_asked_for(tmp_path: Path, entry: EmbedderEntry) -> None:
    write(tmp_path, entry, version=1)
    assert read_header(tmp_path, entry, oldest=1)["version"] == 1
    for version in (0, 3):
        write(tmp_path, entry, version=version)
        with pytest.raises(DamagedFile, match=f"version {version}, not 2"):
            read_header(tmp_path, entry, oldest=1)


@pytest.mark.parametrize("text", ["\x00", "\x1f", "\x7f", "\x9f", "\ud800"])
@pytest.mark.parametrize("part", ["id", "name", "department", "key", "value"])
def test_control_codes_and_half_characters_are_refused(
    tmp_path: Path, entry: EmbedderEntry, text: str, part: str
) -> None:
    change: Json = {"key": {"metadata": {text: ""}}, "value": {"metadata": {"a": text}}}.get(part, {part: text})
    write(tmp_path, entry, people=[person("a", 3, **change)])
    with pytest.raises(DamagedFile, match="unexpected content"):
        read_gallery(tmp_path, entry)


def test_what_is_next_to_control_codes_is_text(tmp_path: Path, entry: EmbedderEntry) -> None:
    write(tmp_path, entry, people=[person("a", 3, name="\x20~\xa0김")])
    assert read_gallery(tmp_path, entry)[0][0].name == "\x20~\xa0김"


@pytest.mark.parametrize("name", [".hidden", "a/b.jpg", "a..jpg", "", "-a.jpg", "김.jpg", "a.jpg\n"])
def test_portraits_have_plain_names(tmp_path: Path, entry: EmbedderEntry, name: str) -> None:
    photos = [{"portrait": name, "source": "", "sha256": ""}] * 3
    write(tmp_path, entry, people=[person("a", 0, photos=photos)])
    with pytest.raises(DamagedFile, match="file name"):
        read_gallery(tmp_path, entry)


@pytest.mark.parametrize("content", [b"7", b"[7]", b"[{}]", b'[{"photos": 3}]', b"[[]]", b"null"])
def test_people_of_another_shape_are_one_sentence(tmp_path: Path, entry: EmbedderEntry, content: bytes) -> None:
    write(tmp_path, entry)
    (tmp_path / "people.json").write_bytes(content)
    with pytest.raises(DamagedFile, match="lookalike gallery build") as caught:
        read_gallery(tmp_path, entry, "size")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "change",
    [{"stands_out": "far"}, {"stands_out": 0}, {"pairs": {}}, {"pairs": 3}, {"nearest": {"quantiles": [None]}}],
)
def test_a_scale_of_another_shape_is_one_sentence(tmp_path: Path, entry: EmbedderEntry, change: Json) -> None:
    write(tmp_path, entry, **change)
    with pytest.raises(DamagedFile, match="lookalike gallery build"):
        read_gallery(tmp_path, entry)


@pytest.mark.parametrize("mapped", [False, True])
@pytest.mark.parametrize("content", [b"", b"rows", b"\x93NUMPY\x01\x00\x08\x00{'descr'", b"PK\x03\x04"])
def test_rows_that_are_no_array_are_one_sentence(
    tmp_path: Path, entry: EmbedderEntry, content: bytes, mapped: bool
) -> None:
    write(tmp_path, entry)
    (tmp_path / "rows.npy").write_bytes(content)
    with pytest.raises(DamagedFile, match=r"rows\.npy holds no embeddings"):
        read_gallery(tmp_path, entry, "size", mapped)


def test_what_is_not_there_is_missing_and_not_damaged(tmp_path: Path, entry: EmbedderEntry) -> None:
    with pytest.raises(MissingFile, match=r"gallery\.json is missing"):
        read_header(tmp_path, entry)
    (tmp_path / "gallery.json").write_text("{")
    with pytest.raises(DamagedFile, match=r"gallery\.json"):
        read_header(tmp_path, entry)
