"""What an ONNX file takes and gives, if it can be a face network; each refusal is one sentence."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime
from numpy.typing import NDArray
from onnx import TensorProto

from export.errors import ExportError
from lookalike.faces.recipe import LARGEST_FACE
from lookalike.faces.sessions import open_session

NARROWEST, WIDEST = 64, 2048  # numbers in an embedding
SMALLEST_FACE = 32  # pixels a side
_MISSING = re.compile(r"No Op registered for (\w+)|(\w+)\(-?\d+\) is not a registered|an implementation for (\w+)")


class NotAFaceNetwork(ExportError):
    """The file is no ONNX file, cannot be run here, or cannot be a network from a face to an embedding."""


@dataclass(frozen=True)
class NetworkFile:
    """A file as it is: what its input and its embedding are called, how large a face and how wide the embedding is."""

    model: onnx.ModelProto
    face: str
    embedding: str
    size: int
    width: int

    @property
    def normalises(self) -> bool:
        """Whether it subtracts a mean and scales before its first layer, as MXNet's ArcFace files do."""
        first = {node.op_type for node in self.model.graph.node[:8] if node.op_type in ("Sub", "Mul")}
        before = next((place for place, node in enumerate(self.model.graph.node) if node.op_type == "Conv"), 0)
        return first == {"Sub", "Mul"} and before >= 2


def read(path: Path) -> NetworkFile:
    """Raises NotAFaceNetwork, or ExportError where there is no file."""
    model = _load(path)
    face = _only_input(path, model)
    size = _size(path, face)
    embedding, width = _embedding(path, model, face.name, size)
    return NetworkFile(model, face.name, embedding, size, width)


def answers(file: NetworkFile, faces: NDArray[np.float32]) -> NDArray[np.float32]:
    """The file's own embeddings [n,width] of `faces` [n,3,size,size], one at a time: its batch may be fixed."""
    session = open_session(file.model.SerializeToString())
    rows: list[NDArray[np.float32]] = [session.run([file.embedding], {file.face: face[None]})[0] for face in faces]
    return np.concatenate(rows)


def _load(path: Path) -> onnx.ModelProto:
    if not path.is_file():
        raise ExportError(f"There is no file {path}.")
    try:
        model = onnx.load(path)
    except Exception as error:  # protobuf's, onnx's and the system's errors have nothing in common
        raise NotAFaceNetwork(
            f"{path} is not an ONNX file, or parts of it are missing ({type(error).__name__})."
        ) from error
    if not model.graph.node:
        raise NotAFaceNetwork(f"{path} is not an ONNX file: there is no network in it.")
    return model


def _only_input(path: Path, model: onnx.ModelProto) -> onnx.ValueInfoProto:
    weights = {tensor.name for tensor in model.graph.initializer}
    inputs: list[onnx.ValueInfoProto] = [value for value in model.graph.input if value.name not in weights]
    if len(inputs) != 1:
        names = ", ".join(value.name for value in inputs) or "none"
        raise NotAFaceNetwork(f"{path} has {len(inputs)} inputs ({names}): a face network has one, the face.")
    kind = inputs[0].type.tensor_type.elem_type
    if kind != TensorProto.FLOAT:
        name = TensorProto.DataType.Name(kind).lower()
        raise NotAFaceNetwork(f"{path} takes {name}: export it with float32 input.")
    return inputs[0]


def _size(path: Path, face: onnx.ValueInfoProto) -> int:
    shape = [dim.dim_value or dim.dim_param or "?" for dim in face.type.tensor_type.shape.dim]
    shown = "[" + ", ".join(map(str, shape)) + "]"
    if len(shape) != 4:
        raise NotAFaceNetwork(f"{path} takes {shown}: a face network takes [batch, 3, height, width].")
    _, channels, height, width = shape
    if shape[3] == 3 and channels != 3:
        raise NotAFaceNetwork(f"{path} takes {shown}, colours last: export it with colours first (NCHW).")
    if not isinstance(height, int) or not isinstance(width, int) or not isinstance(channels, int):
        raise NotAFaceNetwork(f"{path} takes {shown}: only the batch may be open; export it for faces of one size.")
    if channels != 3 or height != width or not SMALLEST_FACE <= height <= LARGEST_FACE:
        raise NotAFaceNetwork(
            f"{path} takes {shown}: a face has 3 colours and is square, {SMALLEST_FACE} to {LARGEST_FACE} pixels a side."
        )
    return height


def _embedding(path: Path, model: onnx.ModelProto, face: str, size: int) -> tuple[str, int]:
    """The name and width of the one output that can be an embedding: the network itself is asked."""
    noise = np.random.default_rng(0).uniform(-1, 1, (1, 3, size, size)).astype(np.float32)
    try:
        session = open_session(model.SerializeToString())
        names = [value.name for value in session.get_outputs()]
        outputs = dict(zip(names, session.run(names, {face: noise}), strict=True))
    except Exception as error:  # ONNX Runtime's own errors have no common base but this
        raise NotAFaceNetwork(
            f"{path} cannot be run by ONNX Runtime {onnxruntime.__version__}: {_why(error)}."
        ) from error
    fitting = {name: answer.shape[1] for name, answer in outputs.items() if _is_embedding(answer)}
    if len(fitting) != 1:
        shapes = ", ".join(f"{name} {list(np.shape(answer))}" for name, answer in outputs.items())
        many = "more than one of these could be" if fitting else "none of these is"
        raise NotAFaceNetwork(
            f"{path} answers with {shapes}: {many} the embedding, float32 [1, {NARROWEST} to {WIDEST}]."
        )
    return next(iter(fitting.items()))


def _is_embedding(answer: Any) -> bool:
    return (
        isinstance(answer, np.ndarray)
        and answer.dtype == np.float32
        and answer.ndim == 2
        and answer.shape[0] == 1
        and NARROWEST <= answer.shape[1] <= WIDEST
    )


def _why(error: Exception) -> str:
    if missing := _MISSING.search(str(error)):
        return f"it lacks the operator {next(filter(None, missing.groups()))}"
    return re.sub(r"\s+", " ", str(error))[:160].rstrip(". ") or type(error).__name__
