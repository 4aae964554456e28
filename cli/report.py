"""`lookalike gallery report`: how alike the gallery's people are, what looks wrong, and whether groups differ."""

from __future__ import annotations

import dataclasses
import json
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.options import AsJson, GalleryDirectory, ModelsDirectory, settings_with
from cli.output import to_write
from lookalike.settings import Settings

if TYPE_CHECKING:
    from export.gallery.report.data import Findings


def report(
    gallery: GalleryDirectory = None,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            help="The page to write. (default: gallery-report.html)",
            show_default=False,
            callback=to_write(".html", ".htm"),
        ),
    ] = None,
    models: ModelsDirectory = None,
    as_json: AsJson = False,
) -> None:
    """Make a page on how alike the gallery's people are.

    It says from where on a match means something, which photos look wrong, and
    whether it works worse for some group.

    With --json the page is written only where --out is given.
    """
    settings = settings_with(gallery, models)
    findings = _findings(settings)
    path = out or (None if as_json else Path("gallery-report.html"))
    if path:
        from export.gallery.report.page import page

        _write(path, page(findings, settings.gallery / "portraits", date.today()))
    if as_json:
        print(json.dumps(dataclasses.asdict(findings), ensure_ascii=False, indent=2))
    elif path:
        typer.echo(f"{path}: {findings.people} people. It holds names and portraits: keep it as you keep the gallery.")


def _findings(settings: Settings) -> Findings:
    from rich.console import Console

    from export.gallery.report.data import examine
    from lookalike.faces.manifest import read_manifest

    entry = read_manifest(settings.models, settings.verify).embedder
    with Console(stderr=True).status("Comparing everyone with everyone …"):
        return examine(settings.gallery, entry, settings.verify)


def _write(path: Path, data: bytes) -> None:
    from export.files import write_atomically

    try:
        write_atomically(path, data)
    except OSError as error:
        # Named is the file that was asked for, not the temporary one beside it.
        raise OSError(error.errno, error.strerror, str(path)) from None
