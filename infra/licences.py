"""The licences of everything that is shipped: the function's packages, what they bundle, and the networks.

python -m infra.licences
"""

from __future__ import annotations

import json
import re
import sys
from dataclasses import dataclass
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path
from typing import Any

from export.networks.installation import read_installed
from infra.on_device import RUNTIME
from lookalike.settings import FUNCTION, Settings

LOCK = FUNCTION / "requirements.txt"
NOT_INSTALLED = "unknown: not installed here"
# Files of wheels that list the libraries compiled into them.
_BUNDLE = re.compile(r"(LICENSES_bundled\.txt|ThirdPartyNotices\.txt)$")
_CLASSIFIER = "License :: OSI Approved :: "


@dataclass(frozen=True, slots=True)
class Shipped:
    """`licence` in the words of its makers; `notices`: a file of the wheel with the licences of what it bundles."""

    name: str
    version: str
    licence: str
    notices: str = ""


def packages(lock: Path = LOCK) -> list[Shipped]:
    """Every package in the function's lock, in its order."""
    locked = re.findall(r"^([A-Za-z0-9_.-]+)==([^ ;\\]+)", lock.read_text(), re.MULTILINE)
    return [_package(name, version) for name, version in locked]


def networks(models: Path) -> list[Shipped]:
    """The networks in a directory, if there are any: name, origin and terms as their manifest has them."""
    manifest = read_installed(models)
    if manifest is None:
        return []
    detector, embedder = manifest["detector"], manifest["embedder"]
    return [
        Shipped(detector["name"], detector["origin"], detector["terms"]),
        Shipped(embedder["model"], embedder["weights"]["origin"], embedder["terms"]),
    ]


def page_runtime(modules: Path = RUNTIME) -> list[Shipped]:
    """ONNX Runtime for the page, where it is installed: it is published with answers on the visitor's device."""
    about = modules / "package.json"
    if not about.is_file():
        return []
    found = json.loads(about.read_text())
    return [Shipped(found["name"], found["version"], found["license"])]


def _package(name: str, version: str) -> Shipped:
    try:
        found = distribution(name)
    except PackageNotFoundError:
        return Shipped(name, version, NOT_INSTALLED)
    if found.version != version:
        return Shipped(name, version, f"unknown: here is {found.version}")
    notices = [str(file) for file in found.files or () if _BUNDLE.search(str(file))]
    return Shipped(name, version, _licence(found), notices[0] if notices else "")


def _licence(found: Distribution) -> str:
    """The modern field, else the old one and the classifiers, which do not always agree: then all that they say."""
    # An email.message.Message, of which the types name only part.
    fields: Any = found.metadata
    if expression := fields.get("License-Expression"):
        return str(expression)
    old = str(fields.get("License") or "").partition("\n")[0]
    classifiers = [str(line) for line in fields.get_all("Classifier") or ()]
    said = [old, *(line.removeprefix(_CLASSIFIER) for line in classifiers if line.startswith(_CLASSIFIER))]
    return "; ".join(dict.fromkeys(text for text in said if text)) or "unknown: it does not say"


def main() -> int:
    found = [*packages(), *networks(Settings.from_environment().models), *page_runtime()]
    width = max(len(shipped.name) for shipped in found)
    for shipped in found:
        print(f"{shipped.name:<{width}}  {shipped.licence}  ({shipped.version})")
        if shipped.notices:
            print(f"{'':<{width}}  with libraries of their own terms: {shipped.notices}")
    unknown = [shipped.name for shipped in found if shipped.licence.startswith("unknown")]
    if unknown:
        print(f"Not known: {', '.join(unknown)}", file=sys.stderr)
    return 1 if unknown else 0


if __name__ == "__main__":
    sys.exit(main())
