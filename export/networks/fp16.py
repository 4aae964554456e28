"""Storing a network's weights in narrowed the bytes."""

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper


def stored_in_fp16(model: onnx.ModelProto) -> onnx.ModelProto:
    """The same graph with its large float32 weights stored as float16, each behind a Cast to float32.

    ONNX Runtime does the casts once, when a session is created: the arithmetic stays float32, and as fast. What has one
    dimension (biases) stays as it is: it weighs next to nothing.
    """
    narrowed = onnx.ModelProto()
    narrowed.CopyFrom(model)
    stored, casts = [], []
    for tensor in narrowed.graph.initializer:
        if tensor.data_type == TensorProto.FLOAT and len(tensor.dims) > 1:
            narrow = numpy_helper.to_array(tensor).astype(np.float16)
            stored.append(numpy_helper.from_array(narrow, f"{tensor.name}_half"))
            casts.append(helper.make_node("Cast", [f"{tensor.name}_half"], [tensor.name], to=TensorProto.FLOAT))
        else:
            stored.append(tensor)
    nodes = casts + list(narrowed.graph.node)
    del narrowed.graph.initializer[:], narrowed.graph.node[:]
    narrowed.graph.initializer.extend(stored)
    narrowed.graph.node.extend(nodes)
    return narrowed
