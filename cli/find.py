"""`lookalike find`: who looks most like the faces in a photo."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.options import AsJson, GalleryDirectory, ModelsDirectory, printable, settings_with
from cli.output import to_write

if TYPE_CHECKING:
    from rich.table import Table

    from lookalike.answer import Answer, FoundFace

WARNINGS = {
    "too-small": "the face is very small",
    "cut-by-edge": "the face is cut by the picture's edge",
    "turned": "the face is turned to the side",
    "blurred": "the face is blurred",
    "too-dark": "the face is very dark",
    "too-bright": "the face is very bright",
    "unsure": "it is not sure that this is a face",
}

VERDICTS = {
    "strong": "A strong likeness.",
    "clear": "No strong likeness: somebody is always the nearest.",
    "close": "No strong likeness, and a close race: saving the photo anew may change who comes first.",
    "none": "Nobody here is alike, no more than strangers are on average.",
}


def find(
    photos: Annotated[list[Path], typer.Argument(help="A photo, or up to five of one person.", show_default=False)],
    k: Annotated[int, typer.Option("-k", help="How many people to show for a face.")] = 5,
    gallery: GalleryDirectory = None,
    models: ModelsDirectory = None,
    min_face_size: Annotated[
        float | None,
        typer.Option(help="Smallest face, in pixels. (default: 1/16 of the longer side)", show_default=False),
    ] = None,
    explain: Annotated[bool, typer.Option("--explain", help="Show which regions of the face matter.")] = False,
    as_json: AsJson = False,
    draw: Annotated[
        Path | None,
        typer.Option(
            help="Write the photo with its faces marked to this file.",
            show_default=False,
            callback=to_write(".jpg", ".jpeg", ".png", ".webp"),
        ),
    ] = None,
) -> None:
    """Who in the gallery looks most like the faces in a photo.

    Several photos of one person give one, steadier answer.
    """
    from lookalike.finder import Finder
    from lookalike.options import FindOptions

    finder = Finder.open(settings_with(gallery, models))
    data = [photo.read_bytes() for photo in photos]
    options = {"k": k, "min_face_size": min_face_size, "include": ["explanation"] if explain else []}
    answer = finder.find(data, FindOptions.of(options))
    if draw is not None:
        from cli.drawing import draw_faces

        draw_faces(data[0], answer, draw)
    if as_json:
        print(json.dumps(answer.to_json(), ensure_ascii=False, indent=2))
    else:
        print_answer(answer, photos)


def print_answer(answer: Answer, photos: list[Path]) -> None:
    from rich.console import Console
    from rich.markup import escape

    console = Console()
    for remark in _remarks(answer):
        console.print(f"note: {remark}", style="yellow", highlight=False)
    for number, face in enumerate(answer.faces, start=1):
        left, top, right, bottom = (round(float(value)) for value in face.face.box)
        where = f"face {number} of {len(answer.faces)}" if len(answer.faces) > 1 else "one face"
        console.print(
            f"[bold]{escape(printable(photos[0].name))}[/bold]: {where}, {right - left}×{bottom - top} pixels at ({left}, {top})",
            highlight=False,
        )
        for warning in face.warnings:
            console.print(f"  note: {WARNINGS[warning]}", style="yellow")
        console.print(_table(face))
        for line in _meaning(face):
            console.print(f"  {line}", style=None if face.verdict == "strong" else "yellow", highlight=False)
        if face.explanation is not None:
            console.print("  Regions that carry the likeness most (the face from its upper left):")
            for row in face.explanation:
                console.print("    " + "".join(" ·░▒▓█"[round(max(0.0, float(value)) * 5)] * 2 for value in row))


def _remarks(answer: Answer) -> Iterator[str]:
    """What is to be said of all photos together."""
    if "incomplete" in answer.remarks:
        yield "the photo breaks off: part of it is missing"
    if answer.left_out:
        yield f"left out, as it is not sure that they are faces: {answer.left_out}"
    if answer.beyond_limit:
        yield f"too many faces: the smallest are not answered ({answer.beyond_limit})"
    if answer.smaller_possible:
        yield "smaller faces may be missing: ask with --min-face-size"
    if answer.different_people:
        yield "the photos seem to show different people: the answer is for most of them"


def _meaning(face: FoundFace) -> Iterator[str]:
    from rich.markup import escape

    from lookalike.gallery.scale import rounded_down

    if face.matches:
        share = rounded_down(face.matches[0].closer_than_nearest, 0)
        name = escape(face.matches[0].person.name)
        yield f"{name} is closer to this face than the nearest other person is to {share:.0f}% of the people here."
    yield VERDICTS[face.verdict]


def _table(face: FoundFace) -> Table:
    from rich.table import Table
    from rich.text import Text

    from lookalike.gallery.scale import rounded_down

    table = Table(box=None, pad_edge=False, padding=(0, 2), header_style="dim")
    for title, justify in (
        ("", "right"),
        ("Name", "left"),
        ("Department", "left"),
        ("Alike", "right"),
        ("Closer than", "right"),
    ):
        table.add_column(title, justify=justify)  # type: ignore[arg-type]
    for match in face.matches:
        table.add_row(
            str(match.rank),
            Text(match.person.name),
            Text(match.person.department),
            f"{match.percent:.1f}%",
            f"{rounded_down(match.closer_than, 0):.0f}% of pairs",
            style="bold" if match.rank == 1 and match.strong else None,
        )
    return table
