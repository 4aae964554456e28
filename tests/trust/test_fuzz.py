"""A short fuzzing of everything that reads what others wrote, and every input that ever broke something again.

The long, coverage-guided form is tests/trust/fuzz.py; what it finds goes to tests/trust/corpus/TARGET/.
"""

from __future__ import annotations

import warnings
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.trust.targets import TARGETS, seeds

CORPUS = Path(__file__).parent / "corpus"
EXAMPLES = {"photo": 150, "body": 80, "request": 80}

# What is done to a seed: bytes put over others, put between others, left out, or said twice.
edits = st.lists(
    st.tuples(
        st.sampled_from(["overwrite", "insert", "delete", "repeat"]),
        st.floats(0, 1),
        st.one_of(
            st.binary(min_size=1, max_size=8),
            st.sampled_from(
                [b"\xff" * 4, bytes(4), b"\x7f\xff\xff\xff", b"\xed\xa0\x80", b"1e999", b"NaN", b"\\ud800"]
            ),
        ),
    ),
    max_size=6,
)


def edited(seed: bytes, changes: list[tuple[str, float, bytes]]) -> bytes:
    data = bytearray(seed)
    for kind, place, piece in changes:
        at = int(place * len(data))
        match kind:
            case "overwrite":
                data[at : at + len(piece)] = piece
            case "insert":
                data[at:at] = piece
            case "delete":
                del data[at : at + 4 * len(piece)]
            case "repeat":
                data[at:at] = data[at : at + 16 * len(piece)]
    return bytes(data)


@pytest.mark.parametrize("target", TARGETS)
def test_nothing_breaks_what_reads_it(target: str) -> None:
    @settings(
        max_examples=EXAMPLES.get(target, 60), deadline=None, database=None, suppress_health_check=list(HealthCheck)
    )
    @given(st.sampled_from(seeds(target)), edits, st.one_of(st.just(b""), st.binary(max_size=40)))
    def fuzz(seed: bytes, changes: list[tuple[str, float, bytes]], end: bytes) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)
            TARGETS[target](edited(seed, changes) + end)

    fuzz()


@pytest.mark.parametrize("target", [target for target in TARGETS if target != "dlib"])
def test_fuzzing_starts_from_what_is_taken_for_whole(target: str) -> None:
    """dlib's is not: a whole one has 22 MB."""
    taken = [TARGETS[target](seed) for seed in seeds(target)]
    assert sum(taken) >= len(taken) / 4


@pytest.mark.parametrize("file", sorted(CORPUS.glob("*/*")), ids=lambda file: f"{file.parent.name}-{file.name}")
def test_what_once_broke_something_does_so_no_more(file: Path) -> None:
    TARGETS[file.parent.name](file.read_bytes())
