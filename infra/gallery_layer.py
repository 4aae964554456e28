"""The gallery as a layer of its own beside the function: one more professor is then two megabytes to upload, not 57.

    python -m infra.gallery_layer TARGET [--store package|s3-vectors]

Lambda unpacks a layer to /opt, so that TARGET/gallery is /opt/gallery there.
"""

from __future__ import annotations

import argparse
import io
import json
import shutil
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

from export.gallery.leftovers import small_name
from infra.package_contents import PackageError

FOLDER = "gallery"
_GALLERY = Path(__file__).parents[1] / "function" / FOLDER
_PORTRAITS_MOST = 20 * 2**20  # bytes, of the 250 MiB that Lambda takes for everything

People = dict[str, set[str]]  # each person's portraits, large and small, by the person's id


def build(target: Path, store: str = "package") -> None:
    """Copy into `target` what the function reads of the gallery. Raises PackageError when there is none."""
    if not (_GALLERY / "gallery.json").is_file():
        raise PackageError("function/gallery/gallery.json is missing: run `make gallery` first.")
    unwanted = shutil.ignore_patterns("__pycache__", ".*", "*.usearch", *_kept_elsewhere(store))
    shutil.copytree(_GALLERY, target / FOLDER, ignore=unwanted)


def people_in(folder: Path) -> People:
    """Whom a gallery's folder holds."""
    return _people(lambda name: (folder / name).read_bytes())


def people_of(layer: bytes | None) -> People:
    """Whom a layer's zip holds: nobody where there is none, or where the index of S3 Vectors has them."""
    if layer is None:
        return {}
    with zipfile.ZipFile(io.BytesIO(layer)) as archive:
        try:
            return _people(lambda name: archive.read(f"{FOLDER}/{name}"))
        except KeyError:
            return {}


def _people(read: Callable[[str], bytes]) -> People:
    index = json.loads(read("gallery.json"))
    people = json.loads(read(index["people"]["file"]))
    return {
        person["id"]: {
            name for photo in person["photos"] for name in (photo["portrait"], small_name(photo["portrait"]))
        }
        for person in people
    }


def _kept_elsewhere(store: str) -> tuple[str, ...]:
    """What of the gallery the function does without. Its gallery.json says how people compare, wherever they are."""
    if store == "s3-vectors":
        return ("embeddings-*", "people-*", "portraits")
    portraits = (_GALLERY / "portraits").glob("*.jpg")
    # The hosted page has them from its bucket; a few are carried for those who ask the function itself.
    return ("portraits",) if sum(path.stat().st_size for path in portraits) > _PORTRAITS_MOST else ()


def _main() -> int:
    parser = argparse.ArgumentParser(description="Build the gallery's layer into a folder.")
    parser.add_argument("target", type=Path)
    parser.add_argument("--store", choices=["package", "s3-vectors"], default="package")
    arguments = parser.parse_args()
    try:
        build(arguments.target, arguments.store)
    except (PackageError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(_main())
