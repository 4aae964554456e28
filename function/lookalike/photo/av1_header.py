"""How large a frame an AV1 picture may have, from its sequence header (AV1 bitstream specification, 5.3 and 5.5).

What the file around it says of its size is not binding: a decoder lays out the frame first, and scales it afterwards.
"""

from __future__ import annotations

MOST_UNITS = 10_000

_SEQUENCE_HEADER = 1


def largest_frame(coded: bytes) -> int:
    """Pixels of the largest frame, 0 without a sequence header. Raises ValueError for what ends too early or goes on too long."""
    return max((_frame(header) for kind, header in _units(coded) if kind == _SEQUENCE_HEADER), default=0)


def _units(coded: bytes) -> list[tuple[int, bytes]]:
    """Kind and content of each open bitstream unit."""
    units, position = [], 0
    while position < len(coded):
        head = coded[position]
        position += 2 if head & 0b100 else 1  # with an extension of one byte
        size = len(coded) - position
        if head & 0b10:
            size, position = _leb128(coded, position)
        units.append(((head >> 3) & 15, coded[position : position + size]))
        position += size
        if len(units) > MOST_UNITS:
            raise ValueError(f"more than {MOST_UNITS} units")
    return units


def _leb128(coded: bytes, position: int) -> tuple[int, int]:
    """A number in groups of seven bits, least first, and the position behind it."""
    number = 0
    for shift in range(0, 56, 7):
        if position >= len(coded):
            break
        byte = coded[position]
        position += 1
        number |= (byte & 0x7F) << shift
        if not byte & 0x80:
            return number, position
    raise ValueError("a length that does not end")


def _frame(header: bytes) -> int:
    bits = _Bits(header)
    bits.take(4)  # profile, still_picture
    if bits.take(1):  # reduced_still_picture_header
        bits.take(5)
    else:
        _skip_operating_points(bits)
    width_bits, height_bits = bits.take(4) + 1, bits.take(4) + 1
    return (bits.take(width_bits) + 1) * (bits.take(height_bits) + 1)


def _skip_operating_points(bits: _Bits) -> None:
    delay_bits = 0
    if bits.take(1):  # timing_info_present
        bits.take(64)
        if bits.take(1):  # equal_picture_interval
            bits.skip_unsigned()
        if bits.take(1):  # decoder_model_info_present
            delay_bits = bits.take(5) + 1
            bits.take(42)
    initial_delay = bits.take(1)
    for _ in range(bits.take(5) + 1):
        bits.take(12)
        if bits.take(5) > 7:  # the level; higher ones have a tier
            bits.take(1)
        if delay_bits and bits.take(1):
            bits.take(2 * delay_bits + 1)
        if initial_delay and bits.take(1):
            bits.take(4)


class _Bits:
    """Takes bits from the first byte's highest on."""

    def __init__(self, data: bytes) -> None:
        self._number = int.from_bytes(data[:256], "big")
        self._left = 8 * len(data[:256])

    def take(self, count: int) -> int:
        if count > self._left:
            raise ValueError("a sequence header ends too early")
        self._left -= count
        return (self._number >> self._left) & ((1 << count) - 1)

    def skip_unsigned(self) -> None:
        """uvlc(): as many bits as there were zeros before the first one."""
        zeros = 0
        while not self.take(1):
            zeros += 1
        self.take(zeros if zeros < 32 else 0)
