"""`make deploy` and `make undeploy`: build, stack, publish, in this order, and back.

What a stack was deployed with stays until it is given anew, so that a plain `make deploy` changes nothing but the code.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from infra import template
from infra.amazon import STACK, client, deployed, outputs, plain_errors, region
from infra.bucket import Bucket
from infra.publish import FRONTEND, publish, report
from infra.site_files import PublishError
from lookalike.errors import SetupError
from lookalike.faces.manifest import read_manifest
from lookalike.settings import FUNCTION

# What sam build puts into the package; the page and an index have to fit it, whatever LOOKALIKE_GALLERY says.
MODELS, GALLERY = FUNCTION / "models", FUNCTION / "gallery"
_ROOT = Path(__file__).resolve().parents[1]
_TOOLS = _ROOT / ".tools" / "sam" / "bin"


class DeployError(Exception):
    """Nothing more was done; the message says why, and what to do."""


def deploy(given: Mapping[str, str], stack: str = STACK) -> str:
    """Build, make or change the stack, publish; `given` are parameters of template.yaml. What to tell people.

    Raises DeployError, PublishError, or SetupError.
    """
    sam = find_sam()
    _check_account()
    found = deployed(stack)
    parameters = choose_parameters(given, found.parameters if found else {})
    _run([sam, "build"], build_environment(parameters))
    _run(stack_command(sam, stack, parameters))
    places = outputs(stack)
    if "VectorIndex" in places:
        push = ["gallery", "push", str(GALLERY), "--models", str(MODELS), "--index", places["VectorIndex"]]
        _run([sys.executable, "-m", "cli.main", *push])
    outcome = publish(Bucket(places["SiteBucket"]), places["SiteDistribution"], FRONTEND, GALLERY / "portraits")
    return report(places["SiteUrl"], outcome)


def undeploy(stack: str = STACK) -> str:
    """Remove the stack and all that is in it, after asking. Raises DeployError or SetupError."""
    sam = find_sam()
    _check_account()
    places = outputs(stack)
    print(
        f"This removes {places['SiteUrl']} for good: page, portraits, function, logs, and the index, if there is one."
    )
    if not _agreed(stack):
        raise DeployError("Nothing was removed.")
    bucket = Bucket(places["SiteBucket"])
    bucket.remove(list(bucket.list()))  # CloudFormation removes empty buckets only
    _run([sam, "delete", "--stack-name", stack, "--region", region(), "--no-prompts"])
    return f"The stack {stack} is gone."


def find_sam() -> str:
    """Our own sam-cli, or the machine's."""
    own = _TOOLS / "sam"
    found = str(own) if own.is_file() else shutil.which("sam")
    if found is None:
        raise DeployError("SAM, Amazon's tool that deploys, is missing. Install it with: make tools")
    return found


def choose_parameters(given: Mapping[str, str], before: Mapping[str, str]) -> dict[str, str]:
    """What was deployed before, overruled by what is given, and what follows from both."""
    declared = template.load()
    unknown = sorted(given.keys() - declared["Parameters"].keys())
    if unknown:
        known = ", ".join(declared["Parameters"])
        raise DeployError(f"template.yaml has no parameter {' and no '.join(unknown)}. It has: {known}.")
    parameters = {name: value for name, value in before.items() if name in declared["Parameters"]} | dict(given)
    if parameters.get("Store") == "s3-vectors":
        embedder = read_manifest(MODELS, verify="size").embedder
        parameters |= {"Fingerprint": embedder.fingerprint, "EmbeddingWidth": str(embedder.width)}
    for complaint in template.broken_rules(declared, **parameters):
        raise DeployError(complaint)
    return parameters


def build_environment(parameters: Mapping[str, str]) -> dict[str, str]:
    """What function/Makefile has to know of the parameters."""
    names = {"Architecture": "ARCHITECTURE", "Store": "STORE"}
    chosen = {variable: parameters[name] for name, variable in names.items() if name in parameters}
    return chosen | {"PYTHON": sys.executable}


def stack_command(sam: str, stack: str, parameters: Mapping[str, str]) -> list[str]:
    command = [sam, "deploy", "--stack-name", stack, "--region", region(), "--resolve-s3"]
    command += ["--capabilities", "CAPABILITY_IAM", "--no-confirm-changeset", "--no-fail-on-empty-changeset"]
    # In quotes, for values may be empty.
    overrides = [f'{name}="{value}"' for name, value in sorted(parameters.items())]
    return [*command, "--parameter-overrides", *overrides] if overrides else command


def _agreed(stack: str) -> bool:
    try:
        return input(f"Type {stack} to go on: ").strip() == stack
    except EOFError:  # nobody is there to be asked
        return False


def _check_account() -> None:
    with plain_errors():
        client("sts").get_caller_identity()


def _run(command: Sequence[str], environment: Mapping[str, str] | None = None) -> None:
    """Its output goes to the terminal as it comes."""
    print(f"→ {' '.join(['sam' if command[0].endswith('sam') else command[0], *command[1:]])}", flush=True)
    variables = {**os.environ, "SAM_CLI_TELEMETRY": "0", **(environment or {})}
    done = subprocess.run(command, cwd=_ROOT, env=variables)  # noqa: S603
    if done.returncode != 0:
        raise DeployError(
            f"`{Path(command[0]).name} {command[1]}` failed, as it says above; nothing after it was done."
        )


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m infra.deploy", description="Deploy to AWS, or remove it again.")
    parser.add_argument("--stack", default=STACK, help="the stack's name (default: %(default)s)")
    parser.add_argument("what", choices=["deploy", "undeploy"])
    parser.add_argument("parameters", nargs="*", metavar="Name=Value", help="parameters of template.yaml")
    arguments = parser.parse_args()
    try:
        given = dict(_name_and_value(text) for text in arguments.parameters)
        print(deploy(given, arguments.stack) if arguments.what == "deploy" else undeploy(arguments.stack))
    except (DeployError, PublishError, SetupError) as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nInterrupted. The same command goes on from here.", file=sys.stderr)
        return 130
    return 0


def _name_and_value(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals:
        raise DeployError(f"{text} is not a parameter: give Name=Value, such as SnapStart=PublishedVersions.")
    return name, value


if __name__ == "__main__":
    sys.exit(main())
