"""Published files are named by their content, and everything that leads to them follows."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from infra.publish import FRONTEND
from infra.site_files import ASKED_ANEW, IMMUTABLE, PublishError, release

PAGE = """<link rel="icon" href="icons/i.svg"><link rel="manifest" href='app.webmanifest'>
<link rel="stylesheet" href="css/a.css"><script type="module" src="js/main.js"></script>
<a href="#main">x</a><a href="https://example.org/js/main.js">y</a><use href="#i-face"/><img src="data:,">"""
FILES = {
    "index.html": PAGE,
    "config.json": '{"api": "js/main.js"}',
    "app.webmanifest": '{"start_url": ".", "icons": [{"src": "icons/i.svg", "type": "image/svg+xml"}]}',
    "icons/i.svg": "<svg/>",
    "css/a.css": "@import 'b.css'; a { background: url(../icons/i.svg) } b { mask: url( \"../icons/i.svg#x\" ) }",
    "css/b.css": 'p { background: url("data:image/png;base64,AA") }',
    "js/main.js": "import { t } from './words/t.js';\nimport\n  './side.js';\nnew URL('../icons/i.svg', import.meta.url);",
    "js/side.js": "export { x } from \"./main.js\";\nconst l = await import('./late.js');\nimport lib from 'bare';",
    "js/late.js": "/** @type {import('./side.js').X} */ export default '';",
    "js/words/t.js": "import '../late.js'; export const t = `from './nowhere`;",
}


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


def name_of(files: dict[str, str], stem: str) -> str:
    (found,) = (name for name in files if re.fullmatch(re.escape(stem).replace(r"\.", r"(-[0-9a-f]{10})?\."), name))
    return found


def test_files_at_the_top_keep_their_names_and_others_are_kept_for_ever(page: Path) -> None:
    files = release(page)
    assert {name for name in files if "/" not in name} == {"index.html", "config.json", "app.webmanifest"}
    for name, file in files.items():
        assert file.cache_control == (IMMUTABLE if "/" in name else ASKED_ANEW)
        assert ("/" not in name) or re.search(r"-[0-9a-f]{10}\.\w+$", name)
        assert file.size == len(file.read())
    assert files["app.webmanifest"].content_type == "application/manifest+json"
    assert "no-cache" in ASKED_ANEW and "immutable" in IMMUTABLE


def test_every_kind_of_reference_follows(page: Path) -> None:
    files = published(page)
    new = {name: name_of(files, name) for name in FILES}
    icon, side, late = (Path(new[name]).name for name in ("icons/i.svg", "js/side.js", "js/late.js"))
    html = files["index.html"]
    for name in ("icons/i.svg", "css/a.css", "js/main.js"):
        assert f'"{new[name]}"' in html and f'"{name}"' not in html
    assert 'href="#main"' in html and "https://example.org/js/main.js" in html and "href='app.webmanifest'" in html
    assert f'"src": "{new["icons/i.svg"]}"' in files["app.webmanifest"]
    css = files[new["css/a.css"]]
    assert f"@import '{Path(new['css/b.css']).name}'" in css
    assert f"url(../icons/{icon})" in css and f'url( "../icons/{icon}#x" )' in css
    main = files[new["js/main.js"]]
    assert f"from './words/{Path(new['js/words/t.js']).name}'" in main
    assert f"import\n'./{side}'" in main and f"new URL('../icons/{icon}'" in main
    assert f"import('./{late}')" in files[new["js/side.js"]] and "from 'bare'" in files[new["js/side.js"]]
    assert f"import '../{late}'" in files[new["js/words/t.js"]] and "from './nowhere`" in files[new["js/words/t.js"]]


def test_a_change_renames_what_leads_to_it_and_nothing_else(page: Path) -> None:
    before = published(page)
    write(page, {"js/late.js": FILES["js/late.js"] + "// new"})
    after = published(page)
    for stem in ("js/late.js", "js/words/t.js", "js/side.js", "js/main.js"):  # main and side import each other
        assert name_of(before, stem) != name_of(after, stem)
    for stem in ("icons/i.svg", "css/a.css", "css/b.css"):
        assert name_of(before, stem) == name_of(after, stem)
    assert set(release(page)) == set(after)


def test_comments_with_lines_of_their_own_and_indentation_are_not_sent(page: Path) -> None:
    script = "/** One. */\n\t/* Two,\n\t * three. */\n\t// Four.\n/** @type {X} */ let a; /* five */\n\tlet b = '/*'; // six\n"
    write(page, {"js/words/t.js": script})
    files = published(page)
    assert files[name_of(files, "js/words/t.js")] == "let a; /* five */\nlet b = '/*'; // six\n"


def test_modules_are_loaded_ahead(page: Path) -> None:
    files = published(page)
    ahead = re.findall(r'<link rel="modulepreload" href="([^"]+)">', files["index.html"])
    assert set(ahead) == {name_of(files, name) for name in ("js/late.js", "js/side.js", "js/words/t.js")}


@pytest.mark.parametrize(
    ("files", "complaint"),
    [
        ({"js/main.js": "import './gone.js';"}, r"js/main\.js refers to \./gone\.js, which does not exist"),
        ({"css/b.css": "p { background: url(/icons/gone.png) }"}, "css/b.css refers to /icons/gone.png"),
        ({"js/late.js": "fetch('css/a.css')"}, r"js/late\.js names css/a\.css in a way"),
        ({"js/late.js": "load(`../icons/i.svg`)"}, r"js/late\.js names \.\./icons/i\.svg in a way"),
        ({"fonts/f.xyz": ""}, "fonts/f.xyz is of a kind"),
    ],
)
def test_what_would_not_be_found_is_not_published(page: Path, files: dict[str, str], complaint: str) -> None:
    write(page, files)
    with pytest.raises(PublishError, match=complaint):
        release(page)


def test_the_real_page_is_complete() -> None:
    files = published(FRONTEND)
    for name in ("index.html", "config.json"):
        assert name in files
    named = re.findall(r'(?:src|href)="([^"#:]+)"', files["index.html"])
    assert named and set(named) <= files.keys()
    modules = [name for name in files if name.endswith(".js")]
    for name in modules:
        for reference in re.findall(r"""from '(\.[^']+)'""", files[name]):
            assert (Path("/") / Path(name).parent / reference).resolve().relative_to("/").as_posix() in files
