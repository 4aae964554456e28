"""What visitors get: page, headers, caching, portraits, errors, photos; and what others do not."""

from __future__ import annotations

import io
import json
import random
import re
from collections.abc import Mapping
from pathlib import Path

from PIL import Image

from infra.events import Answer, multipart
from infra.headers import SECURITY
from infra.rehearsal.emulator import REGION, Emulator
from infra.rehearsal.table import Table
from infra.site_files import ASKED_ANEW, IMMUTABLE


def look_at_the_page(aws: Emulator, page: str, table: Table) -> list[str]:
    """Returns the addresses of the files that the page leads to."""
    got = aws.fetch(page)
    table.see("page through CloudFront over TLS", got.status == 200 and b"<!doctype html>" in got.body, got.status)
    # What the page must be allowed more than the local server's plain policy is the template's affair and its test's.
    wanted = {name: text for name, text in SECURITY.items() if name != "content-security-policy"}
    wrong = [name for name, text in wanted.items() if got.headers.get(name) != text]
    policy = got.headers.get("content-security-policy", "")
    well = not wrong and policy.startswith("default-src 'none'") and "strict-transport-security" in got.headers
    table.see("security headers and HSTS", well, ", ".join(wrong) or f"{len(wanted) + 2} as in infra/headers.py")
    files = [page + name for name in re.findall(r'(?:src|href)="/?([\w./-]+/[\w.-]+)"', got.body.decode())]
    answers = {file: aws.fetch(file) for file in files}
    missing = [file for file, answer in answers.items() if answer.status != 200]
    table.see("files that the page leads to", bool(files) and not missing, ", ".join(missing) or f"all {len(files)}")
    kept = {answer.headers.get("cache-control") for answer in answers.values()}
    well = got.headers.get("cache-control") == ASKED_ANEW and kept == {IMMUTABLE}
    table.see("caching", well, f"page: {got.headers.get('cache-control')}; its files: {' / '.join(map(str, kept))}")
    return files


def look_for_what_is_not_there(aws: Emulator, page: str, table: Table) -> None:
    got = aws.fetch(f"{page}no/such/page")
    ours = b"There is nothing here" in got.body and got.headers.get("content-type", "").startswith("text/html")
    table.see("an address that does not exist", got.status == 404 and ours, f"{got.status}, a page of our own: {ours}")
    got = aws.fetch(f"{page}api/nothing")
    said = got.body.decode("latin-1")
    well = got.status == 404 and '"urn:lookalike:problem:not-found"' in said
    table.see("the API's own errors", well, f"{got.status}, {'not-found' if well else said[:80]}")


def look_at_photos(aws: Emulator, page: str, gallery: Path, table: Table) -> None:
    """As others send them than the page: raw, several, the largest, one too large."""
    listed = aws.fetch(f"{page}api/people")
    if listed.status != 200:
        table.see("people", False, f"{listed.status}, {listed.body[:80].decode('latin-1')}")
        return
    people = json.loads(listed.body)["people"]
    table.see("people", len(people) > 1, f"{len(people)} in /api/people")
    person = people[0]
    got = aws.fetch(f"{page}api/portraits/{person['portrait']}")
    well = got.status == 200 and got.headers["content-type"] == "image/jpeg"
    table.see("a portrait, from the bucket", well, f"{got.status}, {got.headers.get('cache-control')}")
    photo = (gallery / "portraits" / person["portrait"]).read_bytes()
    large = _of_size(photo, 4_300_000)
    several = multipart(*(("photo", f"{number}.jpg", "image/jpeg", photo) for number in range(5)))
    for what, headers, body in (
        ("a raw photo", {"content-type": "image/jpeg"}, photo),
        ("five photos", {"content-type": several[0]}, several[1]),
        (f"a photo of {len(large) / 1e6:.1f} MB", {"content-type": "image/jpeg"}, large),
    ):
        got = _send(aws, page, headers, body)
        best = (
            json.loads(got.body)["faces"][0]["matches"][0]["person"]["id"]
            if got.status == 200
            else got.body[:80].decode("latin-1")
        )
        table.see(what, best == person["id"], f"{got.status}, first: {best}")
    got = _send(aws, page, {"content-type": "image/jpeg"}, _of_size(photo, 4_450_000))
    table.see("a photo too large", got.status == 413, f"{got.status}, {got.headers.get('content-type')}")


def look_at_who_is_kept_out(places: Mapping[str, str], table: Table) -> None:
    """The bucket is for the distribution alone (MiniStack lets anybody in, so its policy is read); the role may only log."""
    from infra.amazon import client

    policy = json.loads(client("s3").get_bucket_policy(Bucket=places["SiteBucket"])["Policy"])
    said = {statement["Sid"]: statement for statement in policy["Statement"]}
    source = said.get("OnlyThisSiteReads", {}).get("Condition", {}).get("StringEquals", {}).get("AWS:SourceArn", "")
    well = source.endswith(f"distribution/{places['SiteDistribution']}") and "NothingInTheClear" in said
    table.see("the bucket's policy", well, f"{', '.join(said)}; for {source.rpartition(':')[2]}")
    role = client("lambda").get_function_configuration(FunctionName=places["FunctionName"])["Role"]
    actions = ["s3:GetObject", "s3:ListAllMyBuckets", "lambda:InvokeFunction", "iam:PassRole", "sts:AssumeRole"]
    log = f"arn:aws:logs:{REGION}:000000000000:log-group:{places['FunctionLogGroup']}:log-stream:x"
    simulate = client("iam").simulate_principal_policy
    others = simulate(PolicySourceArn=role, ActionNames=actions)["EvaluationResults"]
    own = simulate(PolicySourceArn=role, ActionNames=["logs:PutLogEvents"], ResourceArns=[log])["EvaluationResults"]
    allowed = [result["EvalActionName"] for result in [*others, *own] if result["EvalDecision"] == "allowed"]
    table.see("what the function's role may do", allowed == ["logs:PutLogEvents"], ", ".join(allowed) or "nothing")


def _send(aws: Emulator, page: str, headers: Mapping[str, str], body: bytes) -> Answer:
    return aws.fetch(f"{page}api/lookalikes", "POST", headers, body)


def _of_size(photo: bytes, size: int) -> bytes:
    """The photo as a JPEG of so many bytes: on a canvas with noise, and with bytes after its end, as phones append."""
    with Image.open(io.BytesIO(photo)) as face:
        canvas = Image.effect_noise((1400, 1400), 90).convert("RGB")
        canvas.paste(face.resize((900, 900 * face.height // face.width)), (200, 100))
    buffer = io.BytesIO()
    canvas.save(buffer, "JPEG", quality=90)
    return buffer.getvalue() + random.Random(0).randbytes(max(size - buffer.tell(), 0))  # noqa: S311
