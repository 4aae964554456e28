"""The file as the function takes it: "face" float32 [N,3,size,size] to "embedding" float32 [N,width], any batch."""

from __future__ import annotations

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper, version_converter

from export.networks.onnx_file.reading import NetworkFile, NotAFaceNetwork
from lookalike.faces.sessions import open_session

_OPSET, _IR_VERSION = 18, 9  # as our own networks
_UNIT = 1e-3  # embeddings whose length is as near to 1 are unit vectors already


def normal_form(file: NetworkFile, unit_length: bool) -> onnx.ModelProto:
    """The network with our names, opset and an open batch; it answers with unit vectors where these are wanted.

    Raises NotAFaceNetwork when it cannot take several faces at once.
    """
    model = _at_our_opset(file.model)
    _open_batch(model.graph)
    for field in ("input", "output", "value_info"):  # shapes of one batch; old files list their weights as inputs
        model.graph.ClearField(field)
    _rename(model.graph, file.face, "face")
    _rename(model.graph, file.embedding, "embedding")
    model.graph.input.append(helper.make_tensor_value_info("face", TensorProto.FLOAT, ["N", 3, file.size, file.size]))
    model.graph.output.append(helper.make_tensor_value_info("embedding", TensorProto.FLOAT, ["N", file.width]))
    lengths = np.linalg.norm(_several(file, model), axis=1)
    if unit_length and np.abs(lengths - 1).max() > _UNIT:
        _rename(model.graph, "embedding", "raw_embedding")
        model.graph.output[0].name = "embedding"
        model.graph.node.append(helper.make_node("LpNormalization", ["raw_embedding"], ["embedding"], axis=1, p=2))
    return model


def _at_our_opset(given: onnx.ModelProto) -> onnx.ModelProto:
    model = onnx.ModelProto()
    model.CopyFrom(given)
    model.ir_version = max(model.ir_version, _IR_VERSION)
    opset = next(item.version for item in model.opset_import if item.domain in ("", "ai.onnx"))
    if opset >= _OPSET:
        return model
    try:
        return version_converter.convert_version(model, _OPSET)
    except Exception:  # onnx knows no way for some operators: ONNX Runtime runs the old ones just as well
        return model


def _open_batch(graph: onnx.GraphProto) -> None:
    """Files made for one face reshape to [1, …]; 0 stands there for the batch, whatever it is."""
    constants = {tensor.name: numpy_helper.to_array(tensor) for tensor in graph.initializer}
    for node in graph.node:
        if node.op_type == "Constant" and node.attribute[0].name == "value":
            constants[node.output[0]] = numpy_helper.to_array(node.attribute[0].t)
    for place, node in enumerate(graph.node):
        if node.op_type != "Reshape" or node.input[0] in constants or node.input[1] not in constants:
            continue
        shape = constants[node.input[1]]
        if len(shape) > 1 and shape[0] == 1:
            name = f"{node.input[1]}_of_batch_{place}"
            graph.initializer.append(numpy_helper.from_array(np.array([0, *shape[1:]], np.int64), name))
            node.input[1] = name


def _rename(graph: onnx.GraphProto, old: str, new: str) -> None:
    """Give the value `old` the name `new`, and what has that name already another."""
    if old == new:
        return
    names = {old: new, new: f"{new}_within"}
    for node in graph.node:
        for values in (node.input, node.output):
            values[:] = [names.get(name, name) for name in values]
        for attribute in node.attribute:
            if attribute.HasField("g"):
                _rename(attribute.g, old, new)
    for tensor in graph.initializer:
        tensor.name = names.get(tensor.name, tensor.name)


def _several(file: NetworkFile, model: onnx.ModelProto) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    """Embeddings of three pictures of noise at once."""
    noise = np.random.default_rng(1).uniform(-1, 1, (3, 3, file.size, file.size)).astype(np.float32)
    try:
        embeddings = open_session(model.SerializeToString()).run(None, {"face": noise})[0]
    except Exception as error:  # ONNX Runtime's own errors have no common base but this
        raise NotAFaceNetwork("The network takes one face at a time only: export it with an open batch.") from error
    if embeddings.shape != (3, file.width):
        raise NotAFaceNetwork("The network takes one face at a time only: export it with an open batch.")
    return np.asarray(embeddings, np.float32)
