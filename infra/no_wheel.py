"""pip install . is not offered: networks and gallery are made in the checkout, from which everything runs."""

from __future__ import annotations

from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class NoWheel(BuildHookInterface):  # type: ignore[misc]
    """Lets pip install the checkout itself (-e), and nothing else."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if version != "editable":
            raise SystemExit(
                "Lookalike runs from its checkout, where its networks are made: see README.md, or `make run`."
            )
