"""Search is exact and names each person once; a gallery that cannot be trusted is refused with the way out."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import numpy as np
import pytest

from lookalike.errors import DamagedFile, GalleryMismatch, MissingFile, OlderGallery
from lookalike.faces.embedder import Embedder
from lookalike.gallery.local import LocalGallery, open_gallery
from lookalike.gallery.people import Person, Portrait
from lookalike.gallery.scale import Scale
from lookalike.settings import Settings


def people_with(counts: list[int]) -> tuple[Person, ...]:
    return tuple(
        Person(f"p{i}", f"Person {i}", "", tuple(Portrait(f"{i}-{j}.jpg", "", "") for j in range(count)))
        for i, count in enumerate(counts)
    )


def test_ranks_people_by_their_best_photo_and_names_each_once(embedder: Embedder) -> None:
    generator = np.random.default_rng(5)
    counts = generator.integers(1, 5, 300).tolist()
    rows = generator.normal(0, 0.05, (sum(counts), embedder.entry.width)).astype(np.float32)
    probe = generator.normal(0, 0.05, embedder.entry.width).astype(np.float32)
    gallery = LocalGallery(
        people_with(counts), rows, embedder.entry, Scale(np.linspace(-1, 1, 1001, dtype=np.float32), 0.2)
    )
    owners = np.repeat(np.arange(300), counts)
    similarity = embedder.similarity(rows, probe)
    best = np.array([similarity[owners == person].max() for person in range(300)])
    expected = np.argsort(-best, kind="stable")[:20]
    matches = gallery.search(probe, 20)
    assert [match.person.id for match in matches] == [f"p{person}" for person in expected]
    assert [match.rank for match in matches] == list(range(1, 21))
    assert np.allclose([match.similarity for match in matches], best[expected], atol=1e-5)
    for match, person in zip(matches, expected, strict=True):
        photo = int(np.argmax(similarity[owners == person]))
        assert match.portrait == f"{person}-{photo}.jpg"
        assert np.array_equal(match.embedding, rows[owners == person][photo])


def test_asks_for_more_people_than_there_are(embedder: Embedder) -> None:
    rows = np.zeros((2, embedder.entry.width), np.float32)
    gallery = LocalGallery(people_with([1, 1]), rows, embedder.entry, Scale(np.zeros(2, np.float32), 0))
    assert [match.person.id for match in gallery.search(rows[0], 50)] == ["p0", "p1"]
    nobody = LocalGallery(
        (), np.zeros((0, embedder.entry.width), np.float32), embedder.entry, Scale(np.zeros(0, np.float32), 0)
    )
    assert nobody.search(rows[0], 5) == []


def test_the_spread_of_several_photos_takes_from_every_similarity(embedder: Embedder) -> None:
    """See Embedder.average: it is added to every squared distance, here to 0 and to 0.09."""
    rows = np.zeros((2, embedder.entry.width), np.float32)
    rows[1, 5] = 0.3
    gallery = LocalGallery(people_with([1, 1]), rows, embedder.entry, Scale(np.zeros(2, np.float32), 0))
    found = [match.similarity for match in gallery.search(rows[0], 2, spread=0.1)]
    twice = 2 * embedder.entry.radius**2
    assert found == pytest.approx([1 - 0.1 / twice, 1 - 0.19 / twice], abs=1e-6)


@pytest.fixture
def copy(settings: Settings, tmp_path: Path) -> Path:
    """A gallery of one's own to damage."""
    for file in settings.gallery.glob("*.*"):
        (tmp_path / file.name).write_bytes(file.read_bytes())
    return tmp_path


def test_a_gallery_of_an_earlier_version_is_refused_with_what_brings_it_up_to_date(
    copy: Path, embedder: Embedder
) -> None:
    index = json.loads((copy / "gallery.json").read_text())
    (copy / "gallery.json").write_text(json.dumps(index | {"version": 1}))
    with pytest.raises(OlderGallery, match=r"earlier version.*lookalike gallery build PHOTOS --out"):
        open_gallery(copy, embedder.entry)


def test_a_missing_gallery_names_the_command(tmp_path: Path, embedder: Embedder) -> None:
    with pytest.raises(MissingFile, match="lookalike gallery build"):
        open_gallery(tmp_path / "none", embedder.entry)


def test_another_networks_gallery_is_refused(copy: Path, embedder: Embedder) -> None:
    other = dataclasses.replace(embedder.entry, fingerprint="0" * 16, model="vggface2")
    with pytest.raises(GalleryMismatch, match=r"dlib, not vggface2.*lookalike gallery build"):
        open_gallery(copy, other)


@pytest.mark.parametrize(
    "content", ["", "{", "[]", "null", "{}", '{"version": 9}', "[" * 100_000, '{"version": 2, "fingerprint": 3}']
)
def test_a_damaged_index_is_one_sentence(copy: Path, embedder: Embedder, content: str) -> None:
    (copy / "gallery.json").write_text(content)
    with pytest.raises((DamagedFile, GalleryMismatch)) as caught:
        open_gallery(copy, embedder.entry)
    assert "\n" not in str(caught.value) and "lookalike gallery build" in str(caught.value)


@pytest.mark.parametrize("name", ["embeddings-0.npy", "people-0.json"])
def test_a_changed_or_cut_file_is_refused(copy: Path, embedder: Embedder, name: str) -> None:
    data = (copy / name).read_bytes()
    for damaged in (data[:-7], data[:-1] + b"\xff", b""):
        (copy / name).write_bytes(damaged)
        with pytest.raises(DamagedFile, match=name):
            open_gallery(copy, embedder.entry)
    (copy / name).unlink()
    with pytest.raises(MissingFile, match=name):
        open_gallery(copy, embedder.entry)


def test_file_names_cannot_leave_the_gallery(copy: Path, embedder: Embedder) -> None:
    index = json.loads((copy / "gallery.json").read_text())
    for escape in ("../people-0.json", "/etc/passwd", "..", ""):
        index["people"]["file"] = escape
        (copy / "gallery.json").write_text(json.dumps(index))
        with pytest.raises(DamagedFile, match="file name"):
            open_gallery(copy, embedder.entry)
