"""Photo files between the moment they are hashed and the moment they are embedded."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest

from export.gallery import intake
from export.gallery.enrolment import Outcome
from export.gallery.intake import Known, _tracked, embed_missing, hash_photos, known_enrolments
from export.gallery.outcome import Report
from export.gallery.people import EnrolledPerson, Enrolment, Row
from export.gallery.photo_files import PhotoFile
from export.gallery.store import Store
from lookalike.faces.manifest import read_manifest
from lookalike.settings import Settings


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


@pytest.fixture
def store(tmp_path: Path) -> Store:
    directory = tmp_path / "gallery"
    directory.mkdir()
    return Store(directory, read_manifest(Settings().models, "size").embedder)


@pytest.fixture
def files(tmp_path: Path) -> list[PhotoFile]:
    """Two photos of Ada and a copy of the first."""
    found = []
    for name, data in (("1.jpg", b"one"), ("2.jpg", b"two"), ("copy.jpg", b"one")):
        (tmp_path / name).write_bytes(data)
        found.append(PhotoFile(tmp_path / name, name, "Ada", ""))
    return found


@pytest.fixture
def embedded(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the workers were given: they read the files then, and find a face in everything."""
    given: list[str] = []

    def enrol_files(paths: Sequence[Path], settings: Settings) -> Iterator[Outcome]:
        for path in paths:
            given.append(path.name)
            data = path.read_bytes()
            yield Enrolment(sha256(data), "p.jpg", (), np.zeros(128, np.float32)), data

    monkeypatch.setattr(intake, "enrol_files", enrol_files)
    monkeypatch.setattr(Store, "keep_portrait", lambda store, jpeg: "p.jpg")
    return given


def test_a_photo_that_changes_after_it_was_hashed_is_left_out(
    store: Store, files: list[PhotoFile], embedded: list[str]
) -> None:
    report, known = Report(), Known()
    hashed = hash_photos(files, report)
    files[0].path.write_bytes(b"another person")
    embed_missing(hashed, known, store, Settings(), report, journal=True)
    assert list(known) == [sha256(b"two")] and list(store.journal.read()) == [sha256(b"two")]
    assert [(remark.source, remark.text) for remark in report.left_out] == [
        ("1.jpg", "it changed while it was read"),
        ("copy.jpg", "it changed while it was read"),
    ]
    assert report.new == 1


def test_equal_photos_are_embedded_once_and_known_ones_not_at_all(
    store: Store, files: list[PhotoFile], embedded: list[str]
) -> None:
    report, known = Report(), Known()
    hashed = hash_photos(files, report)
    assert [digest for _, digest in hashed] == [sha256(b"one"), sha256(b"two"), sha256(b"one")]
    for _ in range(2):
        embed_missing(hashed, known, store, Settings(), report, journal=False)
    assert embedded == ["1.jpg", "2.jpg"] and report.new == 2 and not report.left_out
    assert store.journal.read() == {}


def test_a_file_that_cannot_be_read_or_is_too_large_is_left_out(
    files: list[PhotoFile], monkeypatch: pytest.MonkeyPatch
) -> None:
    files[0].path.unlink()
    files[2].path.write_bytes(b"four")
    monkeypatch.setattr(intake, "MAX_BYTES", 3)
    report = Report()
    assert [file.source for file, _ in hash_photos(files, report)] == ["2.jpg"]
    assert [remark.source for remark in report.left_out] == ["1.jpg", "copy.jpg"]
    assert report.left_out[0].text.startswith("it cannot be read") and "larger than" in report.left_out[1].text


def test_what_the_gallery_or_an_interrupted_build_holds_is_known_while_its_portrait_is_there(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Store, "has_portrait", lambda store, name: name != "gone.jpg")
    row = np.zeros(store.entry.width, np.float32)
    enrolled = [Enrolment(sha, name, (), row) for sha, name in (("a", "a.jpg"), ("b", "gone.jpg"), ("", "drawn.jpg"))]
    person = EnrolledPerson("Ada", "", [Row(enrolment, "", "build") for enrolment in enrolled])
    store.note_finished(Enrolment("c", "c.jpg", (), row))
    assert list(known_enrolments(store, [person])) == ["a", "c"]


@pytest.mark.parametrize(
    ("terminal", "total", "shown"), [(True, 2, True), (True, 0, False), (False, 2, False), (False, 0, False)]
)
def test_progress_is_shown_on_a_terminal_where_there_is_something_to_wait_for(
    terminal: bool, total: int, shown: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown_for: list[int] = []

    class Screen:
        is_terminal = terminal

        def __init__(self, *, stderr: bool) -> None:
            assert stderr

    def track(steps: list[int], doing: str, *, total: int, console: Screen, transient: bool) -> list[int]:
        shown_for.append(total)
        assert transient and isinstance(console, Screen)
        return steps

    monkeypatch.setattr(intake, "Console", Screen)
    monkeypatch.setattr(intake, "track", track)
    assert list(_tracked([7, 8][:total], "Reading", total)) == [7, 8][:total]
    assert shown_for == ([total] if shown else [])
