"""The page as it is published. Files in folders are named by what is in them, and may be kept for ever; files at the top
keep the names that browsers ask for, and are asked for anew each time.

A file's name holds a hash of itself and of all it leads to, so that one change renames whatever leads there, in circles
of imports, too.
"""

from __future__ import annotations

import hashlib
import json
import posixpath
import re
from collections.abc import Callable
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
# Where one file names another, as (what comes before, the name in quotes or bare).
_QUOTED = r"""(["'])(?P<name>[^"'\s]+)\1"""
_REFERENCES = {
    ".js": [rf"\b(?:from|import|new\s+URL)\s*\(?\s*{_QUOTED}"],
    ".css": [rf"url\(\s*{_QUOTED}\s*\)", r"""url\(\s*(?P<name>[^"'\s)]+)\s*\)""", rf"@import\s+{_QUOTED}"],
    ".html": [rf"\s(?:src|href|poster)={_QUOTED}"],
    ".webmanifest": [rf'"src"\s*:\s*{_QUOTED}'],
}
_COMMENTS = re.compile(rb"^[ \t]*(/\*(?:(?!\*/)(?s:.))*\*/|//.*)[ \t]*\n", re.MULTILINE)
_TYPES = re.compile(rb"/\*\* @\w+ [^*\n]*\*/ ?")
_INDENTATION = re.compile(rb"^[ \t]+", re.MULTILINE)
# What import(…) and new URL(…) name is loaded when it is wanted.
_WHEN_WANTED = re.compile(rb"\b(import|new\s+URL)\s*\(")
_ELSEWHERE = re.compile(r"[a-z][a-z0-9+.-]*:|//|#|\?|\.{0,2}/?$", re.IGNORECASE)


class PublishError(Exception):
    """The page cannot be published as it is; the message says which file and why."""


def release(frontend: Path) -> dict[str, File]:
    """All files of the page by the names they are published under. Raises PublishError."""
    sources = {
        path.relative_to(frontend).as_posix(): _lean(path.name, path.read_bytes())
        for path in sorted(frontend.rglob("*"))
        if path.is_file() and not path.name.startswith(".")
    }
    leads_to = {name: _references(name, content, sources) for name, content in sources.items()}
    renamed = {name: _new_name(name, sources, leads_to) for name in sources}
    files = {}
    for name, content in sources.items():
        preloading = _preload(content, sources) if name == PAGE else content
        rewritten = _rewrite(name, preloading, partial(_renamed, name=name, renamed=renamed))
        _check_nothing_was_overlooked(name, rewritten, renamed)
        files[renamed[name]] = File(partial(bytes, rewritten), _type(name), _cache(name), len(rewritten))
    return files


def _lean(name: str, content: bytes) -> bytes:
    """Without the comments that have lines of their own, types in comments, and indentation: a fifth less to send."""
    if _suffix(name) not in (".js", ".css"):
        return content
    return _INDENTATION.sub(b"", _TYPES.sub(b"", _COMMENTS.sub(b"", content)))


def _references(name: str, content: bytes, sources: dict[str, bytes]) -> set[str]:
    """The files that this one names."""
    found: set[str] = set()

    def remember(reference: str) -> str:
        target = _target(reference, name)
        if target is not None:
            if target not in sources:
                raise PublishError(f"{name} refers to {reference}, which does not exist.")
            found.add(target)
        return reference

    _rewrite(name, content, remember)
    return found


def _rewrite(name: str, content: bytes, change: Callable[[str], str]) -> bytes:
    """The file with each reference given through `change`."""
    patterns = _REFERENCES.get(_suffix(name), [])
    if not patterns:
        return content
    text = content.decode()
    for pattern in patterns:

        def replace(match: re.Match[str]) -> str:
            start, end = match.start("name") - match.start(), match.end("name") - match.start()
            return match[0][:start] + change(match["name"]) + match[0][end:]

        text = re.sub(pattern, replace, text)
    return text.encode()


def _target(reference: str, name: str) -> str | None:
    """The file that a reference in `name` means, or None when it is not one of the page's files."""
    if _ELSEWHERE.match(reference) or (_suffix(name) == ".js" and not reference.startswith(("./", "../", "/"))):
        return None
    path = re.split(r"[?#]", reference)[0]
    folder = "" if path.startswith("/") else posixpath.dirname(name)
    return posixpath.normpath(posixpath.join(folder, path.lstrip("/")))


def _renamed(reference: str, name: str, renamed: dict[str, str]) -> str:
    target = _target(reference, name)
    if target is None or renamed[target] == target:
        return reference
    return reference.replace(posixpath.basename(target), posixpath.basename(renamed[target]))


def _new_name(name: str, sources: dict[str, bytes], leads_to: dict[str, set[str]]) -> str:
    if "/" not in name:
        return name
    digest = hashlib.sha256(f"{_type(name)} {_cache(name)}".encode())
    for other in sorted(_reached(name, leads_to)):
        digest.update(json.dumps([other, hashlib.sha256(sources[other]).hexdigest()]).encode())
    stem, dot, suffix = name.rpartition(".")
    return f"{stem}-{digest.hexdigest()[:10]}{dot}{suffix}"


def _reached(name: str, leads_to: dict[str, set[str]]) -> set[str]:
    """The file and all it leads to."""
    reached, ahead = {name}, [name]
    while ahead:
        new = leads_to[ahead.pop()] - reached
        reached |= new
        ahead += new
    return reached


def _preload(page: bytes, sources: dict[str, bytes]) -> bytes:
    """All modules are fetched at once, rather than each when the one that imports it has come."""
    script = re.search(rb'<script type="module" src="([^"]+)"', page)
    if script is None:
        return page
    main = script[1].decode()
    at_once = {name: _WHEN_WANTED.sub(b"", content) for name, content in sources.items() if _suffix(name) == ".js"}
    leads_to = {name: _references(name, content, sources) for name, content in at_once.items()}
    modules = sorted(name for name in _reached(main, leads_to) - {main})
    links = "".join(f'<link rel="modulepreload" href="{name}">' for name in modules)
    return page[: script.start()] + links.encode() + page[script.start() :]


def _check_nothing_was_overlooked(name: str, content: bytes, renamed: dict[str, str]) -> None:
    """A name in a text that is still the old one would not be found: as in fetch("css/x.css")."""
    if _suffix(name) not in _REFERENCES:
        return
    for match in re.finditer(r"""(["'`])([\w./-]+\.\w+)\1""", content.decode()):
        for folder in ("", posixpath.dirname(name)):
            target = posixpath.normpath(posixpath.join(folder, match[2].lstrip("/")))
            if renamed.get(target, target) != target:
                raise PublishError(f"{name} names {match[2]} in a way that cannot be followed when it is renamed.")


def _cache(name: str) -> str:
    return IMMUTABLE if "/" in name else ASKED_ANEW


def _type(name: str) -> str:
    if _suffix(name) not in TYPES:
        raise PublishError(f"{name} is of a kind that has no content type in {__name__}.")
    return TYPES[_suffix(name)]


def _suffix(name: str) -> str:
    return posixpath.splitext(name)[1].lower()
