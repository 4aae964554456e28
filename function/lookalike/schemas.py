"""What is answered, declared once: answer.py builds it, the API describes it, and the page's types are made of it.

Plain dictionaries, whose keys and types mypy checks where they are built; nothing is validated again while a request is
answered. `NotRequired` parts come when they are asked for.
"""

from __future__ import annotations

from typing import Annotated, NotRequired

from pydantic import ConfigDict, Field, with_config
from typing_extensions import TypedDict

from lookalike.gallery.verdict import Verdict
from lookalike.options import MAX_EXPLAINED, MAX_FACES

Similarity = Annotated[float, Field(ge=-1, le=1)]
Percent = Annotated[float, Field(ge=0, le=100)]
Milliseconds = Annotated[float, Field(ge=0)]
Point = Annotated[list[float], Field(min_length=2, max_length=2, description="x, y in pixels of the upright photo")]


# No keys but those declared; and what validates them is made when somebody asks for it, which no request does.
_closed = with_config(ConfigDict(extra="forbid", defer_build=True))


@_closed
class Size(TypedDict):
    width: Annotated[int, Field(ge=1)]
    height: Annotated[int, Field(ge=1)]


@_closed
class Person(TypedDict):
    id: str
    name: str
    department: str
    portrait: Annotated[str, Field(description="file under /api/portraits/; empty where there is none")]


@_closed
class Match(TypedDict):
    rank: Annotated[int, Field(ge=1)]
    person: Person
    similarity: Similarity
    percent: Annotated[
        Percent,
        Field(
            description="((1 + similarity) / 2) · 100; saving the same photo anew as a JPEG moves it by half a point at the "
            "median, by 2.6 at most: digits after the point mean nothing"
        ),
    ]
    closer_than: Annotated[
        Percent,
        Field(description="of all pairs of different people in this gallery, rounded down; the best of many always is"),
    ]
    closer_than_nearest: Annotated[
        Percent,
        Field(description="of its people, whose nearest other person is less alike to them than this; rounded down"),
    ]
    strong: Annotated[
        bool,
        Field(
            description="whether the network takes both for one person, or the likeness stands out from how alike the face "
            "is to everybody here, farther than nineteen of twenty people here stand out with their nearest other"
        ),
    ]


@_closed
class Mirror(TypedDict):
    stable: Annotated[bool, Field(description="whether the mirrored face finds the same person first")]
    person: Person
    similarity: Similarity


@_closed
class Explanation(TypedDict):
    rows: int
    columns: int
    weights: Annotated[list[list[float]], Field(description="−1…1 by region of the crop; 1 carries the likeness most")]


@_closed
class FaceBase(TypedDict):
    box: Annotated[list[float], Field(min_length=4, max_length=4, description="left, top, right, bottom")]
    probability: Annotated[float, Field(ge=0, le=1)]
    landmarks: Annotated[list[Point], Field(min_length=5, max_length=5)]
    warnings: list[str]


class Face(FaceBase):
    verdict: Annotated[
        Verdict,
        Field(
            description="strong: a real likeness; clear: a clear winner, though not a strong likeness; close: the first two "
            "are less than a point apart, which saving the photo anew may turn round; none: nobody is alike, no more than "
            "two strangers are on average"
        ),
    ]
    matches: list[Match]
    crop: NotRequired[Annotated[str, Field(description="the face as the network saw it, a JPEG data URI")]]
    embedding: NotRequired[list[float]]
    mirror: NotRequired[Mirror]
    explanation: NotRequired[Annotated[Explanation, Field(description=f"for the {MAX_EXPLAINED} largest faces only")]]


class PhotoSummary(Size):
    faces: int
    winner: Person | None
    group: Annotated[int | None, Field(description="0 for the person answered for, null without a face")]


class Photo(Size):
    remarks: Annotated[list[str], Field(description="what the file lacked")]


@_closed
class Timings(TypedDict):
    decode: Milliseconds
    detect: Milliseconds
    embed: Milliseconds
    search: Milliseconds
    total: Milliseconds


@_closed
class Answer(TypedDict):
    """What `lookalike find --json` prints."""

    model: str
    photo: Photo
    faces: Annotated[list[Face], Field(min_length=1, description=f"the {MAX_FACES} largest, largest first")]
    photos: NotRequired[Annotated[list[PhotoSummary], Field(description="when several photos were sent")]]
    left_out: Annotated[int, Field(ge=0, description="faces of less than min_probability")]
    beyond_limit: Annotated[
        int, Field(ge=0, description=f"faces that are not answered, as {MAX_FACES} in their photo are larger")
    ]
    smaller_possible: Annotated[bool, Field(description="smaller faces may be there: ask with min_face_size")]
    different_people: Annotated[bool, Field(description="whether the photos seem to show more than one person")]
    timings_ms: Timings


@_closed
class Lookalikes(Answer):
    request_id: str


class ComparedFace(Size, FaceBase):
    chosen: Annotated[int, Field(ge=0, lt=MAX_FACES, description="which of the faces was compared")]
    faces: Annotated[
        list[FaceBase],
        Field(min_length=1, max_length=MAX_FACES, description=f"the {MAX_FACES} largest of this photo, largest first"),
    ]


@_closed
class Compared(TypedDict):
    """What `lookalike compare --json` prints."""

    model: str
    similarity: Similarity
    percent: Percent
    same_person: Annotated[
        bool | None, Field(description="by the network's own rule, null where none is known; not a proof of identity")
    ]
    a: ComparedFace
    b: ComparedFace
    timings_ms: Timings


@_closed
class Comparison(Compared):
    request_id: str


@_closed
class SearchedFace(TypedDict):
    verdict: Annotated[Verdict, Field(description="a real likeness, a clear winner, a close race, or nobody alike")]
    matches: list[Match]


@_closed
class Searched(TypedDict):
    model: str
    faces: Annotated[list[SearchedFace], Field(min_length=1, description="one for each embedding, in their order")]
    timings_ms: Timings


@_closed
class Search(Searched):
    request_id: str


@_closed
class GallerySummary(TypedDict):
    model: str
    fingerprint: str
    people: int
    photos: int
    threshold: Annotated[
        Percent | None,
        Field(description="from here on a likeness is strong, whoever else is here; null where no such rule is known"),
    ]
    median_pair: Annotated[Percent | None, Field(description="the median of all pairs of different people")]
    median_nearest: Annotated[Percent | None, Field(description="the median of each person's nearest other")]


class GalleryPerson(Person):
    photos: int
    metadata: dict[str, str]


@_closed
class People(TypedDict):
    gallery: GallerySummary
    people: list[GalleryPerson]


@_closed
class GalleryCount(TypedDict):
    people: int
    photos: int


@_closed
class Health(TypedDict):
    status: str
    version: str
    model: str
    gallery: GalleryCount
    cold: Annotated[bool, Field(description="whether this is the first request this process answers")]


@_closed
class Problem(TypedDict):
    """RFC 9457."""

    type: str
    title: str
    status: int
    detail: str
    request_id: str
    hint: NotRequired[str]
