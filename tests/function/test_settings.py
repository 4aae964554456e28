"""Settings come from the environment; a wrong one stops the start with a sentence that names it."""

from __future__ import annotations

from pathlib import Path

import pytest

from lookalike.errors import InvalidSetting
from lookalike.settings import Settings


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
