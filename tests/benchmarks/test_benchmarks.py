"""The benchmarks count what they say: turns, ratios with their spread, and equal answers before any speed."""

from __future__ import annotations

import json
import time
from typing import Any

import numpy as np
import pytest
import torch

from benchmarks import __main__ as command
from benchmarks import identity, search, stages, timing
from benchmarks.figure import Figure
from benchmarks.photos import photos
from benchmarks.timing import Ratio, Timings, cpu, geometric_mean, in_turns
from export.networks.facenet import mtcnn_network
from lookalike.faces.detector import Face


def test_each_takes_its_turn_in_every_round() -> None:
    order: list[str] = []

    def turn(name: str, seconds: float) -> timing.Turn:
        def taken() -> float:
            order.append(name)
            return seconds

        return taken

    timings = in_turns({"a": turn("a", 0.4), "b": turn("b", 0.1)}, rounds=3)
    assert order == ["a", "b"] * 4  # the first ones warm up
    assert timings.seconds == {"a": [0.4] * 3, "b": [0.1] * 3}
    assert timings.ms("a") == 400 and timings.ratio("a", "b").median == pytest.approx(4)


def test_time_is_that_of_the_work() -> None:
    assert cpu(lambda: time.sleep(0.05))() < 0.04
    assert cpu(lambda: sum(range(200_000)))() > 0


def test_ratios_are_taken_round_by_round() -> None:
    ratio = Timings({"slow": [2.0, 4.0, 6.0, 8.0, 10.0], "fast": [1.0, 1.0, 1.0, 1.0, 1.0]}).ratio("slow", "fast")
    assert ratio == Ratio(6, 4, 8)
    assert str(ratio) == "6.0× (4.0–8.0)"
    mean = geometric_mean([Ratio(2, 1, 4), Ratio(8, 4, 16)])
    assert [mean.median, mean.low, mean.high] == pytest.approx([4, 2, 8])


def test_a_figure_is_a_table_and_json() -> None:
    figure = Figure(
        "Speed", "In ms.", ["what", "ms", "faster"], [["this", 12.345, Ratio(2, 1.5, 2.5)], ["that", None, 3]]
    )
    lines = figure.markdown().splitlines()
    assert lines[0] == "### Speed" and "| this | 12 | 2.0× (1.5–2.5) |" in lines and "| that | – | 3 |" in lines
    document = json.loads(json.dumps(figure.to_json()))
    assert document["rows"][0]["faster"] == {"median": 2, "low": 1.5, "high": 2.5}


def face(left: float, probability: float = 0.9) -> Face:
    return Face(np.array([left, 0, left + 10, 10], np.float32), probability, np.zeros((5, 2), np.float32))


def found(*faces: Face) -> tuple[list[list[float]], list[float], list[list[list[float]]]]:
    return [f.box.tolist() for f in faces], [f.probability for f in faces], [f.landmarks.tolist() for f in faces]


def test_unequal_answers_stop_the_benchmark() -> None:
    difference = identity.compare("photo", [face(0), face(50)], found(face(0.25), face(50, 0.9005)))
    assert difference.pixels == 0.25 and difference.probability == pytest.approx(0.0005)
    for theirs in (found(face(0.75)), found(face(0, 0.8)), found(face(0), face(50)), (None, [None], None)):
        with pytest.raises(identity.NotIdentical, match="photo"):
            identity.compare("photo", [face(0)], theirs)
    identity.compare_embeddings(np.eye(2, dtype=np.float32), np.eye(2, dtype=np.float32))
    with pytest.raises(identity.NotIdentical):
        identity.compare_embeddings(np.eye(2, dtype=np.float32), np.eye(2, dtype=np.float32)[::-1])


def test_photos_are_as_large_as_asked_and_hold_whom_they_should() -> None:
    found = photos(320)
    assert [max(photo.image.size) for photo in found] == [320] * 4
    assert sorted(photo.people for photo in found) == [1, 1, 1, 6]


@pytest.mark.parametrize(
    ("name", "height", "width"), [("pnet", 12, 12), ("pnet", 97, 60), ("rnet", 24, 24), ("onet", 48, 48)]
)
def test_multiplications_are_those_of_facenet_pytorchs_networks(name: str, height: int, width: int) -> None:
    counted = {"pnet": stages._pnet_macs(height, width), "rnet": stages.RNET_MACS, "onet": stages.ONET_MACS}
    total = 0

    def count(layer: Any, _: Any, output: torch.Tensor) -> None:
        nonlocal total
        total += output.numel() * layer.weight[0].numel()

    network = mtcnn_network(name)
    for layer in network.modules():
        if isinstance(layer, torch.nn.Conv2d | torch.nn.Linear):
            layer.register_forward_hook(count)
    with torch.no_grad():
        network(torch.zeros(1, 3, height, width))
    assert counted[name] == total


def test_no_cell_fits_no_multiplication() -> None:
    assert stages._pnet_macs(11, 500) == 0


def test_search_is_measured_against_the_same_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "SIZES", (5, 300))
    figure = search.measure(quick=True)
    assert [row[0] for row in figure.rows] == ["5 × 128", "300 × 128", "5 × 512", "300 × 512"]
    assert set(figure.facts) == {"5×128", "300×128", "5×512", "300×512"}


def test_every_figure_is_a_module_that_measures() -> None:
    for name in command.FIGURES:
        assert callable(__import__(f"benchmarks.{name}", fromlist=["measure"]).measure)
