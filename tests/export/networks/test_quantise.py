"""int8 is judged beside fp32 before it is offered, and says the same on every kind of processor."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from onnx import numpy_helper
from PIL import Image

from export.demo import demo_people
from export.errors import VerificationFailed
from export.networks import quantise
from export.networks.dlib import graph as dlib_onnx
from export.networks.dlib import resnet as dlib_resnet
from export.networks.embedders import RECOGNISERS
from export.networks.quantise import quantised
from lookalike.faces.manifest import EmbedderEntry
from lookalike.faces.sessions import open_session

DLIB = RECOGNISERS["dlib"].recipe
ENTRY = EmbedderEntry("dlib", "int8", DLIB, RECOGNISERS["dlib"].same_person, "0123456789abcdef")


@pytest.fixture(scope="module")
def graph(dlib_weights: Path) -> onnx.ModelProto:
    return dlib_onnx.to_onnx(dlib_resnet.parse(dlib_weights.read_bytes()))


@pytest.fixture(scope="module", autouse=True)
def few_people(read_portrait: Callable[[Any], Image.Image]) -> Iterator[None]:
    """Drawing everybody takes a minute."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(quantise, "demo_people", lambda: demo_people()[:10])
        patch.setattr(quantise, "draw_portrait", read_portrait)
        yield


@contextmanager
def any_agreement() -> Iterator[None]:
    """Among so few strangers, a winner is easily another one."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(quantise, "LEAST_AGREEMENT", 0.5)
        yield


@pytest.fixture(scope="module")
def made(graph: onnx.ModelProto, tmp_path_factory: pytest.TempPathFactory) -> tuple[onnx.ModelProto, dict[str, Any]]:
    """The network in int8 without a gallery, and how it was judged. Not to be changed."""
    with any_agreement():
        return quantised(ENTRY, graph, tmp_path_factory.mktemp("no-gallery"))


def test_int8_is_smaller_near_and_judged(graph: onnx.ModelProto, made: tuple[onnx.ModelProto, dict[str, Any]]) -> None:
    small, evaluation = made
    onnx.checker.check_model(small, full_check=True)
    assert small.ByteSize() < 0.3 * graph.ByteSize()
    faces = DLIB.normalised(np.random.default_rng(4).integers(60, 200, (3, 150, 150, 3), dtype=np.uint8))
    full, int8 = (open_session(model.SerializeToString()).run(None, {"face": faces})[0] for model in (graph, small))
    assert 0 < np.linalg.norm(full - int8, axis=1).max() < 0.3
    assert evaluation["calibrated_on"] == "5 drawn people, 20 photos"
    assert evaluation["evaluated_on"] == "5 other drawn people, 20 photos"
    assert evaluation["int8"]["accuracy"] >= evaluation["fp32"]["accuracy"] - quantise.MOST_ACCURACY_LOST
    assert 0.5 <= evaluation["int8"]["rank_1_agreement_with_fp32"] <= 1


def test_weights_leave_room_for_processors_that_add_up_in_16_bits(
    made: tuple[onnx.ModelProto, dict[str, Any]],
) -> None:
    small, _ = made
    weights = [numpy_helper.to_array(tensor) for tensor in small.graph.initializer]
    largest = [
        int(np.abs(values.astype(int)).max()) for values in weights if values.dtype == np.int8 and values.ndim > 1
    ]
    # Two products of 255 and 64 still fit 16 bits with their sign.
    assert len(largest) >= 29 and max(largest) <= 64
    assert sum(values.dtype == np.int8 and values.ndim == 4 for values in weights) == 29


def test_is_calibrated_on_ones_own_gallery(
    graph: onnx.ModelProto, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, astronaut: object
) -> None:
    monkeypatch.setattr(quantise, "FEWEST_FACES", 2)
    portraits = tmp_path / "portraits"
    portraits.mkdir()
    for index in range(2):
        astronaut.crop((120, 0, 360, 260)).save(portraits / f"{index}.jpg")  # type: ignore[attr-defined]
        (portraits / f"{index}-small.jpg").write_bytes((portraits / f"{index}.jpg").read_bytes())
    with any_agreement():
        _, evaluation = quantised(ENTRY, graph, portraits)
    assert evaluation["calibrated_on"] == "2 faces of the gallery"
    assert evaluation["evaluated_on"] == "5 drawn people, 20 photos"


def test_an_int8_network_that_lost_its_sense_is_refused(
    graph: onnx.ModelProto, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(quantise, "quantise", lambda model, faces: _without_sense(model))
    with pytest.raises(VerificationFailed, match=r"less accurate than in fp32.*nothing was replaced"):
        quantised(ENTRY, graph, tmp_path / "no-gallery")


def _without_sense(model: onnx.ModelProto) -> onnx.ModelProto:
    """The network with its last layer's weights at random."""
    spoiled = onnx.ModelProto()
    spoiled.CopyFrom(model)
    last = next(tensor for tensor in spoiled.graph.initializer if list(tensor.dims) == [256, 128])
    noise = np.random.default_rng(0).normal(0, 1e-3, (256, 128)).astype(np.float32)
    noise[:, 1:] = 0
    last.CopyFrom(numpy_helper.from_array(noise, last.name))
    return spoiled
