"""The demo gallery: fictional people whose portraits are drawn on this machine, once, and then enrolled like anyone."""

from __future__ import annotations

import hashlib
import shutil
from importlib import resources
from pathlib import Path

from rich.console import Console

from export.demo import demo_people, write_demo_photos
from export.files import cache_directory, exclusive
from export.gallery.build import build
from export.gallery.contents import read_names
from export.gallery.errors import NotTheDemo
from export.gallery.names import person_id
from export.gallery.outcome import Report
from lookalike.errors import DamagedFile, MissingFile
from lookalike.settings import Settings


def build_demo(out: Path, settings: Settings) -> Report:
    """Draw the people, unless they are drawn already, and build the gallery in `out`.

    Raises NotTheDemo rather than replace someone's own gallery, or what build raises.
    """
    _refuse_to_replace(out)
    return build(drawn_photos(), out, settings)


def drawn_photos() -> Path:
    """The table of the drawn photos in the cache. A change of the drawing code or the people has them drawn anew."""
    cache = cache_directory()
    directory = cache / f"drawn-{_recipe()}"
    table = directory / "people.csv"
    with exclusive(cache):
        # The table is written last: without it, the photos are not all there.
        if not table.exists():
            for older in cache.glob("drawn-*"):
                shutil.rmtree(older)
            directory.mkdir()
            with Console(stderr=True).status("Drawing the demo's people"):
                write_demo_photos(directory)
    return table


def _recipe() -> str:
    digest = hashlib.sha256()
    for part in sorted(resources.files("export.demo").iterdir(), key=lambda part: part.name):
        if part.name.endswith((".py", ".csv")):
            digest.update(part.read_bytes())
    return digest.hexdigest()[:12]


def _refuse_to_replace(out: Path) -> None:
    """A gallery that holds anyone else was built by its owner; people added to the demo are kept anyhow."""
    try:
        _, people = read_names(out)
    except (MissingFile, DamagedFile):
        return
    demo = {person_id(person.name, person.department) for person in demo_people()}
    others = [
        person.name for person in people if len(person.rows_by_hand()) < len(person.rows) and person.id not in demo
    ]
    if others:
        raise NotTheDemo(path=out, person=others[0])
