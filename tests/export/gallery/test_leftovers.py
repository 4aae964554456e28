"""What is deleted in a gallery directory: our own files that nothing names, and only where that can be told."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import pytest

from export.gallery.contents import gallery_files
from export.gallery.leftovers import delete_leftovers, is_portrait, portrait_name, small_name
from export.gallery.people import EnrolledPerson, Enrolment, Row
from lookalike.faces.manifest import EmbedderEntry
from tests.export.gallery.disk import files, index

NAMED, FINISHED, OLD = (letter * 32 for letter in "abc")
OURS = [
    "embeddings-0123456789ab.npy",
    f"embeddings-0123456789ab.{'0' * 64}.usearch",
    "people-0123456789ab.json",
    ".people-0123456789ab.json.x1y2",
    ".embeddings-0123456789ab.npy.x1y2",
    f"portraits/{OLD}.jpg",
    f"portraits/{OLD}-small.jpg",
    f"portraits/.{OLD}.jpg.x1y2",
]
OTHERS = [
    "notes.txt",
    "people-0123456789ab.json.bak",
    "embeddings-0123456789AB.npy",
    ".notes.txt.x1y2",
    "_people-0123456789ab.json.x1y2",
    f"{OLD}.jpg",
    "portraits/family.jpg",
    f"portraits/{OLD}.png",
    "portraits/people-0123456789ab.json",
]


@pytest.fixture
def directory(tmp_path: Path, entry: EmbedderEntry) -> Path:
    """A gallery of one person, with their portraits, those of a photo that a build had finished, and what was left over."""
    enrolment = Enrolment("ab", f"{NAMED}.jpg", (), np.zeros(entry.width, np.float32))
    named = gallery_files([EnrolledPerson("Kim", "", [Row(enrolment, "1.jpg", "build")])], entry)
    (tmp_path / "portraits").mkdir()
    portraits = [f"portraits/{name}{size}.jpg" for name in (NAMED, FINISHED) for size in ("", "-small")]
    for name in (*OURS, *OTHERS, *portraits):
        (tmp_path / name).write_bytes(b"")
    for name, data in named.items():
        (tmp_path / name).write_bytes(data)
    return tmp_path


def deleted(directory: Path) -> set[str]:
    before = set(files(directory))
    delete_leftovers(directory, {f"{FINISHED}.jpg"})
    return before - set(files(directory))


def test_our_files_are_deleted_but_those_that_are_named_or_finished(directory: Path) -> None:
    assert deleted(directory) == set(OURS)


def test_an_index_of_the_embeddings_stays(directory: Path) -> None:
    kept = f"{Path(index(directory)['embeddings']['file']).stem}.{'1' * 64}.usearch"
    (directory / kept).write_bytes(b"")
    assert deleted(directory) == set(OURS)


def test_without_a_gallery_only_what_is_finished_stays(directory: Path) -> None:
    header = index(directory)
    (directory / "gallery.json").unlink()
    named = {header[part]["file"] for part in ("people", "embeddings")}
    named |= {f"portraits/{NAMED}.jpg", f"portraits/{NAMED}-small.jpg"}
    assert deleted(directory) == named | set(OURS)


@pytest.mark.parametrize("part", ["gallery.json", "people"])
@pytest.mark.parametrize("content", [None, b"{"])
def test_nothing_is_deleted_where_it_cannot_be_told_what_is_named(
    directory: Path, part: str, content: bytes | None
) -> None:
    if (part, content) == ("gallery.json", None):
        content = b'{"version": 2}'
    file = directory / (part if part == "gallery.json" else index(directory)["people"]["file"])
    file.unlink() if content is None else file.write_bytes(content)
    assert deleted(directory) == set()


def test_portraits_need_not_be_there(directory: Path) -> None:
    for path in (directory / "portraits").iterdir():
        path.unlink()
    (directory / "portraits").rmdir()
    assert deleted(directory) == {name for name in OURS if not name.startswith("portraits/")}


def test_a_portrait_is_named_by_its_content() -> None:
    assert portrait_name(b"x") == f"{hashlib.sha256(b'x').hexdigest()[:32]}.jpg"
    assert small_name(portrait_name(b"x")) == f"{hashlib.sha256(b'x').hexdigest()[:32]}-small.jpg"


@pytest.mark.parametrize(
    ("name", "is_one"),
    [(f"{OLD}.jpg", True), (f"{OLD}-small.jpg", False), (f"{OLD}.png", False), (f"{OLD[1:]}.jpg", False), ("", False)],
)
def test_large_portraits_are_told_from_other_names(name: str, is_one: bool) -> None:
    assert is_portrait(name) is is_one
