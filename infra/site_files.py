"""The page as it is published. Files in folders go into one folder for the release, named by what is in it, and may be kept
for ever; files at the top keep the names that browsers ask for, lead into that folder, and are asked for anew each time.

Inside the release everything lies as it does here, so that modules need no other names to import each other.
"""

from __future__ import annotations

import hashlib
import posixpath
import re
from collections.abc import Mapping
from functools import partial
from pathlib import Path

from infra.bucket import File

PAGE = "index.html"
IMMUTABLE = "public, max-age=31536000, immutable"
ASKED_ANEW = "no-cache"
TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".ico": "image/x-icon",
    ".jpg": "image/jpeg",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".webmanifest": "application/manifest+json",
    ".webp": "image/webp",
    ".woff2": "font/woff2",
}
_COMMENTS = re.compile(rb"^[ \t]*(/\*(?:(?!\*/)(?s:.))*\*/|//.*)[ \t]*\n", re.MULTILINE)
_TYPES = re.compile(rb"/\*\* @\w+ [^*\n]*\*/ ?")
_INDENTATION = re.compile(rb"^[ \t]+", re.MULTILINE)
# What a page or a web manifest leads to: in quotes, from the top.
_LED_TO = re.compile(r"""(?<=["'])(?P<root>/?)(?P<name>[\w.-]+/[\w./-]+)(?=["'#?])""")
# What a module needs at once; what import(…) names is loaded when it is wanted.
_IMPORTED = re.compile(r"""^(?:import|(?:import|export)\s*[\w$*{},\s]*?\bfrom)\s*["'](\.[^"']+)["']""", re.MULTILINE)

Sources = Mapping[str, bytes]


class PublishError(Exception):
    """The page cannot be published as it is; the message says which file and why."""


def release(frontend: Path) -> dict[str, File]:
    """All files of the page by the names they are published under. Raises PublishError."""
    sources = {
        path.relative_to(frontend).as_posix(): _lean(path.name, path.read_bytes())
        for path in sorted(frontend.rglob("*"))
        if path.is_file() and not path.name.startswith(".")
    }
    inside = {name: content for name, content in sources.items() if "/" in name}
    folder = _folder(inside)
    files = {f"{folder}/{name}": _file(name, content, IMMUTABLE) for name, content in inside.items()}
    for name in sources.keys() - inside.keys():
        content = _with_modules(sources[name], inside) if name == PAGE else sources[name]
        files[name] = _file(name, _leading(name, content, folder, inside), ASKED_ANEW)
    return files


def _lean(name: str, content: bytes) -> bytes:
    """Without the comments that have lines of their own, types in comments, and indentation: a fifth less to send."""
    if _suffix(name) not in (".js", ".css"):
        return content
    return _INDENTATION.sub(b"", _TYPES.sub(b"", _COMMENTS.sub(b"", content)))


def _folder(inside: Sources) -> str:
    digest = hashlib.sha256()
    for name, content in sorted(inside.items()):
        digest.update(f"{name} {_type(name)} {IMMUTABLE} {hashlib.sha256(content).hexdigest()}\n".encode())
    return f"release-{digest.hexdigest()[:10]}"


def _leading(name: str, content: bytes, folder: str, inside: Sources) -> bytes:
    """The file with what it names in folders named in the release's."""
    if _suffix(name) not in (".html", ".webmanifest"):
        return content
    folders = {other.partition("/")[0] for other in inside}

    def lead(match: re.Match[str]) -> str:
        if match["name"].partition("/")[0] not in folders:
            return match[0]
        _check(match["name"], name, inside)
        return f"{match['root']}{folder}/{match['name']}"

    return _LED_TO.sub(lead, content.decode()).encode()


def _with_modules(page: bytes, inside: Sources) -> bytes:
    """All modules are fetched at once, rather than each when the one that imports it has come."""
    script = re.search(rb'<script type="module" src="([^"]+)"', page)
    if script is None:
        return page
    main = script[1].decode()
    reached, ahead = {main}, [main]
    while ahead:
        name = ahead.pop()
        _check(name, PAGE, inside)
        imported = _IMPORTED.findall(inside[name].decode())
        new = {posixpath.normpath(posixpath.join(posixpath.dirname(name), other)) for other in imported} - reached
        for other in new:
            _check(other, name, inside)
        reached |= new
        ahead += new
    links = "".join(f'<link rel="modulepreload" href="{name}">' for name in sorted(reached - {main}))
    return page[: script.start()] + links.encode() + page[script.start() :]


def _check(name: str, where: str, inside: Sources) -> None:
    if name not in inside:
        raise PublishError(f"{where} refers to {name}, which does not exist.")


def _file(name: str, content: bytes, cache: str) -> File:
    return File(partial(bytes, content), _type(name), cache, len(content))


def _type(name: str) -> str:
    if _suffix(name) not in TYPES:
        raise PublishError(f"{name} is of a kind that has no content type in {__name__}.")
    return TYPES[_suffix(name)]


def _suffix(name: str) -> str:
    return posixpath.splitext(name)[1].lower()
