"""Damaged, swapped or foreign models and galleries: one clear sentence at the start, and never a wrong answer later."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper

from lookalike.errors import DamagedFile, GalleryMismatch, MissingFile, SetupError, Untrained
from lookalike.finder import Finder
from lookalike.settings import Settings

Json = dict[str, Any]


@pytest.fixture
def copies(settings: Settings, tmp_path: Path) -> Settings:
    """Models and gallery to be damaged. The files themselves are links: replace them, never write into them."""
    for kind, source in (("models", settings.models), ("gallery", settings.gallery)):
        shutil.copytree(source, tmp_path / kind, copy_function=lambda a, b: Path(b).symlink_to(Path(a).resolve()))
    return Settings(models=tmp_path / "models", gallery=tmp_path / "gallery")


def replace(path: Path, data: bytes) -> None:
    path.unlink()
    path.write_bytes(data)


def edit(path: Path, change: Callable[[Any], Any]) -> None:
    """A change that gives None was made in place."""
    document = json.loads(path.read_bytes())
    changed = change(document)
    replace(path, json.dumps(document if changed is None else changed).encode())


def refused(settings: Settings, kind: type[SetupError] = DamagedFile) -> str:
    with pytest.raises(kind) as caught:
        Finder.open(settings)
    sentence = str(caught.value)
    assert "\n" not in sentence and "Traceback" not in sentence and len(sentence) < 600
    return sentence


def network_file(settings: Settings, name: str) -> Path:
    manifest = json.loads((settings.models / "manifest.json").read_bytes())
    entry = manifest["embedder"] if name == "embedder" else manifest["detector"]["networks"][name]
    return settings.models / str(entry["file"])


@pytest.mark.parametrize("name", ["pnet", "rnet", "onet", "nms", "embedder"])
@pytest.mark.parametrize("damage", ["missing", "empty", "truncated", "flipped bit", "directory"])
def test_a_damaged_network_stops_the_start(copies: Settings, name: str, damage: str) -> None:
    path = network_file(copies, name)
    data = path.read_bytes()
    path.unlink()
    match damage:
        case "empty":
            path.write_bytes(b"")
        case "truncated":
            path.write_bytes(data[: len(data) // 2])
        case "flipped bit":
            path.write_bytes(data[:100] + bytes([data[100] ^ 1]) + data[101:])
        case "directory":
            path.mkdir()
    assert path.name in refused(copies, MissingFile if damage == "missing" else DamagedFile)


def test_swapped_networks_stop_the_start_even_where_only_sizes_are_looked_at(copies: Settings) -> None:
    pnet, rnet = network_file(copies, "pnet"), network_file(copies, "rnet")
    first, second = pnet.read_bytes(), rnet.read_bytes()
    replace(pnet, second)
    replace(rnet, first)
    refused(copies)
    refused(dataclasses.replace(copies, verify="size"))


def with_embedder(settings: Settings, data: bytes) -> None:
    """Put another network in place, with a manifest that vouches for it."""
    replace(network_file(settings, "embedder"), data)

    def vouch(manifest: Json) -> None:
        manifest["embedder"] |= {"sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data)}

    edit(settings.models / "manifest.json", vouch)


def test_a_network_that_is_none_is_named(copies: Settings) -> None:
    with_embedder(copies, b"not a network")
    assert "ONNX Runtime cannot open it" in refused(copies)


def test_a_network_of_another_shape_than_the_manifest_says_is_named(copies: Settings) -> None:
    pooled = helper.make_node("GlobalAveragePool", ["face"], ["pooled"])
    flat = helper.make_node("Flatten", ["pooled"], ["embedding"])
    graph = helper.make_graph(
        [pooled, flat],
        "colours",
        [helper.make_tensor_value_info("face", TensorProto.FLOAT, ["N", 3, 150, 150])],
        [helper.make_tensor_value_info("embedding", TensorProto.FLOAT, ["N", 3])],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.checker.check_model(model)
    with_embedder(copies, model.SerializeToString())
    assert "unlike what the manifest says" in refused(copies)


def embedder(**changes: object) -> Callable[[Json], None]:
    return lambda manifest: manifest["embedder"].update(changes)


@pytest.mark.parametrize(
    "change",
    [
        lambda manifest: [],
        lambda manifest: manifest.pop("embedder") and None,
        lambda manifest: manifest.update(version=2),
        lambda manifest: manifest["detector"]["networks"].pop("nms") and None,
        lambda manifest: manifest["detector"]["networks"].update(pnet=5),
        embedder(width=512),
        embedder(width=0),
        embedder(width=1e999),
        embedder(size=160),
        embedder(size=10**9),
        embedder(margin=150),
        embedder(scale=0),
        embedder(scale=1e999),
        embedder(radius=-1),
        embedder(radius="wide"),
        embedder(mean=[1, 2]),
        embedder(mean=[1, 2, 1e999]),
        embedder(same_person="alike"),
        embedder(same_person=1e999),
        embedder(cut="torn"),
        embedder(file="../manifest.json"),
        embedder(file="/etc/passwd"),
        embedder(file="dlib\0.onnx"),
        embedder(file=""),
        embedder(file=".."),
        embedder(bytes="many"),
        embedder(bytes=1e999),
        embedder(sha256="0" * 64),
    ],
)
def test_a_manifest_that_is_not_one_stops_the_start(copies: Settings, change: Callable[[Json], Any]) -> None:
    edit(copies.models / "manifest.json", change)
    refused(copies)


@pytest.mark.parametrize("trained", [False, None, "yes", 1])
def test_an_untrained_network_never_answers(copies: Settings, trained: object) -> None:
    edit(copies.models / "manifest.json", embedder(trained=trained))
    refused(copies, Untrained)


NOT_JSON = [
    b"",
    b"{",
    b"\xff\xfe",
    b"null",
    b"5",
    b'"text"',
    b"[" * 100_000,
    b'{"version": ' + b"9" * 5000 + b"}",
    b"\0",
]


@pytest.mark.parametrize("data", NOT_JSON, ids=range(len(NOT_JSON)))
@pytest.mark.parametrize("file", ["models/manifest.json", "gallery/gallery.json"])
def test_what_is_not_json_stops_the_start(copies: Settings, tmp_path: Path, file: str, data: bytes) -> None:
    replace(tmp_path / file, data)
    assert file in refused(copies)


@pytest.mark.parametrize("file", ["models/manifest.json", "gallery/gallery.json"])
def test_a_directory_in_a_files_place_stops_the_start(copies: Settings, tmp_path: Path, file: str) -> None:
    (tmp_path / file).unlink()
    (tmp_path / file).mkdir()
    refused(copies)


def change_part(gallery: Path, part: str, data: bytes) -> None:
    """Replace the people or the embeddings, with an index that vouches for them."""
    index = json.loads((gallery / "gallery.json").read_bytes())
    replace(gallery / index[part]["file"], data)
    index[part]["sha256"] = hashlib.sha256(data).hexdigest()
    replace(gallery / "gallery.json", json.dumps(index).encode())


def people_of(gallery: Path) -> Any:
    index = json.loads((gallery / "gallery.json").read_bytes())
    return json.loads((gallery / index["people"]["file"]).read_bytes())


def with_photo(**changes: object) -> Callable[[list[Json]], None]:
    return lambda people: people[0]["photos"][0].update(changes)


@pytest.mark.parametrize(
    "change",
    [
        lambda people: {},
        lambda people: people[:1],
        lambda people: people + people,
        lambda people: [*people, 5],
        lambda people: people[0].update(photos=[]),
        lambda people: people[0].update(photos=5),
        lambda people: people[0].update(metadata=5),
        lambda people: people[0].update(name="half \ud800 a character"),
        lambda people: people[0].update(name="red \x1b[31m"),
        lambda people: people[0].update(department="two\nlines"),
        lambda people: people[0].update(metadata={"\udfff": "x"}),
        lambda people: people[0].update(metadata={"x": "\udfff"}),
        lambda people: people[0].pop("id") and None,
        with_photo(portrait="../people-0.json"),
        with_photo(portrait="/etc/passwd"),
        with_photo(portrait="..\\..\\x.jpg"),
        with_photo(portrait="a\0.jpg"),
        with_photo(portrait=".."),
        with_photo(portrait=""),
        with_photo(portrait="a" * 10 + "/"),
        with_photo(portrait="https://elsewhere.example/x.jpg"),
        with_photo(portrait="한.jpg"),
        with_photo(portrait=7),
    ],
)
def test_people_that_cannot_be_stop_the_start(copies: Settings, change: Callable[[Any], Any]) -> None:
    people = people_of(copies.gallery)
    changed = change(people)
    change_part(copies.gallery, "people", json.dumps(people if changed is None else changed).encode())
    refused(copies)


def npy(array: np.ndarray[Any, Any]) -> bytes:
    import io

    buffer = io.BytesIO()
    np.save(buffer, array)
    return buffer.getvalue()


GOOD = np.zeros((2, 128), np.float32)
NAN = np.full((2, 128), np.nan, np.float32)
NOT_EMBEDDINGS = {
    "empty": b"",
    "text": b"hello",
    "an archive": b"PK\x03\x04" + bytes(100),
    "a pickle": b"\x80\x04\x95" + bytes(100),
    "half": npy(GOOD)[:600],
    "one row": npy(GOOD[:1]),
    "another width": npy(np.zeros((2, 512), np.float32)),
    "doubles": npy(GOOD.astype(np.float64)),
    "objects": npy(np.array([[{}]], object)),
    "not numbers": npy(NAN),
    "infinite": npy(NAN * 0 + np.inf),
    "by columns": npy(np.asfortranarray(GOOD))[:-1],
    "terabytes": npy(GOOD).replace(b"(2, 128)", b"(9999999999999, 128)"),
    "negative": npy(GOOD).replace(b"(2, 128)", b"(-2, 128)"),
    "code": npy(GOOD).replace(b"(2, 128)", b"exit(99)"),
    "version 9": npy(GOOD)[:6] + b"\x09" + npy(GOOD)[7:],
}


@pytest.mark.parametrize("data", NOT_EMBEDDINGS.values(), ids=NOT_EMBEDDINGS)
def test_embeddings_that_are_none_stop_the_start(copies: Settings, data: bytes) -> None:
    change_part(copies.gallery, "embeddings", data)
    refused(copies)


@pytest.mark.parametrize(
    "change",
    [
        lambda index: index.update(version=3),
        lambda index: index.update(version=0),
        lambda index: index.update(version="two"),
        lambda index: index.update(embeddings={}),
        lambda index: index.update(embeddings=None),
        lambda index: index.update(people=[]),
        lambda index: index["embeddings"].update(file="../x.npy"),
        lambda index: index["embeddings"].update(file="x\0.npy"),
        lambda index: index["people"].update(sha256="0" * 64),
        lambda index: index.update(nearest={"quantiles": [0.5, 0.1]}),
        lambda index: index.pop("nearest") and None,
        lambda index: index.update(stands_out="far"),
        lambda index: index.update(stands_out=0),
        lambda index: index.update(stands_out=float("nan")),
        lambda index: index.update(stands_out=float("inf")),
        lambda index: index.update(pairs={"quantiles": 5}),
        lambda index: index.update(pairs={"quantiles": [[0.1, 0.2], [0.3, 0.4]]}),
        lambda index: index.update(pairs={"quantiles": [0.1, float("nan"), 0.3]}),
        lambda index: index.update(pairs={"quantiles": [0.5, 0.1]}),
        lambda index: index.update(pairs={"quantiles": ["low", "high"]}),
        lambda index: index.pop("pairs") and None,
        lambda index: index.pop("fingerprint") and None,
    ],
)
def test_an_index_that_does_not_say_stops_the_start(copies: Settings, change: Callable[[Json], Any]) -> None:
    edit(copies.gallery / "gallery.json", change)
    refused(copies)


def test_a_gallery_of_another_network_is_refused_with_what_to_do(copies: Settings) -> None:
    edit(copies.gallery / "gallery.json", lambda index: index.update(fingerprint="0" * 16, model="vggface2"))
    sentence = refused(copies, GalleryMismatch)
    assert "vggface2, not dlib" in sentence and "lookalike gallery build" in sentence


@pytest.mark.parametrize("part", ["people", "embeddings"])
def test_files_swapped_behind_the_index_are_noticed(copies: Settings, part: str) -> None:
    """Two people change places: every name would be the other's."""
    index = json.loads((copies.gallery / "gallery.json").read_bytes())
    path = copies.gallery / index[part]["file"]
    if part == "people":
        edit(path, lambda people: people[::-1])
    else:
        replace(path, npy(np.load(path)[::-1].copy()))
    assert "its content changed" in refused(copies)


def test_an_undamaged_copy_opens(copies: Settings) -> None:
    assert Finder.open(copies).gallery.count == 2
