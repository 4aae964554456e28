"""The documents keep their word: links lead somewhere, and the commands do what they are shown for."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from PIL import Image

from cli.main import main
from export.gallery.build import build
from lookalike.settings import Settings
from tests.support import encoded

ROOT = Path(__file__).parents[2]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")])
# The Korean one shows the same commands.
WITH_COMMANDS = [path for path in DOCUMENTS if "```sh" in path.read_text(encoding="utf-8") and path.suffixes == [".md"]]
LINK = re.compile(r"\]\(([^)\s]+)\)|(?:src|href)=\"([^\"]+)\"")
# No test follows these: whoever adds one opens it first. What is on this machine needs no list.
OUTSIDE = {
    "https://github.com/davidsandberg/facenet",
    "https://github.com/davisking/dlib-models",
    "https://github.com/timesler/facenet-pytorch",
    "https://keepachangelog.com/en/1.1.0/",
    "https://semver.org/",
}


def commands(document: Path) -> list[str]:
    """The lines of the blocks marked as sh, without their comments."""
    blocks = re.findall(r"^```sh\n(.*?)^```", document.read_text(encoding="utf-8"), re.M | re.S)
    return [shlex.join(words) for line in "".join(blocks).splitlines() if (words := shlex.split(line, comments=True))]


def headings(document: Path) -> set[str]:
    """As GitHub names them for links."""
    titles = re.findall(r"^#+ (.+)$", document.read_text(encoding="utf-8"), re.M)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_links_lead_somewhere(document: Path) -> None:
    for markdown, html in LINK.findall(document.read_text(encoding="utf-8")):
        address, _, heading = (markdown or html).partition("#")
        if address.startswith("https://"):
            continue
        file = document.parent / address if address else document
        assert file.exists(), address
        assert not heading or heading in headings(file), f"{address}#{heading}"


def test_addresses_outside_are_the_ones_somebody_opened() -> None:
    texts = [path.read_text(encoding="utf-8") for path in (*DOCUMENTS, ROOT / "CITATION.cff")]
    addresses = set(re.findall(r"https?://[^\s)\"'<>`]+", "\n".join(texts)))
    assert {address for address in addresses if not address.startswith("http://127.0.0.1:8000/")} == OUTSIDE


@pytest.mark.parametrize("document", [path for path in DOCUMENTS if path.parent != ROOT], ids=lambda path: path.name)
def test_a_document_is_reached_from_both_readmes(document: Path) -> None:
    for readme in ("README.md", "README.ko.md"):
        assert f"(docs/{document.name})" in (ROOT / readme).read_text(encoding="utf-8"), readme


def test_the_korean_readme_shows_the_same_commands() -> None:
    assert commands(ROOT / "README.ko.md") == commands(ROOT / "README.md")


def test_the_readme_has_one_screen_a_section() -> None:
    for section in re.split(r"^## ", (ROOT / "README.md").read_text(encoding="utf-8"), flags=re.M):
        assert len(section.splitlines()) <= 40, section.splitlines()[0]


@pytest.fixture(scope="module")
def furnished(tmp_path_factory: pytest.TempPathFactory, astronaut: Image.Image, hopper: Image.Image) -> Path:
    """A folder with what the documents speak of, and a gallery of the photos in it. Not to be changed."""
    folder = tmp_path_factory.mktemp("furnished")
    people = {
        "photos/Physics/Marie Curie/1.jpg": astronaut,
        "photos/Mathematics/Emmy Noether/1.jpg": hopper,
        "people/Marie Curie/1.jpg": astronaut,
        "people/Marie Curie/2.jpg": astronaut.rotate(5),
        "people/Emmy Noether/1.jpg": hopper,
        "people/Emmy Noether/2.jpg": hopper.rotate(5),
        "me.jpg": astronaut.rotate(8),
        "you.jpg": hopper.rotate(8),
        "ada.jpg": hopper.resize((400, 470)),
    }
    for name, picture in people.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(encoded(picture))
    (folder / "tests").symlink_to(ROOT / "tests")
    build(folder / "photos", folder / "function" / "gallery", Settings())
    return folder


@pytest.fixture
def workspace(furnished: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """One of its own for each document."""
    shutil.copytree(furnished, tmp_path, symlinks=True, dirs_exist_ok=True)
    monkeypatch.setenv("LOOKALIKE_GALLERY", str(tmp_path / "function" / "gallery"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("document", WITH_COMMANDS, ids=lambda path: path.name)
def test_commands_do_what_they_are_shown_for(
    document: Path, workspace: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for command in commands(document):
        run(shlex.split(command), monkeypatch)
    capsys.readouterr()


@contextmanager
def serving(*options: str) -> Iterator[str]:
    """The address of `lookalike serve`, or nothing where it did not start."""
    command = [sys.executable, "-m", "cli.main", "serve", *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as server:
        try:
            lines = iter(server.stdout or ())
            yield next((word for line in lines for word in line.split() if word.startswith("http://")), "")
        finally:
            server.terminate()


def run(words: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Raises an AssertionError that shows the command where it fails."""
    match words:
        case ["make", *_]:
            # What it would do; that it does it is for the one who typed `make test` to see.
            done = subprocess.run([*words, "--dry-run"], cwd=ROOT, capture_output=True, text=True)
            assert done.returncode == 0, done.stderr
        case [".venv/bin/lookalike", "serve", *options]:
            with serving(*options, "--port", "0") as address:
                assert address, words
        case [".venv/bin/lookalike", command, *_]:
            # The package may not be built here.
            monkeypatch.setattr(sys, "argv", [*words, "--sources"] if command == "invoke" else words)
            with pytest.raises(SystemExit) as ended:
                main()
            assert not ended.value.code, words
        case ["curl", *_] if shutil.which("curl"):
            with serving("--port", "0") as address:
                asked = [word.replace("http://127.0.0.1:8000/", address) for word in words]
                assert '"matches"' in subprocess.run(asked, capture_output=True, text=True).stdout, words
        case [".venv/bin/python", "-m", "pytest", *rest]:
            listing = [sys.executable, "-m", "pytest", "--collect-only", *rest]
            assert subprocess.run(listing, cwd=ROOT, capture_output=True).returncode == 0, words
        case [".venv/bin/python", *rest]:
            assert subprocess.run([sys.executable, *rest], cwd=ROOT, capture_output=True).returncode == 0, words
        case _:
            assert words[0] == "curl", f"nobody tries {shlex.join(words)}"
