"""The rights that a deployer is given are enough for what is deployed, and end at its names."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterable
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import boto3
import pytest

from infra import template
from infra.rehearsal.emulator import Emulator
from tests.infra.emulated import account, cloud

__all__ = ["account", "cloud"]  # fixtures

PATH = Path(__file__).parents[2] / "infra" / "deployer.yaml"
ACCOUNT = {"AWS::Partition": "aws", "AWS::Region": "us-east-1", "AWS::AccountId": "000000000000", "Stack": "lookalike"}
# What SAM makes of its own kinds of resources.
TRANSFORMED = {
    "AWS::Serverless::Function": ["AWS::Lambda::Function", "AWS::Lambda::Version", "AWS::Lambda::Alias"],
    "AWS::Serverless::LayerVersion": ["AWS::Lambda::LayerVersion"],
    "AWS::Serverless::HttpApi": ["AWS::ApiGatewayV2::Api", "AWS::ApiGatewayV2::Stage"],
}
# Of properties that template.yaml has not: networks, file systems, keys of one's own, tables, streams, tenants,
# rollouts; and the bound of a role, which who is bound must not move.
UNUSED = (
    *("ec2:*", "elasticfilesystem:*", "s3files:*", "kms:*", "s3tables:*", "firehose:*", "codedeploy:*"),
    *("s3:REST.PUT.OBJECT", "cloudfront:*ConnectionGroup", "cloudfront:GetVpcOrigin", "iam:*PermissionsBoundary"),
)
SCHEMAS = """
import json, pathlib, sys
import cfnlint
wanted, found = set(sys.argv[1:]), {}
for path in (pathlib.Path(cfnlint.__file__).parent / "data" / "schemas" / "resources").glob("*.json"):
    schema = json.loads(path.read_text())
    if schema.get("typeName") in wanted:
        handlers = schema.get("handlers", {})
        asked = {a for name in ("create", "read", "update", "delete") for a in handlers.get(name, {}).get("permissions", [])}
        found.setdefault(schema["typeName"], set()).update(asked)
print(json.dumps({kind: sorted(actions) for kind, actions in found.items()}))
"""


@pytest.fixture(scope="module")
def policy() -> dict[str, Any]:
    found: dict[str, Any] = template.load(PATH)["Resources"]["Rights"]["Properties"]["PolicyDocument"]
    return found


def test_what_cloudformation_asks_for_on_the_deployers_behalf_is_allowed(policy: dict[str, Any], sam: Path) -> None:
    """By the resources' own schemas, which cfn-lint brings along."""
    kinds = {resource["Type"] for resource in template.load()["Resources"].values()}
    kinds = {made for kind in kinds for made in TRANSFORMED.get(kind, [kind])}
    command = [str(sam / "python"), "-c", SCHEMAS, *sorted(kinds)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=os.environ)
    asked: dict[str, list[str]] = json.loads(done.stdout)
    assert asked.keys() == kinds and all(asked.values())
    allowed = [action for statement in policy["Statement"] for action in as_list(statement["Action"])]
    refused = {action for actions in asked.values() for action in actions if not matches(action, [*allowed, *UNUSED])}
    assert refused == set()


@pytest.mark.parametrize(
    ("action", "resource", "decision"),
    [
        ("cloudformation:ExecuteChangeSet", "cloudformation:us-east-1:000000000000:stack/lookalike/1-2", "allowed"),
        ("cloudformation:DeleteStack", "cloudformation:us-east-1:000000000000:stack/payroll/1-2", "implicitDeny"),
        ("s3:PutObject", "s3:::lookalike-packages-000000000000-us-east-1/package", "allowed"),
        ("s3:GetObject", "s3:::payroll/secret", "implicitDeny"),
        ("lambda:UpdateAlias", "lambda:us-east-1:000000000000:function:lookalike-Function-1", "allowed"),
        ("lambda:InvokeFunction", "lambda:us-east-1:000000000000:function:payroll", "implicitDeny"),
        ("lambda:GetLayerVersion", "lambda:us-east-1:000000000000:layer:GalleryLayer0a:1", "implicitDeny"),
        ("lambda:GetLayerVersion", "lambda:us-east-1:000000000000:layer:GalleryLayer:1", "allowed"),
        ("iam:PutRolePolicy", "iam::000000000000:role/lookalike-FunctionRole-1", "allowed"),
        ("iam:PutRolePolicy", "iam::000000000000:role/administrator", "implicitDeny"),
        ("iam:CreateUser", "iam::000000000000:user/lookalike-FunctionRole-1", "implicitDeny"),
        ("logs:PutRetentionPolicy", "logs:us-east-1:000000000000:log-group:/aws/vendedlogs/lookalike/api", "allowed"),
        ("logs:CreateLogDelivery", "*", "allowed"),
        ("logs:GetLogEvents", "logs:us-east-1:000000000000:log-group:payroll:log-stream:1", "implicitDeny"),
        ("cloudfront:CreateInvalidation", "cloudfront::000000000000:distribution/E1", "allowed"),
        ("lambda:GetAccountSettings", "*", "allowed"),
    ],
)
def test_it_ends_at_the_stacks_own_names(
    account: Emulator, policy: dict[str, Any], action: str, resource: str, decision: str
) -> None:
    document = json.dumps(filled(policy))
    named = resource if resource == "*" else f"arn:aws:{resource}"
    simulated = boto3.client("iam").simulate_custom_policy(
        PolicyInputList=[document], ActionNames=[action], ResourceArns=[named]
    )
    assert [result["EvalDecision"] for result in simulated["EvaluationResults"]] == [decision]


def test_the_policy_is_no_longer_than_amazon_takes(policy: dict[str, Any]) -> None:
    assert len("".join(json.dumps(filled(policy)).split())) < 6144


def test_only_the_repositorys_own_environment_becomes_the_deployer() -> None:
    role = template.load(PATH)["Resources"]["Deployer"]["Properties"]["AssumeRolePolicyDocument"]["Statement"]
    assert [statement["Condition"] for statement in role] == [
        {
            "StringEquals": {
                "token.actions.githubusercontent.com:aud": "sts.amazonaws.com",
                "token.actions.githubusercontent.com:sub": {"Fn::Sub": "repo:${Repository}:environment:aws"},
            }
        }
    ]
    workflow = (PATH.parents[1] / ".github" / "workflows" / "deploy.yml").read_text()
    assert "environment: aws\n" in workflow


def filled(value: Any) -> Any:
    """With an account's names in their places."""
    match value:
        case {"Fn::Sub": str(text)}:
            for name, of_account in ACCOUNT.items():
                text = text.replace(f"${{{name}}}", of_account)
            return text
        case dict():
            return {key: filled(item) for key, item in value.items()}
        case list():
            return [filled(item) for item in value]
    return value


def matches(action: str, patterns: Iterable[str]) -> bool:
    return any(fnmatchcase(action.lower(), pattern.lower()) for pattern in patterns)


def as_list(value: Any) -> list[str]:
    return value if isinstance(value, list) else [value]
