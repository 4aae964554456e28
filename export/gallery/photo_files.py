"""What looking for photos brings: whom each file shows, and what was left out and why."""

from __future__ import annotations

import stat
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class PhotoFile:
    """A photo and whom it shows. `source`: its path below the folder (or beside the CSV), with slashes."""

    path: Path
    source: str
    name: str
    department: str
    metadata: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Remark:
    """Something worth saying about a source: why it was left out, or what to look at."""

    source: str
    text: str


@dataclass(slots=True)
class FoundPhotos:
    """`layouts`: how a folder was read, and how many people that brought."""

    photos: list[PhotoFile] = field(default_factory=list)
    left_out: list[Remark] = field(default_factory=list)
    layouts: dict[str, int] = field(default_factory=dict)


def unusable(path: Path, root: Path) -> str | None:
    """Why a path is not a file below `root`, if it is not: links and “..” must not lead out of what was pointed at."""
    try:
        if not path.resolve().is_relative_to(root.resolve()):
            return f"it leads outside of {root.name or root}"
        # Not with is_file(), which says no to a name that is too long, too, from Python 3.14 on.
        return None if stat.S_ISREG(path.stat().st_mode) else "it is not a file"
    except (FileNotFoundError, NotADirectoryError):
        return "there is no such file"
    except (OSError, RuntimeError, ValueError) as error:
        return f"it cannot be read ({getattr(error, 'strerror', None) or error})"
