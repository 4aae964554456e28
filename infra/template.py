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
    """The Function's Properties with every parameter at its default, and what follows from that."""
    properties: dict[str, Any] = _resolved(load(path)["Resources"]["Function"]["Properties"], load(path))
    return properties


_NO_VALUE = object()


def _resolved(value: Any, template: dict[str, Any]) -> Any:
    match value:
        case {"Ref": "AWS::NoValue"}:
            return _NO_VALUE
        case {"Ref": str(name)} if name in template["Parameters"]:
            return template["Parameters"][name].get("Default")
        case {"Fn::If": [str(condition), then, otherwise]}:
            holds = _holds(template["Conditions"][condition], template)
            return _resolved(then if holds else otherwise, template)
        case dict():
            items = ((key, _resolved(item, template)) for key, item in value.items())
            return {key: item for key, item in items if item is not _NO_VALUE}
        case list():
            return [item for item in (_resolved(item, template) for item in value) if item is not _NO_VALUE]
    return value


def _holds(condition: dict[str, Any], template: dict[str, Any]) -> bool:
    match condition:
        case {"Fn::Equals": [one, other]}:
            return str(_resolved(one, template)) == str(_resolved(other, template))
        case {"Fn::Not": [negated]}:
            return not _holds(negated, template)
    raise ValueError(f"a condition of another kind than template.yaml has: {condition}")


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
