"""A set of networks and its manifest, replaced as a whole: at every moment the old set or the new one is complete."""

import json
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from export.files import exclusive, sha256, write_atomically

MANIFEST = "manifest.json"
ManifestJson = dict[str, Any]

_OURS = re.compile(r"[a-z0-9-]+-[0-9a-f]{12}\.onnx")


def read_installed(out: Path) -> ManifestJson | None:
    """The manifest in `out`, if there is a readable one and every file it names is there, with the right hash."""
    try:
        manifest = json.loads((out / MANIFEST).read_text())
        whole = all(sha256(out / entry["file"]) == entry["sha256"] for entry in _files(manifest))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
    return manifest if whole else None


@contextmanager
def staging(out: Path) -> Iterator[Path]:
    """An empty directory beside the set to write a new one into. One export works on `out` at a time."""
    out.mkdir(parents=True, exist_ok=True)
    with exclusive(out):
        for left_over in out.glob(".staging-*"):  # of an export that was killed: the living ones hold the lock
            shutil.rmtree(left_over)
        with tempfile.TemporaryDirectory(dir=out, prefix=".staging-") as directory:
            yield Path(directory)


def install(out: Path, staged: Path, manifest: ManifestJson) -> ManifestJson:
    """Bring the files that `manifest` names from `staged` into `out`. Returns the manifest as written there.

    Every file gets its hash into its name, so that it lies beside the one it supersedes; the manifest is replaced last,
    in one step; only then is what no manifest names any more removed.
    """
    for entry in _files(manifest):
        path = staged / entry["file"]
        entry["file"] = f"{path.stem}-{entry['sha256'][:12]}.onnx"
        path.chmod(0o644)
        path.replace(out / entry["file"])
    write_atomically(staged / MANIFEST, _text(manifest))
    (staged / MANIFEST).replace(out / MANIFEST)
    named = {entry["file"] for entry in _files(manifest)}
    for path in out.iterdir():
        if _OURS.fullmatch(path.name) and path.name not in named:
            path.unlink()
    return manifest


def amend(out: Path, **facts: Any) -> None:
    """Put `facts` into what the manifest in `out` says of the recogniser; its files stay as they are."""
    with exclusive(out):
        manifest = json.loads((out / MANIFEST).read_text())
        manifest["embedder"] |= facts
        write_atomically(out / MANIFEST, _text(manifest))


def _text(manifest: ManifestJson) -> bytes:
    return (json.dumps(manifest, indent=2, ensure_ascii=False) + "\n").encode()


def _files(manifest: ManifestJson) -> list[dict[str, Any]]:
    return [*manifest["detector"]["networks"].values(), manifest["embedder"]]
