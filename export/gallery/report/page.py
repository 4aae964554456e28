"""The report as one HTML file: nothing from elsewhere, no scripts, and the browser is told to allow none."""

from __future__ import annotations

import base64
import hashlib
from datetime import date
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from export.gallery.leftovers import small_name
from export.gallery.names import clean
from export.gallery.report import plot
from export.gallery.report.data import Findings
from export.gallery.report.groups import FEWEST_TO_JUDGE
from lookalike.gallery.people import percent


def page(findings: Findings, portraits: Path, day: date) -> bytes:
    """`portraits`: the directory with the portraits of the people in the findings."""
    folder = Path(__file__).parent
    style = (folder / "report.css").read_text()
    environment = Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        finalize=_put_in,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"percent": percent, "likeness": lambda alike: f"{percent(alike):.1f}%", "across": plot.x}
    text = environment.get_template("report.html.jinja").render(
        findings=findings,
        standing_out=sum(group.stands_out for column in findings.columns for group in column.groups),
        fewest_to_judge=FEWEST_TO_JUDGE,
        plot=plot,
        portrait=lambda name: _jpeg(portraits / small_name(name)),
        day=day,
        style=style,
        style_hash=base64.b64encode(hashlib.sha256(style.encode()).digest()).decode(),
    )
    return text.encode()


def _put_in(value: object) -> object:
    """Anybody's text without what would be obeyed in it, and numbers as they are read; what is HTML already stays."""
    if type(value) is str:
        return clean(value)
    return f"{value:.1f}" if isinstance(value, float) else value


def _jpeg(path: Path) -> str:
    """As base64; empty where there is none, and the name's first letter stands in for it."""
    try:
        return base64.b64encode(path.read_bytes()).decode()
    except OSError:
        return ""
