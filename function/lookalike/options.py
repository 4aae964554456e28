"""What may be asked of the finder, and how much of it: declared and ranged here, for the API, the commands and the page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from lookalike.errors import InvalidParameter

Part = Literal["crop", "embedding", "mirror", "explanation"]
MAX_PHOTOS = 5
MAX_MATCHES = 50
# Each face takes as long as a whole portrait; a photo of a crowd, or one made for it, must not hold up everyone else.
MAX_FACES = 100
MAX_EXPLAINED = 3
LEAST_FACE, LARGEST_FACE = 20, 10_000  # pixels; MTCNN's own default, and more than any photo's face


class _Options(BaseModel):
    """`of` takes what a user gave, and says in a sentence what is wrong with it."""

    model_config = ConfigDict(frozen=True, defer_build=False)

    @classmethod
    def of(cls, given: Mapping[str, Any]) -> Self:
        """Raises InvalidParameter. What is empty was not given; what is not an option is no concern of ours."""
        try:
            return cls.model_validate({name: value for name, value in given.items() if value not in ("", None)})
        except ValidationError as error:
            raise out_of_range(str(error.errors()[0]["loc"][0])) from None

    @field_validator("*", mode="before")
    @classmethod
    def _not_a_truth(cls, value: Any) -> Any:
        if isinstance(value, bool):
            raise ValueError("not a number")
        return value


class FindOptions(_Options):
    """How look-alikes are sought."""

    k: Annotated[int, Field(ge=1, le=MAX_MATCHES, description="people a face")] = 5
    min_face_size: Annotated[
        float | None,
        Field(
            ge=LEAST_FACE,
            le=LARGEST_FACE,
            description="smallest face, in pixels of the photo as given; by default a sixteenth of its longer side",
        ),
    ] = None
    min_probability: Annotated[float | None, Field(ge=0, le=1, description="less sure faces are left out")] = None
    include: Annotated[
        tuple[Part, ...],
        Field(description=f"more to say of each face; an explanation of the {MAX_EXPLAINED} largest only"),
    ] = ()

    @field_validator("include", mode="before")
    @classmethod
    def _with_commas(cls, value: Any) -> Any:
        """Several names may come in one text."""
        texts = [value] if isinstance(value, str) else value
        if not isinstance(texts, list | tuple) or not all(isinstance(text, str) for text in texts):
            return value
        return [name.strip() for text in texts for name in text.split(",") if name.strip()]


_Rank = Annotated[int, Field(ge=0, le=MAX_FACES - 1, description="which face of the photo: 0 is the largest")]


class CompareOptions(_Options):
    """Which faces of two photos are compared."""

    a_face: _Rank = 0
    b_face: _Rank = 0


def out_of_range(name: str) -> InvalidParameter:
    """The error that says what is allowed for an option, as it is declared."""
    declared = (declarations(FindOptions) | declarations(CompareOptions))[name]
    declared = next((kind for kind in declared.get("anyOf", []) if kind["type"] != "null"), declared)
    if "items" in declared:
        return InvalidParameter(name=name, rule=", ".join(declared["items"]["enum"]))
    bounds = f"{declared['minimum']:g}–{declared['maximum']:g}"
    if declared["type"] == "integer":
        return InvalidParameter(name=name, rule=f"a whole number, {bounds}", rule_ko=f"{bounds} 사이의 정수")
    return InvalidParameter(name=name, rule=f"a number, {bounds}", rule_ko=f"{bounds} 사이의 수")


DEFAULTS = FindOptions()
LARGEST = CompareOptions()


def declarations(options: type[BaseModel]) -> dict[str, Any]:
    """The JSON schema of each option."""
    declared: dict[str, Any] = options.model_json_schema()["properties"]
    return declared


def check_face(name: str, asked: int, found: int) -> None:
    """Raises InvalidParameter for a face beyond those that were found."""
    if asked >= found:
        rule, rule_ko = f"less than {found}, the number of faces found", f"찾은 얼굴 수인 {found}보다 작은 수"
        raise InvalidParameter(name=name, rule=rule, rule_ko=rule_ko)


def check_photos(count: int) -> None:
    """Raises InvalidParameter for more or fewer photos than one question may hold."""
    if not 1 <= count <= MAX_PHOTOS:
        rule, rule_ko = f"1–{MAX_PHOTOS} photos of one person", f"한 사람의 사진 1–{MAX_PHOTOS}장"
        raise InvalidParameter(name="photo", rule=rule, rule_ko=rule_ko)
