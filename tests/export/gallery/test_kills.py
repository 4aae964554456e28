"""Processes that are really killed, at every step on the disk and in the middle of the work."""

from __future__ import annotations

import json
import os
import re
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from export.gallery.build import build
from export.gallery.faculty_json import export_faculty
from lookalike.settings import Settings
from tests.export.gallery.disk import expected_files, files, names

ROOT = Path(__file__).resolve().parents[3]
SEMAPHORES = "/dev/shm/sem."
COMMAND = [sys.executable, "-c", "from cli.main import main; main()", "gallery"]


class TestAtEveryStep:
    def test_build(self, built: Path, own_photos: Path, tmp_path: Path) -> None:
        (own_photos / "Alan Turing.jpg").unlink()
        assert kill_everywhere("build", built, own_photos, tmp_path) >= 15

    def test_remove(self, built: Path, tmp_path: Path) -> None:
        assert kill_everywhere("remove", built, "Ada Lovelace", tmp_path) >= 15

    def test_import_into_a_gallery(self, built: Path, tmp_path: Path, networks: Settings) -> None:
        export_faculty(built, tmp_path / "f.json", networks)
        text = (tmp_path / "f.json").read_text().replace("홍길동", "새 사람").replace("Alan", "Mary")
        (tmp_path / "f.json").write_text(text)
        assert kill_everywhere("import", built, tmp_path / "f.json", tmp_path) >= 15

    def test_first_import(self, built: Path, tmp_path: Path, networks: Settings) -> None:
        export_faculty(built, tmp_path / "f.json", networks)
        two = list(json.loads((tmp_path / "f.json").read_text()).items())[:2]  # a third takes the same steps again
        (tmp_path / "f.json").write_text(json.dumps(dict(two)))
        assert kill_everywhere("import", tmp_path / "none", tmp_path / "f.json", tmp_path) >= 15


