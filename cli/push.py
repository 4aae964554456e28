"""`lookalike gallery push` and `lookalike gallery verify`: a large gallery in Amazon S3 Vectors."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.options import ModelsDirectory, settings_with

if TYPE_CHECKING:
    from rich.progress import Progress

    from lookalike.faces.manifest import EmbedderEntry
    from lookalike.gallery.local import LocalGallery

Directory = Annotated[
    Path | None, typer.Argument(help="The gallery's directory. [default: the project's own]", show_default=False)
]
Index = Annotated[
    str | None,
    typer.Option(
        help="The index's ARN. [default: that of the deployed stack]",
        envvar="LOOKALIKE_VECTOR_INDEX",
        show_default=False,
    ),
]


def push(gallery: Directory = None, index: Index = None, models: ModelsDirectory = None) -> None:
    """Make an index in Amazon S3 Vectors hold the gallery.

    Run it again whenever the gallery changed, or when it was interrupted: only what is missing is sent, and people who
    were removed are removed there, too.
    """
    from export.gallery.push import push_gallery
    from infra.amazon import plain_errors

    local, entry, arn = _sides(gallery, index, models)
    with plain_errors(), faces_progress() as bar:
        task = bar.add_task("")
        try:
            pushed = push_gallery(local, entry, arn, lambda done, total: bar.update(task, completed=done, total=total))
        except KeyboardInterrupt:
            typer.echo("Interrupted. What was sent stays; the same command goes on from here.", err=True)
            raise typer.Exit(130) from None
    numbers = f"{pushed.sent} sent, {pushed.removed} removed, {pushed.kept} there already"
    typer.echo(f"{arn}: {local.count} people, {local.rows} faces ({numbers}).")


def verify(gallery: Directory = None, index: Index = None, models: ModelsDirectory = None) -> None:
    """Compare an index in Amazon S3 Vectors with the gallery: what it holds, and what it answers."""
    from export.gallery.push import verify_gallery
    from infra.amazon import plain_errors

    local, entry, arn = _sides(gallery, index, models)
    with plain_errors():
        found = verify_gallery(local, entry, arn)
    typer.echo(f"{arn}: {found.missing} faces missing, {found.surplus} too many.")
    typer.echo(f"Of the ten people nearest to {found.sampled} of the faces, {found.recall:.1%} were found.")
    if not found.same:
        typer.echo("Make them the same with: lookalike gallery push", err=True)
        raise typer.Exit(1)


def faces_progress() -> Progress:
    """A bar that counts faces, and goes when it is done."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    return Progress(TextColumn("Faces"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(), transient=True)


def _sides(gallery: Path | None, index: str | None, models: Path | None) -> tuple[LocalGallery, EmbedderEntry, str]:
    from lookalike.faces.manifest import read_manifest
    from lookalike.gallery.local import open_gallery

    settings = settings_with(gallery, models)
    entry = read_manifest(settings.models, settings.verify).embedder
    return open_gallery(settings.gallery, entry, settings.verify), entry, index or _index_of_the_stack()


def _index_of_the_stack() -> str:
    from infra.amazon import STACK, AmazonError, outputs

    found = outputs().get("VectorIndex")
    if found is None:
        sentence = f"The stack {STACK} has no index. Deploy it with one: make deploy PARAMETERS=Store=s3-vectors"
        raise AmazonError(sentence=sentence)
    return found
