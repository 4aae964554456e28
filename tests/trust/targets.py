"""Everything that reads what others wrote, as functions of bytes: what they raise is a fault of ours.

They give whether the bytes were taken for what they should be, or refused.
"""

from __future__ import annotations

import asyncio
import atexit
import hashlib
import io
import json
import re
import tempfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any, NoReturn

import numpy as np
from pydantic import TypeAdapter

from export.errors import DamagedWeights
from export.gallery.errors import UnusableTable
from export.gallery.journal import Journal
from export.gallery.names import clean
from export.gallery.table import read_table
from export.networks.dlib.resnet import parse
from lookalike import schemas
from lookalike.api.application import create_app
from lookalike.errors import DamagedPhoto, LookalikeError, NoFace, SetupError, TooLarge, UnsupportedPhoto
from lookalike.faces.detector import Detector
from lookalike.faces.embedder import Embedder
from lookalike.faces.manifest import EmbedderEntry, read_manifest
from lookalike.faces.recipe import Recipe
from lookalike.finder import Finder
from lookalike.gallery.local import LocalGallery, open_gallery
from lookalike.gallery.scale import Scale
from lookalike.options import DEFAULTS, LARGEST, CompareOptions, FindOptions, check_photos
from lookalike.photo.decode import read_photo
from lookalike.settings import Settings
from tests.trust import attacks

CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
MAX_PIXELS = 2_000_000
SIDE = 640
STATUSES = {200, 304, 400, 404, 405, 413, 415, 422, 503}
ENTRY = EmbedderEntry(
    model="fuzzed",
    precision="fp32",
    recipe=Recipe("box", 150, (0.0, 0.0, 0.0), 1.0, width=4, unit_length=False, radius=1.0),
    same_person=0.5,
    fingerprint="0123456789abcdef",
)


def photo(data: bytes) -> bool:
    """A photo is upright RGB of at most the working side, or one of four errors."""
    with suppress(DamagedPhoto, TooLarge, UnsupportedPhoto):
        found = read_photo(data, MAX_PIXELS, SIDE)
        assert found.rgb.dtype == np.uint8 and found.rgb.ndim == 3 and found.rgb.shape[2] == 3
        assert 1 <= max(found.rgb.shape[:2]) <= SIDE and 1 <= found.width * found.height <= MAX_PIXELS
        return True
    return False


BODIES = (
    ("/api/lookalikes", "multipart/form-data; boundary=b"),
    ("/api/lookalikes", "application/json"),
    ("/api/lookalikes", "image/jpeg"),
    ("/api/compare", "multipart/form-data; boundary=b"),
    ("/api/compare", "application/json"),
)


def body(data: bytes) -> bool:
    """The first byte chooses address and content type; the second, where the body is cut in two."""
    path, kind = BODIES[(data[0] if data else 0) % len(BODIES)]
    content = data[2:]
    headers = [(b"content-type", kind.encode())]
    return _asked("POST", path, b"", headers, content, cut=data[1] if len(data) > 1 else 0) == 415


def request(data: bytes) -> bool:
    """Lines: method, path, query string, then headers as name:value; the rest after an empty line is the body."""
    top, _, content = data.partition(b"\n\n")
    method, path, query, *lines = [*top.split(b"\n"), b"", b"", b""]
    headers = [(name.lower(), value) for name, _, value in (line.partition(b":") for line in lines) if name]
    status = _asked(method.decode("latin-1").upper(), "/api" + path.decode("utf-8", "replace"), query, headers, content)
    return status == 200


