"""A JPEG's segments (ITU-T T.81, annex B), gone through before a decoder is: a few bytes can ask it for hours of work.

Metadata in a hundred thousand blocks, or a progressive picture in as many scans, are no photos that a camera made.
"""

from __future__ import annotations

import re

MOST_SEGMENTS = 10_000
MOST_SCANS = 100

# 0xFF00 and the restart markers belong to a scan's data; 0xFF before a marker is padding.
_MARKER = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]")
_ALONE = {0x01, 0xD8}  # markers without a length
_END, _SCAN, _COMMENT = 0xD9, 0xDA, 0xFE
_APPLICATION = range(0xE0, 0xF0)
_JFIF, _EXIF, _ADOBE = 0xE0, 0xE1, 0xEE  # Adobe's says how four colours are meant


def without_metadata(data: bytes) -> bytes:
    """The picture itself and its first EXIF block, without comments, profiles, previews and whatever follows its end.

    Raises ValueError for a picture of more segments or scans than any real one has.
    """
    parts, position, scans, has_exif = [data[:2]], 2, 0, False
    for _ in range(MOST_SEGMENTS):
        found = _MARKER.search(data, position)
        if scans:
            parts.append(data[position : found.start() if found else None])
        if found is None:
            return b"".join(parts)
        marker, position = data[found.start() + 1], found.end()
        if marker == _END:
            return b"".join([*parts, found[0]])
        if marker in _ALONE:
            continue
        end = position + int.from_bytes(data[position : position + 2], "big")
        if marker == _SCAN:
            scans += 1
            if scans > MOST_SCANS:
                raise ValueError(f"more than {MOST_SCANS} scans")
        is_exif = marker == _EXIF and data.startswith(b"Exif\0\0", position + 2)
        if _belongs_to_picture(marker) or (is_exif and not has_exif):
            parts.append(data[found.start() : end])
        has_exif |= is_exif
        position = end
    raise ValueError(f"more than {MOST_SEGMENTS} segments")


def _belongs_to_picture(marker: int) -> bool:
    return marker in (_JFIF, _ADOBE) or (marker != _COMMENT and marker not in _APPLICATION)
