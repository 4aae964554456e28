"""The report's sections: what each figure means in plain words, and what to do about it."""

from __future__ import annotations

from export.gallery.report.data import Findings
from export.gallery.report.groups import FEWEST_TO_JUDGE, Column, Group
from export.gallery.report.histogram import Range, histogram, occupied, spread
from export.gallery.report.pictures import Frame, apart_card, pair_card, text, twin_card
from lookalike.gallery.people import percent


def likeness(findings: Findings) -> str:
    if findings.median is None:
        return ""
    usual = percent(findings.usual_nearest)
    scope = occupied(findings.histogram, (usual,))
    if findings.usual_from_people:
        meaning = (
            f"Nine of ten people here have nobody else as alike as <b>{usual:.1f}%</b>. A best match below it is what any "
            "stranger would get. Bars from there on are gold."
        )
    else:
        meaning = "Here are too few people to tell what is usual among them. Bars from there on are gold."
    pairs = histogram(
        findings.histogram,
        scope,
        usual,
        f"Histogram of {findings.pairs:,} pairs: half are below {percent(findings.median):.1f}%; gold from {usual:.1f}%.",
    )
    nearest = histogram(
        findings.nearest_histogram,
        scope,
        usual,
        f"Histogram of {findings.people:,} people by their nearest other person; gold from {usual:.1f}%.",
    )
    return f"""<section id="likeness"><h2>What a likeness means here</h2>
<p>A percentage says little by itself: even strangers are alike to some degree, and how much depends on the network
and the photos. These people are known to be different, so they are the scale.</p>
<p>{_rule_meaning(findings.same_person)} {meaning}</p>
<div class="plots"><figure class="plot"><figcaption>All pairs of different people</figcaption>{pairs}
<p class="soft">{number(findings.pairs, "pair")} by how alike they are.</p></figure>
<figure class="plot"><figcaption>Everyone’s nearest other person</figcaption>{nearest}
<p class="soft">{number(findings.people, "person", "people")}, each by the person most like them.</p></figure></div>
</section>"""


def _rule_meaning(same_person: float | None) -> str:
    stands_out = "it is strong only where it stands out from how alike that face is to everybody else."
    if same_person is None:
        return (
            "From where on this network takes two photos for one person is not known. So a match is not judged by that: "
            f"{stands_out}"
        )
    return (
        f"From <b>{percent(same_person):.1f}%</b> on the network takes two photos for one person, and a match is called a "
        f"strong likeness in any gallery. Below, {stands_out}"
    )


def closest(findings: Findings, frame: Frame) -> str:
    if not findings.closest:
        return ""
    cards = "".join(pair_card(pair, frame) for pair in findings.closest)
    return f"""<section id="closest"><h2>The closest pairs</h2>
<p>Different people the network finds most alike, each pair by its two most alike photos. It will mistake these for
each other first. Where you can tell them apart easily, further photos of both help.</p>
<ul class="cards">{cards}</ul></section>"""


def doubts(findings: Findings, frame: Frame) -> str:
    if findings.people == 0:
        return ""
    apart = "".join(
        apart_card(one, frame, "at best: below what photos of one person are") for one in findings.two_people_one_name
    )
    disagreeing = "".join(apart_card(one, frame, "the least alike of their photos") for one in findings.photos_disagree)
    twins = "".join(twin_card(pair, frame) for pair in findings.one_person_two_names)
    single = (
        "" if findings.with_several_photos else "<p>Everyone here has one photo, so there is nothing to compare.</p>"
    )
    parts = [
        _doubt(
            "one-name",
            "Two people under one name?",
            f"Photos of one person are usually at least {_at_least(findings)} alike for this network. A photo listed here is "
            "below that with every photo in the rest of its name.",
            "Look whether both are the same person. If not, put the photo under its own name, or remove it, and build "
            "again.",
            apart,
            findings.two_people_one_name_count,
            single,
        ),
        _doubt(
            "two-names",
            "One person under two names?",
            _doubles_meaning(findings),
            "If it is one person, keep one name: <code>lookalike gallery remove</code> the other. Twins and true "
            "lookalikes stay.",
            twins,
            findings.one_person_two_names_count,
        ),
        _doubt(
            "disagree",
            "People whose photos disagree",
            f"Some two of their photos are below {_at_least(findings)}, though others connect them: one may be old, dark, "
            "blurred or turned away.",
            "Replace the poorer photo with a clear one from the front, or add another; each person is found by their best "
            "photo.",
            disagreeing,
            findings.photos_disagree_count,
            single,
        ),
    ]
    return f'<section id="wrong"><h2>Photos that look wrong</h2>{"".join(parts)}</section>'


