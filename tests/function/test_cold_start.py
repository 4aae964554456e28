"""What a process that must answer soon puts off while it loads, and takes up again once all is there."""

from __future__ import annotations

import subprocess
import sys


def test_garbage_is_not_looked_for_nor_models_built_until_all_is_loaded() -> None:
    program = """
import gc
from lookalike import cold_start
from pydantic import BaseModel
before = gc.get_freeze_count()  # not 0 on Python 3.12
print(gc.isenabled(), BaseModel.model_config["defer_build"], before < 1000)
cold_start.loaded()
print(gc.isenabled(), gc.get_freeze_count() > before + 1000)
"""
    done = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)
    assert done.stdout.splitlines() == ["False True True", "True True"]
