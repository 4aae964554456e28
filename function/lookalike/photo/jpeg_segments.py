"""A JPEG's segments (ITU-T T.81, annex B), gone through before a decoder is: a few bytes can ask it for hours of work.

Metadata in a hundred thousand blocks, or a progressive picture in as many scans, are no photos that a camera made.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lookalike.errors import UnusualPhoto

MOST_SEGMENTS = 10_000
MOST_SCANS = 100
# Profiles of four colours have one or two megabytes.
MOST_PROFILE = 4_000_000

# 0xFF00 and the restart markers belong to a scan's data; 0xFF before a marker is padding.
_MARKER = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]")
_ALONE = {0x01, 0xD8}  # markers without a length
_END, _SCAN, _COMMENT = 0xD9, 0xDA, 0xFE
_APPLICATION = range(0xE0, 0xF0)
_JFIF, _EXIF, _PROFILE, _ADOBE = 0xE0, 0xE1, 0xE2, 0xEE  # Adobe's says how four colours are meant
_FRAMES = {0xC0, 0xC1, 0xC2}  # baseline, extended, progressive: what Huffman codes and libjpeg reads
_ARITHMETIC = {0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF}
_BLOCK = 8


@dataclass(frozen=True, slots=True)
class Jpeg:
    """The picture itself as a file, and what it asks of a decoder.

    `work`: samples gone through in all scans together; `row`: pixels in a row of blocks; `whole`: whether the file has
    its end; `settled`: whether every coefficient's last scan has begun.
    """

    data: bytes
    work: int
    row: int
    whole: bool
    settled: bool


def read_segments(data: bytes) -> Jpeg:
    """A JPEG without comments, previews and whatever follows its end; its first EXIF block and its profile are kept.

    Raises ValueError for a picture of more segments or scans than any real one has, UnusualPhoto for an arithmetic one.
    """
    picture, scans, parts, profile, has_exif = _Frame(), 0, [data[:2]], 0, False
    for marker, start, end, next_marker in _segments(data):
        content = data[start + 4 : end]
        if marker in _ARITHMETIC:
            raise UnusualPhoto(kind="arithmetic JPEG")
        if marker in _FRAMES:
            picture.read(content)
        if marker == _SCAN:
            scans += 1
            if scans > MOST_SCANS:
                raise ValueError(f"more than {MOST_SCANS} scans")
            picture.scan(content)
            end = next_marker
        is_exif = marker == _EXIF and content.startswith(b"Exif\0\0")
        is_profile = marker == _PROFILE and content.startswith(b"ICC_PROFILE\0")
        profile += len(content) * is_profile
        if _belongs_to_picture(marker) or (is_exif and not has_exif) or (is_profile and profile <= MOST_PROFILE):
            parts.append(data[start:end])
        has_exif |= is_exif
    whole = parts[-1] == b"\xff\xd9"
    return Jpeg(b"".join(parts), picture.work, picture.row, whole, picture.settled)


def _segments(data: bytes) -> Iterator[tuple[int, int, int, int]]:
    """Each segment's marker, where it begins, where it ends, and where the next one begins."""
    found = _MARKER.search(data, 2)
    for _ in range(MOST_SEGMENTS):
        if found is None:
            return
        marker, start, end = data[found.start() + 1], found.start(), found.end()
        if marker not in _ALONE and marker != _END:
            end += max(2, int.from_bytes(data[end : end + 2], "big"))
        found = _MARKER.search(data, end) if marker != _END else None
        yield marker, start, min(end, len(data)), found.start() if found else len(data)
    raise ValueError(f"more than {MOST_SEGMENTS} segments")


def _belongs_to_picture(marker: int) -> bool:
    if marker in _ALONE:
        return False
    return marker in (_JFIF, _ADOBE) or (marker != _COMMENT and marker not in _APPLICATION)


class _Frame:
    """What the frame's header says of its components, and how far the scans so far have brought them."""

    def __init__(self) -> None:
        self.work = 0
        self.row = _BLOCK
        self._samples: dict[int, int] = {}
        self._open: dict[int, set[int]] = {}  # coefficients of each component that are not known to their last bit

    @property
    def settled(self) -> bool:
        return not any(self._open.values())

    def read(self, content: bytes) -> None:
        height, width, count = int.from_bytes(content[1:3], "big"), int.from_bytes(content[3:5], "big"), content[5]
        if self._samples or len(content) < 6 + 3 * count:
            raise ValueError("a second frame, or a short one")
        factors = {content[6 + 3 * i]: divmod(content[7 + 3 * i], 16) for i in range(count)}
        across, down = max(h for h, _ in factors.values()), max(v for _, v in factors.values())
        columns, rows = -(-width // (_BLOCK * across)), -(-height // (_BLOCK * down))
        self.row = _BLOCK * down
        self._samples = {name: columns * rows * _BLOCK * _BLOCK * h * v for name, (h, v) in factors.items()}
        self._open = {name: set(range(64)) for name in factors}

    def scan(self, content: bytes) -> None:
        names = [content[1 + 2 * i] for i in range(content[0])]
        first, last, precision = content[1 + 2 * content[0] : 4 + 2 * content[0]]
        self.work += sum(self._samples[name] for name in names)
        if not precision & 15:
            for name in names:
                self._open[name] -= set(range(first, last + 1))
