"""The commands that write to Amazon, for tests/trust/faults.py: to S3 Vectors and to the page's bucket, both moto's."""

from __future__ import annotations

import json
import logging
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import boto3

from export.gallery.push import push_gallery
from infra.bucket import Bucket
from infra.publish import FRONTEND, publish
from lookalike.faces.manifest import read_manifest
from lookalike.gallery.local import open_gallery
from lookalike.gallery.s3_vectors import index_name
from lookalike.settings import Settings
from tests.aws import account, make_distribution, make_index, serving
from tests.trust.faults_here import gallery_of_few
from tests.trust.interrupted import Command, run, surrounded

ADDRESS = "https://faces.example/"
MANY = 3000  # people: several requests to send them in
PUBLISH = """
import sys
from pathlib import Path
from infra.bucket import Bucket
from infra.publish import publish
publish(Bucket("page"), sys.argv[1], sys.argv[2], Path(sys.argv[3]), Path(sys.argv[4]))
"""
NAMED = re.compile(r"release-[0-9a-f]+/[\w./-]+")


def nobody(_: Path) -> None:
    """Of what is not looked at."""


@contextmanager
def pushing_and_publishing(work: Path) -> Iterator[dict[str, Command]]:
    few = gallery_of_few(work)
    logging.getLogger("werkzeug").setLevel(logging.ERROR)  # it tells of every request
    with serving() as aws:
        variables = account(aws.url)
        with surrounded(variables):
            commands = {"push": _push(work, few), "publish": _publish(work, few / "portraits")}
        yield {name: replace(command, variables=variables) for name, command in commands.items()}


def _push(work: Path, few: Path) -> Command:
    """Whoever is there is whole: a killed command has sent a part, and the next one sends the rest."""
    entry = read_manifest(Settings().models).embedder
    many, faculty = work / "many", work / "many.json"
    rows = {f"Imported {number}": [0.1] * (entry.width - 1) + [number / MANY] for number in range(MANY)}
    faculty.write_text(json.dumps(rows))
    shutil.copytree(few, many)
    importing = ("-m", "cli.main", "gallery", "import", str(faculty), "--gallery", "{target}")
    status, _, errors = run(Command(importing, nobody, nobody, None, None), many)
    assert status == 0, errors
    arn = make_index(index_name(entry.fingerprint), entry.width)
    vectors = boto3.client("s3vectors")

    def keys(_: Path) -> frozenset[str]:
        pages = vectors.get_paginator("list_vectors").paginate(indexArn=arn)
        return frozenset(vector["key"] for page in pages for vector in page["vectors"])

    def begin(target: Path) -> None:
        push_gallery(open_gallery(few, entry), entry, arn, lambda done, total: None)

    begin(work)
    before = keys(work)
    push_gallery(open_gallery(many, entry), entry, arn, lambda done, total: None)
    after = keys(work)
    return Command(
        ("-m", "cli.main", "gallery", "push", str(many), "--index", arn),
        begin,
        keys,
        before,
        after,
        sound=lambda found: before <= found <= after,  # type: ignore[operator]
    )


def _publish(work: Path, portraits: Path) -> Command:
    """At every moment the page that is there leads to files that are there."""
    boto3.client("s3").create_bucket(Bucket="page")
    bucket, distribution, earlier = Bucket("page"), make_distribution(), work / "earlier"
    shutil.copytree(FRONTEND, earlier)
    style = next(path for path in sorted(earlier.rglob("*.css")))
    style.write_text(style.read_text() + "p{margin:1px}")

    def release(_: Path) -> tuple[str, bool]:
        page, there = bucket.read("index.html").decode(), bucket.list()
        return page, all(name in there for name in NAMED.findall(page))

    def begin(_: Path) -> None:
        publish(bucket, distribution, ADDRESS, earlier, portraits)

    begin(work)
    before = release(work)
    publish(bucket, distribution, ADDRESS, FRONTEND, portraits)
    after = release(work)
    assert before != after and before[1] and after[1]
    return Command(
        ("-c", PUBLISH, distribution, ADDRESS, str(FRONTEND), str(portraits)),
        begin,
        release,
        before,
        after,
    )
