"""`lookalike export`: the networks as ONNX files, ready for the function."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from cli import own_network
from export.errors import ExportError
from export.networks.onnx_file.stated import Stated, mean_from, template_from
from lookalike.settings import Settings

Precision = Literal["fp32", "fp16", "int8"]
Model = Annotated[
    Literal["auto", "vggface2", "casia-webface", "dlib"],
    typer.Option(help="The face network. auto takes vggface2, or dlib where vggface2 cannot be had."),
]
StoredAs = Annotated[
    Precision | None,
    typer.Option(
        help="fp16: weights stored in half the bytes. int8: a third of the time, a little less exact; the gallery must "
        "be built anew. (default: what suits the network)",
        show_default=False,
    ),
]
Weights = Annotated[Path | None, typer.Option(help="A local copy of the network's weights.", show_default=False)]
Out = Annotated[Path | None, typer.Option(help="Where to. (default: the project's own)", show_default=False)]


def export(
    model: Model = "auto",
    precision: StoredAs = None,
    weights: Weights = None,
    out: Out = None,
    onnx: own_network.Onnx = None,
    preset: own_network.Preset = None,
    size: own_network.Size = None,
    cut: own_network.Cut = None,
    margin: own_network.Margin = None,
    template: own_network.Template = None,
    colour: own_network.Colour = None,
    mean: own_network.Mean = None,
    scale: own_network.Scale = None,
    compare: own_network.Compare = None,
    radius: own_network.Radius = None,
    same_person: own_network.SamePerson = None,
    origin: own_network.Origin = None,
    terms: own_network.Terms = None,
) -> None:
    """Export MTCNN and a face network to ONNX, verified against their source.

    With --onnx, a network of one's own: tried on drawn people and on portraits
    in the public domain, and refused if it does not tell them apart.
    """
    points, means = template_from(template), mean_from(mean)
    stated = Stated(
        preset, size, cut, margin, points, colour, means, scale, compare, radius, same_person, origin, terms
    )
    if onnx is None:
        _ours(model, out, precision, weights, stated)
    elif model != "auto" or weights:
        raise ExportError("--onnx brings a network of its own: leave out --model and --weights.")
    else:
        from export.networks.onnx_file.bring import bring

        settings = Settings.from_environment()
        bring(onnx, stated, out or settings.models, precision or "fp32", settings.gallery)


def _ours(model: Model, out: Path | None, precision: Precision | None, weights: Path | None, stated: Stated) -> None:
    if stated.options:
        raise ExportError(f"{stated.options[0]} is said of a network of one's own: give its file with --onnx.")
    from export.networks.export import export_networks

    settings = Settings.from_environment()
    export_networks(model, out or settings.models, precision, weights, gallery=settings.gallery)
