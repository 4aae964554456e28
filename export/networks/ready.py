"""Networks ready to start: optimised ahead of time for this machine's kind of processor, with weights that are mapped.

Opening a network, ONNX Runtime parses its weights, optimises its graph and brings the weights into the blocked order
that its convolutions read (NCHWc): the larger part of a cold start, and twice the memory. Here that is done once. Three
files come out of each network: its weights in that order, which are mapped into memory rather than read; the graph
optimised for this kind of processor, which takes them as they are; and the portable graph, which first puts them back
into their own order, for any other processor. The weights are there only once.

The blocked order is ONNX Runtime's own affair. So nothing is assumed about it here: weights count as understood when
they are found, byte for byte, in one of two orders; and the function asks its own ONNX Runtime with a probe whether its
order is the same before it takes the optimised graph (lookalike/faces/sessions.py).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import onnx
import onnxruntime
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from export.errors import VerificationFailed
from export.files import sha256
from lookalike.faces.sessions import open_session, session_options

Array = NDArray[Any]
Entry = dict[str, Any]

_BLOCKED = "com.microsoft.nchwc"  # the domain of operators that work in blocked order
_BLOCKS = (16, 8)  # channels to a block: with AVX-512, and without
_SMALL = 1024  # bytes; smaller tensors stay in the graph


def make_ready(models: Path) -> list[str]:
    """Replace the networks in `models` by ready ones, and their entries in its manifest. Returns their names.

    Networks that are ready already stay as they are; so do those that do not work in blocked order (int8 ones), and all
    where ONNX Runtime has no such order. Raises VerificationFailed when a graph made here answers otherwise than the
    network it was made from.
    """
    path = models / "manifest.json"
    manifest = json.loads(path.read_bytes())
    if "ready" in manifest:
        return []
    entries = manifest["detector"]["networks"] | {manifest["embedder"]["model"]: manifest["embedder"]}
    names = [name for name, entry in entries.items() if _make_ready(models, name, entry)]
    if names:
        manifest["ready"] = {"onnxruntime": onnxruntime.__version__} | _probe(models / "probe.onnx")
        path.write_text(json.dumps(manifest, indent=2, ensure_ascii=False) + "\n")
    return names


def _make_ready(models: Path, name: str, entry: Entry) -> bool:
    source = models / entry["file"]
    weights, ready, portable = (models / f"{name}.{suffix}" for suffix in ("weights", "ready.onnx", "portable.onnx"))
    plain = simplified(onnx.load(source))
    blocked = _optimised(plain, weights)
    if blocked is None:
        return False
    onnx.save(blocked, ready)
    onnx.save(_reading(plain, weights, _stored(blocked, weights)), portable)
    _verify(name, source, ready, portable)
    source.unlink()
    entry |= _file(portable) | {"ready": _file(ready), "tensors": _file(weights)}
    return True


def simplified(model: onnx.ModelProto) -> onnx.ModelProto:
    """The network with what is constant in it computed: weights out of fp16.py's float16, factors inside convolutions."""
    with TemporaryDirectory() as directory:
        options = session_options()
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_BASIC
        options.optimized_model_filepath = str(Path(directory) / "simplified.onnx")
        onnxruntime.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])
        return onnx.load(options.optimized_model_filepath)


def _optimised(model: onnx.ModelProto, weights: Path) -> onnx.ModelProto | None:
    """The graph as ONNX Runtime has it on this processor, its large tensors in `weights`; None if it is not blocked."""
    with TemporaryDirectory(dir=weights.parent) as directory:
        path = Path(directory) / "optimised.onnx"
        options = session_options()
        options.optimized_model_filepath = str(path)
        options.add_session_config_entry("session.optimized_model_external_initializers_file_name", weights.name)
        options.add_session_config_entry("session.optimized_model_external_initializers_min_size_in_bytes", str(_SMALL))
        onnxruntime.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])
        optimised = onnx.load(path, load_external_data=False)
        if not any(node.domain == _BLOCKED for node in optimised.graph.node):
            return None
        (Path(directory) / weights.name).replace(weights)
    for node in optimised.graph.node:
        node.name = ""  # ONNX Runtime numbers its own nodes as its hash tables happen to lie; nothing refers to them
    return optimised


def _stored(model: onnx.ModelProto, weights: Path) -> dict[bytes, TensorProto]:
    """The tensors kept in the file `weights`, by their bytes there."""
    content = weights.read_bytes()
    stored = {}
    for tensor in model.graph.initializer:
        if tensor.data_location == TensorProto.EXTERNAL:
            place = {entry.key: entry.value for entry in tensor.external_data}
            offset = int(place.get("offset", 0))
            stored[content[offset : offset + int(place["length"])]] = tensor
    return stored


@dataclass(frozen=True)
class _Order:
    """Weights [out, in, height, width] with their channels in blocks, and the way back."""

    values: Array
    back: tuple[int, ...]  # the transposition that undoes it …
    shape: tuple[int, ...]  # … to this shape: the weights' own, with zeros added where channels did not fill a block


