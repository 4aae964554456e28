"""template.yaml as Python values, so that what runs here has the settings that are deployed."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml

PATH = Path(__file__).parents[1] / "template.yaml"


def load(path: Path = PATH) -> dict[str, Any]:
    """The template as written, CloudFormation's short forms as long ones: `!Ref X` is {"Ref": "X"}."""
    template: dict[str, Any] = yaml.load(path.read_text(encoding="utf-8"), _Loader)  # noqa: S506 - it is a SafeLoader
    return template


def function_properties(path: Path = PATH) -> dict[str, Any]:
    """The Function's Properties as they are when no parameter is given."""
    properties: dict[str, Any] = resolved(load(path))["Resources"]["Function"]["Properties"]
    return properties


def resolved(template: dict[str, Any], **parameters: object) -> dict[str, Any]:
    """Resources and Outputs with these parameters, the others at their defaults, and what follows from conditions."""
    scope = _Scope(template, parameters)
    return {section: scope.resolve(template[section]) for section in ("Resources", "Outputs")}


_NO_VALUE = object()
_ALWAYS = {"Fn::And": list[Any]()}


def broken_rules(template: dict[str, Any], **parameters: object) -> list[str]:
    """What CloudFormation would say to these parameters before it does anything."""
    scope = _Scope(template, parameters)
    return [
        assertion["AssertDescription"]
        for rule in template["Rules"].values()
        if scope.holds(rule.get("RuleCondition", _ALWAYS))
        for assertion in rule["Assertions"]
        if not scope.holds(assertion["Assert"])
    ]


class _Scope:
    """Values, with the parameters as given or at their defaults."""

    def __init__(self, template: dict[str, Any], parameters: dict[str, Any]) -> None:
        declared = {name: parameter.get("Default") for name, parameter in template["Parameters"].items()}
        self._parameters: dict[str, Any] = declared | parameters
        self._conditions: dict[str, Any] = template["Conditions"]

    def resolve(self, value: Any) -> Any:
        match value:
            case {"Ref": "AWS::NoValue"}:
                return _NO_VALUE
            case {"Ref": str(name)} if name in self._parameters:
                return self._parameters[name]
            case {"Fn::Sub": str(text)}:
                filled = re.sub(r"\$\{(\w+)\}", lambda name: str(self._parameters.get(name[1], name[0])), text)
                return {"Fn::Sub": filled} if "${" in filled else filled
            case {"Fn::If": [str(condition), then, otherwise]}:
                return self.resolve(then if self.holds(self._conditions[condition]) else otherwise)
            case {"Condition": str(condition), **rest} if rest:  # of a resource or an output
                return self.resolve(rest) if self.holds(self._conditions[condition]) else _NO_VALUE
            case dict():
                items = ((key, self.resolve(item)) for key, item in value.items())
                return {key: item for key, item in items if item is not _NO_VALUE}
            case list():
                return [item for item in map(self.resolve, value) if item is not _NO_VALUE]
        return value

    def holds(self, condition: Any) -> bool:
        match condition:
            case {"Fn::Equals": [one, other]}:
                return str(self.resolve(one)) == str(self.resolve(other))
            case {"Fn::Not": [negated]}:
                return not self.holds(negated)
            case {"Fn::And": [*all_of]}:
                return all(map(self.holds, all_of))
            case {"Fn::Or": [*any_of]}:
                return any(map(self.holds, any_of))
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
