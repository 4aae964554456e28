"""sam-cli: where it is, and how it is called."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from infra import packages
from infra.amazon import region

_SECRET = re.compile(r'(?<=OriginSecret=")[^"]+')
_ROOT = Path(__file__).resolve().parents[1]
_TOOLS = _ROOT / ".tools" / "sam" / "bin"
BUILT = _ROOT / ".aws-sam" / "build"


class DeployError(Exception):
    """Nothing more was done; the message says why, and what to do."""


def find_sam() -> str:
    """Our own sam-cli, or the machine's."""
    own = _TOOLS / "sam"
    found = str(own) if own.is_file() else shutil.which("sam")
    if found is None:
        raise DeployError("SAM, Amazon's tool that deploys, is missing. Install it with: make tools")
    return found


def build_environment(parameters: Mapping[str, str]) -> dict[str, str]:
    """What function/Makefile has to know of the parameters."""
    names = {"Architecture": "ARCHITECTURE", "Store": "STORE"}
    chosen = {variable: parameters[name] for name, variable in names.items() if name in parameters}
    return chosen | {"PACKAGE_PYTHON": sys.executable}


def stack_command(sam: str, stack: str, parameters: Mapping[str, str]) -> list[str]:
    command = [sam, "deploy", "--template-file", str(BUILT / "template.yaml"), "--stack-name", stack]
    command += ["--region", region(), "--s3-bucket", packages.bucket_name(stack)]
    command += ["--capabilities", "CAPABILITY_IAM", "--no-confirm-changeset", "--no-fail-on-empty-changeset"]
    # In quotes, for values may be empty.
    overrides = [f'{name}="{value}"' for name, value in sorted(parameters.items())]
    return [*command, "--parameter-overrides", *overrides]


def run(command: Sequence[str], environment: Mapping[str, str] | None = None) -> None:
    """Its output goes to the terminal as it comes. Raises DeployError when it fails."""
    said = ["sam" if command[0].endswith("sam") else command[0], *command[1:]]
    print(f"→ {_SECRET.sub('…', ' '.join(said))}", flush=True)
    variables = {**os.environ, "SAM_CLI_TELEMETRY": "0", **(environment or {})}
    done = subprocess.run(command, cwd=_ROOT, env=variables)  # noqa: S603
    if done.returncode != 0:
        raise DeployError(
            f"`{Path(command[0]).name} {command[1]}` failed, as it says above; nothing after it was done."
        )
