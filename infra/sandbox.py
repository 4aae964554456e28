"""What the Lambda stand-in runs: the built package on Lambda's own Python, alone, or the sources on this Python."""

from __future__ import annotations

import os
import platform
import re
import subprocess
import sys
from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path

from infra import template
from infra.lambda_python import PYTHON_VERSION, environment
from infra.package_contents import machines

_ROOT = Path(__file__).parents[1]
PACKAGE = _ROOT / ".aws-sam" / "build" / "Function"
LAYER = "GalleryLayer"  # beside the package; its content is at /opt when Lambda runs it
_CLIENT = "awslambdaric==4.2.2"
_FOLDERS = ("LOOKALIKE_MODELS", "LOOKALIKE_GALLERY")


class SandboxError(Exception):
    """The function cannot be run here in this way; the message says what is missing and how to get it."""


@dataclass(frozen=True, slots=True)
class Sandbox:
    """A folder with the handler in it, the Python that runs it, and all the variables it sees. Timeout in seconds."""

    task: Path
    python: Path
    handler: str
    timeout: float
    variables: dict[str, str]


def packaged(package: Path = PACKAGE) -> Sandbox:
    """The package as `sam build` left it, on Lambda's Python with nothing but Amazon's runtime client beside it.

    Raises SandboxError without that Python or that package, or on another kind of machine than it is built for.
    """
    layer = package.parent / LAYER
    if not (package / "lookalike").is_dir():
        raise SandboxError("The package is not built: run `make package` first.")
    if not runs_here(package):
        here = f"{platform.system()} on {platform.machine()}"
        raise SandboxError(f"The package is for Linux on {', '.join(machines(package))}; this is {here}.")
    try:
        python = environment("lambda", _CLIENT)
    except subprocess.CalledProcessError as error:
        raise SandboxError(f"Lambda's runtime client could not be installed:\n{error.stderr.strip()}") from error
    if python is None:
        raise SandboxError(f"Python {PYTHON_VERSION}, which Lambda runs, is not on this machine's PATH.")
    return _sandbox(package, python, opt=layer)


def sources(python: Path | None = None) -> Sandbox:
    """The sources in function/ on this very Python and its libraries (or another's), for machines without Lambda's.

    Their networks and gallery are those that the other commands take. Raises SandboxError without Amazon's runtime client.
    """
    if python is None and find_spec("awslambdaric") is None:
        raise SandboxError(f"Amazon's runtime client is missing: pip install {_CLIENT}")
    place = _sandbox(_ROOT / "function", python or Path(sys.executable), opt=_ROOT / "function")
    folders = {name: str(Path(os.environ[name]).absolute()) for name in _FOLDERS if os.environ.get(name)}
    return replace(place, variables=place.variables | folders)


def runs_here(package: Path) -> bool:
    """Whether this machine's kind is the package's; Lambda's Python may still be missing."""
    here = {"aarch64": "arm64"}.get(platform.machine(), platform.machine())
    return sys.platform == "linux" and machines(package) <= {here}


def _sandbox(task: Path, python: Path, opt: Path) -> Sandbox:
    """`opt` stands for /opt."""
    properties = template.function_properties()
    logging = properties["LoggingConfig"]
    name, region = "lookalike", "us-east-1"
    variables = {
        "AWS_DEFAULT_REGION": region,
        "AWS_EXECUTION_ENV": f"AWS_Lambda_{properties['Runtime']}",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(properties["MemorySize"]),
        "AWS_LAMBDA_FUNCTION_NAME": name,
        "AWS_LAMBDA_FUNCTION_VERSION": "1",
        "AWS_LAMBDA_LOG_FORMAT": logging["LogFormat"],
        "AWS_LAMBDA_LOG_GROUP_NAME": f"/aws/lambda/{name}",
        "AWS_LAMBDA_LOG_LEVEL": logging["ApplicationLogLevel"],
        "AWS_LAMBDA_LOG_STREAM_NAME": "local",
        "AWS_REGION": region,
        "LAMBDA_TASK_ROOT": str(task),
        "LANG": "en_US.UTF-8",
        "PATH": "/usr/local/bin:/usr/bin:/bin",
        "PYTHONPATH": str(task),
        # Lambda's /var/task is read-only: bytecode that is not in the package is made anew at every start.
        "PYTHONDONTWRITEBYTECODE": "1",
        "TZ": ":UTC",
    }
    for key, value in properties["Environment"]["Variables"].items():
        variables[key] = re.sub("^/opt(?=/)", lambda _: str(opt), str(value))
    return Sandbox(task, python, properties["Handler"], float(properties["Timeout"]), variables)
