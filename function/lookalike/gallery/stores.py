"""Where a gallery's faces are kept: the one place that chooses."""

from __future__ import annotations

from lookalike.faces.manifest import EmbedderEntry
from lookalike.gallery.local import Gallery, open_gallery
from lookalike.gallery.mapped import open_mapped
from lookalike.settings import Settings


def open_store(settings: Settings, entry: EmbedderEntry) -> Gallery:
    """The gallery that the settings name, for the network in use. Raises SetupError when it cannot be used."""
    if settings.vector_index:
        from lookalike.gallery.s3_vectors import open_vectors  # needs boto3, which most installations do without

        return open_vectors(settings, entry)
    return open_mapped(settings, entry) or open_gallery(settings.gallery, entry, settings.verify)
