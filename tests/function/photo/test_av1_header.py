"""The frame's size is read from an AV1 sequence header of any form, and nothing else is believed."""

from __future__ import annotations

import pytest
from PIL import Image

from lookalike.errors import TooLarge
from lookalike.photo.av1_header import MOST_UNITS, largest_frame
from lookalike.photo.decode import read_photo
from tests.support import encoded


def unit(kind: int, content: bytes, extension: bytes = b"") -> bytes:
    return bytes([kind << 3 | bool(extension) << 2 | 0b10]) + extension + bytes([len(content)]) + content


def packed(*fields: tuple[int, int]) -> bytes:
    """(value, bits) from the first byte's highest bit on, filled up with zeros."""
    text = "".join(f"{value:0{bits}b}" for value, bits in fields if bits)
    text += "0" * (-len(text) % 8)
    return int(text, 2).to_bytes(len(text) // 8, "big")


SIZE = ((11, 4), (9, 4), (3999, 12), (749, 10))  # 4000 × 750
REDUCED = packed((0, 3), (1, 1), (1, 1), (8, 5), *SIZE)
PLAIN = packed((0, 3), (0, 1), (0, 1), (0, 1), (0, 1), (0, 5), (0, 12), (5, 5), *SIZE)
TWO_POINTS = packed(
    (0, 5), (0, 1), (1, 1), (1, 5), (1, 12), (9, 5), (1, 1), (1, 1), (7, 4), (2, 12), (3, 5), (0, 1), *SIZE
)
TIMED = packed(
    *((0, 5), (1, 1), (1, 32), (25, 32), (1, 1), (0, 2), (1, 1), (2, 2)),  # ticks as uvlc: 001 10
    *((1, 1), (3, 5), (1, 32), (4, 5), (4, 5)),  # a decoder model with delays of four bits
    *((0, 1), (0, 5), (0, 12), (5, 5), (1, 1), (9, 4), (9, 4), (0, 1)),
    *SIZE,
)


LEVEL_SEVEN = packed((0, 3), (0, 1), (0, 1), (0, 1), (0, 1), (0, 5), (0, 12), (7, 5), *SIZE)  # has no tier yet
LEVEL_EIGHT = packed((0, 3), (0, 1), (0, 1), (0, 1), (0, 1), (0, 5), (0, 12), (8, 5), (1, 1), *SIZE)


def ticks(*number: tuple[int, int]) -> bytes:
    """With so many ticks a picture."""
    return packed((0, 5), (1, 1), (0, 32), (0, 32), (1, 1), *number, (0, 1), (0, 1), (0, 5), (0, 12), (0, 5), *SIZE)


FORMS = {
    "reduced": REDUCED,
    "plain": PLAIN,
    "points": TWO_POINTS,
    "timed": TIMED,
    "level 7": LEVEL_SEVEN,
    "level 8": LEVEL_EIGHT,
    "one tick": ticks((1, 1)),
    # 31 zeros before the number's own 32 bits; more zeros say that it is too large, and nothing follows.
    "most ticks": ticks((0, 31), (1, 1), (2**31 - 1, 31)),
    "more ticks": ticks((0, 32), (1, 1)),
    "long": REDUCED + b"\xff" * 100,
}


@pytest.mark.parametrize("header", FORMS.values(), ids=FORMS.keys())
def test_reads_the_size_from_every_form_of_header(header: bytes) -> None:
    assert largest_frame(unit(2, b"") + unit(1, header) + unit(6, b"frame")) == 4000 * 750
    assert largest_frame(unit(1, header, b"\x08")) == 4000 * 750
    # The last unit may go without its length.
    assert largest_frame(bytes([1 << 3]) + header) == 4000 * 750


def test_lengths_of_two_bytes_and_headers_beyond_what_is_looked_at() -> None:
    """200 bytes are 72 and one time 128; 400 are 16 and three times."""
    for length, coded in ((200, b"\xc8\x01"), (400, b"\x90\x03")):
        filled = REDUCED + bytes(length - len(REDUCED))
        assert largest_frame(b"\x0a" + coded + filled + unit(2, b"")) == 4000 * 750
        # What lies behind is the next unit.
        assert largest_frame(b"\x32" + coded + bytes(length) + unit(1, REDUCED)) == 4000 * 750


def test_the_largest_of_several_headers_counts() -> None:
    small = packed((0, 3), (1, 1), (1, 1), (0, 5), (3, 4), (3, 4), (15, 4), (15, 4))
    assert largest_frame(unit(1, small)) == 256
    assert largest_frame(unit(1, small) + unit(1, REDUCED) + unit(1, small)) == 4000 * 750
    assert largest_frame(unit(6, b"frame")) == largest_frame(b"") == 0


@pytest.mark.parametrize(
    "coded",
    [unit(1, REDUCED[:3]), unit(1, b""), b"\x0a\xff\xff", b"\x0a" + b"\xff" * 9, unit(6, b"") * (MOST_UNITS + 1)],
)
def test_what_does_not_end_or_ends_too_early_is_refused(coded: bytes) -> None:
    with pytest.raises(ValueError, match=r"end|units"):
        largest_frame(coded)


@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
def test_a_picture_behind_a_smaller_size_is_refused(mode: str) -> None:
    """The decoder would lay out the whole frame and scale it down: gigabytes for three kilobytes."""
    avif = encoded(Image.new(mode, (2000, 1500)), "AVIF", speed=10)
    assert read_photo(avif, max_pixels=8_000_000).width == 2000
    size = avif.index(b"ispe") + 8
    lying = avif.replace(avif[size : size + 8], bytes([0, 0, 0, 64] * 2))
    assert lying != avif
    with pytest.raises(TooLarge, match="in all parts"):
        read_photo(lying, max_pixels=2_000_000)
