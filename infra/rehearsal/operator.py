"""What an operator does later: another network, a firewall and its secret, what was damaged, another region, the end."""

from __future__ import annotations

import json
import os
import secrets
import shutil
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace

import boto3

from infra import amazon, stack
from infra.bucket import Bucket
from infra.rehearsal.project import Project
from infra.rehearsal.story import Story
from infra.rehearsal.visitors import Visitor

FIREWALL = "lookalike-firewall"
# In the same account: MiniStack shows a visitor, who has none, what is in its first account only.
ELSEWHERE = {"AWS_DEFAULT_REGION": "eu-west-1"}
# What belongs to one account, or is made up anew by each deployment.
NOT_MOVED = ("WebAcl", "OriginSecret", "Release")


def begin_another_network(story: Story) -> None:
    """It is exported beside all that comes before it is wanted."""
    out = story.project.folder / "another"
    command = ["cli.main", "export", "--model", "dlib", "--precision", "int8", "--out", str(out)]
    pool = ThreadPoolExecutor(1)
    story.exported = pool.submit(story.project.run, command)
    pool.shutdown(wait=False)


def rotate_the_network(story: Story) -> None:
    """Another network and a gallery made with it arrive in one moment: nobody is told of another person meanwhile."""
    project, people = story.project, story.people()
    photos = project.folder / "photos"
    for person in people:
        folder = photos / person["department"] / person["name"]
        folder.mkdir(parents=True)
        shutil.copy(project.gallery / "portraits" / person["portrait"], folder)
    before = json.loads((project.gallery / "gallery.json").read_text())["fingerprint"]
    exported = story.exported.result()
    for folder in (project.gallery, project.models):
        shutil.rmtree(folder)
    (project.folder / "another").rename(project.models)
    built = project.run(["cli.main", "gallery", "build", str(photos)])
    after = json.loads((project.gallery / "gallery.json").read_text())["fingerprint"]
    sought = people[0]
    photo = next((photos / sought["department"] / sought["name"]).iterdir()).read_bytes()
    with Visitor(story.aws, [f"{story.page}api/people"], (story.page, photo)) as visitor:
        done = project.deploy("MemorySize=1769")
    well = (exported.code, built.code, done.code) == (0, 0, 0) and before != after
    story.table.see("another network and its gallery", well, f"{before[:4]}… → {after[:4]}…, {done.cost}")
    well = set(visitor.statuses) == {"200", f"200 {sought['id']}"}
    story.table.see("… meanwhile, to who sends a photo", well, dict(visitor.statuses))


def put_a_firewall_before_it(story: Story) -> None:
    """What somebody has damaged in the page's bucket is mended by the same deployment."""
    bucket = Bucket(story.places["SiteBucket"])
    page = bucket.read("index.html")
    # Of the gallery that is deployed next: what answers now is the one before it, whose portraits are only kept.
    portrait = f"api/portraits/{min(path.name for path in story.project.gallery.glob('portraits/*.jpg'))}"
    script = next(key for key in bucket.list() if key.endswith("/js/main.js") and key.encode() in page)
    bucket.remove([portrait, script])
    boto3.client("s3").put_object(Bucket=bucket.name, Key="index.html", Body=page[::-1])
    made = story.project.sam("deploy", "--template-file", "infra/firewall.yaml", "--stack-name", FIREWALL)
    found = amazon.deployed(FIREWALL)
    acl = found.outputs["WebAcl"] if found else made.last
    done = story.project.deploy(f"WebAcl={acl}")
    mended = {portrait, script} <= bucket.list().keys() and bucket.read("index.html") == page
    story.table.see("a page damaged in its bucket, make deploy", mended, "what was gone or another is as it was")
    story.table.see("a firewall", done.code == 0, f"{acl.rpartition(':')[2][:20]}…, {done.cost}")
    _look_for_a_way_round(story, done.said)


