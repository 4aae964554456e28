"""InceptionResnetV1 (FaceNet), from facenet-pytorch's checkpoints to ONNX.

Schroff et al., 2015, arXiv:1503.03832, and Szegedy et al., 2016, arXiv:1602.07261; trained by David Sandberg and ported
by facenet-pytorch, whose own module is both the source of the graph and what it is verified against.
"""

from __future__ import annotations

import io
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import onnx
from numpy.typing import NDArray

from export.errors import DamagedWeights
from export.networks.facenet import facenet_pytorch

if TYPE_CHECKING:
    import torch

MEAN = (127.5, 127.5, 127.5)
SCALE = 128.0
SIZE = 160
WIDTH = 512
CLASSES = {"vggface2": 8631, "casia-webface": 10575}  # people each checkpoint was trained to tell apart

_OPSET = 18


def load(path: Path, model: str) -> Any:
    """facenet-pytorch's InceptionResnetV1 with the checkpoint's weights, in eval mode.

    Raises DamagedWeights, naming what is wrong, when `path` is not a checkpoint of exactly this network.
    """
    import torch

    with torch.device("meta"):  # no memory, and no random numbers drawn for weights that are replaced at once
        network = facenet_pytorch().InceptionResnetV1()
    state = _read(path)
    _check(path, model, state, expected=network.state_dict())
    network.load_state_dict(state, assign=True)
    return network.eval()


def to_onnx(network: Any) -> onnx.ModelProto:
    """The graph "face" float32 [N, 3, 160, 160], (RGB − 127.5) / 128, to "embedding" float32 [N, 512], unit length."""
    import torch

    buffer: Any = io.BytesIO()
    with warnings.catch_warnings():
        # The older exporter, said to go one day: it folds the batch norms, takes 2 s instead of 12, and needs no
        # onnxscript. torch is pinned, and ONNX Runtime makes the same optimised graph of either's result.
        warnings.simplefilter("ignore")
        torch.onnx.export(
            network,
            (torch.zeros(1, 3, SIZE, SIZE),),
            buffer,
            input_names=["face"],
            output_names=["embedding"],
            dynamic_axes={"face": {0: "N"}, "embedding": {0: "N"}},
            opset_version=_OPSET,
            dynamo=False,
        )
    model = onnx.load_from_string(buffer.getvalue())
    model.graph.output[0].type.tensor_type.shape.dim[1].dim_value = WIDTH  # the exporter leaves a made-up name there
    for node in model.graph.node:
        node.ClearField("doc_string")
    return model


def embed(network: Any, faces: NDArray[np.float32]) -> NDArray[np.float32]:
    """What facenet-pytorch itself makes of `faces` [N, 3, 160, 160]: [N, 512]."""
    import torch

    with torch.inference_mode():
        embeddings: NDArray[np.float32] = network(torch.from_numpy(faces)).numpy()
    return embeddings


def _read(path: Path) -> dict[str, torch.Tensor]:
    """The checkpoint's tensors by name, without running any code a pickle may hold."""
    import torch

    try:
        state = torch.load(path, map_location="cpu", weights_only=True)
    except Exception as error:  # torch lets through whatever zipfile, pickle or its own reader stumbles over
        raise DamagedWeights(f"{path} is not a torch checkpoint, or a damaged one: delete it and try again.") from error
    if not isinstance(state, dict) or not all(isinstance(value, torch.Tensor) for value in state.values()):
        raise DamagedWeights(f"{path} is not a checkpoint of named tensors.")
    return state


def _check(path: Path, model: str, state: dict[str, torch.Tensor], expected: dict[str, torch.Tensor]) -> None:
    """Every key and shape must be right. Takes the classification layer, of no use to embeddings, out of `state`."""
    logits = state.pop("logits.weight", None)
    state.pop("logits.bias", None)
    if logits is not None and len(logits) != CLASSES[model]:
        raise DamagedWeights(f"{path} tells {len(logits)} people apart, {model}'s checkpoint {CLASSES[model]}.")
    for name, like in expected.items():
        if name.endswith("num_batches_tracked"):  # a counter of training steps, missing from the oldest checkpoints
            state[name] = state.get(name, like.new_zeros((), device="cpu"))
        elif name not in state:
            raise DamagedWeights(f"{path} is not InceptionResnetV1's: there is no {name} in it.")
        elif state[name].shape != like.shape:
            found, wanted = tuple(state[name].shape), tuple(like.shape)
            raise DamagedWeights(f"{path} is not InceptionResnetV1's: {name} is {found}, not {wanted}.")
        elif not state[name].isfinite().all():
            raise DamagedWeights(f"{path} is damaged: {name} holds numbers that are not finite.")
    if unknown := state.keys() - expected.keys():
        raise DamagedWeights(f"{path} is not InceptionResnetV1's: there is an unknown {min(unknown)} in it.")
