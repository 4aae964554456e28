"""`lookalike export`: the networks as ONNX files, ready for the function."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from lookalike.settings import Settings


def export(
    model: Annotated[
        Literal["auto", "vggface2", "casia-webface", "dlib"],
        typer.Option(help="The face network. auto takes vggface2, or dlib where vggface2 cannot be had."),
    ] = "auto",
    precision: Annotated[
        Literal["fp32", "fp16", "int8"] | None,
        typer.Option(
            help="fp16: weights stored in half the bytes. int8: a third of the time, a little less exact; the gallery must "
            "be built anew. (default: what suits the network)",
            show_default=False,
        ),
    ] = None,
    weights: Annotated[
        Path | None, typer.Option(help="A local copy of the network's weights.", show_default=False)
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Where to. (default: the project's own)", show_default=False)] = None,
) -> None:
    """Export MTCNN and a face network to ONNX, verified against their source."""
    from export.networks.export import export_networks

    settings = Settings.from_environment()
    export_networks(model, out or settings.models, precision, weights, gallery=settings.gallery)