def gallery(data: bytes) -> bool:
    """The first byte chooses which file the rest replaces; the index vouches for it, so that it is really read."""
    index, people, embeddings = (dict(_small_gallery())[name] for name in ("gallery.json", "people", "embeddings"))
    which, rest = (data[0] if data else 0) % 3, data[1:]
    if which == 0:
        index = rest
    else:
        people, embeddings = (rest, embeddings) if which == 1 else (people, rest)
        index = _index(people, embeddings)
    directory = _directory("gallery")
    (directory / "p.json").write_bytes(people)
    (directory / "e.npy").write_bytes(embeddings)
    (directory / "gallery.json").write_bytes(index)
    with suppress(SetupError):
        opened = open_gallery(directory, ENTRY)
        for match in opened.search(np.ones(4, np.float32), 50):
            assert -1 <= match.similarity <= 1 and 0 <= match.closer_than <= 100
            json.dumps([match.person.name, match.portrait], ensure_ascii=False).encode()
            assert "/" not in match.portrait and match.portrait not in ("", ".", "..")
        return True
    return False


def manifest(data: bytes) -> bool:
    directory = _directory("models")
    (directory / "manifest.json").write_bytes(data)
    for name in ("x.onnx", "y.onnx"):
        (directory / name).write_bytes(b"x")
    with suppress(SetupError):
        read_manifest(directory, "size")
        return True
    return False


def dlib(data: bytes) -> bool:
    with suppress(DamagedWeights):
        parse(data)
        return True
    return False


def table(data: bytes) -> bool:
    directory = _directory("table")
    path = directory / "people.csv"
    path.write_bytes(data)
    (directory / "a.jpg").touch()
    with suppress(UnusableTable):
        for found in read_table(path).photos:
            assert found.path.resolve().is_relative_to(directory.resolve())
            # Characters for private use stay: fonts for old Hangul and rare Hanja stand on them.
            assert all(text == clean(text) and not CONTROL.search(text) for text in (found.name, found.department))
            json.dumps([found.name, found.department, found.metadata], ensure_ascii=False).encode()
        return True
    return False


def journal(data: bytes) -> bool:
    path = _directory("journal") / ".journal"
    path.write_bytes(data)
    enrolments = Journal(path, ENTRY).read().values()
    for enrolment in enrolments:
        assert enrolment.embedding.shape == (4,) and np.isfinite(enrolment.embedding).all()
    return bool(enrolments)


TARGETS: Mapping[str, Callable[[bytes], bool]] = {
    "photo": photo,
    "body": body,
    "request": request,
    "gallery": gallery,
    "manifest": manifest,
    "dlib": dlib,
    "table": table,
    "journal": journal,
}


@cache
def seeds(target: str) -> Sequence[bytes]:
    """Small whole examples to start from."""
    return tuple(_SEEDS[target]())


def _photo_seeds() -> list[bytes]:
    kinds = ("JPEG", "PNG", "WEBP", "AVIF", "GIF", "BMP", "TIFF")
    exif = b"Exif\0\0" + attacks.directory([(0x0112, 3, 1, 6)])
    return [
        *(attacks.small(kind, side=9) for kind in kinds),
        attacks.small("JPEG", side=20, progressive=True, exif=exif),
        attacks.small("WEBP", side=9, lossless=True, exif=exif),
        attacks.small("TIFF", side=9, compression="tiff_lzw"),
        attacks.small("TIFF", side=9, compression="jpeg"),
        attacks.heic(64),
        attacks.heif_of_tiles(attacks.heic(64), 64, 1, 2, (128, 64), shared=False),
        attacks.heif_of_tiles(attacks.small("AVIF"), 64, 1, 2, (128, 64), shared=False),
        attacks.bmp(9, 9, b"\x09\1\0\0" * 9 + b"\0\1"),
        attacks.tiff_of_tile(64, 8),
        attacks.gif_beyond_its_screen(),
    ]


def _body_seeds() -> list[bytes]:
    part = b'--b\r\ncontent-disposition: form-data; name="%s"%s\r\n\r\n%s\r\n'
    files = b"".join(part % (name, b'; filename="x.jpg"', b"abc") for name in (b"photo", b"a", b"b"))
    form = files + b"".join(part % pair for pair in ((b"k", b"", b"3"), (b"include", b"", b"crop"))) + b"--b--\r\n"
    document = b'{"photo": "YWJj", "photos": ["YWJj"], "a": "data:image/jpeg;base64,YWJj", "b": "", "k": 3}'
    bodies = {0: form, 1: document, 2: b"abc", 3: form, 4: document}
    return [bytes([kind, cut]) + content for kind, content in bodies.items() for cut in (0, 7)]


