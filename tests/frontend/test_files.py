"""The page as files: small, self-contained, and fit for a strict Content-Security-Policy and for renaming."""

from __future__ import annotations

import gzip
import json
import re
from pathlib import Path
from typing import get_args

import brotli
import pytest
from PIL import Image

from infra.site_files import release
from lookalike.gallery.verdict import Verdict

FRONTEND = Path(__file__).parents[2] / "frontend"
FILES = sorted(path for path in FRONTEND.rglob("*") if path.is_file())
MODULES = [path for path in FILES if path.suffix == ".js"]
PICTURES = {".png", ".jpg", ".ico"}
HTML = (FRONTEND / "index.html").read_text()


def test_what_a_first_visit_is_sent_is_under_35_kilobytes_without_pictures() -> None:
    """As published, and compressed as CloudFront does it for a browser of today: the page and all that it names."""
    files = {name: file.read() for name, file in release(FRONTEND).items()}
    page = files["index.html"].decode()
    named = {name for name in re.findall(r'(?:href|src)="([^"#]+)"', page) if Path(name).suffix not in PICTURES}
    assert len([name for name in named if name.endswith(".js")]) > 20
    first = ["index.html", "config.json", *named]
    assert sum(len(brotli.compress(files[name], quality=5)) for name in first) <= 35 * 1024
    device = [name for name in files if "/js/device/" in name or name == "sw.js"]
    assert not named & set(device)  # what answers on the device comes when it is switched on
    assert sum(len(gzip.compress(files[name])) for name in device) <= 30 * 1024


def test_no_text_runs_over_lines() -> None:
    """For what is published loses its indentation."""
    for module in MODULES:
        for line in module.read_text().splitlines():
            assert line.count("`") % 2 == 0, (module, line)


def test_nothing_is_inline() -> None:
    assert not re.search(r"<style|\sstyle=|\son\w+=|javascript:", HTML)
    assert all("src=" in script for script in re.findall(r"<script[^>]*>", HTML))


def test_nothing_comes_from_elsewhere() -> None:
    for path in FILES:
        if path.suffix in (".html", ".js", ".css", ".webmanifest"):
            addresses = set(re.findall(r"https?://[\w./-]+|[\"'(]//\w", path.read_text()))
            assert addresses == set(), path


def test_every_reference_is_relative_and_leads_to_a_file() -> None:
    manifest = json.loads((FRONTEND / "manifest.webmanifest").read_text())
    wanted = {(FRONTEND, address) for address in re.findall(r'(?:href|src)="([^"#]+)"', HTML)}
    wanted |= {(FRONTEND, icon["src"]) for icon in manifest["icons"]}
    for module in MODULES:
        wanted |= {(module.parent, address) for address in re.findall(r" from '([^']+)'", module.read_text())}
    for folder, address in wanted:
        assert not address.startswith("/")
        assert (folder / address).is_file(), address


def test_every_module_is_used_and_small() -> None:
    text = HTML + "".join(module.read_text() for module in MODULES)
    for module in MODULES:
        assert f"/{module.name}" in text
        if module.parent.name != "words":
            assert len(module.read_text().splitlines()) <= 120, module


def test_every_word_is_used_and_exists() -> None:
    words = set(re.findall(r"^\t'?([\w.-]+)'?: ", (FRONTEND / "js/words/en.js").read_text(), re.M))
    code = HTML + "".join(module.read_text() for module in MODULES if module.parent.name != "words")
    asked = set(re.findall(r"""data-t="([\w.-]+)"|\bt\('([\w.-]+)'""", code))
    assert {one or other for one, other in asked} <= words
    from_the_api = {"no-face", "too-large", "unsupported-photo", "damaged-photo", "too-many-requests", "unavailable"}
    from_the_api |= {
        "internal",
        "too-small",
        "cut-by-edge",
        "turned",
        "blurred",
        "too-dark",
        "too-bright",
        "none-found",
    }
    from_the_api |= {"incomplete", "unsure"}
    from_the_api |= {f"{part}.{verdict}" for part in ("verdict", "lead") for verdict in get_args(Verdict)}
    from_the_api |= {f"{photo}.{way}" for photo in ("first", "second") for way in ("pick", "other")}
    switched = {"privacy.embed", "privacy.all"}
    quoted = set(re.findall(r"""['"]([\w.-]+)['"]""", code))
    assert words - quoted - from_the_api - switched - {f"nav.{page}" for page in ("find", "compare", "people")} == set()
    assert from_the_api <= words


def test_it_can_be_put_on_the_home_screen() -> None:
    manifest = json.loads((FRONTEND / "manifest.webmanifest").read_text())
    assert manifest["display"] == "standalone"
    assert manifest["start_url"] == "."
    assert manifest["icons"][0]["sizes"] == "any"
    with Image.open(FRONTEND / "icons/icon-180.png") as icon:
        assert icon.size == (180, 180)


@pytest.mark.parametrize("path", sorted(FRONTEND.glob("*.webmanifest")), ids=lambda path: path.name)
def test_the_install_dialog_shows_the_page(path: Path) -> None:
    pictures = json.loads(path.read_text())["screenshots"]
    assert len(pictures) == 2
    for picture in pictures:
        file = FRONTEND / picture["src"]
        assert file.stat().st_size <= 60_000
        with Image.open(file) as image:
            assert (f"{image.width}x{image.height}", image.format) == (picture["sizes"], "JPEG")


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.name)
def test_no_code_from_text(path: Path) -> None:
    assert not re.search(r"\beval\(|new Function|document\.write|outerHTML\s*=|insertAdjacentHTML", path.read_text())
