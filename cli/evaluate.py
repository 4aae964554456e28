"""`lookalike evaluate`: how well the exported network tells people apart on labelled photos of one's own."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import track
from rich.table import Table

from cli.options import AsJson, ModelsDirectory, settings_with
from cli.output import to_write
from export.evaluation.evaluate import Evaluation, evaluate
from export.evaluation.labelled import read_labelled
from export.evaluation.plot import plot
from export.files import write_atomically
from export.networks.reference import full_precision
from lookalike.finder import Finder


def evaluate_command(
    pairs: Annotated[
        Path,
        typer.Argument(
            help="LFW's pairs.txt, a CSV with the columns a, b and same, or a folder with a folder of photos a person.",
            show_default=False,
        ),
    ],
    photos: Annotated[
        Path | None,
        typer.Option(help="The folder of the photos that PAIRS names. (default: beside PAIRS)", show_default=False),
    ] = None,
    picture: Annotated[
        Path | None,
        typer.Option("--plot", help="Where to write the ROC, as SVG.", show_default=False, callback=to_write(".svg")),
    ] = None,
    models: ModelsDirectory = None,
    as_json: AsJson = False,
) -> None:
    """Measure how well the network tells people apart.

    Gives accuracy (ten-fold, as LFW counts it), ROC and equal error rate,
    how often one's own photo comes first, and, for fp16 and int8, how often
    the winner among strangers is the same as with fp32.
    """
    labelled = read_labelled(pairs, photos)
    finder = Finder.open(settings_with(models=models), with_gallery=False)
    console = Console(stderr=True)
    found = evaluate(
        finder,
        labelled,
        full_precision(finder.embedder),
        lambda paths: track(list(paths), "Embedding …", console=console, transient=True),
    )
    if picture:
        write_atomically(picture, plot(found).encode())
    if as_json:
        print(json.dumps(found.to_json(), indent=2))
        return
    Console().print(_table(found))
    for path in found.without_face[:10]:
        console.print(f"No face: {path}", markup=False, highlight=False)
    if len(found.without_face) > 10:
        console.print(f"… and {len(found.without_face) - 10} more photos without a face.")


def _table(found: Evaluation) -> Table:
    verification = found.verification
    roc = verification.roc
    table = Table(title=f"{found.model} ({found.precision})", show_header=False)
    rows = {
        "photos": f"{found.photos}, of which {len(found.without_face)} without a face",
        "pairs": f"{len(verification.same)} of one person, {len(verification.different)} of different people",
        "accuracy": f"{verification.accuracy:.2%} ± {verification.deviation:.2%}",
        "threshold for it": f"{verification.threshold:.3f}",
        "accuracy by the network's own rule": f"{verification.by_rule:.2%}",
        "area under the ROC": f"{roc.area:.5f}",
        "equal error rate": f"{roc.equal_error_rate:.2%}",
        "recognised, mistaking 1%": f"{roc.true_at(0.01):.2%}",
        "recognised, mistaking 0.1%": f"{roc.true_at(0.001):.2%}",
        "one's own other photo comes first": _share(found.own_first),
        "same winner among strangers as fp32": "it is fp32" if found.precision == "fp32" else _share(found.agreement),
    }
    for name, value in rows.items():
        table.add_row(name, value)
    return table


def _share(share: float | None) -> str:
    return "–" if share is None else f"{share:.2%}"
