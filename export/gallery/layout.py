"""Which folders of photos are departments and which are people, read off the names of the files in them.

Department/name.jpg and Name/photo.jpg have the same shape. A folder is taken for a department when its photos carry
names, and not all the same one; a person's photos are numbered, or called after the camera, the view or the person.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from pathlib import Path

# A number at the end, as in “kim-2” or “kim (2)”.
_NUMBER = re.compile(r"[\s_.-]*\(?\d+\)?$")
_WORD = re.compile(r"[^\W\d_]+")
# What cameras, phones and people call a photo that is not named after who is on it.
_ENGLISH = """
    photo photos picture pic image img face portrait head headshot profile front frontal left right side smile smiling
    selfie scan screenshot capture new old id passport avatar dsc dscf dscn dcim pxl mvimg kakaotalk snapchat whatsapp
    telegram unnamed untitled download copy edit edited crop cropped final jpg jpeg png
"""
_KOREAN = "사진 증명사진 프로필 정면 측면 옆모습 얼굴 왼쪽 오른쪽 셀카 여권 여권사진 사본"
_PHOTO_WORDS = frozenset(f"{_ENGLISH} {_KOREAN}".split())


def departments(files: Iterable[Path]) -> set[str]:
    """Of folders that hold photos (Folder/photo), those whose photos are of different people."""
    stems: dict[str, list[str]] = {}
    for file in files:
        if len(file.parts) == 2:
            stems.setdefault(file.parts[0], []).append(file.stem)
    found = {folder for folder, own in stems.items() if len(own) > 1 and _of_different_people(folder, own)}
    # A folder with a single photo says nothing by itself; it is like those beside it, where they agree.
    people = any(len(own) > 1 and folder not in found for folder, own in stems.items())
    if found and not people:
        found |= {folder for folder, own in stems.items() if _is_a_name(own[0]) and not _all_like(folder, own)}
    return found


def name_of(stem: str, stems: Sequence[str]) -> str:
    """Whom a photo in a department shows: its name, without the number that tells it from others of the same name."""
    base = _base(stem)
    return base if sum(_base(other) == base for other in stems) > 1 else stem


def _of_different_people(folder: str, stems: Sequence[str]) -> bool:
    named = [stem for stem in stems if _is_a_name(stem)]
    return len({_base(stem) for stem in stems}) > 1 and len(named) == len(stems) and not _all_like(folder, stems)


def _is_a_name(stem: str) -> bool:
    """Whether anything is left that may be a name: mostly letters, and not only what photos are called."""
    letters = sum(character.isalpha() for character in stem)
    others = sum(character.isdigit() for character in _base(stem))
    return letters > others and any(len(word) > 1 for word in _words(stem) - _PHOTO_WORDS)


def _all_like(folder: str, stems: Sequence[str]) -> bool:
    """Whether all photos are called after their folder, as LFW's Name/Name_0001.jpg."""
    return all(_words(stem) & _words(folder) for stem in stems)


def _base(stem: str) -> str:
    return _NUMBER.sub("", stem) or stem


def _words(text: str) -> set[str]:
    return set(_WORD.findall(unicodedata.normalize("NFC", text).casefold()))
