"""A JPEG's segments, written by hand: what is kept, what it asks of a decoder, and where it is refused."""

from __future__ import annotations

import dataclasses
import struct

import pytest

from lookalike.errors import UnusualPhoto
from lookalike.photo.jpeg_segments import MOST_SCANS, MOST_SEGMENTS, Jpeg, read_segments
from tests.trust.attacks import segment

START, END = b"\xff\xd8", b"\xff\xd9"
COMMENT = segment(0xFE, b"x")
TABLE = segment(0xDB, bytes(65))


def frame(width: int, height: int, *factors: int, marker: int = 0xC2, shorter: int = 0) -> bytes:
    """Components 1, 2, … with these sampling factors: 0x21 twice across, once down."""
    parts = b"".join(bytes([number, factor, 0]) for number, factor in enumerate(factors, 1))
    content = struct.pack(">BHHB", 8, height, width, len(factors)) + parts
    return segment(marker, content[: len(content) - shorter])


def scan(*names: int, first: int = 0, last: int = 63, precision: int = 0) -> bytes:
    """With a byte of data that looks like a marker and is none."""
    parts = b"".join(bytes([name, 0]) for name in names)
    return segment(0xDA, bytes([len(names)]) + parts + bytes([first, last, precision])) + b"\x11\xff\x00\xff\xd3\x22"


def jpeg(*segments: bytes, end: bytes = END) -> Jpeg:
    return read_segments(START + b"".join(segments) + end)


def test_what_belongs_to_the_picture_is_kept_to_the_byte() -> None:
    jfif, adobe = segment(0xE0, b"JFIF\0"), segment(0xEE, b"Adobe")
    exif, profile = segment(0xE1, b"Exif\0\0II"), segment(0xE2, b"ICC_PROFILE\0\1\1abc")
    kept = [jfif, exif, profile, adobe, TABLE, frame(8, 8, 0x11), scan(1), TABLE, scan(1)]
    others = [segment(marker, b"y" * 9) for marker in (0xE1, 0xE2, 0xE3, 0xED, 0xEF, 0xFE)]
    dropped = [*others, segment(0xE1, b"Exif\0\0second"), b"\xff\x01", START]
    mixed = [part for pair in zip(kept, dropped, strict=True) for part in pair]
    assert jpeg(*mixed).data == START + b"".join(kept) + END
    assert jpeg(*mixed, end=END + b"\xff\xdb\xff trailer" + END).data == START + b"".join(kept) + END


def test_padding_before_a_marker_is_no_segment() -> None:
    assert jpeg(b"\xff\xff", TABLE).data == START + TABLE + END


def test_a_length_that_is_too_short_for_itself_counts_as_two() -> None:
    """The bytes of the length are then no marker, whatever they are."""
    assert jpeg(b"\xff\xdb\0\0").data == START + b"\xff\xdb\0\0" + END
    assert jpeg(b"\xff\xdb\0\1").data == START + b"\xff\xdb\0\1" + END


@pytest.mark.parametrize("marker", [0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF])
def test_arithmetic_coding_is_named(marker: int) -> None:
    with pytest.raises(UnusualPhoto):
        jpeg(frame(8, 8, 0x11, marker=marker))


@pytest.mark.parametrize("marker", [0xC0, 0xC1, 0xC2])
def test_work_is_samples_of_whole_blocks_in_every_scan(marker: int) -> None:
    """17 × 9 pixels, colours at half the size both ways: two blocks of 16 across, one down."""
    picture = frame(17, 9, 0x22, 0x11, 0x11, marker=marker)
    assert jpeg(picture).work == 0
    assert jpeg(picture, scan(1, 2, 3)).work == 512 + 128 + 128
    assert jpeg(picture, scan(1), scan(3), scan(3)).work == 512 + 128 + 128
    # Three blocks of eight across, two down; of the first component two across for one of the others.
    assert jpeg(frame(17, 9, 0x11, marker=marker), scan(1)).work == 24 * 16
    assert jpeg(frame(17, 9, 0x21, 0x12, marker=marker), scan(1)).work == 2 * 1 * 64 * 2


