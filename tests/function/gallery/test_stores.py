"""Which kind of gallery the settings open."""

from __future__ import annotations

import dataclasses

import pytest

from lookalike.errors import IndexMismatch
from lookalike.faces.embedder import Embedder
from lookalike.gallery import stores
from lookalike.gallery.local import LocalGallery
from lookalike.gallery.stores import open_store
from lookalike.settings import Settings


def test_a_directory_is_opened_whole(settings: Settings, embedder: Embedder) -> None:
    assert isinstance(open_store(settings, embedder.entry), LocalGallery)


def test_a_directory_with_an_index_is_opened_by_it(
    settings: Settings, embedder: Embedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    indexed = object()
    monkeypatch.setattr(stores, "open_mapped", lambda settings, entry: indexed)
    assert open_store(settings, embedder.entry) is indexed


def test_an_index_at_amazon_goes_before_a_directory(settings: Settings, embedder: Embedder) -> None:
    arn = "arn:aws:s3vectors:us-east-1:123456789012:bucket/people/index/faces-of-another-network"
    with pytest.raises(IndexMismatch):
        open_store(dataclasses.replace(settings, vector_index=arn), embedder.entry)
