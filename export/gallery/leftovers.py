"""What killed processes leave in a gallery directory, told from what belongs there and from what is somebody else's."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

from export.gallery.contents import read_names
from lookalike.errors import DamagedFile, MissingFile
from lookalike.gallery.directory import GALLERY_FILE
from lookalike.gallery.mapped import index_paths

PORTRAITS = "portraits"
# Only what is ours is ever deleted: someone may well choose a directory that holds other things.
_OUR_FILE = re.compile(r"(embeddings-[0-9a-f]{12}\.(npy|[0-9a-f]{64}\.usearch)|people-[0-9a-f]{12}\.json)")
_OUR_PORTRAIT = re.compile(r"[0-9a-f]{32}(-small)?\.jpg")


def delete_leftovers(directory: Path, portraits: set[str]) -> None:
    """Delete our files but those that gallery.json and its people name, and these portraits.

    Nothing at all when that cannot be told. Raises OSError.
    """
    named = _named_files(directory)
    if named is not None:
        _delete(directory, _OUR_FILE, named)
        portraits |= named
        _delete(directory / PORTRAITS, _OUR_PORTRAIT, portraits | {small_name(name) for name in portraits})


def portrait_name(jpeg: bytes) -> str:
    """The file name of a portrait, by its content."""
    return f"{hashlib.sha256(jpeg).hexdigest()[:32]}.jpg"


def is_portrait(name: str) -> bool:
    """Whether this is a file name that a portrait can have here."""
    return _OUR_PORTRAIT.fullmatch(name) is not None and not name.endswith(small_name(""))


def small_name(portrait: str) -> str:
    """The file name of the same portrait for lists of people."""
    return f"{portrait.removesuffix('.jpg')}-small.jpg"


def _named_files(directory: Path) -> set[str] | None:
    """Files and portraits that gallery.json and its people name; None when that cannot be told."""
    try:
        header, people = read_names(directory)
    except MissingFile as error:
        return set() if error.facts["path"] == directory / GALLERY_FILE else None
    except DamagedFile:
        return None
    names = {header[part]["file"] for part in ("people", "embeddings")}
    names |= {path.name for path in index_paths(directory, header)}
    return names | {row.enrolment.portrait for person in people for row in person.rows}


def _delete(directory: Path, ours: re.Pattern[str], keep: set[str]) -> None:
    """Our files but those to keep, and what write_atomically leaves of them when killed (.<name>.<random>)."""
    if not directory.is_dir():
        return
    for path in directory.iterdir():
        if path.name not in keep and (ours.fullmatch(path.name) or _unfinished(path.name, ours)):
            path.unlink(missing_ok=True)


def _unfinished(name: str, ours: re.Pattern[str]) -> bool:
    return name.startswith(".") and ours.fullmatch(name[1:].rpartition(".")[0]) is not None
