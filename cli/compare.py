"""`lookalike compare`: how alike the faces in two photos are."""

from __future__ import annotations

import json

from cli.options import AsJson, ModelsDirectory, Photo, settings_with

_VERDICTS = {
    True: "alike enough to be one person",
    False: "too different to be one person",
    None: "no rule is known for what one person is",
}


def compare(a: Photo, b: Photo, models: ModelsDirectory = None, as_json: AsJson = False) -> None:
    """How alike the largest faces of two photos are."""
    from lookalike.finder import Finder

    comparison = Finder.open(settings_with(models=models), with_gallery=False).compare(a.read_bytes(), b.read_bytes())
    if as_json:
        print(json.dumps(comparison.to_json(), ensure_ascii=False, indent=2))
        return
    verdict = _VERDICTS[comparison.same_person]
    print(
        f"{comparison.percent:.1f}% alike (similarity {comparison.similarity:.3f}): {verdict}, says {comparison.model}."
    )
