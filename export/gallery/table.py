"""A CSV of people: columns name, department and photo, one photo a row; further columns are kept as metadata.

The three columns may have Korean headings. It is in UTF-8, UTF-16, or cp949, as Excel writes it in Korea.

Cells are text and nothing else: what a spreadsheet would take for a formula is a name like any other. Photo paths are
relative to the CSV and stay in its folder.
"""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from export.gallery.errors import InvalidName, UnusableTable
from export.gallery.names import LONGEST, clean, person_name
from export.gallery.photo_files import FoundPhotos, PhotoFile, Remark, unusable

KNOWN = ("name", "department", "photo")
_KOREAN = {
    "이름": "name",
    "성명": "name",
    "학과": "department",
    "부서": "department",
    "소속": "department",
    "사진": "photo",
    "사진파일": "photo",
    "파일": "photo",
}
_MAX_BYTES = 50_000_000
Row = list[tuple[str, str]]  # column and cell


def read_table(path: Path) -> FoundPhotos:
    """All rows whose photo is there; the others are left out by row number. Raises UnusableTable."""
    found = FoundPhotos()
    metadata: dict[tuple[str, str], dict[str, str]] = {}
    for number, row in _rows(path):
        try:
            photo = _photo(path, row)
        except (_Unusable, InvalidName) as error:
            found.left_out.append(Remark(f"row {number}", str(error)))
            continue
        # A person's metadata is what their rows say together; where rows differ, the first one counts.
        shared = metadata.setdefault((photo.name, photo.department), photo.metadata)
        for column, value in photo.metadata.items():
            shared.setdefault(column, value)
        found.photos.append(replace(photo, metadata=shared))
    return found


class _Unusable(Exception):
    """Why a row is left out."""


def _photo(table: Path, row: Row | None) -> PhotoFile:
    if row is None:
        raise _Unusable("it has more cells than there are columns")
    cells = dict(row)
    name = person_name(cells["name"])
    if not cells["photo"].strip():
        raise _Unusable(f"it names no photo of {name}")
    path = _locate(table.parent, cells["photo"].strip())
    if reason := unusable(path, table.parent):
        raise _Unusable(f"{_shown(cells['photo'])}: {reason}")
    metadata = {column: value for column, value in row if column and column not in KNOWN and value}
    source = path.resolve().relative_to(table.parent.resolve()).as_posix()
    return PhotoFile(path, source, name, clean(cells.get("department", "")), metadata)


def _locate(folder: Path, given: str) -> Path:
    """The file a cell means. macOS spells file names in NFD, spreadsheets in NFC; Windows separates with backslashes."""
    relative = given.replace("\\", "/")
    if Path(relative).is_absolute() or relative[1:2] == ":":
        raise _Unusable(f"{_shown(given)}: it must be relative to the CSV")
    spellings = (relative, unicodedata.normalize("NFC", relative), unicodedata.normalize("NFD", relative))
    paths = [folder / spelling for spelling in spellings]
    return next((path for path in paths if unusable(path, folder) is None), paths[0])


def _shown(path: str) -> str:
    return clean(path)[:LONGEST]


def _rows(path: Path) -> Iterator[tuple[int, Row | None]]:
    """Line number and (column, value) pairs of each row that is not blank; None for one that does not fit."""
    text = _text(path)
    header = text.lstrip("\r\n").splitlines()[0] if text.strip() else ""
    separator = max(",;\t", key=header.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    columns: list[str] = []
    try:
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            if not columns:
                columns = _columns(path, cells)
                continue
            values = [clean(cell) if column != "photo" else cell for column, cell in zip(columns, cells, strict=False)]
            values += [""] * (len(columns) - len(values))
            fits = not any(cell.strip() for cell in cells[len(columns) :])
            yield reader.line_num, list(zip(columns, values, strict=True)) if fits else None
    except csv.Error as error:
        raise UnusableTable(path=path, reason=f"line {reader.line_num}: {error}") from None
    if not columns:
        raise UnusableTable(path=path, reason="it is empty")


def _columns(path: Path, cells: list[str]) -> list[str]:
    columns = [clean(cell) for cell in cells]
    # The three known columns are found in any case; others keep their spelling.
    columns = [column.lower() if column.lower() in KNOWN else column for column in columns]
    for korean, known in _KOREAN.items():
        if known not in columns and korean in columns:
            columns[columns.index(korean)] = known
    for needed in ("name", "photo"):
        if needed not in columns:
            korean = ", ".join(f"“{word}”" for word, known in _KOREAN.items() if known == needed)
            raise UnusableTable(path=path, reason=f"its first line names no column “{needed}” ({korean})")
    named = [column for column in columns if column]
    if len(named) != len(set(named)):
        raise UnusableTable(path=path, reason="two columns have the same name")
    return columns


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > _MAX_BYTES:
            raise UnusableTable(path=path, reason=f"it is larger than {_MAX_BYTES // 1_000_000} MB")
        data = path.read_bytes()
        if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
            return data.decode("utf-16")
        try:
            return data.decode("utf-8-sig")
        except UnicodeError:
            return _korean(data)
    except OSError as error:
        raise UnusableTable(path=path, reason=error.strerror) from None
    except UnicodeError:
        # To guess the encoding would be to guess people's names.
        raise UnusableTable(path=path, reason="it is neither in UTF-8 nor in cp949; save it as “CSV UTF-8”") from None


def _korean(data: bytes) -> str:
    """Text in cp949. Raises UnicodeError unless it is certain: pairs of bytes beyond ASCII, or a Korean heading.

    cp949 also pairs such a byte with a plain letter, as Western encodings have them side by side in “Ärger”.
    """
    text = data.decode("cp949")
    heading = next(iter(text.split()), "")
    return text if any(word in heading for word in _KOREAN) else data.decode("euc_kr")
