"""The `lookalike` command. Each subcommand is a module beside this one."""

from __future__ import annotations

import io
import sys
from typing import NoReturn

import typer

from cli import compare, evaluate, export, find, gallery, invoke, networks, serve
from cli.options import printable
from export.errors import ExportError
from lookalike import __version__
from lookalike.errors import LookalikeError

app = typer.Typer(
    name="lookalike",
    help="Who in a gallery looks most like the face in a photo.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
app.command()(find.find)
app.command()(compare.compare)
app.command()(serve.serve)
app.command()(export.export)
app.command()(networks.networks)
app.command("evaluate")(evaluate.evaluate_command)
app.command()(invoke.invoke)
app.add_typer(gallery.app, name="gallery")


@app.callback(invoke_without_command=True)
def version(
    show: bool = typer.Option(False, "--version", help="Show the version and exit.", is_eager=True),
) -> None:
    if show:
        print(f"lookalike {__version__}")
        raise typer.Exit()


def main() -> None:
    """Run the command: errors are one sentence on standard error and a non-zero exit."""
    _keep_writing()
    try:
        app()
    except (LookalikeError, ExportError) as error:
        _fail(str(error))
    except OSError as error:
        named = f"{error.filename}: " if error.filename else ""
        _fail(f"{named}{error.strerror or error}")


def _keep_writing() -> None:
    """What a terminal has no characters for becomes question marks: names may be in any script, the work is done."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def _fail(sentence: str) -> NoReturn:
    print(f"lookalike: {printable(sentence)}", file=sys.stderr)
    sys.exit(1)


if __name__ == "__main__":
    main()