def test_a_row_of_blocks_is_as_high_as_the_finest_component() -> None:
    assert jpeg(frame(17, 9, 0x22, 0x11, 0x11)).row == 16
    assert jpeg(frame(17, 9, 0x11, 0x14)).row == 32
    assert jpeg(frame(17, 9, 0x41, 0x11)).row == 8
    assert jpeg(TABLE).row == 8


@pytest.mark.parametrize("marker", [0xC3, 0xC5, 0xC7])
def test_scans_of_frames_that_nobody_reads_are_refused(marker: int) -> None:
    with pytest.raises(KeyError):
        jpeg(frame(8, 8, 0x11, marker=marker), scan(1))
    with pytest.raises(KeyError):
        jpeg(frame(8, 8, 0x11, 0x11), scan(3))


def test_one_frame_and_a_whole_one() -> None:
    for wrong in ([frame(8, 8, 0x11)] * 2, [frame(8, 8, 0x11, 0x11, 0x11, shorter=1)]):
        with pytest.raises(ValueError, match="a second frame, or a short one"):
            jpeg(*wrong)
    assert jpeg(frame(8, 8, 0x11, 0x11, 0x11), scan(1, 2, 3)).settled


def test_scans_at_the_bound() -> None:
    assert jpeg(frame(8, 8, 0x11), *[scan(1)] * MOST_SCANS).work == MOST_SCANS * 64
    with pytest.raises(ValueError, match="scans"):
        jpeg(frame(8, 8, 0x11), *[scan(1)] * (MOST_SCANS + 1))
    assert MOST_SCANS == 100


def test_segments_at_the_bound() -> None:
    """Behind the start, with the end: fewer than ten thousand."""
    assert jpeg(COMMENT * (MOST_SEGMENTS - 2)).data == START + END
    with pytest.raises(ValueError, match="segments"):
        jpeg(COMMENT * (MOST_SEGMENTS - 1))
    assert MOST_SEGMENTS == 10_000


def test_a_profile_at_the_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its parts count together; one that goes beyond is left out."""
    monkeypatch.setattr("lookalike.photo.jpeg_segments.MOST_PROFILE", 40)
    part = segment(0xE2, b"ICC_PROFILE\0" + bytes(8))
    assert jpeg(part, part).data == START + part * 2 + END
    longer = segment(0xE2, b"ICC_PROFILE\0" + bytes(9))
    assert jpeg(part, longer).data == START + part + END


@pytest.mark.parametrize(
    ("scans", "settled"),
    [
        ([], False),
        ([scan(1, 2)], True),
        ([scan(1)], False),
        ([scan(1), scan(2)], True),
        ([scan(1, 2, last=62)], False),
        ([scan(1, 2, last=62), scan(1, 2, first=63)], True),
        ([scan(1, 2, first=1)], False),
        ([scan(1, 2, last=0), scan(1, 2, first=1)], True),
        ([scan(1, 2, precision=0x01)], False),
        ([scan(1, 2, precision=0x01), scan(1, 2, precision=0x10)], True),
        ([scan(1, 2, precision=0x01), scan(2, precision=0x10)], False),
    ],
)
def test_settled_once_every_coefficient_is_known_to_its_last_bit(scans: list[bytes], settled: bool) -> None:
    assert jpeg(frame(8, 8, 0x11, 0x11), *scans).settled is settled


def test_whole_with_its_end_only() -> None:
    assert jpeg(TABLE).whole
    assert not jpeg(TABLE, end=b"").whole
    assert not jpeg(frame(8, 8, 0x11), scan(1), end=b"\xff").whole


def test_stays_as_it_was_read() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        jpeg(TABLE).work = 1  # type: ignore[misc]
