"""What a change to a gallery did, for the person who ordered it."""

from __future__ import annotations

from dataclasses import dataclass, field

from export.gallery.photo_files import Remark


@dataclass(slots=True)
class Report:
    """People and photos now in the gallery, how many of the photos this change added and how many were embedded for it
    (fewer, where files are equal), and each photo left out with the reason."""

    people: int = 0
    photos: int = 0
    added: int = 0
    new: int = 0
    changed: bool = False
    left_out: list[Remark] = field(default_factory=list)
    # Photos that are in the gallery, but may be hard to recognise or not show whom they should.
    doubtful: list[Remark] = field(default_factory=list)
    # Who was there before and is not any more, and who stays though a build's photos do not show them.
    gone: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    # How a folder was read, and how many people that brought.
    layouts: dict[str, int] = field(default_factory=dict)
