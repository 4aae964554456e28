"""Settings come from the environment; a wrong one stops the start with a sentence that names it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from lookalike.errors import InvalidSetting
from lookalike.settings import PROCESSORS, Settings


def test_reads_values_by_prefix_and_ignores_the_rest() -> None:
    environment = {"LOOKALIKE_GALLERY": "/srv/people", "LOOKALIKE_MAX_UPLOAD_BYTES": "1000", "PATH": "/bin"}
    settings = Settings.from_environment(environment)
    assert settings.gallery == Path("/srv/people")
    assert settings.max_upload_bytes == 1000
    assert settings.threads == 1


def test_the_exports_cache_is_no_setting_of_the_function() -> None:
    assert Settings.from_environment({"LOOKALIKE_CACHE": "/var/cache"}) == Settings()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("LOOKALIKE_THREADS", "0"),
        ("LOOKALIKE_THREADS", "two"),
        ("LOOKALIKE_THREADS", "٣"),
        ("LOOKALIKE_MAX_PIXELS", "-1"),
        ("LOOKALIKE_VERIFY", "maybe"),
        ("LOOKALIKE_LOG_LEVEL", "loud"),
        ("LOOKALIKE_GALLERY", ""),
        ("LOOKALIKE_ALLOWED_ORIGINS", "example.org"),
        ("LOOKALIKE_GALERY", "x"),
    ],
)
def test_a_wrong_value_or_name_is_refused_by_name(name: str, value: str) -> None:
    with pytest.raises(InvalidSetting, match=name):
        Settings.from_environment({name: value})


def test_origins_are_a_list() -> None:
    settings = Settings.from_environment({"LOOKALIKE_ALLOWED_ORIGINS": "https://a.example, https://b.example"})
    assert settings.allowed_origins == ("https://a.example", "https://b.example")


@pytest.mark.parametrize(
    ("name", "low", "high"),
    [
        ("MAX_UPLOAD_BYTES", 1, 100_000_000),
        ("MAX_PIXELS", 1, 500_000_000),
        ("WORKING_SIDE", 160, 8000),
        ("THREADS", 1, 64),
        ("MAX_WAITING", 1, 1000),
    ],
)
def test_numbers_are_taken_at_their_bounds_and_refused_past_them(name: str, low: int, high: int) -> None:
    for number in (low, high):
        settings = Settings.from_environment({f"LOOKALIKE_{name}": str(number)})
        assert getattr(settings, name.lower()) == number
    for number in (low - 1, high + 1):
        with pytest.raises(InvalidSetting, match=f"{name}.*from {low} to {high}"):
            Settings.from_environment({f"LOOKALIKE_{name}": str(number)})


def test_words_are_taken_as_they_are_listed() -> None:
    environment = {"LOOKALIKE_VERIFY": "size", "LOOKALIKE_LOG_LEVEL": "DEBUG", "LOOKALIKE_ORIGIN_SECRET": "testing"}
    settings = Settings.from_environment(environment)
    assert (settings.verify, settings.log_level, settings.origin_secret) == ("size", "DEBUG", "testing")


def test_every_setting_that_follows_a_foreign_name_is_read() -> None:
    environment = {"A": "1", "LOOKALIKE_CACHE": "c", "B": "2", "LOOKALIKE_THREADS": "2"}
    assert Settings.from_environment(environment).threads == 2


def test_defaults_are_those_of_the_documents() -> None:
    function = Path(__file__).resolve().parents[2] / "function"
    assert Settings() == Settings(
        models=function / "models",
        gallery=function / "gallery",
        vector_index="",
        max_upload_bytes=4_400_000,
        max_pixels=50_000_000,
        working_side=1280,
        threads=1,
        verify="hash",
        max_waiting=2 * PROCESSORS,
        allowed_origins=(),
        origin_secret="",
        log_level="INFO",
    )
    assert Settings().models == function / "models" and Settings().gallery == function / "gallery"


@pytest.mark.parametrize("given", ["*", "http://a.example", "https://a.example,,"])
def test_origins_may_be_any_or_of_either_scheme(given: str) -> None:
    assert Settings.from_environment({"LOOKALIKE_ALLOWED_ORIGINS": given}).allowed_origins == (given.rstrip(","),)


@pytest.mark.parametrize("length", [2, 3, 63, 64])
def test_the_names_in_an_index_have_three_to_sixty_three_letters(length: int) -> None:
    for bucket, index in (("b" * length, "faces"), ("bucket", "i" * length)):
        arn = f"arn:aws:s3vectors:us-east-1:123456789012:bucket/{bucket}/index/{index}"
        environment = {"LOOKALIKE_VECTOR_INDEX": arn}
        if 3 <= length <= 63:
            assert Settings.from_environment(environment).vector_index == arn
        else:
            with pytest.raises(InvalidSetting, match="ARN"):
                Settings.from_environment(environment)


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="the system does not tell")
def test_processors_are_those_that_this_process_may_run_on() -> None:
    code = (
        "import os; os.sched_setaffinity(0, {min(os.sched_getaffinity(0))}); "
        "from lookalike.settings import PROCESSORS; print(PROCESSORS)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "1\n"
