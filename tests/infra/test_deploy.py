"""`make deploy`, `make rollback` and `make undeploy` on an emulated AWS: the real template, the real sam, a tiny function."""

from __future__ import annotations

import io
import json
import shutil
import sys
from pathlib import Path

import boto3
import pytest
from botocore.exceptions import WaiterError

from infra import amazon, deploy, packages, stack
from infra import sam as sam_tool
from infra.address import qr_code
from infra.bucket import Bucket
from infra.deploy import rollback, undeploy
from infra.rehearsal.emulator import Emulator
from infra.restore import restore
from infra.sam import DeployError
from infra.versions import Versions, origin_secret, versions
from tests.infra.emulated import UNABLE_TO_START, WELL, Project, account, cloud, project

__all__ = ["account", "cloud", "project"]  # fixtures
WEB_ACL = "arn:aws:wafv2:us-east-1:000000000000:global/webacl/one/00000000-0000-0000-0000-000000000000"
pytestmark = pytest.mark.slow


def state() -> Versions:
    return versions(amazon.outputs()["FunctionName"])


def test_the_way_there_and_back(
    account: Emulator, project: Project, monkeypatch: pytest.MonkeyPatch, sam: Path
) -> None:
    said = deploy.deploy({"LogRetentionDays": "7"})
    places = amazon.outputs()
    page = places["SiteUrl"]
    assert f"The page is at {page}" in said and qr_code(page) in said and state() == Versions(1, (1,))
    assert account.fetch(page).status == 200 and account.fetch(f"{page}api/portraits/kim.jpg").body == b"kim"
    assert account.fetch(f"{page}api/health").body == b"well"
    packed = Bucket(packages.bucket_name("lookalike")).list()

    # Again, without a change.
    said = deploy.deploy({})
    assert "Nothing has changed, and nothing was uploaded" in said and state() == Versions(1, (1,))
    assert Bucket(packages.bucket_name("lookalike")).list() == packed

    # A gallery that was lost: its portraits come from the page's bucket, for the layer has none.
    lost = contents(project.gallery)
    with pytest.raises(DeployError, match="nothing is overwritten"):
        restore("lookalike", project.gallery)
    shutil.rmtree(project.gallery)
    assert "2 people are in" in restore("lookalike", project.gallery) and contents(project.gallery) == lost

    # A parameter alone: it reaches those who ask, by a new version, and the package is not sent again.
    deploy.deploy({"MemorySize": "2048"})
    functions = boto3.client("lambda")
    live = functions.get_function_configuration(FunctionName=places["FunctionName"], Qualifier="live")
    assert (live["MemorySize"], live["Version"]) == (2048, "2") and state() == Versions(2, (1, 2))
    assert {key for key in Bucket(packages.bucket_name("lookalike")).list() if not key.endswith(".template")} == {
        key for key in packed if not key.endswith(".template")
    }
    found = amazon.deployed()
    assert found is not None and found.parameters["LogRetentionDays"] == "7"

    # Back, and forward again.
    assert "Version 1 answers now, and not 2" in rollback() and state().live == 1
    with pytest.raises(DeployError, match="no version before"):
        rollback()
    deploy.deploy({})
    assert state() == Versions(2, (1, 2))

    # A version that cannot start is not left to answer.
    project.code = UNABLE_TO_START
    with pytest.raises(DeployError, match=r"no network fits.*Version 2, the one before it, answers again"):
        deploy.deploy({})
    assert state() == Versions(2, (1, 2)) and account.fetch(f"{page}api/health").body == b"well"

    # Somebody leaves: nothing keeps them, no version, no package, no portrait.
    project.code = WELL
    project.write_people("kim")
    deploy.deploy({})
    assert len(state().all) == 1
    assert account.fetch(f"{page}api/portraits/lee.jpg").status != 200
    for key in Bucket(packages.bucket_name("lookalike")).list():
        assert b"lee" not in Bucket(packages.bucket_name("lookalike")).read(key)

    monkeypatch.setattr("builtins.input", lambda _: "Lookalike2")
    with pytest.raises(DeployError, match="Nothing was removed"):
        undeploy()
    monkeypatch.setattr("builtins.input", lambda _: "lookalike")
    assert "The stack lookalike is gone" in undeploy()
    assert boto3.client("s3").list_buckets()["Buckets"] == [] and amazon.deployed() is None
    assert functions.list_functions()["Functions"] == functions.list_layers()["Layers"] == []
    with pytest.raises(amazon.AmazonError, match="There is no stack named lookalike here"):
        undeploy()


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_secret_is_made_up_once_and_another_leaves_no_way_back(
    account: Emulator, project: Project, capfd: pytest.CaptureFixture[str], sam: Path
) -> None:
    deploy.deploy({"WebAcl": WEB_ACL})
    function = amazon.outputs()["FunctionName"]
    secret = origin_secret(function)
    assert len(secret) == 64 and state() == Versions(1, (1,))
    deploy.deploy({"MemorySize": "2048"})
    assert origin_secret(function) == secret and state() == Versions(2, (1, 2))
    deploy.deploy({"OriginSecret": "testing"})
    assert origin_secret(function) == "testing" and state() == Versions(3, (3,))
    config = boto3.client("cloudfront").get_distribution_config(Id=amazon.outputs()["SiteDistribution"])
    told = [origin.get("CustomHeaders", {}) for origin in config["DistributionConfig"]["Origins"]["Items"]]
    assert {"HeaderName": "x-lookalike-origin", "HeaderValue": "testing"} in told[1]["Items"]
    said = "".join(capfd.readouterr())
    assert secret not in said and "testing" not in said


