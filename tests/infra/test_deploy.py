"""Deploying against moto's server: the way there and back, and every reason why it cannot begin."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import boto3
import pytest

from infra import amazon, deploy, template
from infra.address import qr_code
from infra.bucket import Bucket
from lookalike.faces.embedder import Embedder
from lookalike.gallery.s3_vectors import index_name
from lookalike.settings import Settings
from tests.aws import REGION, Aws, make_index
from tests.infra.test_publish import make_distribution

ROOT = Path(__file__).parents[2]
ADDRESS = "https://d111111abcdef8.cloudfront.net/"


def stand_in(outputs: Mapping[str, str]) -> str:
    """In template.yaml's place, for moto knows few of its resources: the same parameters, a bucket, the outputs."""
    declared = template.load()["Parameters"]
    values = {"SiteBucket": {"Ref": "SiteBucket"}, "SiteUrl": ADDRESS} | dict(outputs)
    return json.dumps(
        {
            "Parameters": {name: {"Type": "String", "Default": str(declared[name]["Default"])} for name in declared},
            "Resources": {"SiteBucket": {"Type": "AWS::S3::Bucket"}},
            "Outputs": {name: {"Value": value} for name, value in values.items()},
        }
    )


class Sam:
    """In sam-cli's place: notes how it is called, and does the stack step with the stand-in."""

    def __init__(self, folder: Path, outputs: Mapping[str, str]) -> None:
        self._log = folder / "calls"
        (folder / "stack.json").write_text(stand_in(outputs))
        script = folder / "sam"
        script.write_text(f"#!{sys.executable} -S\n" + SCRIPT.format(folder=str(folder)))
        script.chmod(0o755)

    def calls(self) -> list[Any]:
        lines = self._log.read_text().splitlines() if self._log.exists() else []
        self._log.unlink(missing_ok=True)
        return [json.loads(line) for line in lines]


SCRIPT = """
import json, os, sys, urllib.error, urllib.parse, urllib.request
from pathlib import Path

folder, arguments = Path({folder!r}), sys.argv[1:]
environment = {{name: os.environ.get(name) for name in ("ARCHITECTURE", "STORE", "SAM_CLI_TELEMETRY")}}
with (folder / "calls").open("a") as log:
    print(json.dumps([arguments, environment, os.getcwd()]), file=log)
if (folder / f"fail-{{arguments[0]}}").exists():
    sys.exit("Error: no")
name = arguments[arguments.index("--stack-name") + 1] if "--stack-name" in arguments else ""
form = {{"StackName": name, "Version": "2010-05-15"}}
if arguments[0] == "deploy":
    form |= {{"Action": "CreateStack", "TemplateBody": (folder / "stack.json").read_text()}}
    overrides = [item for item in arguments if '="' in item]
    for number, item in enumerate(overrides, start=1):
        key, value = item.split("=", 1)
        form[f"Parameters.member.{{number}}.ParameterKey"] = key
        form[f"Parameters.member.{{number}}.ParameterValue"] = value.strip('"')
if arguments[0] == "delete":
    form["Action"] = "DeleteStack"
if "Action" in form:
    signed = {{"Authorization": "AWS4-HMAC-SHA256 Credential=x/20261123/us-east-1/cloudformation/aws4_request"}}
    request = urllib.request.Request(os.environ["AWS_ENDPOINT_URL"], urllib.parse.urlencode(form).encode(), signed)
    try:
        urllib.request.urlopen(request).close()
    except urllib.error.HTTPError as error:
        if b"AlreadyExists" not in (text := error.read()):
            sys.exit(text.decode())
"""


