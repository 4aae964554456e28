"""An evaluation goes through the product's own steps, counts what it cannot use, and draws what it found."""

from __future__ import annotations

import dataclasses
import json
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli.main import app
from export.errors import ExportError
from export.evaluation.evaluate import evaluate
from export.evaluation.labelled import Labelled, UnusablePairs
from export.evaluation.pair_files import read_labelled
from export.evaluation.plot import plot
from export.networks import reference
from lookalike.finder import Finder

SVG = "{http://www.w3.org/2000/svg}"


def test_drawn_people_are_told_apart(finder: Finder, lfw: Path) -> None:
    found = evaluate(finder, read_labelled(lfw))
    assert (found.photos, found.people, found.without_face) == (12, 4, [])
    assert found.verification.accuracy >= 0.9 and found.verification.roc.area >= 0.95
    assert found.own_first == 1 and found.agreement is None
    assert (found.trials_same, found.trials_different) == (4, 6)
    assert found.strangers_strong is not None and found.winner_agreement is not None
    assert found.recognised(0.01) is None  # 54 pairs cannot show one mistake of a hundred


def test_agreement_is_with_the_reference(finder: Finder, lfw: Path) -> None:
    assert evaluate(finder, read_labelled(lfw), finder.embedder).agreement == 1


def test_photos_without_a_face_are_named_and_their_pairs_left_out(finder: Finder, lfw: Path, tmp_path: Path) -> None:
    labelled = read_labelled(lfw)
    bad = tmp_path / "no-photo.jpg"
    bad.write_bytes(b"nothing")
    photos = [bad, *labelled.photos[1:]]
    found = evaluate(finder, dataclasses.replace(labelled, photos=photos))
    assert found.without_face == [bad]
    left = [pair for pair in labelled.pairs if 0 not in (pair.first, pair.second)]
    assert len(found.verification.same) + len(found.verification.different) == len(left)
    with pytest.raises(UnusablePairs, match="no face was found"):
        evaluate(finder, Labelled([bad] * 12, labelled.people, labelled.pairs))


def test_the_plot_is_one_picture_of_both_curves(finder: Finder, lfw: Path) -> None:
    found = evaluate(finder, read_labelled(lfw))
    picture = ElementTree.fromstring(plot(found))
    assert picture.tag == f"{SVG}svg"
    curve = picture.find(f"{SVG}polyline[@class='curve']")
    assert curve is not None
    points = [tuple(map(float, point.split(","))) for point in curve.attrib["points"].split()]
    assert points == sorted(points, key=lambda point: (point[0], -point[1]))  # to the right and up
    for kind, count in (("same", 12), ("different", 54)):
        bars = picture.findall(f"{SVG}rect[@class='{kind}']")[:-1]  # the last one is the legend's
        tallest = {float(bar.attrib["height"]) for bar in bars}
        assert bars and max(tallest) <= 340 and count == len(getattr(found.verification, kind))
    words = " ".join(text.text or "" for text in picture.iter(f"{SVG}text"))
    assert f"{found.verification.accuracy:.2%}" in words


def test_the_command_prints_a_table_or_json(lfw: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reference, "full_precision", lambda embedder: embedder)
    pairs = tmp_path / "pairs.txt"
    pairs.write_text("2\t1\nAda_One\t1\t2\nAda_One\t1\tBen_Two\t1\nCho_Three\t1\t3\nCho_Three\t2\tDee_Four\t3\n")
    arguments = ["evaluate", str(pairs), "--photos", str(lfw), "--plot", str(tmp_path / "roc.svg")]
    shown = CliRunner().invoke(app, arguments)
    assert shown.exit_code == 0, shown.output
    assert "accuracy" in shown.output and "equal error rate" in shown.output and "2 of one person" in shown.output
    ElementTree.parse(tmp_path / "roc.svg")
    printed = CliRunner().invoke(app, [*arguments, "--json"])
    document = json.loads(printed.stdout)
    assert document["pairs"] == {"same": 2, "different": 2} and document["photos"] == 7
    assert document["rank_1_agreement_with_fp32"] == 1.0
    assert document["true_accept_rate"] == {"0.01": None, "0.001": None} and "–" in shown.output
    low, high = document["intervals"]["own_person_first"]
    assert 0 < low < 1 and high == 1


def test_a_network_of_ours_is_not_calibrated(lfw: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reference, "full_precision", lambda embedder: None)
    shown = CliRunner().invoke(app, ["evaluate", str(lfw), "--calibrate"])
    assert isinstance(shown.exception, ExportError) and "rule is its makers'" in str(shown.exception)
