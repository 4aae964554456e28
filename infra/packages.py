"""The bucket that packages wait in on their way to Lambda: our own, private, and emptied of what is not deployed any more.

A package holds the gallery's names and embeddings, so that one must be gone when its people are. SAM's own bucket keeps
every version of every package of the account for ever.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from infra.amazon import account, client, plain_errors, region
from infra.bucket import Bucket

TEMPLATES = ".template"


def bucket_name(stack: str) -> str:
    """Names of buckets are the world's: the account's number makes it ours."""
    return f"{stack}-packages-{account()}-{region()}"


def make_bucket(stack: str) -> str:
    """The stack's bucket, made where there is none yet. Raises AmazonError."""
    from botocore.exceptions import ClientError

    name, s3 = bucket_name(stack), client("s3")
    elsewhere = {} if region() == "us-east-1" else {"CreateBucketConfiguration": {"LocationConstraint": region()}}
    with plain_errors():
        try:
            s3.head_bucket(Bucket=name)
        except ClientError as error:
            if error.response["Error"]["Code"] not in ("404", "NoSuchBucket"):
                raise
            s3.create_bucket(Bucket=name, **elsewhere)
        blocked = dict.fromkeys(
            ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"), True
        )
        s3.put_public_access_block(Bucket=name, PublicAccessBlockConfiguration=blocked)
        s3.put_bucket_lifecycle_configuration(Bucket=name, LifecycleConfiguration={"Rules": [_BROKEN_OFF]})
    return name


def remove_outdated(stack: str) -> list[str]:
    """Remove every package but those of the stack as it is deployed now; their keys. Raises AmazonError."""
    bucket = Bucket(bucket_name(stack))
    needed = {key for package in _deployed(stack).values() for key in _keys(package)}
    # A template says nothing of anybody, and one that is there still need not be sent again.
    outdated = sorted(key for key in bucket.list().keys() - needed if not key.endswith(TEMPLATES))
    bucket.remove(outdated)
    return outdated


def layer(stack: str) -> bytes | None:
    """The zip of the layer that is deployed now, as long as it is in the bucket. Raises AmazonError."""
    layers = (resource for resource in _deployed(stack).values() if resource["Type"] == "AWS::Lambda::LayerVersion")
    keys = {key for resource in layers for key in _keys(resource)}
    bucket = Bucket(bucket_name(stack))
    found = keys & bucket.list().keys()
    return bucket.read(found.pop()) if found else None


def _deployed(stack: str) -> dict[str, Any]:
    """The stack's resources, after SAM's transform."""
    with plain_errors():
        body = client("cloudformation").get_template(StackName=stack, TemplateStage="Processed")["TemplateBody"]
    resources: dict[str, Any] = (json.loads(body) if isinstance(body, str) else body)["Resources"]
    return resources


def remove_bucket(stack: str) -> None:
    """Remove the bucket with all that is in it, all versions, too. Raises AmazonError."""
    from botocore.exceptions import ClientError

    bucket = Bucket(bucket_name(stack))
    with plain_errors():
        try:
            client("s3").head_bucket(Bucket=bucket.name)
        except ClientError as error:
            if error.response["Error"]["Code"] not in ("404", "NoSuchBucket"):
                raise
            return
    bucket.empty()
    with plain_errors():
        client("s3").delete_bucket(Bucket=bucket.name)


def _keys(template: Any) -> Iterator[str]:
    """Every object that a template's functions and layers are made of."""
    match template:
        case {"S3Key": str(key)}:
            yield key
        case dict():
            for item in template.values():
                yield from _keys(item)
        case list():
            for item in template:
                yield from _keys(item)


_BROKEN_OFF = {
    "ID": "uploads-broken-off",
    "Status": "Enabled",
    "Filter": {"Prefix": ""},
    "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 1},
}
