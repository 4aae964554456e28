"""template.yaml as Python values, so that what runs here has the settings that are deployed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

PATH = Path(__file__).parents[1] / "template.yaml"


def load(path: Path = PATH) -> dict[str, Any]:
    """The template as written, CloudFormation's short forms as long ones: `!Ref X` is {"Ref": "X"}."""
    template: dict[str, Any] = yaml.load(path.read_text(encoding="utf-8"), _Loader)  # noqa: S506 - it is a SafeLoader
    return template


def function_properties(path: Path = PATH) -> dict[str, Any]:
    """The Function's Properties, with each reference to a parameter replaced by that parameter's default."""
    template = load(path)
    defaults = {name: parameter.get("Default") for name, parameter in template["Parameters"].items()}
    properties: dict[str, Any] = _resolved(template["Resources"]["Function"]["Properties"], defaults)
    return properties


def _resolved(value: Any, defaults: dict[str, Any]) -> Any:
    match value:
        case {"Ref": str(name)} if name in defaults:
            return defaults[name]
        case dict():
            return {key: _resolved(item, defaults) for key, item in value.items()}
        case list():
            return [_resolved(item, defaults) for item in value]
    return value


class _Loader(yaml.SafeLoader):
    """SafeLoader, and CloudFormation's tags."""


def _tag(loader: _Loader, suffix: str, node: yaml.Node) -> dict[str, Any]:
    key = suffix if suffix in ("Ref", "Condition") else f"Fn::{suffix}"
    match node:
        case yaml.ScalarNode():
            text = str(loader.construct_scalar(node))
            return {key: text.split(".", 1) if suffix == "GetAtt" else text}
        case yaml.SequenceNode():
            return {key: loader.construct_sequence(node, deep=True)}
        case yaml.MappingNode():
            return {key: loader.construct_mapping(node, deep=True)}
    raise yaml.YAMLError(f"!{suffix} has no value")


_Loader.add_multi_constructor("!", _tag)
