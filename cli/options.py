"""Options that several subcommands share."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Annotated

import typer

from export.gallery.names import clean
from lookalike.settings import Settings

Photo = Annotated[
    Path, typer.Argument(help="A photo: JPEG, PNG, WebP, AVIF, HEIC, GIF, BMP or TIFF.", show_default=False)
]
GalleryDirectory = Annotated[
    Path | None,
    typer.Option("--gallery", help="The gallery's directory. (default: the project's own)", show_default=False),
]
ModelsDirectory = Annotated[
    Path | None,
    typer.Option("--models", help="Exported networks. (default: the project's own)", show_default=False),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON and nothing else.")]


def printable(text: object) -> str:
    """Somebody else's text, such as the name of a file, as one line that drives no terminal."""
    return clean(str(text))


def settings_with(gallery: Path | None = None, models: Path | None = None) -> Settings:
    """Settings from the environment, overruled by options."""
    settings = Settings.from_environment()
    changes = {name: path for name, path in (("gallery", gallery), ("models", models)) if path is not None}
    return dataclasses.replace(settings, **changes)  # type: ignore[arg-type]
