"""`lookalike networks`: what is exported."""

from __future__ import annotations

import json
from typing import Any

from cli.options import AsJson, ModelsDirectory, printable, settings_with


def networks(models: ModelsDirectory = None, as_json: AsJson = False) -> None:
    """What is exported: from where, under which terms, how good, how fast here, how large."""
    from export.networks.listing import networks as listed

    settings = settings_with(models=models)
    found = listed(settings.models, settings.threads)
    if as_json:
        print(json.dumps(found, ensure_ascii=False, indent=2))
        return
    print("\n\n".join(_told(network) for network in found))


def _told(network: dict[str, Any]) -> str:
    checked = network["verification"]
    lines = {
        "from": network["origin"],
        "terms": network["terms"],
        "size": f"{network['bytes'] / 1e6:.1f} MB" + (f", {network['precision']}" if "precision" in network else ""),
        "equals": f"{checked['against']} on {checked['inputs']} inputs, within {checked['largest_difference']:.1e}",
    }
    if "width" in network:
        lines |= _measured(network)
    return "\n".join([printable(network["name"]), *(f"  {name:<12}{printable(text)}" for name, text in lines.items())])


def _measured(network: dict[str, Any]) -> dict[str, str]:
    rule = network["same_person"]
    lines = {
        "answers": f"{network['width']} numbers a face, {network['ms_a_face']:.1f} ms a face here",
        "one person": "no rule is known: lookalike evaluate PHOTOS --calibrate"
        if rule is None
        else f"from {rule:.3f} on",
    }
    if "calibration" in network:
        measured = network["calibration"]
        pairs = measured["pairs"]
        lines["one person"] += (
            f", measured on {pairs['same']} pairs of one person and {pairs['different']} of different people "
            f"({measured['accuracy']:.1%} right)"
        )
    if "trial" in network:
        trial = network["trial"]
        lines["tried"] = (
            f"on {trial['photos']} photos of {trial['people']} drawn people and portraits: {trial['area']:.1%} of pairs in the "
            f"right order, {trial['equal_error_rate']:.1%} mistaken"
        )
    if "evaluation" in network:
        judged = network["evaluation"]
        lines["in int8"] = (
            f"{judged['int8']['accuracy']:.1%} right, in fp32 {judged['fp32']['accuracy']:.1%}, on {judged['evaluated_on']}"
        )
    return lines
