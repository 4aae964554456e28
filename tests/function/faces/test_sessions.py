"""Sessions have the settings that suit a function, and graphs in one processor's order are opened on that kind only."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
import pytest

from lookalike.faces import sessions
from lookalike.faces.manifest import File, Network, Readiness
from lookalike.faces.sessions import open_network, open_session, session_options, suits_this_processor
from lookalike.settings import Settings

PROBE = File(Path("probe.onnx"), "", 0)
VERSION = onnxruntime.__version__


@pytest.mark.parametrize("threads", [1, 3])
def test_one_session_at_a_time_has_so_many_threads_that_never_spin(threads: int) -> None:
    options = session_options(threads)
    assert (options.intra_op_num_threads, options.inter_op_num_threads) == (threads, 1)
    assert options.execution_mode == onnxruntime.ExecutionMode.ORT_SEQUENTIAL
    assert options.get_session_config_entry("session.intra_op.allow_spinning") == "0"
    assert options.log_severity_level == 3  # errors only


def test_by_default_a_session_has_one_thread_and_optimises_its_graph_itself() -> None:
    assert session_options().intra_op_num_threads == 1
    (model,) = Settings().models.glob("pnet*.onnx")
    level = onnxruntime.GraphOptimizationLevel
    for source in (model, model.read_bytes()):
        options = open_session(source).get_session_options()
        assert (options.intra_op_num_threads, options.graph_optimization_level) == (1, level.ORT_ENABLE_ALL)
        options = open_session(source, optimised=True).get_session_options()
        assert options.graph_optimization_level == level.ORT_DISABLE_ALL


def test_the_ready_graph_is_opened_where_it_is_there_and_suits(monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[tuple[str, int, bool]] = []
    monkeypatch.setattr(
        sessions, "open_session", lambda path, threads, optimised=False: opened.append((path.name, threads, optimised))
    )
    plain = Network(Path("plain"), "", 0)
    both = Network(Path("plain"), "", 0, ready=File(Path("ready"), "", 0))
    for network, ready in ((plain, False), (plain, True), (both, False), (both, True)):
        open_network(network, 2, ready)
    assert opened == [("plain", 2, False), ("plain", 2, False), ("plain", 2, False), ("ready", 2, True)]


class Blocked:
    """A processor that puts `block` channels, each of all its pixels, in a block; 1 for none at all."""

    def __init__(self, block: int) -> None:
        self.block = block

    def run(self, outputs: Any, inputs: dict[str, Any]) -> list[Any]:
        pixels = inputs["pixels"]
        count, channels, height, width = pixels.shape
        blocks = pixels.reshape(count, channels // self.block, self.block, height, width)
        return [np.ascontiguousarray(blocks.transpose(0, 1, 3, 4, 2))]


@pytest.mark.parametrize("there", [8, 16, 1])
@pytest.mark.parametrize("made_for", [8, 16])
def test_ready_graphs_suit_a_processor_with_blocks_as_large(
    there: int, made_for: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sessions, "open_session", lambda path: Blocked(there))
    assert suits_this_processor(Readiness(VERSION, made_for, PROBE)) is (there == made_for)
    assert not suits_this_processor(Readiness(f"{VERSION}.1", made_for, PROBE))


def test_where_the_probe_cannot_be_run_they_do_not_suit(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(path: Path) -> Any:
        raise RuntimeError("no such operator")

    monkeypatch.setattr(sessions, "open_session", unknown)
    assert not suits_this_processor(Readiness(VERSION, 8, PROBE))
