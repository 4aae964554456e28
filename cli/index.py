"""`lookalike gallery index`: a very large gallery made quick to search on this machine."""

from __future__ import annotations

import typer

from cli.options import ModelsDirectory, settings_with
from cli.push import Directory, faces_progress


def index(gallery: Directory = None, models: ModelsDirectory = None) -> None:
    """Make the index of a gallery of 100,000 faces or more, which `find` and `serve` then search.

    Make it again when the gallery has changed. It needs the package usearch.
    """
    from export.gallery.index import build_index
    from lookalike.faces.manifest import read_manifest

    settings = settings_with(gallery, models)
    entry = read_manifest(settings.models, settings.verify).embedder
    with faces_progress() as bar:
        task = bar.add_task("")
        path = build_index(settings.gallery, entry, lambda done, total: bar.update(task, completed=done, total=total))
    typer.echo(f"{path}: {path.stat().st_size / 1_000_000:.1f} MB.")
