"""What is deployed, as CloudFormation sees it after SAM's transform, for the parameters that people may give."""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from infra import template
from infra.headers import SECURITY, WITH_WASM
from lookalike.api.gateway import ORIGIN_HEADER
from lookalike.errors import LookalikeError, UnknownHost, WrongAddress
from lookalike.gallery.s3_vectors import ABOUT, index_name
from lookalike.settings import Settings

TRANSFORM = Path(__file__).with_name("transform.py")
FINGERPRINT = "165d820882959226"
CERTIFICATE = "arn:aws:acm:us-east-1:123456789012:certificate/0a1b2c3d-0000-1111-2222-333344445555"
WEB_ACL = "arn:aws:wafv2:us-east-1:123456789012:global/webacl/WebAcl-x/0a1b2c3d-0000-1111-2222-333344445555"
VECTORS = {"Store": "s3-vectors", "Fingerprint": FINGERPRINT}
COMBINATIONS: dict[str, dict[str, str]] = {
    "default": {},
    "arm64 and bounded": {"Architecture": "arm64", "ReservedConcurrency": "10", "AlarmEmail": "somebody@example.org"},
    "snap-start and own domain": {
        "SnapStart": "PublishedVersions",
        "Domain": "faces.example.org",
        "Certificate": CERTIFICATE,
    },
    "behind a firewall": {"WebAcl": WEB_ACL, "OriginSecret": "testing"},
    "the API alone": {"Site": "no"},
    "another release": {"Release": "0123abc", "MemorySize": "2048"},
    "another memory alone": {"MemorySize": "2048"},
    "answers on the device": {"OnDevice": "embed"},
    "vectors and kept warm": {**VECTORS, "EmbeddingWidth": "512", "ProvisionedConcurrency": "2"},
}
Json = dict[str, Any]


@pytest.fixture(scope="module")
def stacks(sam: Path) -> dict[str, Json]:
    """For each combination, the resources and outputs that would be there."""
    arguments = [json.dumps(parameters) for parameters in COMBINATIONS.values()]
    command = [str(sam / "python"), str(TRANSFORM), str(template.PATH), *arguments]
    environment = os.environ | {"AWS_DEFAULT_REGION": "us-east-1"}
    done = subprocess.run(command, capture_output=True, text=True, env=environment)
    assert done.returncode == 0, done.stderr
    transformed = json.loads(done.stdout)
    return {
        name: template.resolved(made, **parameters)
        for (name, parameters), made in zip(COMBINATIONS.items(), transformed, strict=True)
    }


@pytest.fixture(scope="module")
def plain(stacks: dict[str, Json]) -> Json:
    found: Json = stacks["default"]["Resources"]
    return found


@pytest.fixture(scope="module")
def vectors(stacks: dict[str, Json]) -> Json:
    found: Json = stacks["vectors and kept warm"]["Resources"]
    return found


@pytest.fixture(scope="module")
def site(plain: Json) -> Json:
    found: Json = plain["Distribution"]["Properties"]["DistributionConfig"]
    return found


