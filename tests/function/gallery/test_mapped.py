"""A very large gallery's index finds the same people as an exact search, and is not used once the gallery has changed."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import os
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from export.gallery.index import _lost, _mend, build_index
from lookalike.errors import DamagedFile
from lookalike.faces.embedder import Embedder
from lookalike.faces.manifest import EmbedderEntry
from lookalike.finder import Finder
from lookalike.gallery.local import LocalGallery, open_gallery
from lookalike.gallery.mapped import MappedGallery, new_index
from lookalike.gallery.stores import open_store
from lookalike.settings import Settings
from tests.support import with_recipe

WIDTH = 32


@pytest.fixture
def entry(embedder: Embedder) -> EmbedderEntry:
    return with_recipe(embedder.entry, width=WIDTH)


def write(directory: Path, entry: EmbedderEntry, counts: list[int], seed: int = 1, spread: float = 0.1) -> Settings:
    """A gallery of so many photos a person, each person's near each other."""
    generator = np.random.default_rng(seed)
    centres = np.repeat(generator.normal(0, spread, (len(counts), WIDTH)), counts, axis=0)
    rows = (centres + generator.normal(0, spread / 2, centres.shape)).astype(np.float32)
    people = [
        {
            "id": f"p{i}",
            "name": f"N{i}",
            "department": "",
            "photos": [{"portrait": f"{i}-{j}.jpg", "source": "", "sha256": ""} for j in range(count)],
        }
        for i, count in enumerate(counts)
    ]
    names = {"embeddings": f"embeddings-{seed:012}.npy", "people": "people-000000000001.json"}
    np.save(directory / names["embeddings"], rows)
    (directory / names["people"]).write_text(json.dumps(people))
    digest = {part: hashlib.sha256((directory / name).read_bytes()).hexdigest() for part, name in names.items()}
    index = {
        "version": 2,
        "fingerprint": entry.fingerprint,
        "model": entry.model,
        **{part: {"file": name, "sha256": digest[part]} for part, name in names.items()},
        "pairs": {"quantiles": [-0.5, 0.5]},
        "nearest": {"quantiles": [0.0, 0.4]},
        "stands_out": 3.0,
    }
    (directory / "gallery.json").write_text(json.dumps(index))
    return Settings(gallery=directory)


def opened(settings: Settings, entry: EmbedderEntry) -> tuple[LocalGallery, Any]:
    return open_gallery(settings.gallery, entry, settings.verify), open_store(settings, entry)


def quietly(done: int, total: int) -> None:
    pass


