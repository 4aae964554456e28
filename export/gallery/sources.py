"""Where photos come from: a folder (folder.py) or a CSV (table.py)."""

from __future__ import annotations

from pathlib import Path

from export.gallery.errors import NoPhotos
from export.gallery.folder import read_folder
from export.gallery.photo_files import FoundPhotos
from export.gallery.table import read_table


def find_photos(photos: Path) -> FoundPhotos:
    """All photos in a folder or CSV, in a fixed order. Raises NoPhotos or UnusableTable."""
    if photos.is_dir():
        found = read_folder(photos)
    elif photos.is_file() and photos.suffix.lower() == ".csv":
        found = read_table(photos)
    else:
        raise NoPhotos(path=photos)
    if not found.photos and not found.left_out:
        raise NoPhotos(path=photos)
    return found
