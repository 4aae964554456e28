"""What `lookalike find` says beside its table."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from cli.find import print_answer
from lookalike import schemas
from lookalike.answer import Answer, FoundFace
from lookalike.faces.detector import Face

FACE = Face(np.array([1, 2, 11, 22], np.float32), 0.9, np.zeros((5, 2), np.float32))
TIMINGS: schemas.Timings = {"decode": 0, "detect": 0, "embed": 0, "search": 0, "total": 0}
NOTES = [
    "the photo breaks off: part of it is missing",
    "left out, as it is not sure that they are faces: 3",
    "too many faces: the smallest are not answered (7)",
    "smaller faces may be missing: ask with --min-face-size",
    "the photos seem to show different people: the answer is for most of them",
]


@pytest.mark.parametrize(
    ("remarks", "counts", "doubts", "notes"),
    [
        ((), (0, 0), (False, False), []),
        (("incomplete",), (3, 7), (True, True), NOTES),
        ((), (3, 0), (False, True), [NOTES[1], NOTES[4]]),
        ((), (0, 7), (True, False), [NOTES[2], NOTES[3]]),
    ],
)
def test_what_is_missing_is_said(
    capsys: pytest.CaptureFixture[str],
    remarks: tuple[str, ...],
    counts: tuple[int, int],
    doubts: tuple[bool, bool],
    notes: list[str],
) -> None:
    face = FoundFace(FACE, ["unsure"], "none", [])
    print_answer(Answer("dlib", 640, 480, remarks, [face], None, *counts, *doubts, TIMINGS), [Path("one.jpg")])
    said = capsys.readouterr().out
    assert [line.removeprefix("note: ") for line in said.splitlines() if line.startswith("note: ")] == notes
    assert "  note: it is not sure that this is a face" in said
