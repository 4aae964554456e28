"""A running server shows the gallery that is in the directory: changed by the real commands, damaged, mended."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import anyio
import httpx2
import pytest
from PIL import Image

from cli.gallery import app
from infra.following import Following
from lookalike.errors import DamagedFile
from tests.support import encoded
from tests.trust.running import Server, until

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the gallery's commands and the process are Linux's")

BOTH = ["Eileen Collins", "Grace Hopper"]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory, astronaut: Image.Image, hopper: Image.Image) -> Path:
    root = tmp_path_factory.mktemp("built")
    for name, image in zip(BOTH, (astronaut, hopper), strict=True):
        (root / "photos" / name).mkdir(parents=True)
        (root / "photos" / name / "1.jpg").write_bytes(encoded(image))
    app(["build", str(root / "photos"), "--out", str(root / "gallery")], standalone_mode=False)
    return root


@pytest.fixture
def gallery(tmp_path: Path, built: Path) -> Path:
    return Path(shutil.copytree(built / "gallery", tmp_path / "gallery"))


@pytest.fixture
def server(gallery: Path) -> Iterator[Server]:
    with Server({"LOOKALIKE_GALLERY": str(gallery)}) as server:
        yield server


def command(*arguments: object) -> None:
    app([str(argument) for argument in arguments], standalone_mode=False)


def names(server: Server) -> list[str]:
    return [person["name"] for person in people(server).json()["people"]]


def people(server: Server, etag: str = "") -> Any:
    return httpx2.get(f"{server.address}/api/people", headers={"if-none-match": etag}, timeout=30)


def found(server: Server, photo: bytes) -> list[str]:
    address, headers = f"{server.address}/api/lookalikes", {"content-type": "image/jpeg"}
    matches = httpx2.post(address, content=photo, headers=headers, timeout=30).json()["faces"][0]["matches"]
    return [match["person"]["name"] for match in matches]


def said(server: Server) -> str:
    assert server.process.stdout is not None
    return server.process.stdout.readline()


def test_who_is_removed_is_gone_and_who_is_added_is_there(server: Server, gallery: Path, built: Path) -> None:
    before = people(server)
    portrait = before.json()["people"][0]["portrait"]
    command("remove", "Eileen Collins", "--gallery", gallery)
    after = people(server, before.headers["etag"])
    assert after.status_code == 200 and [person["name"] for person in after.json()["people"]] == ["Grace Hopper"]
    assert "changed" in said(server)
    assert people(server, after.headers["etag"]).status_code == 304
    assert httpx2.get(f"{server.address}/api/portraits/{portrait}").status_code == 404
    photo = (built / "photos" / "Eileen Collins" / "1.jpg").read_bytes()
    assert found(server, photo) == ["Grace Hopper"]
    command("add", built / "photos" / "Eileen Collins" / "1.jpg", "--name", "Eileen Collins", "--gallery", gallery)
    assert found(server, photo) == BOTH


def test_a_browser_asks_each_time_who_is_there(server: Server) -> None:
    answer = people(server)
    assert answer.headers["cache-control"] == "no-cache"
    assert people(server, answer.headers["etag"]).headers["cache-control"] == "no-cache"
    file = answer.json()["people"][0]["portrait"]
    assert "immutable" in httpx2.get(f"{server.address}/api/portraits/{file}").headers["cache-control"]


def test_what_devices_are_given_follows(server: Server, gallery: Path) -> None:
    def device() -> Any:
        index = httpx2.get(f"{server.address}/config.json").json()["device"]["index"]
        return httpx2.get(f"{server.address}/{index}").json()

    before = device()
    command("remove", "Eileen Collins", "--gallery", gallery)
    after = device()
    assert after["networks"] == before["networks"]
    shown = httpx2.get(f"{server.address}/device/{after['gallery']['people']['url']}").json()
    assert [person["name"] for person in shown["people"]] == ["Grace Hopper"]
    gone = httpx2.get(f"{server.address}/device/{before['gallery']['people']['url']}")
    assert gone.status_code == 404


def test_an_answer_under_way_is_of_the_gallery_it_began_with(server: Server, gallery: Path, built: Path) -> None:
    photo = (built / "photos" / "Eileen Collins" / "1.jpg").read_bytes()
    head = f"POST /api/lookalikes HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\ncontent-length: {len(photo)}\r\n"
    with server.connect(head.encode() + b"content-type: image/jpeg\r\n\r\n" + photo[:1000]) as connection:
        assert names(server) == BOTH
        command("remove", "Eileen Collins", "--gallery", gallery)
        assert names(server) == ["Grace Hopper"]
        connection.sendall(photo[1000:])
        answer = b"".join(iter(lambda: connection.recv(65536), b""))
    matches = json.loads(answer.partition(b"\r\n\r\n")[2])["faces"][0]["matches"]
    assert [match["person"]["name"] for match in matches] == BOTH


def test_half_a_gallery_is_never_shown_and_the_whole_one_is(server: Server, gallery: Path, tmp_path: Path) -> None:
    """Copied by a tool that knows nothing of it: the index first, then what it names, and that not at once."""
    new = Path(shutil.copytree(gallery, tmp_path / "new"))
    command("remove", "Grace Hopper", "--gallery", new)
    (named,) = (new / json.loads((new / "gallery.json").read_text())[part]["file"] for part in ["people"])
    shutil.copy(new / "gallery.json", gallery / "gallery.json")
    assert names(server) == BOTH
    assert "cannot be used" in (first := said(server)) and named.name in first
    for file in new.glob("embeddings-*"):
        shutil.copy(file, gallery)
    (gallery / named.name).write_bytes(named.read_bytes()[:-1])
    assert not until(lambda: names(server) != BOTH, 2.5)
    assert "content changed" in said(server)
    shutil.copy(named, gallery)
    assert until(lambda: names(server) == ["Eileen Collins"], 20)
    assert "as it is now" in said(server)  # nothing was said twice, though it was tried again and again


class TestWithoutAServer:
    def test_nothing_is_opened_while_nothing_changes(self, index: Path) -> None:
        opened: list[str] = []
        following = Following(index.parent, lambda: opened.append(index.read_text()))
        anyio.run(following.look)
        assert not opened

    def test_a_change_while_it_is_read_is_one_more_change(self, index: Path) -> None:
        opened: list[str] = []

        def open_anew() -> None:
            opened.append(index.read_text())
            if opened == ["two!"]:
                index.write_text("three")

        following = Following(index.parent, open_anew)
        index.write_text("two!")
        for _ in range(3):
            anyio.run(following.look)
        assert opened == ["two!", "three"]

    def test_many_that_ask_at_once_open_it_once(self, index: Path) -> None:
        opened: list[str] = []
        following = Following(index.parent, lambda: opened.append(index.read_text()))
        index.write_text("two!")

        async def ask() -> None:
            async with anyio.create_task_group() as group:
                for _ in range(5):
                    group.start_soon(following.look)

        anyio.run(ask)
        assert opened == ["two!"]

    def test_a_damaged_one_is_tried_once_a_second(self, index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        tries: list[float] = []
        clock = [100.0]
        monkeypatch.setattr("infra.following.time.monotonic", lambda: clock[0])

        def open_anew() -> None:
            tries.append(clock[0])
            raise DamagedFile(path=index, reason="for the test", command="build")

        following = Following(index.parent, open_anew)
        index.write_text("two!")
        for clock[0] in (100.0, 100.9, 101.0, 101.5):
            anyio.run(following.look)
        assert tries == [100.0, 101.0]


@pytest.fixture
def index(tmp_path: Path) -> Path:
    path = tmp_path / "gallery.json"
    path.write_text("one")
    return path