class TestWhileEmbedding:
    @pytest.mark.parametrize("sent", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
    def test_what_was_there_stands_and_the_same_command_goes_on(
        self, gallery: Path, many_photos: Path, networks: Settings, sent: signal.Signals
    ) -> None:
        before = files(gallery)
        with running("build", many_photos, "--out", gallery) as process:
            wait_until(lambda: finished(gallery) >= 2)
            workers = children(process.pid)
            # Ctrl-C reaches the whole group; who kills a process means that one.
            os.killpg(process.pid, sent) if sent == signal.SIGINT else process.send_signal(sent)
            _, errors = process.communicate(timeout=60)
        assert workers
        wait_until(lambda: not any(alive(worker) for worker in workers))
        assert process.returncode == (130 if sent == signal.SIGINT else -sent)
        assert "Traceback" not in errors
        assert ("the same command goes on from here" in errors) == (sent == signal.SIGINT)
        assert {name: data for name, data in files(gallery).items() if name in before} == before
        done = finished(gallery)
        report = build(many_photos, gallery, networks)
        assert report.new == 8 - done < 8
        assert len(names(gallery)) == 8
        assert set(files(gallery)) == expected_files(gallery)

    def test_killed_with_all_its_processes_it_leaves_nothing_in_shared_memory(
        self, tmp_path: Path, many_photos: Path
    ) -> None:
        with running("build", many_photos, "--out", tmp_path / "first") as process:
            wait_until(lambda: finished(tmp_path / "first") >= 1)
            maps = [Path(f"/proc/{one}/maps").read_text() for one in (process.pid, *children(process.pid))]
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate(timeout=60)
        assert len(maps) > 1
        # What has no semaphore while it works can leave none.
        assert [line for text in maps for line in text.splitlines() if SEMAPHORES in line] == []

    def test_interrupted_while_its_processes_start_it_says_so_once(self, tmp_path: Path, many_photos: Path) -> None:
        with running("build", many_photos, "--out", tmp_path / "first") as process:
            wait_until(lambda: any(_importing(child) for child in children(process.pid)))
            # One that a terminal's Ctrl-C reaches has time to print half a traceback.
            assert all(_blocks(child, signal.SIGINT) for child in children(process.pid))
            os.killpg(process.pid, signal.SIGINT)
            output, errors = process.communicate(timeout=60)
        assert (process.returncode, output, len(errors.splitlines())) == (130, "", 1)
        assert not (tmp_path / "first" / "gallery.json").exists()

    def test_a_line_torn_in_the_journal_costs_one_photo(
        self, tmp_path: Path, many_photos: Path, networks: Settings
    ) -> None:
        gallery = tmp_path / "first"
        with running("build", many_photos, "--out", gallery) as process:
            wait_until(lambda: finished(gallery) >= 3)
            process.kill()
        assert not (gallery / "gallery.json").exists()
        done = finished(gallery)
        journal = gallery / ".journal"
        journal.write_bytes(journal.read_bytes()[:-50])
        with running("build", many_photos, "--out", gallery) as process:
            wait_until(lambda: finished(gallery) >= done + 1)
            process.kill()
        done = finished(gallery) - 1  # the torn line is still there
        assert build(many_photos, gallery, networks).new == 8 - done
        assert set(files(gallery)) == expected_files(gallery)

    def test_two_builds_at_once_lose_nothing(self, tmp_path: Path, photos: Path, many_photos: Path) -> None:
        gallery = tmp_path / "both"
        with running("build", photos, "--out", gallery) as first, running("build", photos, "--out", gallery) as second:
            outcomes = [(*process.communicate(timeout=120), process.returncode) for process in (first, second)]
        assert 0 in [code for *_, code in outcomes]
        for _, errors, code in outcomes:
            assert code == 0 or "Another process is writing the gallery" in errors
        assert set(files(gallery)) == expected_files(gallery)
        assert len(names(gallery)) == 4


@pytest.mark.parametrize("limit", [0, 200, 3000])
def test_a_full_disk_is_one_sentence_and_the_gallery_stands(gallery: Path, limit: int) -> None:
    """A limit on file size is the one way to run out of space that needs no rights: writes fail in the kernel."""
    before = files(gallery)
    with running("remove", "Ada Lovelace", "--gallery", gallery, largest_file=limit) as process:
        _, errors = process.communicate(timeout=60)
    assert process.returncode == 1
    assert errors.strip().endswith("What was there before is unchanged.")
    assert len(errors.splitlines()) == 1
    assert files(gallery) == before


@pytest.fixture
def many_photos(tmp_path: Path, drawn: Callable[[int], bytes]) -> Path:
    """Eight people who are not in the gallery."""
    root = tmp_path / "many"
    root.mkdir()
    for number in range(8):
        (root / f"Person {number}.jpg").write_bytes(drawn(number) + b"\0")
    return root


def kill_everywhere(operation: str, gallery: Path, argument: object, work: Path) -> int:
    """How many steps there were."""
    (work / "work").mkdir()
    script = [sys.executable, "-m", "tests.export.gallery.kill_everywhere", operation, gallery, argument, work / "work"]
    done = subprocess.run([str(part) for part in script], cwd=ROOT, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    return int(done.stdout)


@contextmanager
def running(*arguments: object, largest_file: int | None = None) -> Iterator[subprocess.Popen[str]]:
    def limited() -> None:
        if largest_file is not None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (largest_file, largest_file))

    process = subprocess.Popen(
        [*COMMAND, *(str(argument) for argument in arguments)],
        cwd=ROOT,
        # Python would keep bytecode that the limit has cut short.
        env=os.environ | {"PYTHONDONTWRITEBYTECODE": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        preexec_fn=limited,
    )
    with process:
        try:
            yield process
        finally:
            if process.poll() is None:
                process.kill()


def finished(gallery: Path) -> int:
    journal = gallery / ".journal"
    return journal.read_bytes().count(b"\n") if journal.exists() else 0


def children(process: int) -> list[int]:
    """Workers of a process; its resource tracker is none."""
    found = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    return [int(child) for child in found if b"spawn_main" in Path(f"/proc/{child}/cmdline").read_bytes()]


def _importing(process: int) -> bool:
    """NumPy is in, so Python handles signals by now, and there is more to come."""
    return "_multiarray_umath" in Path(f"/proc/{process}/maps").read_text()


def _blocks(process: int, number: signal.Signals) -> bool:
    blocked = re.search(r"^SigBlk:\s*(\w+)$", Path(f"/proc/{process}/status").read_text(), re.MULTILINE)
    return blocked is not None and bool(int(blocked[1], 16) >> (number - 1) & 1)


def alive(process: int) -> bool:
    """Neither gone nor a zombie that nobody collected."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def wait_until(condition: Callable[[], bool]) -> None:
    for _ in range(6000):
        if condition():
            return
        time.sleep(0.01)  # a photo takes a tenth of a second: what comes after it must still be to do
    raise AssertionError("it did not come to that within a minute")
