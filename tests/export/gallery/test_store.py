"""The directory: locked, whole, swept, and left as it was when it cannot be written."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import threading
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from export.files import write_atomically
from export.gallery import store as module
from export.gallery.contents import read_people
from export.gallery.errors import InUse, NotTidied, NotWritable
from export.gallery.people import EnrolledPerson, Enrolment, Row
from export.gallery.store import writing
from lookalike.errors import DamagedFile
from lookalike.faces.manifest import EmbedderEntry
from lookalike.gallery.local import open_gallery
from tests.export.gallery.disk import expected_files, files, index, names, people


def without_first(everyone: list[EnrolledPerson]) -> list[EnrolledPerson]:
    return everyone[1:]


def test_reading_gives_back_what_was_written(gallery: Path, entry: EmbedderEntry) -> None:
    written = read_people(gallery, entry)
    written[0].metadata["office"] = "301"
    row = Row(
        Enrolment("ab" * 32, "0" * 32 + ".jpg", ("too small", "turned"), written[0].rows[0].enrolment.embedding),
        "x",
        "add",
    )
    written[0].rows.append(row)
    with writing(gallery, entry) as store:
        assert store.write(written)
        again = store.read()
    assert [(person.id, person.metadata) for person in again] == [(person.id, person.metadata) for person in written]
    last = again[0].rows[-1]
    assert (last.source, last.origin, last.enrolment.notes) == ("x", "add", ("too small", "turned"))
    np.testing.assert_array_equal(last.enrolment.embedding, row.enrolment.embedding)


def test_an_empty_gallery_is_a_gallery(gallery: Path, entry: EmbedderEntry) -> None:
    with writing(gallery, entry) as store:
        store.write([])
    assert open_gallery(gallery, entry).search(np.zeros(entry.width, np.float32), 5) == []
    assert set(files(gallery)) == expected_files(gallery)


def test_gallery_json_names_new_files_only_when_they_have_reached_the_disk(
    gallery: Path, entry: EmbedderEntry, monkeypatch: pytest.MonkeyPatch
) -> None:
    def look(directory: Path) -> None:
        seen.append((index(directory), {path.name for path in directory.iterdir()}))

    seen: list[tuple[dict[str, Any], set[str]]] = []
    before = index(gallery)
    monkeypatch.setattr(module, "_sync", look)
    with writing(gallery, entry) as store:
        store.write(without_first(store.read()))
    (first, there), (second, _) = seen
    assert (first, second) == (before, index(gallery))
    assert {second[part]["file"] for part in ("people", "embeddings")} <= there


class TestAfterTheRename:
    """gallery.json is renamed: what fails from here on must not claim that nothing has changed."""

    @pytest.mark.parametrize("step", ["_sync", "delete_leftovers"])
    def test_a_failure_says_that_the_change_is_made(
        self, gallery: Path, entry: EmbedderEntry, monkeypatch: pytest.MonkeyPatch, step: str
    ) -> None:
        real = getattr(module, step)

        def full(*arguments: object) -> None:
            if len(names(gallery)) == 3:  # the change is visible
                raise OSError(errno.ENOSPC, "No space left on device")
            real(*arguments)

        with writing(gallery, entry) as store:
            monkeypatch.setattr(module, step, full)
            with pytest.raises(NotTidied, match=r"holds what you asked for.*No space left") as caught:
                store.write(without_first(store.read()))
            assert "unchanged" not in str(caught.value)
            monkeypatch.undo()
        assert len(open_gallery(gallery, entry).people) == 3


class TestLock:
    def test_a_second_writer_is_refused_in_one_sentence(
        self, gallery: Path, entry: EmbedderEntry, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(module, "_MOST_SECONDS", 0.2)
        with writing(gallery, entry), pytest.raises(InUse, match="Another process"), writing(gallery, entry):
            pass
        with writing(gallery, entry):
            pass

    def test_a_second_writer_waits_for_the_first(self, gallery: Path, entry: EmbedderEntry) -> None:
        inside, leave = threading.Event(), threading.Event()

        def first() -> None:
            with writing(gallery, entry) as store:
                inside.set()
                leave.wait(10)
                store.write(without_first(store.read()))

        thread = threading.Thread(target=first)
        thread.start()
        inside.wait(10)
        threading.Timer(0.3, leave.set).start()
        with writing(gallery, entry) as store:
            store.write(without_first(store.read()))
        thread.join()
        assert names(gallery) == ["홍길동", "Ada Lovelace"]

    def test_readers_need_no_lock(self, gallery: Path, entry: EmbedderEntry) -> None:
        with writing(gallery, entry):
            assert open_gallery(gallery, entry).rows == 5


class TestSweep:
    def test_what_killed_writers_left_is_deleted_and_nothing_else(self, gallery: Path, entry: EmbedderEntry) -> None:
        whole = files(gallery)
        portrait = "c" * 32 + ".jpg"
        ours = ["embeddings-0123456789ab.npy", "people-0123456789ab.json", ".new/gallery.json"]
        ours += [f"portraits/{portrait}", f"portraits/.{portrait}.a1b2c3", f"portraits/{'c' * 32}-small.jpg"]
        theirs = [
            "notes.txt",
            "embeddings.npy",
            "people-mine.json",
            "portraits/family.jpg",
            "portraits/.hidden",
            ".x/y",
        ]
        for name in (*ours, *theirs):
            (gallery / name).parent.mkdir(exist_ok=True)
            (gallery / name).write_bytes(b"left")
        with writing(gallery, entry):
            pass
        assert set(files(gallery)) == set(whole) | set(theirs)

    def test_nothing_is_deleted_when_the_gallery_cannot_be_read(self, gallery: Path, entry: EmbedderEntry) -> None:
        (gallery / "gallery.json").write_text("{")
        before = files(gallery)
        with writing(gallery, entry):
            pass
        assert files(gallery) == before


class TestFaults:
    @pytest.mark.parametrize("change", [{"origin": "theft"}, {"notes": 3}, {"origin": []}])
    def test_people_that_only_the_builder_cannot_read_are_damage(
        self, gallery: Path, entry: EmbedderEntry, change: dict[str, object]
    ) -> None:
        data, everyone = index(gallery), people(gallery)
        everyone[0]["photos"][0] |= change
        content = json.dumps(everyone).encode()
        (gallery / data["people"]["file"]).write_bytes(content)
        data["people"]["sha256"] = hashlib.sha256(content).hexdigest()
        (gallery / "gallery.json").write_text(json.dumps(data))
        with pytest.raises(DamagedFile):
            read_people(gallery, entry)

    @pytest.mark.parametrize("call", range(4))
    @pytest.mark.parametrize("code", [errno.ENOSPC, errno.EROFS, errno.EIO, errno.EACCES])
    def test_a_disk_that_fails_leaves_the_gallery_as_it_was(
        self, gallery: Path, entry: EmbedderEntry, monkeypatch: pytest.MonkeyPatch, code: int, call: int
    ) -> None:
        before = files(gallery)
        with monkeypatch.context() as patched:
            _fail(patched, code, call)
            with pytest.raises(NotWritable) as caught, writing(gallery, entry) as store:
                store.write(without_first(store.read()))
        assert os.strerror(code) in str(caught.value)
        assert files(gallery) == before
        with writing(gallery, entry) as store:
            store.write(without_first(store.read()))
        assert set(files(gallery)) == expected_files(gallery)
        assert len(names(gallery)) == 3

    def test_what_cannot_be_read_back_never_becomes_the_gallery(
        self, gallery: Path, entry: EmbedderEntry, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        before = files(gallery)
        write = write_atomically

        def flip_a_bit(path: Path, data: bytes) -> None:
            write(path, data[:-1] + bytes([data[-1] ^ 1]) if path.suffix == ".npy" else data)

        with monkeypatch.context() as patched:
            patched.setattr(module, "write_atomically", flip_a_bit)
            with pytest.raises(DamagedFile), writing(gallery, entry) as store:
                store.write(without_first(store.read()))
        with writing(gallery, entry):
            pass
        assert files(gallery) == before

    def test_a_place_that_cannot_be_a_directory_is_one_sentence(self, tmp_path: Path, entry: EmbedderEntry) -> None:
        (tmp_path / "file").write_bytes(b"")
        with pytest.raises(NotWritable, match="could not be written"), writing(tmp_path / "file" / "gallery", entry):
            pass


def _fail(patched: pytest.MonkeyPatch, code: int, call: int) -> None:
    """The call-th file that is written, or renamed into the gallery, fails."""
    real, counted = os.replace, iter(range(100))

    def replace(source: Any, target: Any) -> None:
        if next(counted) == call:
            raise OSError(code, os.strerror(code))
        real(source, target)

    patched.setattr(os, "replace", replace)
