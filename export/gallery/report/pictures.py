"""People in the page: framed portraits that are part of the file, names, and how alike two are."""

from __future__ import annotations

import base64
from collections.abc import Callable
from html import escape
from pathlib import Path

from export.gallery.leftovers import small_name
from export.gallery.names import clean
from export.gallery.report.pairs import Pair
from export.gallery.report.photos import Apart
from export.gallery.report.shown import Shown
from lookalike.gallery.people import percent

Frame = Callable[[Shown], str]


def frames(portraits: Path) -> Frame:
    """How a portrait becomes an image inside the page; the name's first letter stands in for one that is missing."""

    def frame(person: Shown) -> str:
        try:
            data = base64.b64encode((portraits / small_name(person.portrait)).read_bytes()).decode()
        except OSError:
            return f'<span class="frame" aria-hidden="true">{text(person.name[:1])}</span>'
        # The name stands below it.
        return f'<span class="frame"><img alt="" width="192" height="192" src="data:image/jpeg;base64,{data}"></span>'

    return frame


def text(value: str) -> str:
    """Anybody's text as HTML: one line, nothing in it obeyed."""
    return escape(clean(value))


def pair_card(pair: Pair, frame: Frame) -> str:
    same = '<p class="note">The very same photo is under both names.</p>' if pair.same_photo else ""
    return _card(
        _person(pair.first, frame), _person(pair.second, frame), pair.similarity, closer(pair.closer_than), same
    )


def twin_card(pair: Pair, frame: Frame) -> str:
    same = '<p class="note">The very same photo is under both names.</p>' if pair.same_photo else ""
    first, second = (_person(person, frame, source=True) for person in (pair.first, pair.second))
    return _card(first, second, pair.similarity, "one person?", same)


def apart_card(apart: Apart, frame: Frame, caption: str) -> str:
    note = ""
    if apart.rather and apart.rather_similarity is not None:
        note = (
            f'<p class="note">The photo on the left is more like <bdi>{text(apart.rather.name)}</bdi> '
            f"({percent(apart.rather_similarity):.1f}%).</p>"
        )
    first, second = (_person(person, frame, source=True) for person in (apart.odd, apart.other))
    return _card(first, second, apart.similarity, caption, note)


def closer(share: float) -> str:
    if share >= 100:
        return "the closest of all pairs"
    return f"closer than {share:.1f}% of all pairs"


def _card(first: str, second: str, similarity: float, caption: str, note: str) -> str:
    value = percent(similarity)
    ring = (
        '<svg class="ring" viewBox="0 0 40 40" aria-hidden="true"><circle class="disc" cx="20" cy="20" r="20"/>'
        '<circle class="rest" cx="20" cy="20" r="17"/>'
        f'<circle class="arc" cx="20" cy="20" r="17" pathLength="100" stroke-dasharray="{value:.1f} 100"/></svg>'
    )
    return (
        f'<li class="card"><div class="two">{first}{second}'
        f'<p class="seal">{ring}<b>{value:.1f}%</b></p></div><p class="soft">{caption}</p>{note}</li>'
    )


def _person(person: Shown, frame: Frame, source: bool = False) -> str:
    below = text(person.source).replace("/", "/<wbr>") if source else text(person.department)
    return (
        f"<figure>{frame(person)}<figcaption><b><bdi>{text(person.name)}</bdi></b> "
        f"<small><bdi>{below}</bdi></small></figcaption></figure>"
    )
