"""Amazon's services over real HTTP on this machine: moto's server, and what it lacks of S3 Vectors beside it.

MiniStack, on which whole deployments are rehearsed, has no S3 Vectors. Publishing is tested here, too: moto lets one look
at invalidations and headers, and an empty account takes it no time, where MiniStack is a process of its own.
"""

from __future__ import annotations

import io
import json
import threading
import time
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import boto3
import numpy as np
import pytest
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, MotoRequestHandler, create_backend_app
from moto.s3vectors.models import Index, s3vectors_backends
from werkzeug.serving import make_server

REGION, ACCOUNT = "us-east-1", "123456789012"
# From Amazon's "Limitations and restrictions" of S3 Vectors; moto checks none of them.
MOST = {"/PutVectors": ("vectors", 500), "/DeleteVectors": ("keys", 500), "/GetVectors": ("keys", 100)}
PAYLOAD, METADATA, FILTERABLE = 20 * 2**20, 40 * 1024, 2 * 1024
PAGE, TOP_K, QUERY_PAGE = 1000, 100, 37

Json = dict[str, Any]
StartResponse = Callable[[str, list[tuple[str, str]]], object]


@dataclass
class Aws:
    """The server's address, what it was asked, and the faults it is told to have."""

    url: str = ""
    calls: Counter[str] = field(default_factory=Counter)
    failures: list[tuple[str, int, int, str]] = field(default_factory=list)
    stalls: dict[str, float] = field(default_factory=dict)
    configurations: dict[str, Json] = field(default_factory=dict)

    def fail(self, operation: str, status: int, code: str, times: int = 1000, after: int = 0) -> None:
        """The `times` calls of the operation that come after `after` more get this error."""
        first = self.calls[operation] + after
        self.failures += [(operation, number, status, code) for number in range(first + 1, first + times + 1)]

    def stall(self, operation: str, seconds: float) -> None:
        self.stalls[operation] = seconds

    def well_again(self) -> None:
        self.failures.clear()
        self.stalls.clear()


class VectorsDouble:
    """In front of moto: QueryVectors, pages of keys, an index's metadata keys, documented limits, faults on demand."""

    def __init__(self, application: Any, aws: Aws) -> None:
        self._application = application
        self._aws = aws
        self._lock = threading.Lock()

    def __call__(self, environ: Json, start_response: StartResponse) -> Iterable[bytes]:
        path = environ["PATH_INFO"]
        operation = path.strip("/")
        with self._lock:
            self._aws.calls[operation] += 1
            number = self._aws.calls[operation]
        time.sleep(self._aws.stalls.get(operation, 0))
        for failing, which, status, code in self._aws.failures:
            if (failing, which) == (operation, number):
                return _answer(start_response, status, {"message": "no"}, code)
        if not path.endswith(("Vectors", "Index")):
            answer: Iterable[bytes] = self._application(environ, start_response)
            return answer
        body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
        asked = json.loads(body)
        refusal = _refusal(path, asked, len(body))
        if refusal:
            return _answer(start_response, 400, {"message": refusal}, "ValidationException")
        if path == "/CreateIndex":
            self._aws.configurations[asked["indexName"]] = asked.get("metadataConfiguration", {})
        own = {"/QueryVectors": _query, "/ListVectors": _list, "/GetIndex": self._describe}.get(path)
        index = _index(asked.get("indexArn", ""))
        if own is None or index is None:
            environ["wsgi.input"] = io.BytesIO(body)
            if own is None:
                answer = self._application(environ, start_response)
                return answer
            return _answer(start_response, 404, {"message": "no such index"}, "NotFoundException")
        return _answer(start_response, 200, own(index, asked))

    def _describe(self, index: Index, _: Json) -> Json:
        shape = {"dataType": index.data_type, "dimension": index.dimension, "distanceMetric": index.distance_metric}
        names = {"vectorBucketName": index.vectorBucketName, "indexName": index.index_name, "indexArn": index.index_arn}
        configuration = self._aws.configurations[index.index_name]
        return {"index": names | shape | {"creationTime": 0, "metadataConfiguration": configuration}}


