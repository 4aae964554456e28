"""A gallery's embeddings are numbers: a file that would run code when it is read is refused, and does not run it."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from lookalike.errors import DamagedFile
from lookalike.faces.embedder import Embedder
from lookalike.gallery.local import open_gallery
from lookalike.settings import Settings


@dataclasses.dataclass(frozen=True)
class Trap:
    """Unpickled, it makes a file."""

    path: Path

    def __reduce__(self) -> tuple[object, tuple[Path]]:
        return Path.touch, (self.path,)


@pytest.fixture
def copy(tmp_path: Path, settings: Settings) -> Path:
    return Path(shutil.copytree(settings.gallery, tmp_path / "gallery"))


@pytest.mark.parametrize("archive", [False, True])
def test_a_pickle_in_the_place_of_embeddings_is_never_opened(
    copy: Path, tmp_path: Path, embedder: Embedder, archive: bool
) -> None:
    sprung = tmp_path / "sprung"
    path = copy / "embeddings-0.npy"
    with path.open("wb") as file:  # an open file, to which NumPy adds no ending
        trap = np.array([Trap(sprung)], dtype=object)
        if archive:
            np.savez(file, trap=trap)
        else:
            np.save(file, trap, allow_pickle=True)
    index = json.loads((copy / "gallery.json").read_text())
    index["embeddings"]["sha256"] = hashlib.sha256(path.read_bytes()).hexdigest()
    (copy / "gallery.json").write_text(json.dumps(index))
    with pytest.raises(DamagedFile, match="holds no embeddings"):
        open_gallery(copy, embedder.entry)
    assert not sprung.exists()