@pytest.mark.parametrize("counts", [[1] * 3000, [3] * 1000, [150] * 20], ids=["one photo", "three", "very many"])
def test_finds_the_same_people_as_an_exact_search(tmp_path: Path, entry: EmbedderEntry, counts: list[int]) -> None:
    settings = write(tmp_path, entry, counts)
    build_index(tmp_path, entry, quietly)
    exact, mapped = opened(settings, entry)
    assert isinstance(mapped, MappedGallery)
    assert (mapped.people, mapped.count, mapped.rows) == (exact.people, exact.count, exact.rows)
    for row in range(0, exact.rows, exact.rows // 10):
        probe = exact.embeddings[row] + np.float32(0.005)
        for k in (1, 5):
            found, expected = mapped.search(probe, k), exact.search(probe, k)
            assert [(m.rank, m.person, m.portrait) for m in found] == [(m.rank, m.person, m.portrait) for m in expected]
            for one, other in zip(found, expected, strict=True):
                assert np.array_equal(one.embedding, other.embedding) and one.strong == other.strong
                assert one.similarity == pytest.approx(other.similarity, abs=1e-5)
                assert one.closer_than == pytest.approx(other.closer_than, abs=1e-2)


def test_asks_for_more_people_than_there_are(tmp_path: Path, entry: EmbedderEntry) -> None:
    settings = write(tmp_path, entry, [2, 1, 3])
    build_index(tmp_path, entry, quietly)
    _, mapped = opened(settings, entry)
    assert sorted(match.person.id for match in mapped.search(np.zeros(WIDTH, np.float32), 50)) == ["p0", "p1", "p2"]


def test_the_spread_of_several_photos_takes_from_every_similarity(tmp_path: Path, entry: EmbedderEntry) -> None:
    settings = write(tmp_path, entry, [1, 1])
    build_index(tmp_path, entry, quietly)
    _, mapped = opened(settings, entry)
    probe = np.zeros(WIDTH, np.float32)
    plain, with_spread = mapped.search(probe, 2), mapped.search(probe, 2, spread=0.1)
    for one, other in zip(plain, with_spread, strict=True):
        assert one.similarity - other.similarity == pytest.approx(0.1 / (2 * entry.radius**2), abs=1e-5)


def test_progress_counts_faces_added_and_then_faces_checked(tmp_path: Path, entry: EmbedderEntry) -> None:
    write(tmp_path, entry, [1] * 1200)
    seen: list[tuple[int, int]] = []
    build_index(tmp_path, entry, lambda done, total: seen.append((done, total)))
    assert seen == [(1000, 2400), (1200, 2400), (2200, 2400), (2400, 2400)]


@pytest.mark.parametrize(("farthest", "lost"), [(0.0, []), (0.5, [0])])
def test_a_face_is_lost_unless_the_ten_found_are_all_the_same(farthest: float, lost: list[int]) -> None:
    class Index:
        def search(self, rows: Any, count: int) -> Any:
            """Nine copies of the face and another one, but not the face itself, which is number 0."""
            distances = np.array([[0.0] * 9 + [farthest]], np.float32)
            return SimpleNamespace(keys=np.arange(1, 11)[None], distances=distances)

    assert _lost(Index(), np.zeros((1, WIDTH), np.float32), lambda checked: None).tolist() == lost


def test_every_face_is_found_by_itself(tmp_path: Path, entry: EmbedderEntry) -> None:
    settings = write(tmp_path, entry, [1] * 1000)
    build_index(tmp_path, entry, quietly)
    exact, mapped = opened(settings, entry)
    for row, person in enumerate(exact.people):
        assert mapped.search(exact.embeddings[row], 1)[0].person == person


def test_a_face_that_no_way_leads_to_is_added_again(tmp_path: Path) -> None:
    rows = np.random.default_rng(2).normal(size=(50, WIDTH)).astype(np.float32)
    index = new_index(WIDTH)
    index.add(np.arange(45), rows[:45])
    lost = _lost(index, rows, lambda checked: None)
    assert lost.tolist() == [45, 46, 47, 48, 49]
    _mend(index, rows, lost, tmp_path)
    assert len(index) == 50 and len(_lost(index, rows, lambda checked: None)) == 0


def test_many_copies_of_one_photo_can_be_indexed(tmp_path: Path, entry: EmbedderEntry) -> None:
    settings = write(tmp_path, entry, [1] * 40, spread=0)
    build_index(tmp_path, entry, quietly)
    _, mapped = opened(settings, entry)
    assert len(mapped.search(np.zeros(WIDTH, np.float32), 50)) == 40


def test_the_finder_takes_the_index_that_is_there(settings: Settings, tmp_path: Path, photo_file: Path) -> None:
    for path in settings.gallery.glob("*.*"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    own = dataclasses.replace(settings, gallery=tmp_path)
    exact = Finder.open(own)
    build_index(tmp_path, exact.embedder.entry, quietly)
    mapped = Finder.open(own)
    assert isinstance(mapped.gallery, MappedGallery)
    first, second = (finder.find([photo_file.read_bytes()]).to_json()["faces"][0] for finder in (exact, mapped))
    assert first["matches"][0]["person"] == second["matches"][0]["person"]


def test_an_index_of_other_embeddings_is_not_used(tmp_path: Path, entry: EmbedderEntry) -> None:
    write(tmp_path, entry, [1] * 10)
    build_index(tmp_path, entry, quietly)
    settings = write(tmp_path, entry, [1] * 11, seed=2)
    assert isinstance(open_store(settings, entry), LocalGallery)


@pytest.mark.parametrize("verify", ["hash", "size"])
@pytest.mark.parametrize("content", [b"", b"not an index"], ids=["empty", "garbage"])
def test_a_damaged_index_stops_the_start(tmp_path: Path, entry: EmbedderEntry, content: bytes, verify: str) -> None:
    settings = write(tmp_path, entry, [1] * 10)
    build_index(tmp_path, entry, quietly).write_bytes(content)
    standard_input = os.fstat(0)
    with pytest.raises(DamagedFile, match="lookalike gallery index"):
        open_store(dataclasses.replace(settings, verify=verify), entry)
    assert os.path.samestat(os.fstat(0), standard_input)


def test_an_index_changed_where_usearch_does_not_look_stops_the_start(tmp_path: Path, entry: EmbedderEntry) -> None:
    settings = write(tmp_path, entry, [1] * 10)
    path = build_index(tmp_path, entry, quietly)
    content = bytearray(path.read_bytes())
    content[100] ^= 1
    path.write_bytes(content)
    with pytest.raises(DamagedFile, match="its content changed"):
        open_store(settings, entry)


def test_an_index_of_fewer_embeddings_stops_the_start(tmp_path: Path, entry: EmbedderEntry) -> None:
    write(tmp_path, entry, [1] * 10)
    build_index(tmp_path, entry, quietly)
    settings = write(tmp_path, entry, [1] * 11)
    with pytest.raises(DamagedFile, match="does not hold 11 embeddings"):
        open_store(settings, entry)


def test_a_new_index_takes_the_place_of_the_old_one(tmp_path: Path, entry: EmbedderEntry) -> None:
    write(tmp_path, entry, [1] * 10)
    old = build_index(tmp_path, entry, quietly)
    forgotten = old.rename(old.with_name(old.name.replace(old.name.split(".")[1], "0" * 64)))
    new = build_index(tmp_path, entry, quietly)
    assert new.exists() and not forgotten.exists()


def test_without_usearch_the_search_is_exact(
    tmp_path: Path, entry: EmbedderEntry, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = write(tmp_path, entry, [1] * 10)
    build_index(tmp_path, entry, quietly)
    monkeypatch.setattr("lookalike.gallery.mapped.find_spec", lambda name: None)
    assert isinstance(open_store(settings, entry), LocalGallery)
