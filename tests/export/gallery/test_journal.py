"""What an interrupted build had done is found again, whatever else lies in the journal."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from export.gallery.journal import Journal
from export.gallery.people import Enrolment
from lookalike.faces.manifest import EmbedderEntry

json_lines = st.lists(
    st.fixed_dictionaries(
        {},
        optional={
            "fingerprint": st.just("165d820882959226"),
            "sha256": st.text(max_size=4) | st.integers(),
            "portrait": st.text(max_size=4) | st.none(),
            "notes": st.lists(st.text(max_size=3), max_size=2) | st.integers(),
            "embedding": st.text(max_size=8) | st.none() | st.just("AAAA" * 170 + "AAA="),
        },
    )
).map(lambda lines: b"\n".join(json.dumps(line).encode() for line in lines))


@pytest.fixture
def journal(tmp_path: Path, entry: EmbedderEntry) -> Journal:
    return Journal(tmp_path / "journal", entry)


def finished(entry: EmbedderEntry, sha256: str = "ab") -> Enrolment:
    return Enrolment(sha256, "c.jpg", ("turned", "blurred"), np.arange(entry.width, dtype=np.float32))


@given(content=st.binary(max_size=100) | json_lines | st.just(b"[" * 100_000))
def test_whatever_is_in_the_journal_it_stops_nothing(
    tmp_path_factory: pytest.TempPathFactory, entry: EmbedderEntry, content: bytes
) -> None:
    journal = Journal(tmp_path_factory.mktemp("any", numbered=True) / "journal", entry)
    journal.path.write_bytes(content)
    journal.append(finished(entry))
    assert journal.read()["ab"].notes == ("turned", "blurred")
    np.testing.assert_array_equal(journal.read()["ab"].embedding, finished(entry).embedding)


def test_each_photo_stands_under_its_hash_as_it_was_finished(journal: Journal, entry: EmbedderEntry) -> None:
    for sha256 in ("ab", "cd"):
        journal.append(finished(entry, sha256))
    assert [(key, done.sha256, done.portrait) for key, done in journal.read().items()] == [
        ("ab", "ab", "c.jpg"),
        ("cd", "cd", "c.jpg"),
    ]


@pytest.mark.parametrize(
    "change",
    [
        {"fingerprint": "0" * 16},  # another network's
        {"embedding": "AAAAAA=="},  # one number
        {"embedding": "AA=="},  # a quarter of a number
        {"embedding": "!"},
        {"embedding": None},
        {"notes": None},
    ],
)
def test_a_line_that_does_not_fit_is_passed_over(
    journal: Journal, entry: EmbedderEntry, change: dict[str, Any]
) -> None:
    journal.append(finished(entry))
    line = json.loads(journal.path.read_bytes())
    journal.path.write_text(json.dumps(line | change))
    assert journal.read() == {}
    journal.path.write_text(json.dumps(line | {"further": change}))
    assert list(journal.read()) == ["ab"]


@pytest.mark.parametrize("part", ["fingerprint", "sha256", "portrait", "notes", "embedding"])
def test_a_line_without_one_of_its_parts_is_passed_over(journal: Journal, entry: EmbedderEntry, part: str) -> None:
    journal.append(finished(entry))
    line = json.loads(journal.path.read_bytes())
    del line[part]
    journal.path.write_text(json.dumps(line))
    assert journal.read() == {}


@pytest.mark.parametrize("content", [b"", b"{", b"\xff", b"3", b"[]", b"null", b"[" * 100_000])
def test_what_is_no_line_is_passed_over(journal: Journal, content: bytes) -> None:
    journal.path.write_bytes(content)
    assert journal.read() == {}


def test_numbers_that_are_none_are_passed_over(journal: Journal, entry: EmbedderEntry) -> None:
    journal.append(dataclasses.replace(finished(entry), embedding=np.full(entry.width, np.nan, np.float32)))
    assert journal.read() == {}


def test_a_torn_line_does_not_take_the_next_with_it(journal: Journal, entry: EmbedderEntry) -> None:
    journal.append(finished(entry, "ab"))
    journal.path.write_bytes(journal.path.read_bytes()[:-50])
    journal.append(finished(entry, "cd"))
    assert list(journal.read()) == ["cd"]


def test_without_a_journal_nothing_was_done_and_nothing_is_deleted(journal: Journal, entry: EmbedderEntry) -> None:
    assert journal.read() == {}
    journal.delete()
    journal.append(finished(entry))
    journal.delete()
    assert not journal.path.exists()
