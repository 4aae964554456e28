"""face_recognition, that is dlib, in a process and an environment of its own."""

from __future__ import annotations

import importlib
import warnings
from functools import cache, partial
from typing import Any

import numpy as np
from worker import serve  # type: ignore[import-not-found]  # beside this file, which is all that this environment has

warnings.simplefilter("ignore")  # face_recognition_models finds its files through the deprecated pkg_resources
dlib: Any = importlib.import_module("face_recognition")

GALLERY = np.random.default_rng(75).normal(0, 0.1, (75, 128))


@cache
def picture(path: str) -> Any:
    return dlib.load_image_file(path)


@cache
def boxes(path: str) -> Any:
    return dlib.face_locations(picture(path))


def detect(request: dict[str, Any]) -> Any:
    loaded = picture(request["path"])
    return lambda: len(dlib.face_locations(loaded))


def embed(request: dict[str, Any]) -> Any:
    work = partial(dlib.face_encodings, picture(request["path"]), boxes(request["path"]))
    return lambda: len(work())


def answer(request: dict[str, Any]) -> Any:
    def work() -> int:
        found = dlib.face_encodings(dlib.load_image_file(request["path"]))
        return len([np.argsort(dlib.face_distance(GALLERY, one))[:5] for one in found])

    return work


serve({"detect": detect, "embed": embed, "answer": answer})