def groups(findings: Findings) -> str:
    if findings.people < 2:
        return ""
    usual = percent(findings.usual_nearest)
    scope = occupied(findings.nearest_histogram, (usual,))
    tables = "".join(_table(column, scope, usual) for column in findings.columns)
    if not tables:
        tables = "<p>Neither departments nor metadata divide these people into groups that can be compared.</p>"
    skipped = ", ".join(f"{text(name)} ({count:,})" for name, count in findings.columns_left_out.items())
    note = f'<p class="soft">Not compared, because nearly everyone differs: {skipped}.</p>' if skipped else ""
    return f"""<section id="groups"><h2>Does it work worse for some group?</h2>
<p>A network that has seen few faces of some kind puts them close together, and mistakes them for each other more often.
A group for which it works worse has nearer others, and a larger share of people with somebody beyond {usual:.1f}%
(dashed), which nine of ten people here do not have. Those with the nearest others come first;
“stands out” marks a share that chance alone would hardly give.</p>
<p>The strips show everyone’s nearest other person: half of a group’s people are in the box, eight of ten on the line,
and the tick is the middle one.</p>
<p class="do">Where a group stands out, trust matches within it less, add further photos of its people, and try another
network. Large groups have nearer others by their size alone, and of fewer than {FEWEST_TO_JUDGE} people nothing can be
said.</p>{tables}{note}</section>"""


def number(count: int, one: str, many: str = "") -> str:
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def _doubt(anchor: str, title: str, meaning: str, do: str, cards: str, count: int, otherwise: str = "") -> str:
    heading = f'<h3 id="{anchor}">{title}</h3><p>{meaning}</p>'
    if not cards:
        return f"{heading}{otherwise or '<p><b>None.</b></p>'}"
    shown = cards.count("<li")
    more = f'<p class="soft">The {shown} most striking of {count:,}.</p>' if count > shown else ""
    return f'{heading}<p class="do">{do}</p>{more}<ul class="cards">{cards}</ul>'


def _doubles_meaning(findings: Findings) -> str:
    unusual = (
        "So these are only the most unusual, closer than 99.9% of all pairs (or the one closest, where there are few), and "
        "most likely nothing is wrong with them."
    )
    if findings.same_person is None:
        return f"No rule is known by which this network takes two photos for one person. {unusual}"
    if findings.rule_is_meant:
        return (
            f"Every pair that reaches {_at_least(findings)}, from where on the network takes two photos for one person."
        )
    share = findings.pairs_beyond_rule / findings.pairs
    return (
        f"In this gallery {share:.0%} of all pairs reach {_at_least(findings)}, the network’s rule, as drawn faces do and photos "
        f"taken all alike may. {unusual}"
    )


def _at_least(findings: Findings) -> str:
    return "a share not known" if findings.same_person is None else f"{percent(findings.same_person):.1f}%"


def _table(column: Column, scope: Range, threshold: float) -> str:
    rows = "".join(_row(group, scope, threshold) for group in column.groups)
    more = f'<p class="soft">The {column.left_out:,} smallest are left out.</p>' if column.left_out else ""
    heads = ("People", "Usual likeness to others", f"Have somebody beyond {threshold:.1f}%")
    numbers = "".join(f'<th class="number" role="columnheader" scope="col">{head}</th>' for head in heads)
    return f"""<h3>{text(column.name)}</h3>
<table role="table" aria-label="By {text(column.name)}"><thead role="rowgroup"><tr role="row">
<th role="columnheader" scope="col">Group</th>{numbers}
<th class="wide" role="columnheader" scope="col">Their nearest other person</th>
</tr></thead><tbody role="rowgroup">{rows}</tbody></table>{more}"""


def _row(group: Group, scope: Range, threshold: float) -> str:
    badge = ""
    if group.stands_out:
        badge = ' <span class="badge">stands out</span>'
    elif group.few:
        badge = ' <span class="badge few">too few to tell</span>'
    nearest = [percent(value) for value in group.nearest]
    seen = f"Half of them between {nearest[1]:.1f}% and {nearest[3]:.1f}%, the middle one at {nearest[2]:.1f}%"
    cells = (
        ("People", f"{group.people:,}"),
        ("Usual likeness", f"{percent(group.median):.1f}%"),
        (f"Beyond {threshold:.1f}%", f"{group.above:,} ({group.share:.0%})"),
    )
    numbers = "".join(f'<td class="number" role="cell" data-label="{label}">{value}</td>' for label, value in cells)
    name = text(group.name) or "not given"
    return (
        f'<tr role="row"><th role="rowheader" scope="row"><bdi>{name}</bdi>{badge}</th>{numbers}'
        f'<td class="wide" role="cell">{spread(nearest, scope, threshold, seen)}</td></tr>'
    )
