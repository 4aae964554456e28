"""ONNX Runtime sessions, with the settings that suit a function: one thread, no telemetry, steady memory."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import numpy as np

from lookalike.faces.manifest import Network, Readiness

# Since 1.29 ONNX Runtime reports usage by default, and it looks at this variable when it is imported.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"

import onnxruntime


def open_network(network: Network, threads: int, ready: bool) -> Any:
    """A session for a manifest's network: of its graph made `ready`, where there is one, or of the portable one."""
    if ready and network.ready is not None:
        return open_session(network.ready.path, threads, optimised=True)
    return open_session(network.path, threads)


def suits_this_processor(readiness: Readiness) -> bool:
    """Whether ready graphs give right answers here.

    They hold weights in the order of one kind of processor (blocks of 16 channels with AVX-512, of 8 without), and would
    be misread in silence by another. ONNX Runtime itself is asked: the probe's first block ends where channel 0 returns.
    """
    if onnxruntime.__version__ != readiness.onnxruntime:
        return False
    channels = np.arange(32, dtype=np.float32).reshape(1, 32, 1, 1).repeat(2, axis=3)
    try:
        answer = open_session(readiness.probe.path).run(None, {"pixels": channels})[0].ravel()
    except Exception:
        # Where there is no blocked order at all, the probe's operator is unknown.
        return False
    return bool(np.flatnonzero(answer == 0).tolist() == [0, readiness.block])


def open_session(model: Path | bytes, threads: int = 1, optimised: bool = False) -> Any:
    """An onnxruntime.InferenceSession for a file or for a serialised model; `optimised`: it needs no more of that."""
    options = session_options(threads)
    if optimised:
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    source = model if isinstance(model, bytes) else str(model)
    return onnxruntime.InferenceSession(source, options, providers=["CPUExecutionProvider"])


def session_options(threads: int = 1) -> Any:
    """The onnxruntime.SessionOptions that all our sessions share."""
    options = onnxruntime.SessionOptions()
    # Lambda shows two CPUs where it grants one; more threads than granted CPUs are slower.
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.execution_mode = onnxruntime.ExecutionMode.ORT_SEQUENTIAL
    options.log_severity_level = 3
    # A spinning thread burns the CPU share that the next request pays for.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return options
