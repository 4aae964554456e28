"""What tests of networks share: faces to try them on."""

from __future__ import annotations

import pytest


@pytest.fixture(scope="package", autouse=True)
def drawn_faces(faces_read: None) -> None:
    """Out of the demo's photos."""