def test_every_combination_lints_clean_as_it_would_be_deployed(
    sam: Path, stacks: dict[str, Json], tmp_path: Path
) -> None:
    files = []
    for name, stack in stacks.items():
        files.append(tmp_path / f"{name}.json")
        files[-1].write_text(json.dumps({"AWSTemplateFormatVersion": "2010-09-09", **stack}))
    command = [str(sam / "cfn-lint"), "--regions", "us-east-1", "--", *map(str, files)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("name", COMBINATIONS)
def test_the_combinations_keep_the_rules(name: str) -> None:
    assert template.broken_rules(template.load(), **COMBINATIONS[name]) == []


@pytest.mark.parametrize(
    ("parameters", "complaint"),
    [
        ({"Domain": "faces.example.org"}, "both or neither"),
        ({"Certificate": CERTIFICATE}, "both or neither"),
        ({"SnapStart": "PublishedVersions", "ProvisionedConcurrency": 1}, "not both"),
        ({"Store": "s3-vectors"}, "make deploy fills it in"),
        ({"Site": "no", "WebAcl": WEB_ACL}, "with Site=no there is none"),
    ],
)
def test_what_cannot_be_is_refused_before_anything_is_made(parameters: Json, complaint: str) -> None:
    (broken,) = template.broken_rules(template.load(), **parameters)
    assert complaint in broken


def statements(resources: Json) -> Iterator[tuple[str, Json]]:
    """Everything that is allowed to anybody, and in whose name."""
    for name, resource in resources.items():
        properties = resource.get("Properties", {})
        assert "ManagedPolicyArns" not in properties
        documents = [policy["PolicyDocument"] for policy in properties.get("Policies", [])]
        documents += [properties["PolicyDocument"]] if "PolicyDocument" in properties else []
        for document in documents:
            for statement in document["Statement"]:
                yield name, statement


def test_each_may_do_what_it_must_and_no_more(plain: Json) -> None:
    for name, statement in statements(plain):
        print(name, json.dumps(statement))
    allowed = [
        (name, statement["Action"], statement["Resource"])
        for name, statement in statements(plain)
        if statement["Effect"] == "Allow"
    ]
    log = {"Fn::GetAtt": ["FunctionLog", "Arn"]}
    assert allowed == [
        ("FunctionRole", ["logs:CreateLogStream", "logs:PutLogEvents"], log),
        ("SiteBucketPolicy", "s3:GetObject", {"Fn::Sub": "${SiteBucket.Arn}/*"}),
    ]
    roles = [resource for resource in plain.values() if resource["Type"] == "AWS::IAM::Role"]
    (trust,) = (role["Properties"]["AssumeRolePolicyDocument"]["Statement"] for role in roles)
    assert [(item["Principal"], item["Action"]) for item in trust] == [
        ({"Service": "lambda.amazonaws.com"}, "sts:AssumeRole")
    ]


def test_with_an_index_the_function_may_search_it_and_nothing_else_is_added(plain: Json, vectors: Json) -> None:
    before = list(statements(plain))
    added = [(name, statement) for name, statement in statements(vectors) if (name, statement) not in before]
    print(json.dumps(added, indent=1))
    assert len(added) == 1 and len(list(statements(vectors))) == len(before) + 1
    ((name, statement),) = added
    assert vectors[name]["Properties"]["RoleName"] == {"Ref": "FunctionRole"}
    assert statement["Effect"] == "Allow" and "Condition" not in statement
    assert sorted(statement["Action"]) == ["s3vectors:GetVectors", "s3vectors:QueryVectors"]
    assert statement["Resource"] == {"Fn::GetAtt": ["VectorIndex", "IndexArn"]}


def test_nobody_but_this_distribution_reads_the_bucket(plain: Json) -> None:
    bucket = plain["SiteBucket"]["Properties"]
    assert set(bucket["PublicAccessBlockConfiguration"].values()) == {True}
    assert len(bucket["PublicAccessBlockConfiguration"]) == 4
    assert bucket["OwnershipControls"]["Rules"] == [{"ObjectOwnership": "BucketOwnerEnforced"}]
    assert "WebsiteConfiguration" not in bucket and "AccessControl" not in bucket
    reading, clear = plain["SiteBucketPolicy"]["Properties"]["PolicyDocument"]["Statement"]
    assert reading["Principal"] == {"Service": "cloudfront.amazonaws.com"}
    source = "arn:${AWS::Partition}:cloudfront::${AWS::AccountId}:distribution/${Distribution}"
    assert reading["Condition"] == {"StringEquals": {"AWS:SourceArn": {"Fn::Sub": source}}}
    assert (clear["Effect"], clear["Action"], clear["Principal"]) == ("Deny", "s3:*", "*")
    assert clear["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}


def test_the_distribution_signs_what_it_asks_the_bucket(plain: Json, site: Json) -> None:
    access = plain["SiteAccess"]["Properties"]["OriginAccessControlConfig"]
    assert (access["SigningBehavior"], access["SigningProtocol"], access["OriginAccessControlOriginType"]) == (
        "always",
        "sigv4",
        "s3",
    )
    bucket, api = site["Origins"]
    assert bucket["OriginAccessControlId"] == {"Fn::GetAtt": ["SiteAccess", "Id"]}
    assert bucket["DomainName"] == {"Fn::GetAtt": ["SiteBucket", "RegionalDomainName"]}
    assert api["DomainName"]["Fn::Sub"].startswith("${Api}.execute-api.")
    assert api["CustomOriginConfig"]["OriginProtocolPolicy"] == "https-only"


# Amazon's own, which have these names in its documentation.
CACHING_OPTIMIZED = "658327ea-f89d-4fab-a63d-7e88639e58f6"
CACHING_DISABLED = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
ALL_VIEWER_EXCEPT_HOST_HEADER = "b689b0a8-53d0-40ab-baf2-68738e2966ac"


def test_one_address_for_the_page_the_portraits_and_the_api(plain: Json, site: Json) -> None:
    portraits, api = site["CacheBehaviors"]
    page = site["DefaultCacheBehavior"]
    assert site["DefaultRootObject"] == "index.html"
    assert (portraits["PathPattern"], portraits["TargetOriginId"]) == ("/api/portraits/*", "bucket")
    assert (api["PathPattern"], api["TargetOriginId"]) == ("/api/*", "api")
    assert page["TargetOriginId"] == "bucket" and page["Compress"] is True
    assert page["CachePolicyId"] == portraits["CachePolicyId"] == CACHING_OPTIMIZED
    assert api["CachePolicyId"] == CACHING_DISABLED
    assert api["OriginRequestPolicyId"] == ALL_VIEWER_EXCEPT_HOST_HEADER  # the API answers to its own name only
    assert "POST" in api["AllowedMethods"] and "AllowedMethods" not in page
    assert (page["ViewerProtocolPolicy"], api["ViewerProtocolPolicy"]) == ("redirect-to-https", "https-only")
    # A page of our own for what is not in the bucket; the API must never say 403 to whom CloudFront passes on.
    (missing,) = site["CustomErrorResponses"]
    assert (missing["ErrorCode"], missing["ResponseCode"], missing["ResponsePagePath"]) == (403, 404, "/404.html")
    # (UnknownHost is said by the local server alone.)
    assert {kind for kind in errors(LookalikeError) if kind.status == 403} == {WrongAddress, UnknownHost}
    assert "OriginCustomHeaders" not in site["Origins"][1] and "WebACLId" not in site
    assert "CorsConfiguration" not in plain["Api"]["Properties"]


def errors(kind: type[LookalikeError]) -> Iterator[type[LookalikeError]]:
    for below in kind.__subclasses__():
        yield below
        yield from errors(below)


def test_with_a_firewall_nobody_goes_round_it(stacks: dict[str, Json]) -> None:
    resources = stacks["behind a firewall"]["Resources"]
    site = resources["Distribution"]["Properties"]["DistributionConfig"]
    assert site["WebACLId"] == WEB_ACL
    (header,) = site["Origins"][1]["OriginCustomHeaders"]
    assert header == {"HeaderName": ORIGIN_HEADER, "HeaderValue": "testing"}
    assert resources["Function"]["Properties"]["Environment"]["Variables"]["LOOKALIKE_ORIGIN_SECRET"] == "testing"


def test_without_a_page_there_is_the_api_alone(stacks: dict[str, Json]) -> None:
    resources, outputs = stacks["the API alone"]["Resources"], stacks["the API alone"]["Outputs"]
    kinds = {resource["Type"].split("::")[1] for resource in resources.values()}
    assert kinds == {"Lambda", "IAM", "Logs", "ApiGatewayV2", "CloudWatch"}
    assert {"ApiUrl", "FunctionName"} <= outputs.keys() and not any(name.startswith("Site") for name in outputs)


def test_somebody_hears_of_the_bill(stacks: dict[str, Json]) -> None:
    budget = stacks["arm64 and bounded"]["Resources"]["Budget"]["Properties"]
    assert budget["Budget"]["BudgetLimit"] == {"Amount": 20, "Unit": "USD"}
    for warning in budget["NotificationsWithSubscribers"]:
        assert warning["Subscribers"] == [{"SubscriptionType": "EMAIL", "Address": "somebody@example.org"}]
    assert "Budget" not in stacks["default"]["Resources"]


def test_the_dashboard_shows_what_is_there(plain: Json) -> None:
    text = plain["Dashboard"]["Properties"]["DashboardBody"]["Fn::Sub"]
    assert set(re.findall(r"\$\{(\w+)\}", text)) - plain.keys() == set()
    widgets = json.loads(text)["widgets"]
    assert len(widgets) == 6 and len({(widget["x"], widget["y"]) for widget in widgets}) == 6


def test_the_distribution_waits_as_long_as_the_function_may_take(plain: Json, site: Json) -> None:
    assert plain["Function"]["Properties"]["Timeout"] <= site["Origins"][1]["CustomOriginConfig"]["OriginReadTimeout"]


def test_the_security_headers_are_those_of_the_local_server(stacks: dict[str, Json], plain: Json, site: Json) -> None:
    config = plain["SiteHeaders"]["Properties"]["ResponseHeadersPolicyConfig"]
    security = config["SecurityHeadersConfig"]
    sent = {item["Header"]: item["Value"] for item in config["CustomHeadersConfig"]["Items"]}
    sent["content-security-policy"] = security["ContentSecurityPolicy"]["ContentSecurityPolicy"]
    sent["referrer-policy"] = security["ReferrerPolicy"]["ReferrerPolicy"]
    sent["x-content-type-options"] = "nosniff" if "ContentTypeOptions" in security else ""
    assert sent == SECURITY
    answering = stacks["answers on the device"]["Resources"]["SiteHeaders"]["Properties"]["ResponseHeadersPolicyConfig"]
    assert answering["SecurityHeadersConfig"]["ContentSecurityPolicy"]["ContentSecurityPolicy"] == WITH_WASM
    assert security["StrictTransportSecurity"]["AccessControlMaxAgeSec"] >= 31_536_000
    # The API sends headers of its own (a stricter policy for its documents): those are left alone.
    parts = [*security.values(), *config["CustomHeadersConfig"]["Items"]]
    assert len(security) == 4 and all(part["Override"] is False for part in parts)
    behaviours = [site["DefaultCacheBehavior"], *site["CacheBehaviors"]]
    assert all(behaviour["ResponseHeadersPolicyId"] == {"Ref": "SiteHeaders"} for behaviour in behaviours)


def test_by_default_nothing_is_billed_while_nobody_asks(plain: Json) -> None:
    assert plain["Function"]["Properties"]["SnapStart"] == {"ApplyOn": "None"}
    assert "ReservedConcurrentExecutions" not in plain["Function"]["Properties"]
    assert "ProvisionedConcurrencyConfig" not in plain["FunctionAliaslive"]["Properties"]
    assert not any(resource["Type"].startswith("AWS::S3Vectors") for resource in plain.values())


def test_the_parameters_reach_what_they_are_for(stacks: dict[str, Json]) -> None:
    bounded = stacks["arm64 and bounded"]["Resources"]["Function"]["Properties"]
    assert bounded["ReservedConcurrentExecutions"] == "10" and bounded["Architectures"] == ["arm64"]
    warm = stacks["vectors and kept warm"]["Resources"]["FunctionAliaslive"]["Properties"]
    assert warm["ProvisionedConcurrencyConfig"] == {"ProvisionedConcurrentExecutions": "2"}
    quick = stacks["snap-start and own domain"]["Resources"]["Function"]["Properties"]
    assert quick["SnapStart"] == {"ApplyOn": "PublishedVersions"}


def test_a_domain_of_ones_own_comes_with_its_certificate(stacks: dict[str, Json], site: Json) -> None:
    stack = stacks["snap-start and own domain"]
    own = stack["Resources"]["Distribution"]["Properties"]["DistributionConfig"]
    assert own["Aliases"] == ["faces.example.org"]
    assert own["ViewerCertificate"]["AcmCertificateArn"] == CERTIFICATE
    assert own["ViewerCertificate"]["MinimumProtocolVersion"].startswith("TLSv1.2_")
    assert stack["Outputs"]["SiteUrl"]["Value"] == "https://faces.example.org/"
    assert "Aliases" not in site and site["ViewerCertificate"] == {"CloudFrontDefaultCertificate": True}
    assert stacks["default"]["Outputs"]["SiteUrl"]["Value"] == {"Fn::Sub": "https://${Distribution.DomainName}/"}


def test_the_index_is_the_one_that_the_function_expects(vectors: Json) -> None:
    index = vectors["VectorIndex"]["Properties"]
    assert index["IndexName"] == index_name(FINGERPRINT)
    assert (index["Dimension"], index["DataType"], index["DistanceMetric"]) == ("512", "float32", "euclidean")
    assert index["MetadataConfiguration"] == {"NonFilterableMetadataKeys": [ABOUT]}
    variables = vectors["Function"]["Properties"]["Environment"]["Variables"]
    assert variables["LOOKALIKE_VECTOR_INDEX"] == {"Fn::GetAtt": ["VectorIndex", "IndexArn"]}
    arn = f"arn:aws:s3vectors:us-east-1:123456789012:bucket/some-bucket/index/{index['IndexName']}"
    assert Settings.from_environment({"LOOKALIKE_VECTOR_INDEX": arn}).vector_index == arn


def test_everything_goes_when_the_stack_goes(stacks: dict[str, Json]) -> None:
    for stack in stacks.values():
        for name, resource in stack["Resources"].items():
            # A function takes its versions with it.
            expected = "Retain" if resource["Type"] == "AWS::Lambda::Version" else "Delete"
            assert resource.get("DeletionPolicy", "Delete") == expected, name
            if resource["Type"] in ("AWS::S3::Bucket", "AWS::S3Vectors::VectorBucket", "AWS::S3Vectors::Index"):
                assert resource["DeletionPolicy"] == "Delete", name


def test_another_release_is_another_version_and_the_alias_names_it(stacks: dict[str, Json]) -> None:
    named = {}
    for name in ("default", "another release", "another memory alone"):
        resources = stacks[name]["Resources"]
        (version,) = (key for key, item in resources.items() if item["Type"] == "AWS::Lambda::Version")
        assert resources["FunctionAliaslive"]["Properties"]["FunctionVersion"] == {"Fn::GetAtt": [version, "Version"]}
        named[name] = version
    # SAM issue 3820: a parameter alone is none, which is why infra/release.py hashes the parameters, too.
    assert named["another memory alone"] == named["default"] != named["another release"]


def test_domain_and_certificate_are_empty_or_whole() -> None:
    parameters = template.load()["Parameters"]
    domain, certificate = (parameters[name]["AllowedPattern"] for name in ("Domain", "Certificate"))
    assert all(re.fullmatch(domain, text) for text in ("", "faces.example.org"))
    assert not any(re.fullmatch(domain, text) for text in ("https://x.org", "localhost", "a b.org"))
    assert all(re.fullmatch(certificate, text) for text in ("", CERTIFICATE))
    assert not re.fullmatch(
        certificate, CERTIFICATE.replace("us-east-1", "ap-northeast-2")
    )  # CloudFront wants it there
