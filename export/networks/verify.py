"""Whether an exported network computes what its source computes, and whether it was ever trained."""

from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray

from export.errors import VerificationFailed
from export.networks.embedders import Source
from lookalike.faces.sessions import open_session

_LOWEST_COSINE = 0.99999
_UNTRAINED = 0.99  # random weights give all faces a cosine above 0.999; trained ones keep even drawn faces apart


def verify(name: str, model: bytes, source: Source) -> dict[str, Any]:
    """The manifest's `verification` entry. Raises VerificationFailed unless every embedding equals the source's."""
    onnx.checker.check_model(onnx.load_from_string(model), full_check=True)
    session = open_session(model)
    found, alone = (session.run(["embedding"], {"face": faces})[0] for faces in (source.inputs, source.inputs[:1]))
    difference = float(np.abs(found - source.expected).max())
    cosine = float(_cosines(found, source.expected).min())
    together = float(np.abs(alone - found[:1]).max())
    # Written so that NaN fails, too.
    if not (cosine >= _LOWEST_COSINE and together <= 1e-4):
        raise VerificationFailed(
            f"The exported {name} does not equal {source.against}: largest difference {difference:.2g}, "
            f"lowest cosine {cosine:.6f}; nothing was replaced."
        )
    return {
        "against": source.against,
        "inputs": len(source.inputs),
        "largest_difference": difference,
        "lowest_cosine": cosine,
    }


def is_trained(source: Source) -> bool:
    """Whether some two of clearly different faces get clearly different embeddings."""
    found = source.expected[-source.faces :]
    cosines = [_cosines(found, np.roll(found, shift, axis=0)).min() for shift in range(1, len(found))]
    return bool(min(cosines) < _UNTRAINED)


def _cosines(a: NDArray[np.float32], b: NDArray[np.float32]) -> NDArray[np.float64]:
    """Row by row, in double precision."""
    left, right = a.astype(np.float64), b.astype(np.float64)
    cosines: NDArray[np.float64] = (left * right).sum(1) / (
        np.linalg.norm(left, axis=1) * np.linalg.norm(right, axis=1)
    )
    return cosines
