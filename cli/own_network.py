"""What `lookalike export --onnx` takes: the file, and how its network wants its faces."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal

import typer


def _option(help: str) -> Any:
    return typer.Option(help=help, show_default=False, rich_help_panel="A network of one's own")


Onnx = Annotated[Path | None, _option("Take this ONNX file: a face [N,3,size,size] to an embedding [N,64–2048].")]
Preset = Annotated[
    Literal["arcface", "sface", "facenet", "dlib"] | None,
    _option("The family it belongs to. It says how faces are wanted, but for what is said below."),
]
Size = Annotated[int | None, _option("Pixels a side. (default: what the file says)")]
Cut = Annotated[Literal["box", "aligned"] | None, _option("Faces cut as a box, or aligned to five points.")]
Margin = Annotated[int | None, _option("Around a box, in pixels of the cut face.")]
Template = Annotated[
    str | None,
    _option(
        "The points, as x,y of both eyes, the nose and the mouth's corners in the cut face; the first pixel's centre is at "
        "0.5,0.5 (with OpenCV at 0,0)."
    ),
]
Colour = Annotated[Literal["rgb", "bgr"] | None, _option("The order of the colours.")]
Mean = Annotated[str | None, _option("Subtracted from colours of 0–255: one number, or three in that order.")]
Scale = Annotated[float | None, _option("What the difference is divided by.")]
Compare = Annotated[Literal["cosine", "distance"] | None, _option("How two embeddings are compared.")]
Radius = Annotated[float | None, _option("For distance: that of two strangers, divided by √2.")]
SamePerson = Annotated[
    float | None, _option("The similarity from which two photos show one person, where its makers state one.")
]
Origin = Annotated[str | None, _option("Where the file comes from. Kept in the manifest.")]
Terms = Annotated[str | None, _option("Under which terms it may be used. Kept in the manifest.")]
