"""`lookalike gallery`: build a gallery from photos, and change, list, export and import it."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.index import index
from cli.options import AsJson, GalleryDirectory, ModelsDirectory, settings_with
from cli.output import to_write
from cli.push import push, verify
from cli.report import report
from export.gallery.errors import NobodyEnrolled
from export.gallery.names import clean

if TYPE_CHECKING:
    from rich.table import Table

    from export.gallery.outcome import Report
    from export.gallery.photo_files import Remark

app = typer.Typer(help="Build a gallery from photos; add, remove and list people.", no_args_is_help=True)

Out = Annotated[
    Path | None, typer.Option("--out", help="The gallery's directory. (default: the project's own)", show_default=False)
]


@app.command("build")
def build_command(
    photos: Annotated[
        Path,
        typer.Argument(
            help="A folder with Department/Name/*.jpg, Name/*.jpg or Name.jpg, or a CSV.", show_default=False
        ),
    ],
    out: Out = None,
    models: ModelsDirectory = None,
) -> None:
    """Make a gallery of the people in PHOTOS.

    The columns of a CSV are name, department and photo (a path beside the CSV);
    others are kept as metadata.

    Run it again whenever photos change, or when it was interrupted:
    only what changed or is missing is embedded.
    """
    from export.gallery.build import build

    settings = settings_with(out, models)
    with _reporting():
        _print(build(photos, settings.gallery, settings), settings.gallery)


@app.command("add")
def add_command(
    photos: Annotated[list[Path], typer.Argument(help="Photos of one person.", show_default=False)],
    name: Annotated[str, typer.Option(help="The person's name, in any script.", show_default=False)],
    department: Annotated[
        str | None,
        typer.Option(help="Their department. (default: that of whoever has the name already)", show_default=False),
    ] = None,
    gallery: GalleryDirectory = None,
    models: ModelsDirectory = None,
) -> None:
    """Add photos of one person, who may be there already."""
    from export.gallery.changes import add

    settings = settings_with(gallery, models)
    with _reporting():
        _print(add(photos, name, department, settings.gallery, settings), settings.gallery)


@app.command("remove")
def remove_command(
    person: Annotated[str, typer.Argument(help="A name, or an id from `list`.", show_default=False)],
    gallery: GalleryDirectory = None,
    models: ModelsDirectory = None,
) -> None:
    """Remove a person and every trace of them."""
    from export.gallery.changes import remove

    settings = settings_with(gallery, models)
    removed, remaining = remove(person, settings.gallery, settings)
    typer.echo(f"{removed.name} is gone from the gallery; {remaining} people remain.")
    if any(row.origin == "build" for row in removed.rows):
        typer.echo("Remove their photos from the folder, too, or the next build will bring them back.")


@app.command("list")
def list_command(gallery: GalleryDirectory = None, models: ModelsDirectory = None, as_json: AsJson = False) -> None:
    """List the people in the gallery."""
    from rich.console import Console
    from rich.text import Text

    from lookalike.faces.manifest import read_manifest
    from lookalike.gallery.local import open_gallery

    settings = settings_with(gallery, models)
    people = open_gallery(settings.gallery, read_manifest(settings.models, settings.verify).embedder).people
    if as_json:
        listed = [dataclasses.asdict(person) | {"photos": len(person.photos)} for person in people]
        print(json.dumps(listed, ensure_ascii=False, indent=2))
        return
    table = _table("Name", "Department", "Photos", "Id")
    for person in people:
        table.add_row(Text(person.name), Text(person.department), str(len(person.photos)), Text(person.id, "dim"))
    Console().print(table)


@app.command("export")
def export_command(
    file: Annotated[Path, typer.Argument(help="The file to write.", callback=to_write())] = Path("faculty_emb.json"),
    gallery: GalleryDirectory = None,
    models: ModelsDirectory = None,
) -> None:
    """Write the gallery as faculty_emb.json, name → list of numbers.

    Several photos of a person are averaged.
    """
    from export.gallery.faculty_json import export_faculty

    settings = settings_with(gallery, models)
    people = export_faculty(settings.gallery, file, settings)
    typer.echo(f"{file}: {people} people.")


@app.command("import")
def import_command(
    file: Annotated[Path, typer.Argument(help="The file to read.")] = Path("faculty_emb.json"),
    gallery: GalleryDirectory = None,
    models: ModelsDirectory = None,
) -> None:
    """Add the people of a faculty_emb.json, name → list of numbers.

    The numbers must come from the same network; portraits are drawn initials.
    """
    from export.gallery.faculty_json import import_faculty

    settings = settings_with(gallery, models)
    with _reporting():
        _print(import_faculty(file, settings.gallery, settings), settings.gallery)


@app.command("demo")
def demo_command(out: Out = None, models: ModelsDirectory = None) -> None:
    """Draw the fictional people of the demo, and make a gallery of them."""
    from export.demo.gallery import build_demo

    settings = settings_with(out, models)
    with _reporting():
        _print(build_demo(settings.gallery, settings), settings.gallery)


app.command()(index)
app.command()(push)
app.command()(verify)
app.command()(report)


@contextmanager
def _reporting() -> Iterator[None]:
    try:
        yield
    except NobodyEnrolled as error:
        _print_remarks("Left out", error.report.left_out)
        raise
    except KeyboardInterrupt:
        typer.echo("Interrupted. The gallery is as it was; the same command goes on from here.", err=True)
        raise typer.Exit(130) from None


def _print(report: Report, directory: Path) -> None:
    for remark in report.remarks:
        typer.echo(remark)
    if report.layouts:
        typer.echo(f"Read as {' and '.join(_counted(layout, people) for layout, people in report.layouts.items())}.")
    _print_remarks("Worth a look", report.doubtful)
    _print_remarks("Left out", report.left_out)
    if report.gone:
        typer.echo(f"No longer in the gallery: {_names(report.gone)}.")
    if report.kept:
        typer.echo(f"Added by hand and kept: {_names(report.kept)}.")
    typer.echo(f"{directory}: {report.people} people, {report.photos} photos ({_state(report)}).")


def _counted(layout: str, people: int) -> str:
    return f"{layout} ({people} {'person' if people == 1 else 'people'})"


def _state(report: Report) -> str:
    if not report.changed:
        return "nothing changed"
    equal = report.added - report.new
    same = f", {equal} of them the same file as another" if report.new and equal > 0 else ""
    return f"{report.added} new{same}"


def _names(names: list[str]) -> str:
    more = f" and {len(names) - 10} more" if len(names) > 10 else ""
    return f"{', '.join(names[:10])}{more}"


def _print_remarks(title: str, remarks: list[Remark]) -> None:
    if not remarks:
        return
    from rich.console import Console
    from rich.text import Text

    table = _table(f"{title} ({len(remarks)})", "")
    for remark in remarks:
        table.add_row(Text(clean(remark.source)), Text(clean(remark.text)))
    Console().print(table)


def _table(*titles: str) -> Table:
    from rich.table import Table

    table = Table(box=None, pad_edge=False, padding=(0, 2), header_style="dim")
    for title in titles:
        table.add_column(title, overflow="fold", no_wrap=title == "Id")
    return table
