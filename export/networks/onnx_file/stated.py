"""What somebody states of an ONNX file: all that the file itself does not say."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from export.errors import ExportError

if TYPE_CHECKING:
    from lookalike.faces.recipe import Template

Family = Literal["arcface", "sface", "facenet", "dlib"]


@dataclass(frozen=True)
class Stated:
    """None: as the preset has it, or as is usual; a refusal where it can be neither."""

    preset: Family | None = None
    size: int | None = None
    cut: Literal["box", "aligned"] | None = None
    margin: int | None = None
    template: Template | None = None
    colour: Literal["rgb", "bgr"] | None = None
    mean: tuple[float, float, float] | None = None
    scale: float | None = None
    compare: Literal["cosine", "distance"] | None = None
    radius: float | None = None
    same_person: float | None = None
    origin: str | None = None
    terms: str | None = None

    @property
    def options(self) -> list[str]:
        """Those given, as they are written."""
        given = [field.name for field in dataclasses.fields(self) if getattr(self, field.name) is not None]
        return [f"--{name.replace('_', '-')}" for name in given]


def template_from(text: str | None) -> Template | None:
    """Ten numbers "x,y x,y …". Raises ExportError for anything else."""
    if text is None:
        return None
    numbers = _numbers("--template", text, 10)
    return tuple(zip(numbers[::2], numbers[1::2], strict=True))


def mean_from(text: str | None) -> tuple[float, float, float] | None:
    """One number or three. Raises ExportError for anything else."""
    if text is None:
        return None
    numbers = _numbers("--mean", text, 1, 3)
    first, second, third = numbers * 3 if len(numbers) == 1 else numbers
    return first, second, third


def _numbers(option: str, text: str, *counts: int) -> list[float]:
    try:
        numbers = [float(number) for number in text.replace(",", " ").split()]
    except ValueError:
        numbers = []
    if len(numbers) not in counts:
        raise ExportError(f"{option} takes {' or '.join(map(str, counts))} numbers, separated by commas.")
    return numbers
