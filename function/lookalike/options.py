"""What may be asked of the finder, and how much of it: declared and ranged here, for the API, the commands and the page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from lookalike.errors import InvalidParameter

Part = Literal["crop", "embedding", "mirror", "explanation"]
INCLUDES: tuple[Part, ...] = get_args(Part)
MAX_PHOTOS = 5
MAX_MATCHES = 50
# Each face takes as long as a whole portrait; a photo of a crowd, or one made for it, must not hold up everyone else.
MAX_FACES = 100
MAX_EXPLAINED = 3
LEAST_FACE, LARGEST_FACE = 20.0, 10_000.0  # pixels; MTCNN's own default, and more than any photo's face


@dataclass(frozen=True, slots=True)
class FindOptions:
    """How look-alikes are sought.

    `k` people a face. `min_face_size` in pixels of the photo as given; without it, faces from a sixteenth of the
    photo's longer side (a thirty-second, when there is none). `include` adds parts to each face, explanations to the
    MAX_EXPLAINED largest. Faces of less than `min_probability` are left out. Raises InvalidParameter out of range.
    """

    k: int = 5
    min_face_size: float | None = None
    include: tuple[str, ...] = ()
    min_probability: float | None = None

    def __post_init__(self) -> None:
        if not 1 <= self.k <= MAX_MATCHES:
            raise InvalidParameter(name="k", rule=f"1–{MAX_MATCHES}")
        if self.min_face_size is not None and not LEAST_FACE <= self.min_face_size <= LARGEST_FACE:
            raise InvalidParameter(name="min_face_size", rule=f"{LEAST_FACE:.0f}–{LARGEST_FACE:.0f}")
        if self.min_probability is not None and not 0 <= self.min_probability <= 1:
            raise InvalidParameter(name="min_probability", rule="0–1")
        if not set(self.include) <= set(INCLUDES):
            raise InvalidParameter(name="include", rule=", ".join(INCLUDES))


DEFAULTS = FindOptions()


def check_photos(count: int) -> None:
    """Raises InvalidParameter for more or fewer photos than one question may hold."""
    if not 1 <= count <= MAX_PHOTOS:
        raise InvalidParameter(name="photo", rule=f"1–{MAX_PHOTOS} photos of one person")
