"""Published files lie in a folder named by what is in it, and everything that leads to them leads there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from infra.publish import FRONTEND
from infra.site_files import ASKED_ANEW, IMMUTABLE, PublishError, release

PAGE = """<link rel="icon" href="icons/i.svg"><link rel="manifest" href='app.webmanifest'>
<link rel="stylesheet" href="/css/a.css"><script type="module" src="js/main.js"></script>
<a href="#main">x</a><a href="https://example.org/js/main.js">y</a><use href="icons/i.svg#face"/><i title="text/css"></i>"""
FILES = {
    "index.html": PAGE,
    "config.json": '{"api": "js/main.js"}',
    "app.webmanifest": '{"start_url": ".", "icons": [{"src": "icons/i.svg", "type": "image/svg+xml"}]}',
    "icons/i.svg": "<svg/>",
    "css/a.css": "a { background: url(../icons/i.svg) }",
    "js/main.js": "import { t } from './words/t.js';\nimport\n  './side.js';\nimport lib from 'bare';",
    "js/side.js": "export { x } from \"./main.js\";\nconst l = await import('./late.js');\nexport const y = './gone';",
    "js/late.js": "export default '';",
    "js/words/t.js": "import * as deep from '../deep.js'; export const t = `from './nowhere`;",
    "js/deep.js": "",
}
INSIDE = {name for name in FILES if "/" in name}


@pytest.fixture
def page(tmp_path: Path) -> Path:
    write(tmp_path, FILES)
    return tmp_path


def write(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)


def published(folder: Path) -> dict[str, str]:
    return {name: file.read().decode(errors="replace") for name, file in release(folder).items()}


def folder_of(files: dict[str, str]) -> str:
    (folder,) = {name.partition("/")[0] for name in files if "/" in name}
    return folder


def test_files_at_the_top_keep_their_names_and_others_are_kept_for_ever(page: Path) -> None:
    files, folder = release(page), folder_of(published(page))
    assert re.fullmatch(r"release-[0-9a-f]{10}", folder)
    assert set(files) == {"index.html", "config.json", "app.webmanifest"} | {f"{folder}/{name}" for name in INSIDE}
    for name, file in files.items():
        assert file.cache_control == (IMMUTABLE if "/" in name else ASKED_ANEW)
        assert file.size == len(file.read())
    assert files["app.webmanifest"].content_type == "application/manifest+json"
    assert "no-cache" in ASKED_ANEW and "immutable" in IMMUTABLE


def test_what_is_at_the_top_leads_into_the_folder_and_what_is_inside_stays_as_it_is(page: Path) -> None:
    files = published(page)
    folder = folder_of(files)
    html = files["index.html"]
    for named in ('"{}/icons/i.svg"', '"/{}/css/a.css"', 'src="{}/js/main.js"', '"{}/icons/i.svg#face"'):
        assert named.format(folder) in html
    assert html.count(folder) == 4 + len(("words/t.js", "side.js", "deep.js"))
    assert f'"src": "{folder}/icons/i.svg", "type": "image/svg+xml"' in files["app.webmanifest"]
    assert files["config.json"] == FILES["config.json"]
    for name in ("css/a.css", "js/side.js", "js/words/t.js"):
        assert files[f"{folder}/{name}"] == FILES[name]


@pytest.mark.parametrize("changed", [{"js/late.js": "export default 1;"}, {"js/new.js": ""}, {"css/a.css": ""}])
def test_any_change_inside_is_another_folder(page: Path, changed: dict[str, str]) -> None:
    before = folder_of(published(page))
    assert folder_of(published(page)) == before
    write(page, {"config.json": "{}"})
    assert folder_of(published(page)) == before
    write(page, changed)
    assert folder_of(published(page)) != before


def test_comments_with_lines_of_their_own_and_indentation_are_not_sent(page: Path) -> None:
    script = "/** One. */\n\t/* Two,\n\t * three. */\n\t// Four.\n/** @type {X} */ let a; /* five */\n\tlet b = '/*'; // six\n"
    write(page, {"js/words/t.js": script})
    files = published(page)
    assert files[f"{folder_of(files)}/js/words/t.js"] == "let a; /* five */\nlet b = '/*'; // six\n"


def test_modules_that_are_needed_at_once_are_loaded_ahead(page: Path) -> None:
    files = published(page)
    ahead = re.findall(r'<link rel="modulepreload" href="([^"]+)">', files["index.html"])
    assert ahead == [f"{folder_of(files)}/js/{name}" for name in ("deep.js", "side.js", "words/t.js")]


@pytest.mark.parametrize(
    ("files", "complaint"),
    [
        ({"js/main.js": "import './gone.js';"}, r"js/main\.js refers to js/gone\.js, which does not exist"),
        ({"index.html": '<img src="icons/gone.png">'}, r"index\.html refers to icons/gone\.png"),
        ({"index.html": '<script type="module" src="js/gone.js">'}, r"index\.html refers to js/gone\.js"),
        ({"fonts/f.xyz": ""}, "fonts/f.xyz is of a kind"),
    ],
)
def test_what_would_not_be_found_is_not_published(page: Path, files: dict[str, str], complaint: str) -> None:
    write(page, files)
    with pytest.raises(PublishError, match=complaint):
        release(page)


def test_the_real_page_is_complete() -> None:
    files = published(FRONTEND)
    assert {"index.html", "config.json"} < files.keys()
    named = re.findall(r'(?:src|href)="([^"#:]+)"', files["index.html"])
    assert len(named) > 20 and set(named) <= files.keys()
    modules = [name for name in files if name.endswith(".js")]
    for name in modules:
        for reference in re.findall(r"""from '(\.[^']+)'""", files[name]):
            assert (Path("/") / Path(name).parent / reference).resolve().relative_to("/").as_posix() in files
