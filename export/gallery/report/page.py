"""The report as one HTML file: nothing from elsewhere, no scripts, and the browser is told to allow none."""

from __future__ import annotations

import base64
import hashlib
from datetime import date
from pathlib import Path

from export.gallery.report.data import Findings
from export.gallery.report.pictures import frames, text
from export.gallery.report.sections import closest, doubts, groups, likeness, number
from lookalike.gallery.people import percent

_MARK = (
    '<svg viewBox="0 0 24 24" aria-hidden="true"><ellipse cx="8.5" cy="12" rx="5.5" ry="8"/>'
    '<ellipse cx="15.5" cy="12" rx="5.5" ry="8"/></svg>'
)


def page(findings: Findings, portraits: Path, day: date) -> bytes:
    """`portraits`: the directory with the portraits of the people in the findings."""
    frame = frames(portraits)
    style = Path(__file__).with_name("report.css").read_text()
    parts = [_summary(findings), likeness(findings), closest(findings, frame), doubts(findings, frame)]
    parts.append(groups(findings))
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{_policy(style)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>Lookalike · gallery report</title>
<style>{style}</style>
</head>
<body>
<header>
<p class="brand">{_MARK} Lookalike</p>
<h1>How alike are the people in this gallery?</h1>
<p>{number(findings.people, "person", "people")} · {number(findings.photos, "photo")}
· network “{text(findings.model)}” · {day.isoformat()}</p>
{_figures(findings)}
</header>
<main>
{"".join(parts)}
</main>
<footer>
<p>Names and portraits are inside this file: keep it as carefully as the gallery itself.</p>
<p>Made anew with <code>lookalike gallery report</code></p>
</footer>
</body>
</html>
""".encode()


def _figures(findings: Findings) -> str:
    if not findings.closest or findings.median is None:
        return ""
    if not findings.usual_from_people:
        return ""
    figures = (
        (findings.median, "half of all pairs of people are less alike than this"),
        (findings.usual_nearest, "nine of ten people have nobody else this alike"),
        (findings.closest[0].similarity, "the two most alike people"),
    )
    boxes = (f"<div><dt>{label}</dt><dd>{percent(value):.1f}%</dd></div>" for value, label in figures)
    return f'<dl class="figures">{"".join(boxes)}</dl>'


def _summary(findings: Findings) -> str:
    if findings.people < 2:
        what = "The gallery is empty." if findings.people == 0 else "There is one person in the gallery."
        return (
            f"<section><h2>Too few people to compare</h2><p>{what} "
            "Add more with <code>lookalike gallery add</code> or <code>build</code>, then make this report again.</p>"
            "</section>"
        )
    standing = sum(group.stands_out for column in findings.columns for group in column.groups)
    alike = ("pair may be one person", "pairs may be one person")
    if not findings.rule_is_meant:
        alike = ("pair is unusually alike", "pairs are unusually alike")
    lines = [
        (findings.two_people_one_name_count, "name may hold two people", "names may hold two people", "one-name"),
        (findings.one_person_two_names_count, *alike, "two-names"),
        (findings.photos_disagree_count, "person’s photos disagree", "people’s photos disagree", "disagree"),
        (standing, "group stands out", "groups stand out", "groups"),
    ]
    items = [
        f'<li><a href="#{anchor}"><b>{count:,}</b> {one if count == 1 else many}</a></li>'
        for count, one, many, anchor in lines
        if count
    ]
    found = f"<ul>{''.join(items)}</ul>" if items else "<p>Nothing looks wrong.</p>"
    return f'<section id="summary"><h2>What to look at</h2><div class="look">{found}</div></section>'


def _policy(style: str) -> str:
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return f"default-src 'none'; img-src data:; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