def _request_seeds() -> list[bytes]:
    return [
        b"POST\n/lookalikes\nk=3&min_face_size=20&include=crop\ncontent-type:image/jpeg\naccept-language:ko;q=0.9,en\n\nabc",
        b'POST\n/compare\n\ncontent-type:application/json\n\n{"a":"","b":""}',
        b'GET\n/people\n\nif-none-match:W/"x", *\n\n',
        b"GET\n/portraits/a.jpg\n\n\n\n",
        b"OPTIONS\n/health\n\norigin:https://a.example\naccess-control-request-method:POST\n\n",
        b"HEAD\n/openapi.json\n\ncontent-length:99999999999999999999\n\n",
    ]


def _gallery_seeds() -> list[bytes]:
    files = dict(_small_gallery())
    return [bytes([n]) + files[name] for n, name in enumerate(("gallery.json", "people", "embeddings"))]


def _manifest_seeds() -> list[bytes]:
    file = {"file": "x.onnx", "sha256": "0" * 64, "bytes": 1}
    ready = file | {"ready": file, "tensors": file | {"file": "y.onnx"}}
    entry = {name: getattr(ENTRY, name) for name in ENTRY.__slots__ if name != "recipe"}
    embedder = entry | ENTRY.recipe.to_json() | ready | {"trained": True}
    networks = dict.fromkeys(("pnet", "rnet", "onet", "nms"), file)
    whole: dict[str, Any] = {"version": 1, "detector": {"networks": networks}, "embedder": embedder}
    prepared = whole | {"ready": {"onnxruntime": "1", "block": 16, "probe": file}}
    return [json.dumps(document).encode() for document in (whole, prepared)]


def _dlib_seeds() -> list[bytes]:
    """The first bytes of the real file's form; its weights make it too long to be mutated usefully."""
    start = b"\x01\x01\x01\x0dloss_metric_2" + b"\x04\x0a\xd7\x23\x3c\x84\x1d\0\0\0"
    return [start, start + bytes(100), b"\x01\x01\x01\x0dloss_metric_2\x01\x01\x02\x00\x7d"]


def _table_seeds() -> list[bytes]:
    return [
        "name,department,photo,office\n김서연,화학,a.jpg,=1+1\n".encode(),
        'Name;Photo\r\n"A; B";a.jpg\r\n'.encode("utf-16"),
        b'name\tphoto\n"a\tb"\t..\\a.jpg\nx\t/etc/passwd\n',
        b"\xef\xbb\xbfname,photo\n@SUM(A1),./a.jpg\n,\n",
    ]


def _journal_seeds() -> list[bytes]:
    line = {
        "fingerprint": ENTRY.fingerprint,
        "sha256": "0" * 64,
        "portrait": "a.jpg",
        "notes": ["blurred"],
        "embedding": "AACAPwAAAAAAAAAAAAAAAA==",
    }
    return [b"\n" + json.dumps(line).encode() + b"\n{torn"]


_SEEDS: Mapping[str, Callable[[], list[bytes]]] = {
    "photo": _photo_seeds,
    "body": _body_seeds,
    "request": _request_seeds,
    "gallery": _gallery_seeds,
    "manifest": _manifest_seeds,
    "dlib": _dlib_seeds,
    "table": _table_seeds,
    "journal": _journal_seeds,
}


