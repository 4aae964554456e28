"""The commands that write on this machine, for tests/trust/faults.py: galleries, an index, networks, a site."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from export.gallery.leftovers import small_name
from export.networks.installation import read_installed
from infra.site import make_site
from lookalike.faces.manifest import read_manifest
from lookalike.gallery.directory import read_header
from lookalike.gallery.local import LocalGallery, open_gallery
from lookalike.gallery.mapped import index_paths
from lookalike.settings import Settings
from tests.trust.interrupted import Command, run
from tests.trust.photos import portraits

NAMES = ("Ada Lovelace", "Alan Turing", "김서연", "José Núñez", "Mary Jackson", "Niels Abel", "Emmy Noether")
FEW = frozenset(NAMES[:3])
IMPORTED = frozenset(f"Imported {number}" for number in range(40))


@contextmanager
def on_this_machine(work: Path) -> Iterator[dict[str, Command]]:
    gallery = gallery_of_few(work)
    faculty = work / "faculty_emb.json"
    width = read_manifest(Settings().models).embedder.width
    # As long as an embedding is, about one, and each in a direction of its own.
    faculty.write_text(json.dumps({name: [0.1] * (width - 1) + [int(name[9:]) / 50] for name in IMPORTED}))
    yield {
        "build": _of_gallery(gallery, frozenset(NAMES[:6]), "build", f"{work}/photos", "--out", "{target}"),
        "add": _of_gallery(
            gallery, FEW | {NAMES[6]}, "add", f"{work}/added.jpg", "--name", NAMES[6], "--gallery", "{target}"
        ),
        "remove": _of_gallery(gallery, FEW - {NAMES[1]}, "remove", NAMES[1], "--gallery", "{target}", again=(1,)),
        "import": _of_gallery(gallery, FEW | IMPORTED, "import", str(faculty), "--gallery", "{target}"),
        "index": Command(
            ("-m", "cli.main", "gallery", "index", "{target}"),
            partial(shutil.copytree, gallery),
            _indexes,
            before=0,
            after=1,
            sound=lambda count: count == 2,  # the old and the new, of which either is the gallery's
            leftovers=_hidden,
        ),
        "export": Command(
            ("-m", "cli.main", "export", "--model", "dlib", "--precision", "fp32", "--out", "{target}"),
            partial(shutil.copytree, Settings().models),
            _networks,
            before="fp16",
            after="fp32",
            leftovers=_files_beside_networks,
        ),
    }


def gallery_of_few(work: Path) -> Path:
    """Photos of seven people, and a gallery of three of them, made by the command itself."""
    photos, few = work / "photos", work / "few"
    photos.mkdir()
    few.mkdir()
    pictures = portraits()
    for number, name in enumerate(NAMES):
        pictures[number % 2].rotate(number * 2 - 6).save(photos / f"{name}.jpg", quality=85 + number)
    for name in FEW:
        shutil.copy(photos / f"{name}.jpg", few)
    shutil.move(photos / f"{NAMES[6]}.jpg", work / "added.jpg")
    made = _of_gallery(work, FEW, "build", str(few), "--out", "{target}")
    status, _, errors = run(made, work / "gallery")
    assert status == 0 and people(work / "gallery") == FEW, errors
    return work / "gallery"


def people(gallery: Path) -> frozenset[str]:
    return frozenset(person.name for person in _opened(gallery).people)


def _of_gallery(gallery: Path, after: object, *arguments: str, again: tuple[int, ...] = (0,)) -> Command:
    begin = partial(shutil.copytree, gallery)
    command = ("-m", "cli.main", "gallery", *arguments)
    return Command(command, begin, people, FEW, after, leftovers=_files_beside_gallery, again=again)


def _opened(gallery: Path) -> LocalGallery:
    return open_gallery(gallery, read_manifest(Settings().models).embedder)


def _files_beside_gallery(target: Path) -> set[str]:
    opened = _opened(target)
    index = json.loads((target / "gallery.json").read_bytes())
    named = {"gallery.json", index["people"]["file"], index["embeddings"]["file"]}
    portraits = {photo.portrait for person in opened.people for photo in person.photos}
    named |= {f"portraits/{name}" for portrait in portraits for name in (portrait, small_name(portrait))}
    return {str(path.relative_to(target)) for path in target.rglob("*") if path.is_file()} ^ named


def _indexes(target: Path) -> int:
    return len(index_paths(target, read_header(target, read_manifest(Settings().models).embedder)))


def _hidden(folder: Path) -> set[str]:
    return {path.name for path in folder.glob(".*")}


def _networks(target: Path) -> object:
    found = read_installed(target)
    return found and found["embedder"]["precision"]


def _files_beside_networks(target: Path) -> set[str]:
    found = read_installed(target) or {}
    entries = [*found["detector"]["networks"].values(), found["embedder"]]
    return {path.name for path in target.iterdir()} ^ {"manifest.json", *(entry["file"] for entry in entries)}


@contextmanager
def making_a_site(work: Path) -> Iterator[dict[str, Command]]:
    """One that was made before is made anew. For a moment there may be none, never a half one."""
    gallery, site = gallery_of_few(work), work / "site"
    settings = Settings(gallery=gallery)
    make_site(site, settings)
    after = _sizes(site)
    shutil.copytree(site, work / "site-before")
    (work / "site-before" / "earlier.txt").write_text("What was left of the site before.")
    command = Command(
        ("-m", "infra.site", "{target}"),
        partial(shutil.copytree, work / "site-before"),
        _sizes,
        before=_sizes(work / "site-before"),
        after=after,
        sound=lambda files: not files,
        leftovers=lambda target: {path.name for path in target.parent.iterdir()} ^ {target.name},
        variables={"LOOKALIKE_GALLERY": str(gallery)},
    )
    yield {"site": command}


def _sizes(folder: Path) -> frozenset[tuple[str, int]]:
    return frozenset(
        (str(path.relative_to(folder)), path.stat().st_size) for path in folder.rglob("*") if path.is_file()
    )
