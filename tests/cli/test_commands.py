"""find, compare, serve and export as a person types them: answers, JSON, and errors of one sentence."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest
from PIL import Image

from lookalike.settings import Settings
from tests.support import encoded


@pytest.fixture
def portrait(tmp_path: Path, hopper: Image.Image) -> Path:
    path = tmp_path / "grace.jpg"
    path.write_bytes(encoded(hopper))
    return path


def lookalike(*arguments: object, gallery: Path | None = None) -> subprocess.CompletedProcess[str]:
    environment = dict(os.environ)
    if gallery is not None:
        environment["LOOKALIKE_GALLERY"] = str(gallery)
    command = [sys.executable, "-m", "cli.main", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, env=environment)


def test_find_prints_a_table(settings: Settings, portrait: Path) -> None:
    finished = lookalike("find", portrait, "--gallery", settings.gallery)
    assert finished.returncode == 0, finished.stderr
    first, second = finished.stdout.index("Grace Hopper"), finished.stdout.index("Eileen Collins")
    assert first < second


def test_find_json_is_the_documented_shape_and_nothing_else(settings: Settings, portrait: Path) -> None:
    finished = lookalike("find", portrait, "-k", 1, "--json", gallery=settings.gallery)
    document = json.loads(finished.stdout)
    assert list(document) == [
        "model",
        "photo",
        "faces",
        "left_out",
        "beyond_limit",
        "smaller_possible",
        "different_people",
        "timings_ms",
    ]
    assert document["photo"] == {"width": 512, "height": 600, "remarks": []}
    (face,) = document["faces"]
    assert {"box", "probability", "landmarks", "warnings", "verdict", "matches"} == set(face)
    (match,) = face["matches"]
    assert match["person"]["name"] == "Grace Hopper" and match["rank"] == 1
    assert match["percent"] == pytest.approx((1 + match["similarity"]) * 50, abs=0.01)
    assert finished.stderr == ""


def test_find_draws_the_faces(settings: Settings, portrait: Path, tmp_path: Path) -> None:
    drawn = tmp_path / "drawn.jpg"
    assert lookalike("find", portrait, "--draw", drawn, gallery=settings.gallery).returncode == 0
    with Image.open(drawn) as picture, Image.open(portrait) as original:
        assert picture.size == original.size
        assert picture.tobytes() != original.tobytes()


def test_compare_says_how_alike(portrait: Path, photo_file: Path) -> None:
    assert "100.0% alike" in lookalike("compare", portrait, portrait).stdout
    document = json.loads(lookalike("compare", portrait, photo_file, "--json").stdout)
    assert document["same_person"] is False


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (None, "No such file"),
        (b"", "The photo is empty"),
        (b"hello", "not a photo in a format we read"),
        (b"\xff\xd8\xff\xe0 broken", "damaged or incomplete"),
    ],
)
def test_bad_files_are_one_sentence_and_a_failure(
    settings: Settings, tmp_path: Path, content: bytes | None, sentence: str
) -> None:
    path = tmp_path / "photo.jpg"
    if content is not None:
        path.write_bytes(content)
    finished = lookalike("find", path, "--json", gallery=settings.gallery)
    assert finished.returncode == 1
    assert sentence in finished.stderr and finished.stderr.count("\n") == 1
    assert finished.stdout == ""
    assert {file.name for file in tmp_path.iterdir()} <= {"photo.jpg"}


def test_wrong_settings_and_missing_galleries_are_one_sentence(portrait: Path, tmp_path: Path) -> None:
    missing = lookalike("find", portrait, gallery=tmp_path / "none")
    assert missing.returncode == 1 and "lookalike gallery build" in missing.stderr
    for arguments in (["find"], ["find", portrait, "-k", "many"], ["nothing"]):
        wrong = lookalike(*arguments)
        assert wrong.returncode == 2 and "Traceback" not in wrong.stderr


def test_help_names_every_command() -> None:
    shown = lookalike("--help").stdout
    for command in ("find", "compare", "serve", "export", "invoke", "gallery"):
        assert command in shown


def test_a_terminal_without_the_letters_of_a_name_is_no_error(
    tmp_path: Path, portrait: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONIOENCODING", "ascii")
    answered = lookalike("find", portrait)  # the demo's people have Korean names
    assert (answered.returncode, answered.stderr) == (0, "")
    assert "??? (" in answered.stdout
    missing = lookalike("compare", tmp_path / "없음.jpg", portrait)
    assert missing.returncode == 1 and "Traceback" not in missing.stderr


def test_serve_answers_and_stops_cleanly_on_a_signal(settings: Settings, portrait: Path) -> None:
    command = [sys.executable, "-m", "cli.main", "serve", "--port", "0", "--gallery", str(settings.gallery)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        try:
            address = server.stdout.readline().split()[3]
            request = urllib.request.Request(
                f"{address}api/lookalikes", portrait.read_bytes(), {"content-type": "image/jpeg"}
            )
            with urllib.request.urlopen(request, timeout=60) as response:
                assert json.load(response)["faces"][0]["matches"][0]["person"]["name"] == "Grace Hopper"
            with urllib.request.urlopen(address, timeout=60) as page:
                assert page.headers["content-security-policy"].startswith("default-src 'none'")
                assert b"<html" in page.read()
        finally:
            server.send_signal(signal.SIGTERM)
            status = server.wait(30)
    assert status in (0, -signal.SIGTERM)


def test_what_a_command_does_not_use_is_not_loaded_for_it() -> None:
    code = "import cli.main, sys; print(*sys.modules)"
    finished = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not {"numpy", "onnx", "onnxruntime", "pydantic", "rich"} & set(finished.stdout.split())