@pytest.fixture
def tools(tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder in place of that with sam-cli; and little to publish."""
    for folder in ("bin", "page/js"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "page" / "index.html").write_text('<script type="module" src="js/main.js"></script>')
    (tmp_path / "page" / "js" / "main.js").write_text("")
    monkeypatch.setattr(deploy, "FRONTEND", tmp_path / "page")
    monkeypatch.setattr(deploy, "GALLERY", settings.gallery)
    monkeypatch.setattr(deploy, "_TOOLS", tmp_path / "bin")
    return tmp_path / "bin"


@pytest.fixture
def stand_in_sam(aws: Aws, tools: Path) -> Sam:
    return Sam(tools, {"SiteDistribution": make_distribution()})


def run(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    monkeypatch.setattr(sys, "argv", ["deploy", *arguments])
    return deploy.main()


def test_one_command_builds_deploys_publishes_and_tells_where(
    stand_in_sam: Sam, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, "deploy", "SnapStart=PublishedVersions", "Architecture=arm64") == 0
    (build, environment, folder), (stack, *_) = stand_in_sam.calls()
    assert build == ["build"] and Path(folder) == ROOT
    assert environment == {"ARCHITECTURE": "arm64", "STORE": None, "SAM_CLI_TELEMETRY": "0"}
    assert stack[:1] == ["deploy"] and stack[stack.index("--region") + 1] == REGION
    overrides = stack[stack.index("--parameter-overrides") + 1 :]
    assert overrides == ['Architecture="arm64"', 'SnapStart="PublishedVersions"']
    out = capfd.readouterr().out
    assert f"The page is at {ADDRESS}" in out and qr_code(ADDRESS) in out
    stored = Bucket(amazon.outputs()["SiteBucket"]).list()
    assert "index.html" in stored and any(key.startswith("js/main-") for key in stored)


def test_a_second_time_uploads_nothing_and_keeps_what_was_chosen(
    stand_in_sam: Sam, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    run(monkeypatch, "deploy", "Architecture=arm64", "LogRetentionDays=7")
    stand_in_sam.calls()
    capfd.readouterr()
    assert run(monkeypatch, "deploy", "LogRetentionDays=14") == 0
    assert "0 files uploaded, 0 removed" in capfd.readouterr().out
    (_, environment, _), (stack, *_) = stand_in_sam.calls()
    assert environment["ARCHITECTURE"] == "arm64"
    assert 'Architecture="arm64"' in stack and 'LogRetentionDays="14"' in stack


def test_a_large_gallery_gets_its_index_and_is_pushed_there(
    aws: Aws, tools: Path, embedder: Embedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    index = make_index(index_name(embedder.entry.fingerprint), embedder.entry.width)
    stand_in_sam = Sam(tools, {"SiteDistribution": make_distribution(), "VectorIndex": index})
    assert run(monkeypatch, "deploy", "Store=s3-vectors") == 0
    (_, environment, _), (stack, *_) = stand_in_sam.calls()
    assert environment["STORE"] == "s3-vectors"
    for expected in (f'Fingerprint="{embedder.entry.fingerprint}"', f'EmbeddingWidth="{embedder.entry.width}"'):
        assert expected in stack
    assert len(boto3.client("s3vectors").list_vectors(indexArn=index)["vectors"]) == 2


@pytest.mark.parametrize("step", ["build", "deploy"])
def test_nothing_is_done_after_a_step_that_failed(
    stand_in_sam: Sam, tools: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], step: str
) -> None:
    (tools / f"fail-{step}").touch()
    assert run(monkeypatch, "deploy") == 1
    assert f"`sam {step}` failed" in capfd.readouterr().err
    assert [call[0][0] for call in stand_in_sam.calls()] == ["build", "deploy"][: 1 if step == "build" else 2]
    assert boto3.client("s3").list_buckets()["Buckets"] == []


@pytest.mark.parametrize(
    ("parameters", "complaint"),
    [
        (["Snapstart=None"], "template.yaml has no parameter Snapstart. It has: Architecture, MemorySize"),
        (["SnapStart"], "SnapStart is not a parameter: give Name=Value"),
        (["Domain=faces.example.org"], "Domain and Certificate belong together"),
        (["SnapStart=PublishedVersions", "ProvisionedConcurrency=1"], "not both"),
    ],
)
def test_wrong_parameters_are_refused_before_the_build(
    stand_in_sam: Sam,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    parameters: list[str],
    complaint: str,
) -> None:
    assert run(monkeypatch, "deploy", *parameters) == 1
    assert complaint in capsys.readouterr().err
    assert stand_in_sam.calls() == []


def test_missing_tools_and_credentials_are_told_in_a_sentence(
    aws: Aws, tools: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", str(tools))
    assert run(monkeypatch, "deploy") == 1
    assert "make tools" in capsys.readouterr().err
    Sam(tools, {})
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    for what in ("deploy", "undeploy"):
        assert run(monkeypatch, what) == 1
        (sentence,) = capsys.readouterr().err.splitlines()
        assert sentence.startswith("No credentials for Amazon were found.")
    monkeypatch.setitem(sys.modules, "boto3", None)
    assert run(monkeypatch, "deploy") == 1
    assert "pip install --group deploy" in capsys.readouterr().err


def test_undeploy_asks_empties_and_removes(
    stand_in_sam: Sam, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    run(monkeypatch, "deploy")
    bucket = Bucket(amazon.outputs()["SiteBucket"])
    stand_in_sam.calls()
    for answer in ("", "yes", "Lookalike2"):
        monkeypatch.setattr("builtins.input", lambda _, answer=answer: answer)
        capsys.readouterr()
        assert run(monkeypatch, "undeploy") == 1
        assert capsys.readouterr().err == "Nothing was removed.\n"
    assert stand_in_sam.calls() == [] and bucket.list()
    monkeypatch.setattr("builtins.input", lambda _: "lookalike")
    assert run(monkeypatch, "undeploy") == 0
    ((command, *_),) = stand_in_sam.calls()
    assert command == ["delete", "--stack-name", "lookalike", "--region", REGION, "--no-prompts"]
    assert boto3.client("s3").list_buckets()["Buckets"] == [] and amazon.deployed() is None
    assert run(monkeypatch, "undeploy") == 1
    assert "There is no stack named lookalike here" in capsys.readouterr().err


def test_undeploy_does_nothing_where_nobody_can_answer(
    stand_in_sam: Sam, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    run(monkeypatch, "deploy")
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    capsys.readouterr()
    assert run(monkeypatch, "undeploy") == 1
    assert capsys.readouterr().err == "Nothing was removed.\n"


def test_the_real_sam_takes_the_commands(aws: Aws, sam: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It uploads the package, makes the change set and waits for the stack; only CloudFormation's own work is not done."""
    asked: list[dict[str, str]] = []

    def take_the_stand_in(form: dict[str, str]) -> dict[str, str]:
        asked.append(dict(form))
        del form["TemplateURL"]
        return form | {"TemplateBody": stand_in({"SiteDistribution": "E1"})}

    body = {
        "Resources": {"Bucket": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": "managed"}}},
        "Outputs": {"SourceBucket": {"Value": {"Ref": "Bucket"}}},
    }
    cloudformation = boto3.client("cloudformation")
    cloudformation.create_stack(
        StackName="aws-sam-cli-managed-default",
        TemplateBody=json.dumps(body),
        Tags=[{"Key": "ManagedStackSource", "Value": "AwsSamCli"}],
    )
    aws.rewrite("CreateChangeSet", take_the_stand_in)
    built = built_package(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("SAM_CLI_POLL_DELAY", "0.2")
    command = deploy.stack_command(str(sam / "sam"), "lookalike", {"Domain": "", "SnapStart": "None"})
    deploy._run([*command, "--template-file", str(built)])
    assert asked[0]["Capabilities.member.1"] == "CAPABILITY_IAM"
    given = {value: asked[0][key.replace("Key", "Value")] for key, value in asked[0].items() if "ParameterKey" in key}
    assert given["Domain"] == "" and given["SnapStart"] == "None"
    assert len(boto3.client("s3").list_objects_v2(Bucket="managed")["Contents"]) == 2  # the package and the template
    assert deployed_resources() == ["SiteBucket"]

    # moto forgets the outputs of a stack that a change set made.
    cloudformation.delete_stack(StackName="lookalike")
    cloudformation.create_stack(StackName="lookalike", TemplateBody=stand_in({"SiteDistribution": "E1"}))
    monkeypatch.setattr(deploy, "_TOOLS", sam)
    monkeypatch.setattr("builtins.input", lambda _: "lookalike")
    assert run(monkeypatch, "undeploy") == 0
    assert amazon.deployed() is None


def deployed_resources() -> list[str]:
    found = boto3.client("cloudformation").describe_stack_resources(StackName="lookalike")["StackResources"]
    return [resource["LogicalResourceId"] for resource in found]


def built_package(folder: Path) -> Path:
    """As sam build leaves it, but that there is next to nothing in the package."""
    (folder / "Function").mkdir()
    (folder / "Function" / "handler.py").write_text("")
    text = template.PATH.read_text().replace("CodeUri: function", "CodeUri: Function")
    (folder / "template.yaml").write_text(text)
    return folder / "template.yaml"
