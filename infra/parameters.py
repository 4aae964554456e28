"""The parameters of template.yaml that a deployment is made with."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from pathlib import Path

from infra import template
from infra.sam import DeployError
from lookalike.faces.manifest import read_manifest


def choose(given: Mapping[str, str], before: Mapping[str, str], models: Path) -> dict[str, str]:
    """What was deployed before, overruled by what is given, and what follows from both. Raises DeployError."""
    declared = template.load()
    names = declared["Parameters"]
    unknown = sorted(given.keys() - names.keys())
    if unknown:
        raise DeployError(f"template.yaml has no parameter {' and no '.join(unknown)}. It has: {', '.join(names)}.")
    parameters = {name: value for name, value in before.items() if name in names} | dict(given)
    if parameters.get("Store") == "s3-vectors":
        embedder = read_manifest(models, verify="size").embedder
        parameters |= {"Fingerprint": embedder.fingerprint, "EmbeddingWidth": str(embedder.width)}
    if not parameters.get("WebAcl"):
        parameters["OriginSecret"] = ""
    elif not parameters.get("OriginSecret"):
        parameters["OriginSecret"] = secrets.token_hex(32)
    for complaint in template.broken_rules(declared, **parameters):
        raise DeployError(complaint)
    return parameters


def pairs(texts: list[str]) -> dict[str, str]:
    """Name=Value as people type it. Raises DeployError."""
    for text in texts:
        if "=" not in text:
            raise DeployError(f"{text} is not a parameter: give Name=Value, such as SnapStart=PublishedVersions.")
    return dict(text.split("=", 1) for text in texts)
