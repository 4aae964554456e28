"""A folder of photos: Department/Name/*.jpg, Department/Name.jpg, Name/*.jpg or Name.jpg, side by side if need be."""

from __future__ import annotations

import os
from pathlib import Path

from export.gallery.errors import InvalidName
from export.gallery.layout import departments, name_of
from export.gallery.names import clean, person_name
from export.gallery.photo_files import FoundPhotos, PhotoFile, Remark, unusable

NESTED, FLAT, PERSON, TOP = "Department/Name/photo", "Department/Name.jpg", "Name/photo", "Name.jpg"
# What file managers leave behind; hidden files are passed over, too.
_NOT_PHOTOS = {"thumbs.db", "desktop.ini", "__macosx", "@eadir"}


def read_folder(root: Path) -> FoundPhotos:
    """A folder of folders is a department, as is one whose photos carry different people's names (layout.py).

    Any other folder of photos is a person, and so is a photo at the top.
    """
    found = FoundPhotos()
    files = sorted(_walk(root, found))
    nested = {file.parts[0] for file in files if len(file.parts) >= 3}
    flat = departments(file for file in files if file.parts[0] not in nested)
    stems: dict[str, list[str]] = {}
    for file in files:
        stems.setdefault(file.parts[0], []).append(file.stem)
    layouts: dict[str, set[tuple[str, str]]] = {}
    for file in files:
        source = _printable(file)
        layout = _layout(file, flat)
        reason = _misplaced(file, nested) or unusable(root / file, root)
        try:
            name = person_name(name_of(file.stem, stems[file.parts[0]]) if layout == FLAT else _named(file))
        except InvalidName as error:
            reason = reason or str(error)
        if reason:
            found.left_out.append(Remark(source, reason))
        else:
            department = clean(file.parts[0]) if layout in (NESTED, FLAT) else ""
            found.photos.append(PhotoFile(root / file, source, name, department))
            layouts.setdefault(layout, set()).add((department, name))
    found.layouts = {layout: len(people) for layout, people in sorted(layouts.items())}
    return found


def _layout(file: Path, flat: set[str]) -> str:
    if len(file.parts) == 1:
        return TOP
    if len(file.parts) == 2:
        return FLAT if file.parts[0] in flat else PERSON
    return NESTED


def _named(file: Path) -> str:
    return file.stem if len(file.parts) == 1 else file.parts[-2]


def _walk(root: Path, found: FoundPhotos) -> list[Path]:
    """Files below `root`, relative to it; folders that cannot be entered, and empty ones, are left out."""

    def unreadable(error: OSError) -> None:
        where = Path(error.filename or root)
        found.left_out.append(Remark(_printable(where.relative_to(root)), f"it cannot be read ({error.strerror})"))

    files = []
    for folder, folders, names in os.walk(root, onerror=unreadable):
        here = Path(folder).relative_to(root)
        folders[:] = sorted(name for name in folders if _visible(name))
        links = [name for name in folders if (root / here / name).is_symlink()]
        found.left_out += [Remark(_printable(here / name), "links to folders are not followed") for name in links]
        photos = [here / name for name in names if _visible(name)]
        if not photos and not folders and here.parts:
            found.left_out.append(Remark(_printable(here), "the folder is empty"))
        files += photos
    return files


def _visible(name: str) -> bool:
    return not name.startswith(".") and name.lower() not in _NOT_PHOTOS


def _misplaced(file: Path, departments: set[str]) -> str | None:
    if _printable(file) != file.as_posix():
        return "its name is not Unicode text"
    if len(file.parts) > 3:
        return "it lies deeper than Department/Name/photo"
    if len(file.parts) == 2 and file.parts[0] in departments:
        return "it lies in a department, not in a person's folder"
    return None


def _printable(file: Path) -> str:
    """With slashes, and without the lone surrogates that stand for bytes of another encoding."""
    return file.as_posix().encode("utf-8", "surrogateescape").decode("utf-8", "replace")
