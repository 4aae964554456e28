"""Talking to Amazon: what can go wrong on the way there, each in one sentence, and what a deployed stack says of itself."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from lookalike.errors import SetupError

STACK = "lookalike"
INSTALL = "pip install --group deploy"


class AmazonError(SetupError):
    """`sentence` says what happened and what to do."""

    slug, title = "amazon", "Amazon did not do what was asked"
    en = "{sentence}"


def client(service: str, **options: Any) -> Any:
    """A boto3 client with the account and region of the environment."""
    try:
        import boto3
    except ModuleNotFoundError:
        raise AmazonError(sentence=f"boto3, Amazon's library, is missing. Install it with: {INSTALL}") from None
    with plain_errors():
        return boto3.client(service, **options)


@contextmanager
def plain_errors() -> Iterator[None]:
    """What boto3 raises inside becomes an AmazonError, in words for people."""
    try:
        from botocore.exceptions import BotoCoreError, ClientError
    except ModuleNotFoundError:
        raise AmazonError(sentence=f"boto3, Amazon's library, is missing. Install it with: {INSTALL}") from None
    try:
        yield
    except ClientError as error:
        code, message = (error.response.get("Error", {}).get(key, "") for key in ("Code", "Message"))
        default = f"Amazon refused {error.operation_name}: {message or code}"
        raise AmazonError(sentence=_REFUSALS.get(code, default)) from error
    except BotoCoreError as error:
        sentence = _FAILURES.get(type(error).__name__, f"Amazon could not be asked: {error}")
        raise AmazonError(sentence=sentence) from error


@dataclass(frozen=True, slots=True)
class Deployed:
    """A stack: its status in CloudFormation's words, its parameters and outputs as template.yaml names them.

    `changed` tells one deployment from the next. A secret parameter's value is "****" here.
    """

    status: str
    parameters: dict[str, str]
    outputs: dict[str, str]
    changed: str = ""


def deployed(stack: str = STACK) -> Deployed | None:
    """The stack of that name, if there is one."""
    from botocore.exceptions import ClientError

    with plain_errors():
        try:
            (found,) = client("cloudformation").describe_stacks(StackName=stack)["Stacks"]
        except ClientError as error:
            if "does not exist" not in str(error):
                raise
            return None
    parameters = {item["ParameterKey"]: item["ParameterValue"] for item in found.get("Parameters", [])}
    outputs = {item["OutputKey"]: item["OutputValue"] for item in found.get("Outputs", [])}
    changed = str(found.get("LastUpdatedTime", found.get("CreationTime", "")))
    return Deployed(found["StackStatus"], parameters, outputs, changed)


def outputs(stack: str = STACK) -> dict[str, str]:
    """Raises AmazonError when there is no such stack."""
    found = deployed(stack)
    if found is None or "ApiUrl" not in found.outputs:
        raise AmazonError(sentence=f"There is no stack named {stack} here. Make it with: make deploy")
    return found.outputs


def account() -> str:
    """The number of the account that is signed in to."""
    with plain_errors():
        found: str = client("sts").get_caller_identity()["Account"]
    return found


def region() -> str:
    """The region of the environment. Raises AmazonError when none is chosen."""
    found: str = client("cloudformation").meta.region_name
    return found


_SIGN_IN = "Sign in with `aws configure` or `aws sso login`, or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY."
_EXPIRED = "Your sign-in at Amazon has run out. " + _SIGN_IN
_FAILURES = {
    "NoCredentialsError": "No credentials for Amazon were found. " + _SIGN_IN,
    "PartialCredentialsError": "The credentials for Amazon are incomplete. " + _SIGN_IN,
    "NoRegionError": "No region is chosen. Set one, such as AWS_DEFAULT_REGION=ap-northeast-2 for Seoul.",
    "ProfileNotFound": "The profile named by AWS_PROFILE does not exist. `aws configure list-profiles` shows those there are.",
    **dict.fromkeys(
        ("TokenRetrievalError", "SSOTokenLoadError", "UnauthorizedSSOTokenError", "CredentialRetrievalError"), _EXPIRED
    ),
    **dict.fromkeys(
        ("EndpointConnectionError", "ConnectTimeoutError", "ReadTimeoutError", "ProxyConnectionError"),
        "Amazon could not be reached. Is there a connection to the internet, and is AWS_DEFAULT_REGION a real region?",
    ),
}
_REFUSALS = {
    **dict.fromkeys(("ExpiredToken", "ExpiredTokenException", "RequestExpired"), _EXPIRED),
    **dict.fromkeys(
        ("InvalidClientTokenId", "UnrecognizedClientException", "SignatureDoesNotMatch", "InvalidAccessKeyId"),
        "Amazon does not know these credentials. " + _SIGN_IN,
    ),
}
