"""What can go wrong with a gallery; every message is one sentence meant for the person at the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lookalike.errors import SetupError

if TYPE_CHECKING:
    from export.gallery.outcome import Report


class GalleryError(SetupError):
    """The gallery was left as it was."""

    slug, title = "gallery", "The gallery was not changed"


class NoPhotos(GalleryError):
    en = (
        "{path} holds no photos of people: give a folder with Department/Name/*.jpg, Department/Name.jpg, Name/*.jpg or "
        "Name.jpg, "
        "or a CSV with the columns name, department and photo."
    )


class UnusableTable(GalleryError):
    en = "{path} cannot be used as a table of people: {reason}."


class UnusableFaculty(GalleryError):
    en = "{path} cannot be imported: {reason}."


class InvalidName(GalleryError):
    en = "{name!r} cannot be a person's name: {reason}."


class OutInsidePhotos(GalleryError):
    en = "The gallery {out} would lie among the photos in {path} and be taken for some of them: choose another --out."


class NobodyEnrolled(GalleryError):
    """`report` says why."""

    en = "Nobody could be enrolled from {source}, so the gallery in {path} was left as it was."

    def __init__(self, report: Report, source: object, path: object) -> None:
        self.report = report
        super().__init__(source=source, path=path)


class NoSuchPerson(GalleryError):
    en = "Nobody in the gallery in {path} has the name or id {person!r}."


class SeveralPeople(GalleryError):
    en = "Several people in the gallery in {path} have the name {person!r}: say which with {which}."


class InUse(GalleryError):
    en = "Another process is writing the gallery in {path}. Wait until it is done, then run this again."


class NotWritable(GalleryError):
    en = "The gallery in {path} could not be written ({reason}). What was there before is unchanged."


class NotTidied(GalleryError):
    """Behind the point of no return: the rename of gallery.json."""

    en = (
        "The gallery in {path} holds what you asked for, but could not be tidied up after it ({reason}). Files that "
        "nobody needs any more may still lie there; the next change deletes them."
    )


class NotTheDemo(GalleryError):
    en = "The gallery in {path} is not the demo: it holds {person} and would be lost. Choose another --out."
