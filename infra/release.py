"""What would be deployed, as one hash: a deployment with another one publishes another version of the function."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from infra import template

_ARTIFACTS = ("Function", "GalleryLayer")


def release(built: Path, declared: dict[str, Any], parameters: Mapping[str, str]) -> str:
    """Of the folder that `sam build` left, and of what the parameters make of the function's properties."""
    # Words, for CloudFormation gives back as words what are numbers in the template.
    values = {name: str(parameters.get(name, item["Default"])) for name, item in declared["Parameters"].items()}
    resources = template.resolved(declared, **values)["Resources"]
    properties = {
        name: resources["Function"]["Properties"][name] for name in sorted(resources["Function"]["Properties"])
    }
    properties.pop("AutoPublishCodeSha256")
    digest = hashlib.sha256(json.dumps(properties, sort_keys=True).encode())
    for path in sorted(path for name in _ARTIFACTS for path in (built / name).rglob("*") if path.is_file()):
        content = hashlib.sha256(path.read_bytes()).hexdigest()
        digest.update(f"{path.relative_to(built).as_posix()} {content}\n".encode())
    return digest.hexdigest()
