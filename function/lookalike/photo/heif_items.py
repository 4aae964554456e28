"""How much a HEIF file (HEIC, AVIF) asks of a decoder, read from its item boxes (ISO/IEC 23008-12 and 14496-12).

A HEIF picture may be put together from others, and those from others again: ten kilobytes can name one tile of 16
megapixels a thousand times. The decoder does not add that up before it begins.
"""

from __future__ import annotations

import struct
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache

from lookalike.photo.av1_header import largest_frame

MOST_ITEMS = 2_000
DEEPEST = 4

Reference = tuple[bytes, int, tuple[int, ...]]  # kind, item, the items it refers to
Parts = Mapping[int, Sequence[int]]
Children = dict[bytes, list[memoryview]]


def pixels_to_decode(data: bytes) -> int:
    """Pixels of all that the primary picture is made of, each as often as it is used, or its own if it is of one piece.

    Raises ValueError, struct.error, KeyError or IndexError for a file whose boxes do not say, or which uses parts of
    its data more than once.
    """
    meta = _children(_meta(memoryview(data)))
    primary = _primary(_only(meta, b"pitm"))
    references = list(_references(_only(meta, b"iref"))) if b"iref" in meta else []
    parts = _parts(references)
    extents = _extents(_only(meta, b"iloc"), len(data))
    lengths = {item: sum(extent.length for extent in own) for item, own in extents.items()}
    if max(_total(primary, lengths, parts), sum(lengths.values())) > len(data):
        raise ValueError("pictures share their data")
    areas = _areas(_children(_only(meta, b"iprp")))
    for item in _of_kind(_only(meta, b"iinf"), b"av01"):
        coded = b"".join(extent.cut(data, meta) for extent in extents[item])
        areas[item] = max(areas[item], largest_frame(coded))
    # A primary picture that is put together is a canvas, which costs next to nothing.
    canvas = any(kind == b"dimg" and item == primary for kind, item, _ in references)
    return _total(primary, areas, parts) - (areas[primary] if canvas else 0)


def has_track(data: bytes) -> bool:
    """Whether there is a sequence of pictures, too: a decoder may take that one, whose size the items do not say."""
    found = False
    with suppress(ValueError, struct.error):  # Some telephones append data of their own, which is in no box.
        for kind, _ in _boxes(memoryview(data)):
            found |= kind == b"moov"
    return found


def _total(primary: int, costs: Mapping[int, int], parts: Parts) -> int:
    """The cost of an item and of all its parts, and of theirs."""

    @cache
    def total(item: int, depth: int) -> int:
        if depth > DEEPEST:
            raise ValueError("pictures within pictures without end")
        return costs[item] + sum(total(part, depth + 1) for part in parts.get(item, ()))

    return total(primary, 0)


def _meta(data: memoryview) -> memoryview:
    """The one box that describes the items, without its version and flags."""
    found = []
    with suppress(ValueError):  # Some telephones append data of their own, which is in no box.
        for kind, content in _boxes(data):
            if kind == b"meta":
                found.append(content[4:])
    (meta,) = found
    return meta


def _children(data: memoryview) -> Children:
    children: Children = defaultdict(list)
    for kind, content in _boxes(data):
        children[kind].append(content)
    return children


def _only(children: Children, kind: bytes) -> memoryview:
    """Of two boxes of a kind, the decoder might read the other one."""
    (box,) = children[kind]
    return box


def _boxes(data: memoryview) -> Iterator[tuple[bytes, memoryview]]:
    """Kind and content of each box."""
    position = 0
    while position + 8 <= len(data):
        size, kind = struct.unpack_from(">I4s", data, position)
        start = position + 8
        if size == 1:
            (size,) = struct.unpack_from(">Q", data, start)
            start += 8
        end = position + size if size else len(data)
        if end < start or end > len(data):
            raise ValueError(f"a box of {size} bytes")
        yield kind, data[start:end]
        position = end