def fail_the_first_time() -> None:
    """A stack as a first deployment leaves it that did not come about."""
    parameter = {"Type": "AWS::SSM::Parameter", "Properties": {"Type": "Number", "Value": "1"}}
    cloudformation = boto3.client("cloudformation")
    cloudformation.create_stack(StackName="lookalike", TemplateBody=json.dumps({"Resources": {"One": parameter}}))
    with pytest.raises(WaiterError):
        cloudformation.get_waiter("stack_create_complete").wait(StackName="lookalike", WaiterConfig={"Delay": 1})


def test_what_is_left_of_a_first_deployment_that_failed_is_in_nobodys_way(
    account: Emulator, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    fail_the_first_time()
    monkeypatch.setattr("builtins.input", lambda _: "lookalike")
    undeploy()
    assert amazon.deployed() is None and "what is left of lookalike" in capsys.readouterr().out
    fail_the_first_time()
    assert stack.usable("lookalike") is None and amazon.deployed() is None
    assert "ROLLBACK_COMPLETE" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("parameters", "complaint"),
    [
        (["Snapstart=None"], "template.yaml has no parameter Snapstart. It has: Architecture, MemorySize"),
        (["SnapStart"], "SnapStart is not a parameter: give Name=Value"),
        (["Domain=faces.example.org"], "Domain and Certificate belong together"),
        (["SnapStart=PublishedVersions", "ProvisionedConcurrency=1"], "not both"),
        (["ReservedConcurrency=901"], "1000 functions at once, of which 900 can be reserved"),
    ],
)
def test_what_cannot_be_is_refused_before_the_build(
    account: Emulator,
    project: Project,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    parameters: list[str],
    complaint: str,
) -> None:
    assert run(monkeypatch, "deploy", *parameters) == 1
    assert complaint in capsys.readouterr().err
    assert not project.built.exists()


def test_a_build_that_fails_leaves_amazon_alone(
    account: Emulator, project: Project, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(deploy, "run", lambda command, environment: sam_tool.run(["false", "build"]))
    assert run(monkeypatch, "deploy") == 1
    assert "`false build` failed" in capfd.readouterr().err
    assert boto3.client("s3").list_buckets()["Buckets"] == []


def test_missing_tools_and_credentials_are_told_in_a_sentence(
    account: Emulator,
    project: Project,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    with monkeypatch.context() as without:
        without.setattr(sam_tool, "_TOOLS", tmp_path)
        without.setenv("PATH", str(tmp_path))
        assert run(without, "deploy") == 1
        assert "make tools" in capsys.readouterr().err
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    for what in ("deploy", "rollback", "undeploy"):
        assert run(monkeypatch, what) == 1
        (sentence,) = capsys.readouterr().err.splitlines()
        assert sentence.startswith("No credentials for Amazon were found.")
    monkeypatch.setitem(sys.modules, "boto3", None)
    assert run(monkeypatch, "deploy") == 1
    assert "pip install --group deploy" in capsys.readouterr().err


def test_undeploy_does_nothing_where_nobody_can_answer(
    account: Emulator, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    fail_the_first_time()
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    assert run(monkeypatch, "undeploy") == 1
    assert capsys.readouterr().err == "Nothing was removed.\n" and amazon.deployed() is not None


def run(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    monkeypatch.setattr(sys, "argv", ["deploy", *arguments])
    return deploy.main()


def test_what_amazon_calls_the_account_is_what_the_packages_bucket_is_named_after(account: Emulator) -> None:
    assert packages.bucket_name("lookalike") == "lookalike-packages-000000000000-us-east-1"
    for _ in range(2):
        packages.make_bucket("lookalike")
    blocked = boto3.client("s3").get_public_access_block(Bucket=packages.bucket_name("lookalike"))
    assert set(blocked["PublicAccessBlockConfiguration"].values()) == {True}
    packages.remove_bucket("lookalike")
    packages.remove_bucket("lookalike")  # a second time, it is not there
    assert boto3.client("s3").list_buckets()["Buckets"] == []