def change_the_secret(story: Story) -> None:
    """It reaches CloudFront and the version that answers; no version that knows the earlier one is left to go back to."""
    secret = secrets.token_hex(32)
    done = story.project.deploy(f"OriginSecret={secret}")
    _look_for_a_way_round(story, done.said, secret)
    back = story.project.run(["infra.deploy", "rollback"])
    story.table.see("… no way back to the earlier one", back.code == 1, back.last)


def _look_for_a_way_round(story: Story, said: str, secret: str = "") -> None:
    """By the API's own address nobody is answered who does not know the secret, which is in no log either."""
    api = story.aws.api(story.places["ApiUrl"]) + "/health"
    health, direct = story.aws.fetch(f"{story.page}api/health").status, story.aws.fetch(api).status
    known = story.aws.fetch(api, headers={"x-lookalike-origin": secret}).status if secret else 200
    told = story.secret() in said
    well = (health, direct, known, told) == (200, 403, 200, False)
    what = "another secret" if secret else "… the API's own address"
    story.table.see(what, well, f"page: {health}, API: {direct}; secret in what deploy says: {told}")


def move(story: Story) -> None:
    """To another region, with the parameters that were chosen in this one."""
    found = amazon.deployed()
    parameters = {} if found is None else found.parameters
    given = [f"{name}={value}" for name, value in parameters.items() if name not in NOT_MOVED]
    with elsewhere(story) as there:
        done = there.project.deploy(*given)
        people = len(there.people())
        story.table.see("another region", done.code == 0, f"{amazon.region()}: {people} people, {done.cost}")


def remove(story: Story) -> None:
    """First here, which does nothing to the stack elsewhere; then there. Buckets and names of the whole account go last."""
    here = story.project.run(["infra.deploy", "undeploy"], typed="lookalike\n")
    stack.delete(FIREWALL)
    with elsewhere(story) as there:
        status = story.aws.fetch(f"{there.page}api/health").status
        story.table.see("make undeploy", here.code == 0 and status == 200, f"the page of the other region: {status}")
        last = there.project.run(["infra.deploy", "undeploy"], typed="lookalike\n")
        left = what_is_left()
    left += what_is_left()
    story.table.see("… there, too", last.code == 0 and not left, f"left in both: {', '.join(left) or 'nothing'}")


@contextmanager
def elsewhere(story: Story) -> Iterator[Story]:
    """The same project, and another region to it and to this process."""
    aws = replace(story.aws, variables=story.aws.variables | ELSEWHERE)
    with _environment(aws.variables):
        yield Story(Project(story.project.folder, aws, story.project.log), story.table)


@contextmanager
def _environment(variables: Mapping[str, str]) -> Iterator[None]:
    before = dict(os.environ)
    os.environ.update(variables)
    boto3.DEFAULT_SESSION = None  # it remembers who it was made for
    try:
        yield
    finally:
        os.environ.update(before)
        boto3.DEFAULT_SESSION = None


def what_is_left() -> list[str]:
    """Everything of a stack that costs something, holds something, or could be asked."""
    client = amazon.client
    listed = {
        "stack": client("cloudformation").describe_stacks()["Stacks"],
        "bucket": client("s3").list_buckets()["Buckets"],
        "function": client("lambda").list_functions()["Functions"],
        "layer": client("lambda").list_layers()["Layers"],
        "log": client("logs").describe_log_groups()["logGroups"],
        "API": client("apigatewayv2").get_apis()["Items"],
        "distribution": client("cloudfront").list_distributions()["DistributionList"].get("Items", []),
        "role": client("iam").list_roles()["Roles"],
        "alarm": client("cloudwatch").describe_alarms()["MetricAlarms"],
        "dashboard": client("cloudwatch").list_dashboards()["DashboardEntries"],
        "topic": client("sns").list_topics()["Topics"],
    }
    return [f"{len(items)} {kind}" for kind, items in listed.items() if items]
