"""ONNX Runtime sessions, with the settings that suit a function: one thread, no telemetry, steady memory."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

# Since 1.29 ONNX Runtime reports usage by default, and it looks at this variable when it is imported.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"

import onnxruntime


def open_session(model: Path | bytes, threads: int = 1) -> Any:
    """An onnxruntime.InferenceSession for a file or for a serialised model."""
    options = onnxruntime.SessionOptions()
    # Lambda shows two CPUs where it grants one; more threads than granted CPUs are slower.
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.execution_mode = onnxruntime.ExecutionMode.ORT_SEQUENTIAL
    options.log_severity_level = 3
    # A spinning thread burns the CPU share that the next request pays for.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    source = model if isinstance(model, bytes) else str(model)
    return onnxruntime.InferenceSession(source, options, providers=["CPUExecutionProvider"])