def _query(index: Index, asked: Json) -> Json:
    """Approximate as the service is: what is near comes first, but not quite in order."""
    probe = np.array(asked["queryVector"]["float32"], np.float32)
    assert asked["topK"] <= TOP_K and len(probe) == index.dimension and index.distance_metric == "euclidean"
    vectors = [vector for vector in list(index.vectors.values()) if _passes(vector.metadata, asked.get("filter"))]
    rows = np.array([vector.data["float32"] for vector in vectors], np.float32).reshape(-1, index.dimension)
    squared = np.square(rows - probe).sum(axis=1)
    nearest = np.argsort(squared)[: asked["topK"]]
    muddled = nearest[np.lexsort((np.random.default_rng(0).random(len(nearest)), np.arange(len(nearest)) // 10))]
    found = [{"key": vectors[i].key, "distance": float(squared[i])} for i in muddled]
    # Pages of any length, an empty one first: the service promises no other end than a missing token.
    start = int(asked.get("nextToken", -1))
    page = found[start : start + QUERY_PAGE] if start >= 0 else []
    more = {"nextToken": str(max(start + len(page), 0))} if start < 0 or start + len(page) < len(found) else {}
    return {"vectors": page, "distanceMetric": index.distance_metric, **more}


def _list(index: Index, asked: Json) -> Json:
    assert asked.get("maxResults", 500) <= PAGE and asked.get("segmentCount", 1) <= 16
    keys = sorted(index.vectors)[asked.get("segmentIndex", 0) :: asked.get("segmentCount", 1)]
    start, size = int(asked.get("nextToken", 0)), asked.get("maxResults", 500)
    more = {"nextToken": str(start + size)} if start + size < len(keys) else {}
    return {"vectors": [{"key": key} for key in keys[start : start + size]], **more}


def _passes(metadata: Json, condition: Json | None) -> bool:
    if condition is None:
        return True
    ((name, test),) = condition.items()
    assert list(test) == ["$nin"] and len(json.dumps(metadata[name])) < FILTERABLE
    return metadata[name] not in test["$nin"]


def _refusal(path: str, asked: Json, size: int) -> str | None:
    name, most = MOST.get(path, ("", 0))
    if size > PAYLOAD or (name and not 1 <= len(asked[name]) <= most):
        return f"{path}: {size} bytes, {len(asked.get(name, []))} {name}"
    for vector in asked["vectors"] if path == "/PutVectors" else ():
        kept = vector["metadata"]
        if len(json.dumps(kept).encode()) > METADATA or len(json.dumps({"person": kept["person"]})) > FILTERABLE:
            return f"{vector['key']}: metadata too large"
    return None


def _index(arn: str) -> Index | None:
    backend = s3vectors_backends[ACCOUNT]["aws"]
    return next(
        (bucket.indexes[arn] for bucket in backend.vector_buckets.values() if arn in bucket.indexes),
        None,
    )


def _answer(start_response: StartResponse, status: int, document: Json, code: str = "") -> list[bytes]:
    body = json.dumps(document).encode()
    headers = [("content-type", "application/json"), ("content-length", str(len(body)))]
    start_response(f"{status} -", [*headers, ("x-amzn-errortype", code)] if code else headers)
    return [body]


def index_arn(name: str) -> str:
    return f"arn:aws:s3vectors:{REGION}:{ACCOUNT}:bucket/people/index/{name}"


def make_index(name: str, width: int, **changes: Any) -> str:
    """An index as template.yaml makes it, but for `changes`; its ARN."""
    client = boto3.client("s3vectors")
    client.create_vector_bucket(vectorBucketName="people")
    shape: Json = {"dataType": "float32", "dimension": width, "distanceMetric": "euclidean"}
    shape["metadataConfiguration"] = {"nonFilterableMetadataKeys": ["about"]}
    client.create_index(vectorBucketName="people", indexName=name, **(shape | changes))
    return index_arn(name)


def make_distribution() -> str:
    """One before the bucket called page; its id."""
    origin = {
        "Id": "bucket",
        "DomainName": "page.s3.us-east-1.amazonaws.com",
        "S3OriginConfig": {"OriginAccessIdentity": ""},
    }
    config = {
        "CallerReference": "x",
        "Comment": "",
        "Enabled": True,
        "Origins": {"Quantity": 1, "Items": [origin]},
        "DefaultCacheBehavior": {"TargetOriginId": "bucket", "ViewerProtocolPolicy": "redirect-to-https"},
    }
    found: str = boto3.client("cloudfront").create_distribution(DistributionConfig=config)["Distribution"]["Id"]
    return found


@contextmanager
def serving() -> Iterator[Aws]:
    aws = Aws()
    application = VectorsDouble(DomainDispatcherApplication(create_backend_app), aws)
    server = make_server("127.0.0.1", 0, application, threaded=True, request_handler=MotoRequestHandler)
    aws.url = f"http://127.0.0.1:{server.port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield aws
    server.shutdown()
    thread.join()
    server.server_close()


def account(url: str) -> dict[str, str]:
    """The variables by which every boto3 client talks to the server."""
    return {
        "AWS_ENDPOINT_URL": url,
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "AWS_DEFAULT_REGION": REGION,
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_CONFIG_FILE": "/dev/null",
        "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
    }


@pytest.fixture(scope="session")
def aws_server() -> Iterator[Aws]:
    with serving() as aws:
        yield aws


@pytest.fixture
def aws(aws_server: Aws, monkeypatch: pytest.MonkeyPatch) -> Iterator[Aws]:
    """An empty account; every boto3 client of the test, and of what it starts, talks to it."""
    for name, value in account(aws_server.url).items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", None)  # it would remember credentials and region
    urllib.request.urlopen(f"{aws_server.url}/moto-api/reset", data=b"").close()
    aws_server.calls.clear()
    aws_server.well_again()
    yield aws_server
    aws_server.well_again()
