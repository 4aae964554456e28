"""What is deployed: lint by both tools, and by hand what they cannot judge."""

from __future__ import annotations

import json
import os
import re
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

from infra import template
from infra.lambda_python import PYTHON_VERSION
from lookalike.settings import Settings

ROOT = Path(__file__).parents[2]
TOOLS = ROOT / ".tools" / "sam" / "bin"

needs_sam = pytest.mark.skipif(not (TOOLS / "sam").is_file(), reason="sam-cli is not here: run `make tools`")


@pytest.fixture(scope="module")
def resources() -> dict[str, Any]:
    found: dict[str, Any] = template.load()["Resources"]
    return found


@pytest.fixture(scope="module")
def function() -> dict[str, Any]:
    return template.function_properties()


@needs_sam
@pytest.mark.parametrize(
    "command",
    [["sam", "validate", "--lint"], ["cfn-lint", "template.yaml", "infra/firewall.yaml", "infra/deployer.yaml"]],
    ids=["sam", "cfn"],
)
def test_lints_clean(command: list[str], tmp_path: Path) -> None:
    environment = os.environ | {"SAM_CLI_TELEMETRY": "0", "AWS_DEFAULT_REGION": "us-east-1", "HOME": str(tmp_path)}
    tool = [str(TOOLS / command[0]), *command[1:]]
    done = subprocess.run(tool, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_runs_on_the_python_that_the_package_is_built_for(function: dict[str, Any]) -> None:
    assert function["Runtime"] == f"python{PYTHON_VERSION}"
    assert f"--python-version {PYTHON_VERSION}" in (ROOT / "function" / "Makefile").read_text()


def test_the_handler_is_in_the_source_folder(function: dict[str, Any]) -> None:
    module, _, _ = function["Handler"].rpartition(".")
    assert (ROOT / function["CodeUri"] / module.replace(".", "/")).with_suffix(".py").is_file()


def test_snap_start_is_off_by_default_and_possible_with_this_runtime(function: dict[str, Any]) -> None:
    allowed = template.load()["Parameters"]["SnapStart"]["AllowedValues"]
    assert function["SnapStart"] == {"ApplyOn": "None"}
    assert allowed == ["None", "PublishedVersions"]
    # SnapStart wants Python 3.12 or later, a zip and no more than 512 MB of /tmp.
    assert tuple(map(int, function["Runtime"].removeprefix("python").split("."))) >= (3, 12)
    assert function["EphemeralStorage"]["Size"] <= 512
    assert function.get("PackageType", "Zip") == "Zip"


def test_each_release_is_a_version_and_the_deployment_decides_which_are_kept(function: dict[str, Any]) -> None:
    assert function["AutoPublishCodeSha256"] == "0" and function["AutoPublishAliasAllProperties"] is True
    assert function["VersionDeletionPolicy"] == "Retain"


def test_the_function_gives_up_before_the_api_does(function: dict[str, Any], resources: dict[str, Any]) -> None:
    assert 0 < function["Timeout"] < 30
    assert function["Timeout"] * 1000 < integration(resources)["timeoutInMillis"] <= 30_000


def test_processors_are_those_of_the_build(function: dict[str, Any]) -> None:
    assert function["Architectures"] == ["x86_64"]
    assert template.load()["Parameters"]["Architecture"]["AllowedValues"] == ["x86_64", "arm64"]


def test_memory_is_within_lambdas_limits() -> None:
    memory = template.load()["Parameters"]["MemorySize"]
    assert 128 <= memory["MinValue"] <= memory["Default"] <= memory["MaxValue"] <= 10_240


def test_the_settings_are_ones_the_function_knows(function: dict[str, Any]) -> None:
    variables = function["Environment"]["Variables"]
    settings = Settings.from_environment(variables)
    assert (settings.models, settings.gallery) == (Path("models"), Path("/opt/gallery"))
    assert {name for name in variables if not name.startswith("LOOKALIKE_")} == {
        "ORT_DISABLE_TELEMETRY",
        "OPENBLAS_NUM_THREADS",
        "MALLOC_ARENA_MAX",
    }
    assert variables["ORT_DISABLE_TELEMETRY"] == "1"


def test_the_upload_limit_fits_lambdas_payload(function: dict[str, Any]) -> None:
    base64 = Settings.from_environment(function["Environment"]["Variables"]).max_upload_bytes * 4 / 3
    assert base64 + 8192 < 6 * 2**20


def test_the_api_calls_the_alias_that_each_deployment_moves(
    function: dict[str, Any], resources: dict[str, Any]
) -> None:
    alias = function["AutoPublishAlias"]
    uri = integration(resources)["uri"]["Fn::Sub"]
    assert re.fullmatch(
        r"arn:\$\{AWS::Partition\}:apigateway:\$\{AWS::Region\}:lambda:path/2015-03-31/functions/"
        rf"\$\{{Function\.Arn\}}:{alias}/invocations",
        uri,
    )
    assert resources["ApiPermission"]["Properties"]["FunctionName"] == {"Ref": "Function.Alias"}
    for name in ("ErrorAlarm", "DurationAlarm"):
        dimensions = {item["Name"]: item["Value"] for item in resources[name]["Properties"]["Dimensions"]}
        assert dimensions == {"FunctionName": {"Ref": "Function"}, "Resource": {"Fn::Sub": f"${{Function}}:{alias}"}}


def test_the_api_may_call_the_function_and_nobody_else(resources: dict[str, Any]) -> None:
    permissions = [resource for resource in resources.values() if resource["Type"] == "AWS::Lambda::Permission"]
    assert [permission["Properties"]["Principal"] for permission in permissions] == ["apigateway.amazonaws.com"]
    source = permissions[0]["Properties"]["SourceArn"]["Fn::Sub"]
    assert source.endswith(":${Api}/*/*/api/*")


def test_photos_pass_the_api_here_and_there(resources: dict[str, Any]) -> None:
    body = resources["Api"]["Properties"]["DefinitionBody"]
    assert body["x-amazon-apigateway-binary-media-types"] == ["*/*"]
    assert list(body["paths"]) == ["/api/{proxy+}"]
    assert integration(resources)["payloadFormatVersion"] == "2.0"
    assert integration(resources)["type"] == "aws_proxy" and integration(resources)["httpMethod"] == "POST"


def test_requests_are_throttled(resources: dict[str, Any]) -> None:
    throttling = resources["Api"]["Properties"]["DefaultRouteSettings"]
    parameters = template.load()["Parameters"]
    for setting in ("ThrottlingRateLimit", "ThrottlingBurstLimit"):
        assert parameters[throttling[setting]["Ref"]]["Default"] >= 1


def test_the_access_log_is_one_json_object_a_line_without_the_callers_address(resources: dict[str, Any]) -> None:
    text = resources["Api"]["Properties"]["AccessLogSettings"]["Format"]
    assert "\n" not in text
    fields = json.loads(text)
    assert all(re.fullmatch(r"\$context\.[A-Za-z.]+", value) for value in fields.values()), fields
    assert set(fields.values()) <= ACCESS_LOG_VARIABLES
    assert "$context.requestId" in fields.values()  # the API refuses a format without it
    assert not any("identity" in value for value in fields.values())


# Those of Amazon's list for HTTP APIs that we use; anything else would be logged as "-".
ACCESS_LOG_VARIABLES = {
    f"$context.{name}"
    for name in (
        "requestTime",
        "requestId",
        "httpMethod",
        "path",
        "status",
        "responseLength",
        "responseLatency",
        "integrationLatency",
        "error.message",
        "integrationErrorMessage",
    )
}


def test_every_log_has_an_end(function: dict[str, Any], resources: dict[str, Any]) -> None:
    groups = {name for name, resource in resources.items() if resource["Type"] == "AWS::Logs::LogGroup"}
    assert groups == {"FunctionLog", "ApiLog"}
    for name in groups:
        assert resources[name]["Properties"]["RetentionInDays"] == {"Ref": "LogRetentionDays"}
    assert function["LoggingConfig"]["LogGroup"] == {"Ref": "FunctionLog"}
    assert function["LoggingConfig"]["LogFormat"] == "JSON"


def test_the_function_may_do_no_more_than_write_its_log(function: dict[str, Any], resources: dict[str, Any]) -> None:
    assert function["Role"] == {"Fn::GetAtt": ["FunctionRole", "Arn"]}
    role = resources["FunctionRole"]["Properties"]
    assert "ManagedPolicyArns" not in role and "Policies" not in function
    statements = [item for policy in role["Policies"] for item in policy["PolicyDocument"]["Statement"]]
    assert [(item["Effect"], item["Action"], item["Resource"]) for item in statements] == [
        ("Allow", ["logs:CreateLogStream", "logs:PutLogEvents"], {"Fn::GetAtt": ["FunctionLog", "Arn"]})
    ]


def test_alarms_tell_somebody_when_there_is_somebody(resources: dict[str, Any]) -> None:
    alarms = {name: item["Properties"] for name, item in resources.items() if item["Type"] == "AWS::CloudWatch::Alarm"}
    metrics = {(_text(alarm["Namespace"]), alarm["MetricName"]) for alarm in alarms.values()}
    assert metrics == {
        ("AWS/Lambda", "Errors"),
        ("AWS/Lambda", "Duration"),
        ('{"Ref": "AWS::StackName"}', "ServerErrors"),
    }
    for alarm in alarms.values():
        assert alarm["TreatMissingData"] == "notBreaching"
        assert alarm["AlarmActions"]["Fn::If"] == ["HasAlarmEmail", [{"Ref": "AlarmTopic"}], {"Ref": "AWS::NoValue"}]
    # Durations are in milliseconds.
    assert alarms["DurationAlarm"]["Threshold"] < template.function_properties()["Timeout"] * 1000
    assert resources["AlarmTopic"]["Condition"] == "HasAlarmEmail"


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def test_a_503_that_is_meant_rings_no_alarm(resources: dict[str, Any]) -> None:
    counted = resources["ServerErrors"]["Properties"]
    assert counted["LogGroupName"] == {"Ref": "ApiLog"}
    assert counted["FilterPattern"] == '{ ($.status = "5*") && (($.status != "503") || ($.function_error != "-")) }'
    (metric,) = counted["MetricTransformations"]
    alarm = resources["ServerErrorAlarm"]["Properties"]
    assert (alarm["Namespace"], alarm["MetricName"]) == (metric["MetricNamespace"], metric["MetricName"])
    fields = json.loads(resources["Api"]["Properties"]["AccessLogSettings"]["Format"])
    assert (fields["status"], fields["function_error"]) == ("$context.status", "$context.integrationErrorMessage")


def test_the_alarms_address_is_empty_or_an_address() -> None:
    pattern = template.load()["Parameters"]["AlarmEmail"]["AllowedPattern"]
    assert all(re.fullmatch(pattern, text) for text in ("", "somebody@example.org"))
    assert not any(re.fullmatch(pattern, text) for text in ("somebody", "some body@example.org", "@"))


def test_the_build_needs_no_container(resources: dict[str, Any]) -> None:
    for name in ("Function", "GalleryLayer"):
        assert resources[name]["Metadata"] == {"BuildMethod": "makefile", "WorkingDirectory": "."}
        assert f"build-{name}:" in (ROOT / "function" / "Makefile").read_text()


def test_plain_yaml_that_cloudformation_can_read() -> None:
    """It knows neither anchors nor merges, and refuses more than 200 parameters, 500 resources or 1 MB."""
    text = template.PATH.read_text()
    tokens = list(yaml.scan(text))
    assert not any(isinstance(token, yaml.AnchorToken | yaml.AliasToken) for token in tokens)
    assert len(text.encode()) < 51_200  # as an argument rather than from S3


def test_the_lock_holds_what_pyproject_names() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    wanted = [*project["dependencies"], *project["optional-dependencies"]["heif"]]
    lock = (ROOT / "function" / "requirements.txt").read_text()
    pins = set(re.findall(r"^([a-z0-9-]+==\S+)", lock, re.MULTILINE))
    assert {name.lower() for name in wanted} <= pins
    assert len(re.findall(r"^\S+==\S+ \\\n    --hash=sha256:[0-9a-f]{64}", lock, re.MULTILINE)) == len(pins)
    assert "://" not in lock and "--index" not in lock and "--find-links" not in lock


def integration(resources: dict[str, Any]) -> dict[str, Any]:
    route = resources["Api"]["Properties"]["DefinitionBody"]["paths"]["/api/{proxy+}"]
    found: dict[str, Any] = route["x-amazon-apigateway-any-method"]["x-amazon-apigateway-integration"]
    return found
