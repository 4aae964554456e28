"""Publishing against moto's server: what changed goes up, what is stale goes, and caches hear of what they must forget."""

from __future__ import annotations

import io
from collections.abc import Collection, Mapping
from pathlib import Path

import boto3
import pytest
import segno
from PIL import Image

from infra import bucket, deploy
from infra.amazon import AmazonError, outputs
from infra.bucket import Bucket, File
from infra.publish import FRONTEND, Outcome, publish, publish_portraits
from infra.site_files import ASKED_ANEW, IMMUTABLE, PublishError
from lookalike.faces.embedder import Embedder
from lookalike.gallery.s3_vectors import index_name
from lookalike.settings import Settings
from tests.aws import Aws, make_distribution, make_index

PAGE = '<link rel="stylesheet" href="css/a.css"><script type="module" src="js/main.js"></script>'
FILES = {
    "index.html": PAGE,
    "config.json": "{}",
    "css/a.css": "a{}",
    "js/main.js": "import './side.js'",
    "js/side.js": "",
}


class Site:
    """A bucket with a distribution, and the folders that are published there."""

    def __init__(self, folder: Path) -> None:
        boto3.client("s3").create_bucket(Bucket="page")
        self.distribution = make_distribution()
        self.bucket = Bucket("page")
        self.page, self.portraits = folder / "page", folder / "portraits"
        self.portraits.mkdir()
        self.write(FILES)
        for name in ("a1", "b2"):
            (self.portraits / f"{name}.jpg").write_bytes(name.encode())

    def write(self, files: dict[str, str]) -> None:
        for name, text in files.items():
            (self.page / name).parent.mkdir(parents=True, exist_ok=True)
            (self.page / name).write_text(text)

    def publish(self, kept: Collection[str] = ()) -> Outcome:
        return publish(self.bucket, self.distribution, "https://faces.example/", self.page, self.portraits, kept)

    def read(self, key: str) -> bytes:
        """As a browser gets it."""
        content: bytes = boto3.client("s3").get_object(Bucket="page", Key=key)["Body"].read()
        return content

    def invalidated(self) -> list[list[str]]:
        cloudfront = boto3.client("cloudfront")
        listed = cloudfront.list_invalidations(DistributionId=self.distribution)["InvalidationList"].get("Items", [])
        get = cloudfront.get_invalidation
        found = [get(DistributionId=self.distribution, Id=item["Id"])["Invalidation"] for item in listed]
        return [sorted(item["InvalidationBatch"]["Paths"]["Items"]) for item in found]


@pytest.fixture
def site(aws: Aws, tmp_path: Path) -> Site:
    return Site(tmp_path)


def headers(key: str) -> tuple[str, str]:
    head = boto3.client("s3").head_object(Bucket="page", Key=key)
    return head["ContentType"], head["CacheControl"]


def test_the_first_time_everything_goes_up_with_its_headers(site: Site) -> None:
    outcome = site.publish()
    stored = site.bucket.list()
    assert set(outcome.uploaded) == set(stored) - {"releases.json"} and outcome.removed == []
    assert headers("index.html") == ("text/html; charset=utf-8", ASKED_ANEW)
    assert headers("config.json") == ("application/json", ASKED_ANEW)
    (script,) = (key for key in stored if key.endswith("/js/main.js"))
    assert headers(script) == ("text/javascript; charset=utf-8", IMMUTABLE)
    assert headers("api/portraits/a1.jpg") == ("image/jpeg", IMMUTABLE)
    assert script in site.bucket.read("index.html").decode()
    assert outcome.invalidated == [] and site.invalidated() == []  # nobody can have asked before


def test_the_second_time_nothing_happens(aws: Aws, site: Site) -> None:
    site.publish()
    stored = site.bucket.list()
    assert site.publish() == Outcome([], [], [])
    assert site.bucket.list() == stored and site.invalidated() == []


