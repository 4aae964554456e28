"""A format is told by its first bytes: each of its signatures, and none that is one byte off."""

from __future__ import annotations

import struct
import sys
from collections.abc import Iterator

import pytest
from PIL import Image

from lookalike.errors import UnsupportedPhoto
from lookalike.photo.decode import read_photo
from lookalike.photo.formats import heif_registered, photo_format
from tests.support import encoded
from tests.trust import attacks


def brands(*names: bytes, at: int = 8) -> bytes:
    """A file type box whose first brand lies `at` so many bytes."""
    body = bytes(at - 8) + b"".join(names)
    return struct.pack(">I", 8 + len(body)) + b"ftyp" + body + bytes(64)


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"\xff\xd8\xff", "JPEG"),
        (b"\xff\xd8\xfe\xff", None),
        (b"\x89PNG\r\n\x1a\n", "PNG"),
        (b"\x89PNG\n\r\x1a\n", None),
        (b"RIFF\1\2\3\4WEBP", "WEBP"),
        (b"RIFF\1\2\3\4WAVE", None),
        (b"RIFX\1\2\3\4WEBP", None),
        (b"RIFFWEBP\1\2\3\4", None),
        (b"GIF87a", "GIF"),
        (b"GIF89a", "GIF"),
        (b"GIF88a", None),
        (b"II*\0", "TIFF"),
        (b"MM\0*", "TIFF"),
        (b"II+\0", "TIFF"),
        (b"MM\0+", "TIFF"),
        (b"MM*\0", None),
        (b"BM", "BMP"),
        (b"MB", None),
        (b"", None),
    ],
)
def test_signatures(data: bytes, kind: str | None) -> None:
    assert photo_format(data) == kind
    assert photo_format(data + bytes(80)) == kind


@pytest.mark.parametrize("brand", [b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"])
def test_brands_of_heif(brand: bytes) -> None:
    assert photo_format(brands(brand)) == "HEIF"


@pytest.mark.parametrize("brand", [b"avif", b"avis"])
def test_brands_of_avif_among_others(brand: bytes) -> None:
    assert photo_format(brands(brand)) == photo_format(brands(b"mif1", bytes(4), brand)) == "AVIF"
    assert photo_format(b"\0\0\0\x20ftxp" + brand + bytes(64)) is None


@pytest.mark.parametrize(
    ("at", "kind"), [(8, "HEIF"), (12, None), (16, "HEIF"), (17, None), (20, "HEIF"), (60, "HEIF"), (64, None)]
)
def test_a_brand_counts_where_brands_are(at: int, kind: str | None) -> None:
    """Behind the first one is a version of four bytes; then any number of others, of which the first twelve are looked at."""
    assert photo_format(brands(b"heic", at=at)) == kind
    assert photo_format(brands(b"mp42", at=at)) is None


@pytest.fixture
def without_heif(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setitem(sys.modules, "pi_heif", None)
    monkeypatch.delitem(Image.OPEN, "HEIF", raising=False)
    heif_registered.cache_clear()
    yield
    monkeypatch.undo()
    heif_registered.cache_clear()


def test_heic_is_named_among_the_formats_where_it_can_be_read() -> None:
    assert heif_registered() and "HEIF" in Image.OPEN
    with pytest.raises(UnsupportedPhoto, match="HEIC"):
        read_photo(b"no photo")


@pytest.mark.usefixtures("without_heif")
def test_without_its_decoder_heic_is_no_format() -> None:
    assert not heif_registered()
    for data in (attacks.heic(64), b"no photo"):
        with pytest.raises(UnsupportedPhoto) as refused:
            read_photo(data)
        assert "HEIC" not in str(refused.value)


def test_libtiff_writes_nothing_to_standard_error(capfd: pytest.CaptureFixture[str]) -> None:
    """It would warn of each tag that it does not know, and report each row that is not as it should be."""
    read_photo(attacks.tiff_of_tags(100))
    fax = encoded(Image.effect_noise((300, 200), 99).convert("1"), "TIFF", compression="group4")
    read_photo(fax[:200] + bytes(reversed(range(256))) + fax[456:])
    assert capfd.readouterr().err == ""
