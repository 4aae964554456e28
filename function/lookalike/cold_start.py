"""Imported before all else where a process must answer soon: what loading modules need not do now. Nothing is undone later
but the pause in collecting garbage, which `loaded` ends.
"""

from __future__ import annotations

import gc

# Of modules that are loaded to stay, nothing is garbage: every look at them is for nothing.
gc.disable()

from pydantic import BaseModel, ConfigDict  # noqa: E402

# FastAPI's models of an OpenAPI document are then built when somebody asks for that document.
BaseModel.model_config = ConfigDict(defer_build=True)


def loaded() -> None:
    """All that stays is there: garbage is collected again, and only among what comes after."""
    gc.freeze()
    gc.enable()
