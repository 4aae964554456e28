"""Are answers on the device the function's? The same pixels through both, for every photo in a folder.

python -m benchmarks.device_parity FOLDER
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageOps

from benchmarks.device_page import DevicePage, Json, as_png, browsing, open_page, serving
from lookalike.errors import NoFace
from lookalike.finder import Finder
from lookalike.options import FindOptions
from lookalike.photo.decode import Photo
from lookalike.settings import Settings

BOX = 0.02  # pixels
PERCENT = 0.05  # points
FIRST = 5


@dataclass(frozen=True, slots=True)
class Difference:
    """Largest differences over an answer's faces; `problems` says what is not the same at all."""

    faces: int
    box: float
    percent: float
    problems: tuple[str, ...]


def compared(finder: Finder, page: DevicePage, picture: Image.Image) -> Difference:
    """One picture through both."""
    theirs = page.find([picture], FIRST, ["mirror"])
    try:
        ours: Json = dict(finder.find([as_png(picture)], FindOptions(k=FIRST, include=("mirror",))).to_json())
    except NoFace as error:
        return _without_face(error, theirs)
    if "trouble" in theirs or len(theirs["faces"]) != len(ours["faces"]):
        return Difference(len(ours["faces"]), 0, 0, (f"{theirs.get('trouble', 'other faces')}",))
    pairs = list(zip(ours["faces"], theirs["faces"], strict=True))
    return Difference(
        len(pairs),
        max(_apart(a[part], b[part]) for a, b in pairs for part in ("box", "landmarks")),
        max(_apart(_percents(a), _percents(b)) for a, b in pairs),
        tuple(problem for a, b in pairs for problem in _unlike(a, b)) + _unlike_whole(ours, theirs),
    )


def same_chips(finder: Finder, page: DevicePage, picture: Image.Image) -> bool:
    """Whether both cut the same bytes for the same landmarks, for all faces of an upright picture."""
    recipe = finder.embedder.entry.recipe
    rgb = np.asarray(picture.convert("RGB"))
    faces = [probe.upright for probe in finder.detect(Photo(rgb, picture.width, picture.height)).probes]
    return all(
        np.array_equal(
            finder.embedder.cut(Image.fromarray(rgb), face),
            page.align(picture, face.landmarks, recipe.template, recipe.size),
        )
        for face in faces
    )


def _without_face(error: NoFace, theirs: Json) -> Difference:
    expected = {"slug": error.slug, "hint": error.hint}
    found = {name: theirs.get("trouble", {}).get(name) for name in expected}
    return Difference(0, 0, 0, () if found == expected else (f"{found} instead of {expected}",))


def _unlike(ours: Json, theirs: Json) -> list[str]:
    orders = [[match["person"]["id"] for match in face["matches"]] for face in (ours, theirs)]
    said = [(face["warnings"], face["mirror"]["stable"], face["verdict"]) for face in (ours, theirs)]
    return ["another order"] * (orders[0] != orders[1]) + ["other warnings or verdict"] * (said[0] != said[1])


def _unlike_whole(ours: Json, theirs: Json) -> tuple[str, ...]:
    parts = ("left_out", "beyond_limit", "smaller_possible", "different_people")
    return tuple(f"another {part}" for part in parts if ours[part] != theirs[part])


def _apart(first: Any, second: Any) -> float:
    return float(np.abs(np.subtract(first, second)).max())


def _percents(face: Json) -> list[float]:
    return [match["percent"] for match in face["matches"]]


def _pictures(folder: Path, side: int) -> dict[str, Image.Image]:
    """Photos as the page sees them: upright, and no larger than what is searched."""
    found = {}
    for path in sorted(folder.rglob("*")):
        if path.suffix.lower() in (".jpg", ".jpeg", ".png", ".webp"):
            with Image.open(path) as image:
                picture = ImageOps.exif_transpose(image).convert("RGB")
            picture.thumbnail((side, side))
            found[path.relative_to(folder).as_posix()] = picture
    return found


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.device_parity", description=__doc__)
    parser.add_argument("folder", type=Path)
    settings = Settings.from_environment()
    finder = Finder.open(settings)
    found = {}
    with serving() as address, browsing() as browser:
        page = DevicePage(open_page(browser, address))
        for name, picture in _pictures(parser.parse_args().folder, settings.working_side).items():
            found[name] = compared(finder, page, picture)
    bad = {name: one for name, one in found.items() if one.problems or one.box > BOX or one.percent > PERCENT}
    for name, one in bad.items():
        print(f"{name}: {one}")
    faces = sum(one.faces for one in found.values())
    box, percent = (max(getattr(one, part) for one in found.values()) for part in ("box", "percent"))
    print(
        f"{len(found)} photos, {faces} faces: {len(bad)} not the same; at most {box:.3f} px and {percent:.4f} points off"
    )
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
