"""What CloudFormation makes of template.yaml. Run with sam-cli's Python: transform.py TEMPLATE PARAMETERS…, each as JSON."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from samcli.yamlhelper import yaml_parse  # type: ignore[import-not-found]
from samtranslator.translator.transform import transform  # type: ignore[import-not-found]


class NoManagedPolicies:
    def load(self) -> dict[str, str]:
        return {}

    def get_managed_policy(self, name: str) -> str | None:
        return None


def transformed(text: str, parameters: dict[str, Any]) -> dict[str, Any]:
    template = yaml_parse(text)
    for name, uri in (("Function", "CodeUri"), ("GalleryLayer", "ContentUri")):
        template["Resources"][name]["Properties"][uri] = "s3://bucket/package.zip"  # where sam deploy puts it
    defaults = {name: parameter["Default"] for name, parameter in template["Parameters"].items()}
    result: dict[str, Any] = transform(template, defaults | parameters, NoManagedPolicies())
    return result


if __name__ == "__main__":
    text = Path(sys.argv[1]).read_text()
    print(json.dumps([transformed(text, json.loads(parameters)) for parameters in sys.argv[2:]]))
