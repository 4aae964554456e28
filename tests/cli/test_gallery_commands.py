"""`lookalike gallery …` as it is typed: what is printed where, and how it ends."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from PIL import Image

from cli.gallery import app
from cli.main import main
from tests.support import encoded


@dataclass(frozen=True)
class Ran:
    code: int
    out: str
    err: str

    @property
    def lines(self) -> list[str]:
        return [" ".join(line.split()) for line in self.out.splitlines()]


Run = Callable[..., Ran]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Run:
    """`lookalike gallery` with these arguments, on a terminal wide enough."""
    monkeypatch.setenv("COLUMNS", "200")

    def run(*arguments: object) -> Ran:
        monkeypatch.setattr(sys, "argv", ["lookalike", "gallery", *(str(argument) for argument in arguments)])
        with pytest.raises(SystemExit) as ended:
            main()
        written = capfd.readouterr()
        code = ended.value.code
        return Ran(code if isinstance(code, int) else 0 if code is None else 1, written.out, written.err)

    return run


@pytest.fixture(scope="module")
def photos(tmp_path_factory: pytest.TempPathFactory, astronaut: Image.Image, hopper: Image.Image) -> Path:
    root = tmp_path_factory.mktemp("photos")
    for name, image in {"Space/Eileen Collins/1.jpg": astronaut, "Navy/Grace Hopper/1.jpg": hopper}.items():
        (root / name).parent.mkdir(parents=True)
        (root / name).write_bytes(encoded(image))
    return root


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory, photos: Path) -> Path:
    directory = tmp_path_factory.mktemp("built") / "gallery"
    app(["build", str(photos), "--out", str(directory)], standalone_mode=False)
    return directory


@pytest.fixture
def gallery(tmp_path: Path, built: Path) -> Path:
    return Path(shutil.copytree(built, tmp_path / "gallery"))


class TestBuild:
    def test_it_ends_with_a_summary_and_says_what_was_left_out(self, run: Run, photos: Path, tmp_path: Path) -> None:
        own = Path(shutil.copytree(photos, tmp_path / "photos"))
        (own / "Nobody.jpg").write_bytes(b"not a photo")
        (own / "[red]\x1b[31m.jpg").write_bytes(b"")
        ran = run("build", own, "--out", tmp_path / "gallery")
        assert ran.code == 0
        assert "Left out (2)" in ran.lines
        assert "Nobody.jpg it is not a photo in a format that is read" in ran.lines
        assert "[red][31m.jpg it is empty" in ran.lines  # neither markup nor terminal codes are obeyed
        assert ran.lines[-1] == f"{tmp_path / 'gallery'}: 2 people, 2 photos (2 new)."

    def test_again_it_says_that_nothing_changed(self, run: Run, photos: Path, gallery: Path) -> None:
        ran = run("build", photos, "--out", gallery)
        assert ran.lines == [
            "Read as Department/Name/photo (2 people).",
            f"{gallery}: 2 people, 2 photos (nothing changed).",
        ]

    def test_when_nobody_remains_it_fails_and_says_why(self, run: Run, tmp_path: Path) -> None:
        (tmp_path / "photos").mkdir()
        (tmp_path / "photos" / "Kim.jpg").write_bytes(b"")
        ran = run("build", tmp_path / "photos", "--out", tmp_path / "gallery")
        assert ran.code == 1
        assert "Kim.jpg it is empty" in ran.lines
        assert ran.err.startswith("lookalike: Nobody could be enrolled")
        assert len(ran.err.splitlines()) == 1

    @pytest.mark.parametrize("what", ["none", "file.txt"])
    def test_what_holds_no_photos_is_one_sentence(self, run: Run, tmp_path: Path, what: str) -> None:
        (tmp_path / "file.txt").write_bytes(b"x")
        ran = run("build", tmp_path / what, "--out", tmp_path / "gallery")
        assert (ran.code, ran.out, len(ran.err.splitlines())) == (1, "", 1)
        assert "Department/Name/*.jpg" in ran.err


class TestList:
    def test_a_table_of_everyone(self, run: Run, gallery: Path) -> None:
        ran = run("list", "--gallery", gallery)
        assert ran.lines[0] == "Name Department Photos Id"
        assert [line.rpartition(" ")[0] for line in ran.lines[1:]] == ["Grace Hopper Navy 1", "Eileen Collins Space 1"]

    def test_json_and_nothing_else(self, run: Run, gallery: Path) -> None:
        listed = json.loads(run("list", "--gallery", gallery, "--json").out)
        assert [(person["name"], person["department"], person["photos"]) for person in listed] == [
            ("Grace Hopper", "Navy", 1),
            ("Eileen Collins", "Space", 1),
        ]
        assert set(listed[0]) == {"id", "name", "department", "photos", "metadata"}

    def test_without_a_gallery_it_says_how_to_make_one(self, run: Run, tmp_path: Path) -> None:
        ran = run("list", "--gallery", tmp_path / "none")
        assert (ran.code, ran.out) == (1, "")
        assert f"lookalike gallery build PHOTOS --out {tmp_path / 'none'}" in ran.err


class TestChanges:
    def test_add_then_remove_by_id(self, run: Run, gallery: Path, photos: Path) -> None:
        photo = photos / "Space" / "Eileen Collins" / "1.jpg"
        ran = run("add", photo, "--name", "새 사람", "--department", "학과", "--gallery", gallery)
        assert ran.code == 0
        assert "1.jpg the same photo is also Eileen Collins" in ran.lines
        assert "3 people, 3 photos" in ran.lines[-1]
        (added,) = [p for p in json.loads(run("list", "--gallery", gallery, "--json").out) if p["name"] == "새 사람"]
        ran = run("remove", added["id"], "--gallery", gallery)
        assert ran.lines == ["새 사람 is gone from the gallery; 2 people remain."]

    def test_removing_warns_that_a_build_brings_them_back(self, run: Run, gallery: Path) -> None:
        ran = run("remove", "grace hopper", "--gallery", gallery)
        assert ran.code == 0
        assert "next build will bring them back" in ran.lines[-1]

    def test_nobody_of_that_name_is_one_sentence(self, run: Run, gallery: Path) -> None:
        ran = run("remove", "Nobody", "--gallery", gallery)
        assert (ran.code, ran.out, len(ran.err.splitlines())) == (1, "", 1)

    def test_a_name_is_asked_for(self, run: Run, gallery: Path, photos: Path) -> None:
        ran = run("add", photos / "x.jpg", "--gallery", gallery)
        assert ran.code == 2
        assert "--name" in ran.err


class TestFaculty:
    def test_out_and_in_again(self, run: Run, gallery: Path, tmp_path: Path) -> None:
        assert run("export", tmp_path / "f.json", "--gallery", gallery).lines == [f"{tmp_path / 'f.json'}: 2 people."]
        ran = run("import", tmp_path / "f.json", "--gallery", tmp_path / "other")
        assert (ran.code, ran.lines[-1]) == (
            0,
            f"{tmp_path / 'other'}: 2 people, 2 photos (2 new).",
        )

    def test_a_file_of_another_kind_is_one_sentence(self, run: Run, gallery: Path, tmp_path: Path) -> None:
        (tmp_path / "f.json").write_text('{"Kim": [1, 2, 3]}')
        ran = run("import", tmp_path / "f.json", "--gallery", gallery)
        assert (ran.code, ran.out, len(ran.err.splitlines())) == (1, "", 1)
        assert "3 numbers" in ran.err


@pytest.mark.parametrize("command", ["build", "add", "remove", "list", "export", "import", "demo"])
def test_every_command_explains_itself(run: Run, command: str) -> None:
    ran = run(command, "--help")
    assert ran.code == 0
    assert f"lookalike gallery {command}" in ran.out
    assert "[default: (dynamic)]" not in ran.out


def test_neither_torch_nor_onnx_is_needed() -> None:
    code = "import sys, cli.gallery; print([name for name in ('torch', 'onnx', 'scipy', 'cv2') if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
