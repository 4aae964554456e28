"""The API's answers as pydantic models. They document; the answers themselves are built in answer.py."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from lookalike.gallery.verdict import Verdict

Similarity = Annotated[float, Field(ge=-1, le=1)]
Percent = Annotated[float, Field(ge=0, le=100)]
Milliseconds = Annotated[float, Field(ge=0)]
Point = Annotated[list[float], Field(min_length=2, max_length=2, description="x, y in pixels of the upright photo")]


class Model(BaseModel):
    model_config = ConfigDict(extra="forbid", defer_build=True)


class Size(Model):
    width: Annotated[int, Field(ge=1)]
    height: Annotated[int, Field(ge=1)]


class Person(Model):
    id: str
    name: str
    department: str
    portrait: Annotated[str, Field(description="file under /api/portraits/")]


class Match(Model):
    rank: Annotated[int, Field(ge=1)]
    person: Person
    similarity: Similarity
    percent: Annotated[Percent, Field(description="((1 + similarity) / 2) · 100")]
    closer_than: Annotated[Percent, Field(description="of all pairs of different people in this gallery")]
    closer_than_nearest: Annotated[Percent, Field(description="of its people, whose nearest other is less alike")]
    strong: Annotated[bool, Field(description="whether a likeness like this means something in this gallery")]


class Mirror(Model):
    stable: Annotated[bool, Field(description="whether the mirrored face finds the same person first")]
    person: Person
    similarity: Similarity


class Explanation(Model):
    rows: int
    columns: int
    weights: Annotated[list[list[float]], Field(description="−1…1 by region of the crop; 1 carries the likeness most")]


class FaceBase(Model):
    box: Annotated[list[float], Field(min_length=4, max_length=4, description="left, top, right, bottom")]
    probability: Annotated[float, Field(ge=0, le=1)]
    landmarks: Annotated[list[Point], Field(min_length=5, max_length=5)]
    warnings: list[str]


class Face(FaceBase):
    verdict: Annotated[Verdict, Field(description="a real likeness, a clear winner, a close race, or nobody alike")]
    matches: list[Match]
    crop: Annotated[str | None, Field(description="the face as the network saw it, a JPEG data URI")] = None
    embedding: list[float] | None = None
    mirror: Mirror | None = None
    explanation: Annotated[Explanation | None, Field(description="for the three largest faces only")] = None


class PhotoSummary(Size):
    faces: int
    winner: Person | None
    group: Annotated[int | None, Field(description="0 for the person answered for, null without a face")]


class Photo(Size):
    remarks: Annotated[list[str], Field(description="what the file lacked")]


class Timings(Model):
    decode: Milliseconds
    detect: Milliseconds
    embed: Milliseconds
    search: Milliseconds
    total: Milliseconds


class Lookalikes(Model):
    model: str
    photo: Photo
    faces: Annotated[list[Face], Field(min_length=1, description="the 100 largest, largest first")]
    photos: Annotated[list[PhotoSummary] | None, Field(description="when several photos were sent")] = None
    left_out: Annotated[int, Field(ge=0, description="faces of less than min_probability")]
    smaller_possible: Annotated[bool, Field(description="smaller faces may be there: ask with min_face_size")]
    different_people: Annotated[bool, Field(description="whether the photos seem to show more than one person")]
    timings_ms: Timings
    request_id: str


class ComparedFace(Size, FaceBase):
    pass


class Comparison(Model):
    model: str
    similarity: Similarity
    percent: Percent
    same_person: Annotated[bool, Field(description="by the network's own rule; not a proof of identity")]
    a: ComparedFace
    b: ComparedFace
    timings_ms: Timings
    request_id: str


class GallerySummary(Model):
    model: str
    fingerprint: str
    people: int
    photos: int
    threshold: float


class GalleryPerson(Person):
    photos: int
    metadata: dict[str, str]


class People(Model):
    gallery: GallerySummary
    people: list[GalleryPerson]


class GalleryCount(Model):
    people: int
    photos: int


class Health(Model):
    status: str
    version: str
    model: str
    gallery: GalleryCount
    cold: Annotated[bool, Field(description="whether this is the first request this process answers")]


class Problem(Model):
    type: str
    title: str
    status: int
    detail: str
    request_id: str
    hint: str | None = None
