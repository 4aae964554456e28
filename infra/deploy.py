"""`make deploy`, `make rollback`, `make restore` and `make undeploy`: build, stack, publish, in this order, and back.

What a stack was deployed with stays until it is given anew, so that a plain `make deploy` changes nothing but the code.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping

from infra import packages, parameters, stack, template, versions
from infra.address import qr_code
from infra.amazon import STACK, AmazonError, Deployed, account, deployed, outputs
from infra.bucket import Bucket
from infra.gallery_layer import People, people_in, people_of
from infra.on_device import Kit, kit
from infra.preflight import explained, preflight
from infra.publish import FRONTEND, Outcome, publish, publish_portraits
from infra.release import release
from infra.restore import restore
from infra.sam import BUILT, DeployError, build_environment, find_sam, run, stack_command
from infra.site_files import PublishError
from lookalike.errors import SetupError
from lookalike.settings import FUNCTION, Settings

# What sam build puts into the package; the page and an index have to fit it, whatever LOOKALIKE_GALLERY says.
MODELS, GALLERY = FUNCTION / "models", FUNCTION / "gallery"


def deploy(given: Mapping[str, str], name: str = STACK) -> str:
    """Build, make or change the stack, publish; `given` are parameters of template.yaml. What to tell people.

    Raises DeployError, PublishError, or SetupError.
    """
    sam = find_sam()
    account()
    before = stack.usable(name)
    earlier = _parameters(before) if before else {}
    chosen = parameters.choose(given, earlier, MODELS)
    for note in preflight(chosen, earlier):
        print(note, flush=True)
    _kit(chosen)  # what answers on the device may be missing, which is better known before anything is changed
    run([sam, "build"], build_environment(chosen))
    chosen |= {"Release": release(BUILT, template.load(), chosen)}
    people = people_of(packages.layer(name)) if before else {}
    if before and "SiteBucket" in before.outputs:
        bucket = Bucket(before.outputs["SiteBucket"])
        if chosen.get("Site") == "no":
            bucket.empty()  # CloudFormation removes empty buckets only
        else:
            publish_portraits(bucket, GALLERY / "portraits")
    _change(sam, name, chosen)
    places = outputs(name)
    _go_live(places["FunctionName"], keep_one_before=not _who_left(people) and not _other_secret(earlier, chosen))
    outcome = _publish(places, people)
    packages.remove_outdated(name)
    after = deployed(name)
    return report(places, outcome, changed=before is None or after is None or before.changed != after.changed)


def rollback(name: str = STACK) -> str:
    """Let the version before the one that answers answer again. Raises DeployError or SetupError."""
    function = outputs(name)["FunctionName"]
    found = versions.versions(function)
    if found.before is None:
        raise DeployError(
            "There is no version before this one: the last is kept, unless somebody has left the gallery or "
            "OriginSecret is another."
        )
    versions.go_live(function, found.before)
    versions.check(function)
    return f"Version {found.before} answers now, and not {found.live}. `make deploy` goes forward again."


def undeploy(name: str = STACK) -> str:
    """Remove the stack and all that is in it, after asking. Raises DeployError or SetupError."""
    account()
    found = deployed(name)
    if found is None:
        raise AmazonError(sentence=f"There is no stack named {name} here. Make it with: make deploy")
    where = found.outputs.get("SiteUrl") or found.outputs.get("ApiUrl") or f"what is left of {name} ({found.status})"
    print(f"This removes {where} for good: page, portraits, function, packages, logs, and the index, if there is one.")
    if not _agreed(name):
        raise DeployError("Nothing was removed.")
    if "SiteBucket" in found.outputs:
        Bucket(found.outputs["SiteBucket"]).empty()
    print("CloudFront takes some minutes to let go of the page …", flush=True)
    stack.delete(name)
    packages.remove_bucket(name)
    return f"The stack {name} is gone, and its packages with it."


def report(places: Mapping[str, str], outcome: Outcome | None, changed: bool) -> str:
    """What was done, and where people find it."""
    if outcome is None:
        return f"The API is at {places['ApiUrl']}"
    done = f"{len(outcome.uploaded)} files uploaded, {len(outcome.removed)} removed"
    if not changed and not outcome.uploaded and not outcome.removed:
        done = "Nothing has changed, and nothing was uploaded"
    return f"{qr_code(places['SiteUrl'])}\n{done}. The page is at {places['SiteUrl']}"


def _parameters(found: Deployed) -> dict[str, str]:
    """What the stack was made with. CloudFormation tells a secret as asterisks; the function knows it."""
    behind_a_firewall = bool(found.parameters.get("WebAcl"))
    secret = versions.origin_secret(found.outputs["FunctionName"]) if behind_a_firewall else ""
    return found.parameters | {"OriginSecret": secret}


def _change(sam: str, name: str, chosen: Mapping[str, str]) -> None:
    packages.make_bucket(name)
    try:
        run(stack_command(sam, name, chosen))
    except DeployError as error:
        known = explained(stack.failures(name))
        raise DeployError(f"{error}\n{known}" if known else str(error)) from None


def _go_live(function: str, keep_one_before: bool) -> None:
    """The newest version answers, or the one before it when it cannot; others are deleted."""
    found = versions.versions(function)
    if found.live != found.newest:  # after a rollback, and nothing has changed since
        versions.go_live(function, found.newest)
        found = versions.versions(function)
    try:
        versions.check(function)
    except AmazonError as error:
        if found.before is None:
            raise
        versions.go_live(function, found.before)
        versions.delete_all_but(function, set(found.all) - {found.live})  # or a rollback would find it one day
        raise DeployError(f"{error} Version {found.before}, the one before it, answers again.") from error
    kept = {found.live, found.before} if keep_one_before else {found.live}
    versions.delete_all_but(function, {number for number in kept if number is not None})


def _publish(places: Mapping[str, str], people: People) -> Outcome | None:
    if "VectorIndex" in places:
        push = ["gallery", "push", str(GALLERY), "--models", str(MODELS), "--index", places["VectorIndex"]]
        run([sys.executable, "-m", "cli.main", *push])
    if "SiteBucket" not in places:
        return None
    # A page that is open may still ask for the earlier portrait of somebody who has a new one; who left is gone at once.
    left = _who_left(people)
    kept = {portrait for person, portraits in people.items() if person not in left for portrait in portraits}
    return publish(
        Bucket(places["SiteBucket"]),
        places["SiteDistribution"],
        places["SiteUrl"],
        FRONTEND,
        GALLERY / "portraits",
        kept=kept,
        device=_kit(places),
    )


def _kit(places: Mapping[str, str]) -> Kit | None:
    """What the page may answer with on the visitor's device, by the stack's own parameter."""
    mode = places.get("OnDevice", "off")
    return kit(Settings(models=MODELS, gallery=GALLERY), mode) if mode != "off" else None


def _who_left(people: People) -> set[str]:
    return people.keys() - people_in(GALLERY).keys()


def _other_secret(earlier: Mapping[str, str], chosen: Mapping[str, str]) -> bool:
    """Whether the version before would refuse what CloudFront tells it now."""
    return earlier.get("OriginSecret", "") not in ("", chosen["OriginSecret"])


def _agreed(name: str) -> bool:
    try:
        return input(f"Type {name} to go on: ").strip() == name
    except EOFError:  # nobody is there to be asked
        return False


def main() -> int:
    about = "Deploy to AWS, go back, fetch the gallery, or remove it all."
    parser = argparse.ArgumentParser(prog="python -m infra.deploy", description=about)
    parser.add_argument("--stack", default=STACK, help="the stack's name (default: %(default)s)")
    parser.add_argument("what", choices=["deploy", "rollback", "restore", "undeploy"])
    parser.add_argument("parameters", nargs="*", metavar="Name=Value", help="parameters of template.yaml")
    arguments = parser.parse_args()
    steps = {
        "deploy": lambda: deploy(parameters.pairs(arguments.parameters), arguments.stack),
        "rollback": lambda: rollback(arguments.stack),
        "restore": lambda: restore(arguments.stack, GALLERY),
        "undeploy": lambda: undeploy(arguments.stack),
    }
    try:
        print(steps[arguments.what]())
    except (DeployError, PublishError, SetupError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nInterrupted. The same command goes on from here.", file=sys.stderr)
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