class _Numbers:
    """Takes one big-endian number after another."""

    def __init__(self, data: memoryview, position: int = 0) -> None:
        self._data = data
        self._position = position

    def take(self, size: int) -> int:
        end = self._position + size
        if end > len(self._data):
            raise ValueError("a box ends too early")
        number = int.from_bytes(self._data[self._position : end], "big")
        self._position = end
        return number


def _primary(box: memoryview) -> int:
    return _Numbers(box, 4).take(4 if box[0] else 2)


@dataclass(frozen=True, slots=True)
class _Extent:
    """A part of an item's data: in the file, or in its box "idat"."""

    in_file: bool
    start: int
    length: int

    def cut(self, data: bytes, meta: Children) -> bytes:
        source = data if self.in_file else _only(meta, b"idat")
        return bytes(source[self.start : self.start + self.length])


def _extents(box: memoryview, whole: int) -> dict[int, list[_Extent]]:
    """Where each item's data is."""
    version, numbers = box[0], _Numbers(box, 4)
    sizes, more_sizes = numbers.take(1), numbers.take(1)
    offset_size, length_size, base_size = sizes >> 4, sizes & 15, more_sizes >> 4
    index_size = more_sizes & 15 if version else 0
    extents: dict[int, list[_Extent]] = {}
    for _ in range(_count(numbers.take(4 if version == 2 else 2))):
        item = numbers.take(4 if version == 2 else 2)
        in_file = not version or not numbers.take(2) & 15
        numbers.take(2)
        base, left = numbers.take(base_size), whole
        extents[item] = []
        for _ in range(numbers.take(2)):
            numbers.take(index_size)
            start = base + numbers.take(offset_size)
            # Without a length, an extent is all of the file.
            length = numbers.take(length_size) or whole
            left -= length
            if left < 0:
                raise ValueError("a picture uses its data more than once")
            extents[item].append(_Extent(in_file, start, length))
    return extents


def _of_kind(box: memoryview, kind: bytes) -> Iterator[int]:
    """Items of a kind, by the list of all."""
    for name, content in _boxes(box[6 if box[0] == 0 else 8 :]):
        wide = content[0] >= 3
        if name == b"infe" and content[0] >= 2 and content[10 if wide else 8 :][:4] == kind:
            yield _Numbers(content, 4).take(4 if wide else 2)


def _areas(properties: Children) -> dict[int, int]:
    """Pixels of each item: the largest size among its properties."""
    sizes = [_area(content) if kind == b"ispe" else 0 for kind, content in _boxes(_only(properties, b"ipco"))]
    areas: dict[int, int] = defaultdict(int)
    for box in properties[b"ipma"]:
        numbers, wide_index = _Numbers(box, 4), bool(box[3] & 1)
        for _ in range(_count(numbers.take(4))):
            item = numbers.take(4 if box[0] else 2)
            for _ in range(numbers.take(1)):
                # The highest bit says whether the property is essential.
                index = numbers.take(2) & 0x7FFF if wide_index else numbers.take(1) & 0x7F
                areas[item] = max(areas[item], sizes[index - 1] if index else 0)
    return areas


def _area(box: memoryview) -> int:
    numbers = _Numbers(box, 4)
    return numbers.take(4) * numbers.take(4)


def _references(box: memoryview) -> Iterator[Reference]:
    wide = 4 if box[0] else 2
    for kind, content in _boxes(box[4:]):
        numbers = _Numbers(content)
        item = numbers.take(wide)
        yield kind, item, tuple(numbers.take(wide) for _ in range(_count(numbers.take(2))))


def _parts(references: Sequence[Reference]) -> Parts:
    """What is decoded along with each item: the pictures it is derived from, and auxiliary ones such as its alpha."""
    parts: dict[int, list[int]] = defaultdict(list)
    for kind, item, targets in references:
        if kind == b"dimg":
            parts[item] += targets
        elif kind == b"auxl":
            for target in targets:
                parts[target].append(item)
    return parts


def _count(items: int) -> int:
    if items > MOST_ITEMS:
        raise ValueError(f"{items} items")
    return items
