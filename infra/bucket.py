"""A bucket as a folder of files with headers: list, read, write, remove."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from infra.amazon import AmazonError, client, plain_errors

AT_ONCE = 8
DELETE_MOST = 1000  # files in one request


@dataclass(frozen=True, slots=True)
class File:
    """What is to be there; the content, `size` bytes, is read when it is needed."""

    read: Callable[[], bytes]
    content_type: str
    cache_control: str
    size: int
    content_encoding: str = ""


@dataclass(frozen=True, slots=True)
class Stored:
    """What a listing tells of a file: bytes, and the MD5 (which the ETag is while encryption is SSE-S3)."""

    size: int
    md5: str


class Bucket:
    """Every method raises AmazonError when Amazon does not do what it is asked."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._s3 = client("s3")

    def list(self) -> dict[str, Stored]:
        with plain_errors():
            pages = self._s3.get_paginator("list_objects_v2").paginate(Bucket=self.name)
            files = [file for page in pages for file in page.get("Contents", [])]
        return {file["Key"]: Stored(file["Size"], file["ETag"].strip('"')) for file in files}

    def headers(self, key: str) -> tuple[str, str]:
        """Content type and cache control."""
        with plain_errors():
            head = self._s3.head_object(Bucket=self.name, Key=key)
        return head.get("ContentType", ""), head.get("CacheControl", "")

    def read(self, key: str) -> bytes:
        with plain_errors():
            content: bytes = self._s3.get_object(Bucket=self.name, Key=key)["Body"].read()
        return content

    def write(self, files: Mapping[str, File]) -> None:
        """Several at the same time."""

        def put(key: str) -> None:
            file = files[key]
            headers = {"ContentType": file.content_type, "CacheControl": file.cache_control}
            if file.content_encoding:
                headers["ContentEncoding"] = file.content_encoding
            self._s3.put_object(Bucket=self.name, Key=key, Body=file.read(), **headers)

        with plain_errors(), ThreadPoolExecutor(AT_ONCE) as pool:
            list(pool.map(put, files))

    def remove(self, keys: Sequence[str]) -> None:
        self._delete([{"Key": key} for key in keys])

    def empty(self) -> None:
        """Remove everything, and every version of it."""
        with plain_errors():
            pages = self._s3.get_paginator("list_object_versions").paginate(Bucket=self.name)
            kept = [item for page in pages for kind in ("Versions", "DeleteMarkers") for item in page.get(kind, [])]
        self._delete([{"Key": item["Key"], "VersionId": item["VersionId"]} for item in kept])

    def _delete(self, named: Sequence[dict[str, str]]) -> None:
        with plain_errors():
            for start in range(0, len(named), DELETE_MOST):
                objects = list(named[start : start + DELETE_MOST])
                answer = self._s3.delete_objects(Bucket=self.name, Delete={"Objects": objects, "Quiet": True})
                for error in answer.get("Errors", []):
                    raise AmazonError(sentence=f"Amazon would not remove {error['Key']}: {error['Message']}")