class _Finder(Finder):
    """The real finder without networks, around an empty gallery; every photo that could be read has no face."""

    def __init__(self) -> None:
        gallery = LocalGallery((), np.empty((0, 4), np.float32), ENTRY, Scale(np.empty(0, np.float32), 0.5))
        super().__init__(Detector({}), Embedder(ENTRY, None), gallery, Settings())  # type: ignore[arg-type]

    def find(self, photos: Sequence[bytes], options: FindOptions = DEFAULTS) -> NoReturn:
        check_photos(len(photos))
        for data in photos:
            read_photo(data, MAX_PIXELS, SIDE)
        raise NoFace()

    def compare(self, first: bytes, second: bytes, options: CompareOptions = LARGEST) -> NoReturn:
        self.find([first])


_PROBLEM = TypeAdapter(schemas.Problem)


@cache
def _application() -> tuple[Any, asyncio.AbstractEventLoop]:
    loop = asyncio.new_event_loop()
    atexit.register(loop.close)
    return create_app(_Finder(), Settings(gallery=_directory("portraits"))), loop


def _asked(
    method: str, path: str, query: bytes, headers: list[tuple[bytes, bytes]], content: bytes, cut: int = 0
) -> int:
    """One request to the application, as a server would pass it on: the status, which must be a documented one."""
    application, loop = _application()
    incoming: list[dict[str, Any]] = [
        {"type": "http.request", "body": content[:cut], "more_body": True},
        {"type": "http.request", "body": content[cut:], "more_body": False},
        {"type": "http.disconnect"},
    ]
    sent: list[dict[str, Any]] = []
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "scheme": "http",
        "method": method,
        "path": path,
        "raw_path": path.encode(),
        "query_string": query,
        "root_path": "",
        "headers": headers,
        "server": ("127.0.0.1", 80),
        "client": ("127.0.0.1", 9),
        "state": {},
    }

    async def receive() -> dict[str, Any]:
        return incoming.pop(0) if len(incoming) > 1 else incoming[0]

    async def send(message: Any) -> None:
        sent.append(message)

    loop.run_until_complete(application(scope, receive, send))
    status: int = sent[0]["status"]
    assert status in STATUSES, f"{status} {sent}"
    answered = dict(sent[0]["headers"])
    if answered.get(b"content-type") == b"application/problem+json":
        problem = _PROBLEM.validate_json(b"".join(message.get("body", b"") for message in sent[1:]))
        assert problem["status"] == status and problem["type"].rpartition(":")[2] != LookalikeError.slug
    return status


@cache
def _directory(name: str) -> Path:
    temporary = tempfile.TemporaryDirectory(
        prefix=f"fuzz-{name}-", dir="/dev/shm" if Path("/dev/shm").is_dir() else None
    )
    atexit.register(temporary.cleanup)
    return Path(temporary.name)


@cache
def _small_gallery() -> tuple[tuple[str, bytes], ...]:
    photos = [{"portrait": f"{n}.jpg", "source": "a", "sha256": "0" * 64} for n in range(2)]
    people = [
        {"id": "a", "name": "김서연", "department": "화학", "metadata": {"x": "y"}, "photos": photos},
        {"id": "b", "name": "B", "department": "", "metadata": {}, "photos": photos[:1]},
    ]
    buffer = io.BytesIO()
    np.save(buffer, np.eye(4, dtype=np.float32)[:3])
    files = {"people": json.dumps(people, ensure_ascii=False).encode(), "embeddings": buffer.getvalue()}
    return (*files.items(), ("gallery.json", _index(files["people"], files["embeddings"])))


def _index(people: bytes, embeddings: bytes) -> bytes:
    parts = {
        part: {"file": file, "sha256": hashlib.sha256(data).hexdigest()}
        for part, file, data in (("people", "p.json", people), ("embeddings", "e.npy", embeddings))
    }
    numbers = {
        "pairs": {"count": 3, "quantiles": [-0.5, 0.0, 0.5]},
        "nearest": {"quantiles": [0.0, 0.5]},
        "stands_out": 3.0,
    }
    return json.dumps({"version": 2, "fingerprint": ENTRY.fingerprint, "model": "fuzzed"} | parts | numbers).encode()
