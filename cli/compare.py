"""`lookalike compare`: how alike the faces in two photos are."""

from __future__ import annotations

import json

from cli.options import AsJson, ModelsDirectory, Photo, settings_with


def compare(a: Photo, b: Photo, models: ModelsDirectory = None, as_json: AsJson = False) -> None:
    """How alike the largest faces of two photos are."""
    from lookalike.finder import Finder

    comparison = Finder.open(settings_with(models=models), with_gallery=False).compare(a.read_bytes(), b.read_bytes())
    if as_json:
        print(json.dumps(comparison.to_json(), ensure_ascii=False, indent=2))
        return
    verdict = "alike enough to be one person" if comparison.same_person else "too different to be one person"
    print(
        f"{comparison.percent:.1f}% alike (similarity {comparison.similarity:.3f}): {verdict}, says {comparison.model}."
    )