def test_what_leads_to_other_files_goes_up_after_them(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[str] = []
    write = Bucket.write

    def remember(bucket: Bucket, files: Mapping[str, File]) -> None:
        written.extend(sorted(files))
        write(bucket, files)

    monkeypatch.setattr(Bucket, "write", remember)
    site.publish()
    assert set(written) == set(site.bucket.list())
    assert max(written.index(key) for key in written if "/" in key) < written.index("index.html")


def test_a_change_replaces_one_release_and_removes_the_one_before_it(site: Site) -> None:
    site.publish()
    first = scripts(site)
    site.write({"js/side.js": "let second"})
    outcome = site.publish()
    assert {key.partition("/")[2] or key for key in outcome.uploaded} == {
        "css/a.css",
        "js/main.js",
        "js/side.js",
        "index.html",
    }
    assert outcome.removed == [] and first < scripts(site)  # who opened the page before can still load the rest of it
    assert site.invalidated() == [["/", "/index.html"]]
    second = scripts(site) - first
    site.write({"js/side.js": "let third"})
    outcome = site.publish()
    assert set(outcome.removed) == first and second < scripts(site)
    assert site.publish() == Outcome([], [], []) and second < scripts(site)


def scripts(site: Site) -> set[str]:
    return {key for key in site.bucket.list() if key.startswith("release-")}


def test_a_portrait_that_is_gone_is_gone_at_once_everywhere(site: Site) -> None:
    site.publish()
    (site.portraits / "a1.jpg").unlink()
    outcome = site.publish()
    assert outcome.removed == ["api/portraits/a1.jpg"] and outcome.uploaded == []
    assert site.invalidated() == [["/api/portraits/a1.jpg"]]
    assert "api/portraits/a1.jpg" not in site.bucket.list()


def test_a_portrait_that_somebody_may_still_see_stays_for_one_release(site: Site) -> None:
    site.publish()
    (site.portraits / "a1.jpg").rename(site.portraits / "a2.jpg")
    outcome = site.publish(kept=["a1.jpg", "b2.jpg"])
    assert outcome.uploaded == ["api/portraits/a2.jpg"] and outcome.removed == []
    assert site.publish(kept=["a2.jpg", "b2.jpg"]).removed == ["api/portraits/a1.jpg"]


def test_portraits_can_go_up_ahead_and_nothing_else_changes(site: Site) -> None:
    assert publish_portraits(site.bucket, site.portraits) == ["api/portraits/a1.jpg", "api/portraits/b2.jpg"]
    assert publish_portraits(site.bucket, site.portraits) == []
    assert set(site.bucket.list()) == {"api/portraits/a1.jpg", "api/portraits/b2.jpg"}


def test_many_portraits_are_forgotten_in_one_path(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bucket, "DELETE_MOST", 20)
    for number in range(45):
        (site.portraits / f"{number}.jpg").write_bytes(b"x")
    site.publish()
    for path in site.portraits.iterdir():
        path.unlink()
    assert len(site.publish().removed) == 47
    assert site.invalidated() == [["/api/portraits/*"]]


def test_other_headers_are_a_change_too(site: Site) -> None:
    site.publish()
    boto3.client("s3").put_object(Bucket="page", Key="config.json", Body=b"{}", CacheControl="max-age=1")
    assert site.publish().uploaded == ["config.json"]
    assert headers("config.json") == ("application/json", ASKED_ANEW)


def test_what_was_overwritten_in_the_bucket_is_mended(site: Site) -> None:
    site.publish()
    (script,) = (key for key in scripts(site) if key.endswith("/js/main.js"))
    whole = site.bucket.read(script)
    for key, content in ((script, whole[::-1]), ("api/portraits/a1.jpg", b"")):
        boto3.client("s3").put_object(Bucket="page", Key=key, Body=content)
    assert set(site.publish().uploaded) == {script, "api/portraits/a1.jpg"}
    assert site.bucket.read(script) == whole and site.bucket.read("api/portraits/a1.jpg") == b"a1"


def test_a_page_that_is_not_whole_changes_nothing(site: Site) -> None:
    site.publish()
    stored = site.bucket.list()
    site.write({"js/main.js": "import './gone.js'"})
    with pytest.raises(PublishError):
        site.publish()
    assert site.bucket.list() == stored


def test_without_a_gallery_no_portrait_is_taken_for_stale(site: Site) -> None:
    site.publish()
    site.portraits.rename(site.portraits.with_name("elsewhere"))
    with pytest.raises(PublishError, match="make gallery"):
        site.publish()
    assert "api/portraits/a1.jpg" in site.bucket.list()


def test_the_real_page_goes_up_and_is_found_by_what_leads_to_it(site: Site) -> None:
    site.page = FRONTEND
    outcome = site.publish()
    assert "index.html" in outcome.uploaded and len(outcome.uploaded) > 20
    assert site.publish() == Outcome([], [], [])


def test_no_bucket_is_a_sentence(aws: Aws, tmp_path: Path) -> None:
    with pytest.raises(AmazonError, match="bucket"):
        publish(Bucket("nowhere"), "E1", "https://faces.example/", FRONTEND, tmp_path)


def test_without_credentials_the_way_to_sign_in_is_told(aws: Aws, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    with pytest.raises(AmazonError, match="aws configure"):
        Bucket("page").list()
    with pytest.raises(AmazonError, match="aws sso login"):
        outputs()
    monkeypatch.delenv("AWS_DEFAULT_REGION")
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", None)
    with pytest.raises(AmazonError, match="AWS_DEFAULT_REGION"):
        outputs()


def test_a_large_gallery_is_pushed_to_its_index(
    aws: Aws, site: Site, embedder: Embedder, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    index = make_index(index_name(embedder.entry.fingerprint), embedder.entry.width)
    monkeypatch.setattr(deploy, "GALLERY", settings.gallery)
    monkeypatch.setattr(deploy, "FRONTEND", site.page)
    places = {"VectorIndex": index, "SiteBucket": "page", "SiteDistribution": site.distribution}
    deploy._publish(places | {"SiteUrl": "https://faces.example/"}, people={})
    assert len(boto3.client("s3vectors").list_vectors(indexArn=index)["vectors"]) == 2
    assert "index.html" in site.bucket.list()


def test_a_link_to_the_page_has_a_preview_and_a_code(site: Site, settings: Settings) -> None:
    site.page, site.portraits = FRONTEND, settings.gallery / "portraits"
    site.publish()
    html = site.read("index.html").decode()
    assert html.count('content="https://faces.example/preview.jpg"') == 2
    assert 'property="og:url" content="https://faces.example/"' in html
    with Image.open(io.BytesIO(site.read("preview.jpg"))) as preview:
        assert (preview.format, preview.size) == ("JPEG", (1200, 630))
        assert preview.getpixel((5, 625)) != preview.getpixel((600, 100))  # the wall, and the mirror on it
    code = segno.make("https://faces.example/", micro=False)
    side = code.symbol_size(scale=8, border=0)[0]
    assert f'width="{side}" height="{side}"'.encode() in site.read("qr.svg")
