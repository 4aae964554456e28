"""`lookalike evaluate`: how well the exported network tells people apart on labelled photos of one's own."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.options import AsJson, ModelsDirectory, printable, settings_with
from cli.output import to_write

if TYPE_CHECKING:
    from rich.table import Table

    from export.evaluation.evaluate import Evaluation
    from export.evaluation.intervals import Interval


Pairs = Annotated[
    Path,
    typer.Argument(
        help="A folder with a folder of photos a person; LFW's pairs.txt or pairs.csv; deepface's master.csv; or a CSV "
        "with the columns a, b and same.",
        show_default=False,
    ),
]
Photos = Annotated[
    Path | None,
    typer.Option(help="The folder of the photos that PAIRS names. (default: beside PAIRS)", show_default=False),
]
Plot = Annotated[
    Path | None,
    typer.Option("--plot", help="Where to write the ROC, as SVG.", show_default=False, callback=to_write(".svg")),
]
Calibrate = Annotated[
    bool,
    typer.Option(
        "--calibrate",
        help="Keep the threshold as the rule for one person: of a network of one's own that has none.",
    ),
]


def evaluate_command(
    pairs: Pairs,
    photos: Photos = None,
    picture: Plot = None,
    calibrated: Calibrate = False,
    models: ModelsDirectory = None,
    as_json: AsJson = False,
) -> None:
    """Measure how well the network tells people apart.

    Gives accuracy (ten-fold, as LFW counts it), ROC and equal error rate,
    how often one's own photo comes first, how often a stranger's best match
    would be called strong, how often two photos of a person agree on their
    look-alike, and, for fp16 and int8, how often the winner among strangers
    is the same as with fp32. In brackets: 95% intervals.
    """
    evaluation = _evaluated(pairs, photos, models)
    if picture:
        from export.evaluation.plot import plot
        from export.files import write_atomically

        write_atomically(picture, plot(evaluation).encode())
    if calibrated:
        _calibrate(models, evaluation)
    if as_json:
        print(json.dumps(evaluation.to_json(), indent=2))
    else:
        _print(evaluation)


def _calibrate(models: Path | None, evaluation: Evaluation) -> None:
    from export.networks.calibration import calibrate

    rule = calibrate(settings_with(models=models).models, evaluation)
    print(f"Kept: {evaluation.model} takes two photos for one person from {rule:.3f} on.", file=sys.stderr)


def _evaluated(pairs: Path, photos: Path | None, models: Path | None) -> Evaluation:
    from rich.console import Console
    from rich.progress import track

    from export.evaluation.evaluate import evaluate
    from export.evaluation.pair_files import read_labelled
    from export.networks.reference import full_precision
    from lookalike.finder import Finder

    labelled = read_labelled(pairs, photos)
    finder = Finder.open(settings_with(models=models), with_gallery=False)
    console = Console(stderr=True)
    return evaluate(
        finder,
        labelled,
        full_precision(finder.embedder),
        lambda paths: track(list(paths), "Embedding …", console=console, transient=True),
    )


def _print(evaluation: Evaluation) -> None:
    from rich.console import Console

    console = Console(stderr=True)
    Console().print(_table(evaluation))
    for path in evaluation.without_face[:10]:
        console.print(f"No face: {printable(path)}", markup=False, highlight=False)
    if len(evaluation.without_face) > 10:
        console.print(f"… and {len(evaluation.without_face) - 10} more photos without a face.")


def _table(evaluation: Evaluation) -> Table:
    from rich.table import Table

    from export.evaluation.evaluate import FALSE_RATES

    verification = evaluation.verification
    roc = verification.roc
    table = Table(title=f"{evaluation.model} ({evaluation.precision})", show_header=False)
    rows = {
        "photos": f"{evaluation.photos}, of which {len(evaluation.without_face)} without a face",
        "pairs": f"{len(verification.same)} of one person, {len(verification.different)} of different people",
        "accuracy": f"{verification.accuracy:.2%} ± {verification.deviation:.2%}",
        "threshold for it": f"{verification.threshold:.3f}",
        "accuracy by the network's own rule": _share(evaluation.by_rule, evaluation.rule_interval()),
        "area under the ROC": f"{roc.area:.5f}",
        "equal error rate": f"{roc.equal_error_rate:.2%}",
        **{
            f"recognised, mistaking {rate:.1%}": _share(share, evaluation.same_interval(share))
            for rate, share in ((rate, evaluation.recognised(rate)) for rate in FALSE_RATES)
        },
        "one's own other photo comes first": _share(
            evaluation.own_first, evaluation.same_interval(evaluation.own_first)
        ),
        "strangers called a strong likeness": _share(evaluation.strangers_strong, evaluation.strangers_interval()),
        "a person's photos agree on the look-alike": _share(
            evaluation.winner_agreement, evaluation.same_interval(evaluation.winner_agreement)
        ),
        "same winner among strangers as fp32": "it is fp32"
        if evaluation.precision == "fp32"
        else _share(evaluation.agreement),
    }
    for name, value in rows.items():
        table.add_row(name, value)
    return table


def _share(share: float | None, interval: Interval | None = None) -> str:
    """“–” for what these photos cannot show."""
    if share is None:
        return "–"
    return f"{share:.2%}" if interval is None else f"{share:.2%} ({interval[0]:.1%} – {interval[1]:.1%})"
