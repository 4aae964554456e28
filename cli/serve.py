"""`lookalike serve`: the page and the API on this machine."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from cli.options import GalleryDirectory, ModelsDirectory, settings_with


class OnDevice(StrEnum):
    off = "off"
    embed = "embed"
    all = "all"


def serve(
    host: Annotated[str, typer.Option(help="Address to listen on; 0.0.0.0 lets phones nearby in.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port to listen on; 0 takes a free one.")] = 8000,
    gallery: GalleryDirectory = None,
    models: ModelsDirectory = None,
    on_device: Annotated[
        OnDevice | None,
        typer.Option(
            help="What visitors' devices may do: find and measure faces (embed), or everything (all, the default)."
        ),
    ] = None,
    name: Annotated[
        list[str] | None,
        typer.Option(help="A name of this machine that is answered to, besides its addresses.", show_default=False),
    ] = None,
) -> None:
    """Serve the page and the API on this machine."""
    from infra.server import serve as run

    run(settings_with(gallery, models), host, port, on_device.value if on_device else None, name or [])
