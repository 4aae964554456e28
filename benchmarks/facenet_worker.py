"""facenet-pytorch in a process of its own, so that neither side's allocator disturbs the other's memory."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import torch
from PIL import Image

from benchmarks.worker import serve
from export.networks.facenet import facenet_pytorch

torch.set_num_threads(1)
# Its own defaults, but for all faces instead of one.
MTCNN = facenet_pytorch().MTCNN(keep_all=True)
MATCHES = 5


@cache
def picture(path: str) -> Image.Image:
    with Image.open(path) as image:
        return image.convert("RGB")


@cache
def network(weights: str) -> Any:
    loaded = facenet_pytorch().InceptionResnetV1()
    loaded.load_state_dict(torch.load(weights, weights_only=True), strict=False)
    return loaded.eval()


@cache
def gallery(people: int) -> Any:
    rows = torch.from_numpy(np.random.default_rng(75).normal(0, 1, (people, 512)).astype(np.float32))
    return rows / rows.norm(dim=1, keepdim=True)


def detect(request: dict[str, Any]) -> Any:
    loaded = picture(request["path"])

    def work() -> Any:
        found = MTCNN.detect(loaded, landmarks=True)
        return [None if part is None else np.asarray(part, np.float64).tolist() for part in found]

    return work


def embed(request: dict[str, Any]) -> Any:
    loaded, boxes, model = picture(request["path"]), np.array(request["boxes"], np.float32), network(request["weights"])

    def work() -> Any:
        with torch.no_grad():
            return model(MTCNN.extract(loaded, boxes, None)).tolist()

    return work


def answer(request: dict[str, Any]) -> Any:
    """As facenet-pytorch's own example goes."""
    model, people = network(request["weights"]), gallery(request["people"])

    def work() -> Any:
        with torch.no_grad():
            faces = MTCNN(Image.open(Path(request["path"])).convert("RGB"))
            return (model(faces) @ people.T).topk(MATCHES).indices.tolist()

    return work


serve({"detect": detect, "embed": embed, "answer": answer})