def _orders(weights: Array) -> Iterator[_Order]:
    """The orders in which ONNX Runtime may have stored a convolution's weights."""
    for block in _BLOCKS:
        out, inner = (-(-count // block) for count in weights.shape[:2])
        for blocked_input in (True, False):
            shape = (out * block, inner * block if blocked_input else weights.shape[1], *weights.shape[2:])
            filled = np.pad(weights, [(0, new - old) for new, old in zip(shape, weights.shape, strict=True)])
            if blocked_input:
                split = filled.reshape(out, block, inner, block, *shape[2:])
                yield _Order(split.transpose(0, 2, 4, 5, 3, 1), (0, 5, 1, 4, 2, 3), shape)
            else:
                split = filled.reshape(out, block, *shape[1:])
                yield _Order(split.transpose(0, 2, 3, 4, 1), (0, 4, 1, 2, 3), shape)


def _reading(model: onnx.ModelProto, weights: Path, stored: dict[bytes, TensorProto]) -> onnx.ModelProto:
    """The graph with its large tensors read from the file `weights`, in whatever order that holds them."""
    convolved = {node.input[1] for node in model.graph.node if node.op_type == "Conv"}
    kept, nodes = [], []
    for tensor in model.graph.initializer:
        values = numpy_helper.to_array(tensor)
        if (found := stored.get(values.tobytes())) is not None:
            kept.append(_elsewhere(tensor.name, values.shape, found))
            continue
        orders = _orders(values) if tensor.name in convolved else ()
        order = next((order for order in orders if order.values.tobytes() in stored), None)
        if order is None:
            kept.append(tensor)
            continue
        kept.append(_elsewhere(f"{tensor.name}_blocked", order.values.shape, stored[order.values.tobytes()]))
        for name, numbers in (("shape", order.shape), ("start", [0] * values.ndim), ("stop", values.shape)):
            kept.append(numpy_helper.from_array(np.array(numbers, np.int64), f"{tensor.name}_{name}"))
        names = [f"{tensor.name}_{step}" for step in ("blocked", "turned", "filled")]
        nodes += [
            helper.make_node("Transpose", [names[0]], [names[1]], perm=order.back),
            helper.make_node("Reshape", [names[1], f"{tensor.name}_shape"], [names[2]]),
            helper.make_node("Slice", [names[2], f"{tensor.name}_start", f"{tensor.name}_stop"], [tensor.name]),
        ]
    nodes += model.graph.node
    del model.graph.initializer[:], model.graph.node[:]
    model.graph.initializer.extend(kept)
    model.graph.node.extend(nodes)
    return model


def _elsewhere(name: str, shape: tuple[int, ...], stored: TensorProto) -> TensorProto:
    """A tensor of that name and shape, whose values are those of `stored`."""
    tensor = TensorProto(name=name, data_type=TensorProto.FLOAT, dims=shape, data_location=TensorProto.EXTERNAL)
    tensor.external_data.extend(stored.external_data)
    return tensor


def _probe(path: Path) -> Entry:
    """Write a graph that brings 32 channels into blocked order; entries for it, and how many are in a block here."""
    pixels = np.arange(32, dtype=np.float32).reshape(1, 32, 1, 1).repeat(2, axis=3)
    node = helper.make_node("ReorderInput", ["pixels"], ["blocked"], domain=_BLOCKED)
    values = [helper.make_tensor_value_info(name, TensorProto.FLOAT, pixels.shape) for name in ("pixels", "blocked")]
    opsets = [helper.make_opsetid("", 17), helper.make_opsetid(_BLOCKED, 1)]
    graph = helper.make_graph([node], "which order are blocks in?", values[:1], values[1:])
    model = helper.make_model(graph, opset_imports=opsets, ir_version=8, producer_name="lookalike")
    path.write_bytes(model.SerializeToString())
    answer = open_session(path).run(None, {"pixels": pixels})[0].ravel()
    return {"block": int(np.flatnonzero(answer == 0)[1]), "probe": _file(path)}


def _verify(name: str, source: Path, ready: Path, portable: Path) -> None:
    sessions = [open_session(source), open_session(portable), open_session(ready, optimised=True)]
    wanted = sessions[0].get_inputs()[0]
    for count in (1, 3):
        shape = [
            size if isinstance(size, int) else (count if place == 0 else 61) for place, size in enumerate(wanted.shape)
        ]
        values = np.random.default_rng(count).uniform(-1, 1, shape).astype(np.float32)
        expected, *others = (session.run(None, {wanted.name: values})[0] for session in sessions)
        for found in others:
            # Written so that NaN fails, too.
            if not np.abs(found - expected).max() <= 1e-5 * np.abs(expected).max():
                raise VerificationFailed(f"{name}, made ready, answers otherwise than {source.name}.")


def _file(path: Path) -> Entry:
    return {"file": path.name, "sha256": sha256(path), "bytes": path.stat().st_size}
