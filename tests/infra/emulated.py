"""An emulated AWS for tests, and the smallest thing that can be deployed there with the real template and the real sam."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterator, Sequence
from pathlib import Path

import boto3
import pytest

from infra import deploy, sam, template
from infra.rehearsal.emulator import Emulator, NoEmulator, emulator

WELL = """
    def handler(event, context):
        return {"statusCode": 200, "body": "well"}
"""
UNABLE_TO_START = "raise RuntimeError('no network fits this processor')"


@pytest.fixture(scope="module")
def cloud() -> Iterator[Emulator]:
    try:
        with emulator() as running:
            yield running
    except NoEmulator as error:
        pytest.skip(str(error))


@pytest.fixture
def account(cloud: Emulator, monkeypatch: pytest.MonkeyPatch) -> Emulator:
    """An empty account, which every client of the test, and of what it starts, talks to."""
    for name, value in cloud.variables.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", None)
    cloud.fetch(f"{cloud.variables['AWS_ENDPOINT_URL']}/_ministack/reset", "POST")
    return cloud


class Project:
    """A page, a gallery and a function of a few bytes, in place of the real ones."""

    def __init__(self, folder: Path, gallery: Path) -> None:
        self.page, self.gallery, self.built = folder / "page", gallery, folder / "built"
        (self.page / "js").mkdir(parents=True)
        (self.page / "index.html").write_text('<script type="module" src="js/main.js"></script>')
        (self.page / "js" / "main.js").write_text("")
        self.code = WELL

    def build(self) -> None:
        """As sam build leaves it, but that there is next to nothing in the package."""
        for name in ("Function/lookalike", "GalleryLayer/gallery"):
            (self.built / name).mkdir(parents=True, exist_ok=True)
        (self.built / "Function" / "lookalike" / "handler.py").write_text(textwrap.dedent(self.code))
        for path in self.gallery.iterdir():
            if path.is_file():
                (self.built / "GalleryLayer" / "gallery" / path.name).write_bytes(path.read_bytes())
        text = template.PATH.read_text().replace("CodeUri: function", "CodeUri: Function")
        (self.built / "template.yaml").write_text(text.replace("ContentUri: function", "ContentUri: GalleryLayer"))

    def write_people(self, *people: str) -> None:
        """A gallery of these, each with a portrait."""
        (self.gallery / "portraits").mkdir(parents=True, exist_ok=True)
        listed = [{"id": person, "photos": [{"portrait": f"{person}.jpg"}]} for person in people]
        for path in (self.gallery / "portraits").iterdir():
            path.unlink()
        for person in people:
            (self.gallery / "portraits" / f"{person}.jpg").write_bytes(person.encode())
        (self.gallery / "people.json").write_text(json.dumps(listed))
        (self.gallery / "gallery.json").write_text(json.dumps({"people": {"file": "people.json"}}))


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    made = Project(tmp_path, tmp_path / "gallery")
    made.write_people("kim", "lee")
    run = sam.run

    def build_or_run(command: Sequence[str], environment: dict[str, str] | None = None) -> None:
        if command[1:] == ["build"]:
            made.build()
        else:
            run(command, environment)

    monkeypatch.setattr(deploy, "run", build_or_run)
    monkeypatch.setattr(deploy, "FRONTEND", made.page)
    monkeypatch.setattr(deploy, "GALLERY", made.gallery)
    for module in (deploy, sam):
        monkeypatch.setattr(module, "BUILT", made.built)
    return made
