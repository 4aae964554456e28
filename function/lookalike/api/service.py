"""What the routes work with: one finder, its settings, the admission queue, and the document of people made at start."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends, Request

from lookalike import schemas
from lookalike.answer import person_json
from lookalike.api.bodies import Upload, read_upload
from lookalike.api.queue import AdmissionQueue
from lookalike.finder import Finder
from lookalike.gallery.people import percent
from lookalike.settings import Settings


@dataclass(frozen=True, slots=True)
class Service:
    """`people` is the encoded answer of GET /api/people, and `etag` its name."""

    finder: Finder
    settings: Settings
    queue: AdmissionQueue
    people: bytes
    etag: str

    @classmethod
    def of(cls, finder: Finder, settings: Settings, queue: AdmissionQueue | None = None) -> Service:
        """With a queue of its own, or one that has been in use."""
        people = encoded(_people(finder))
        etag = f'"{hashlib.sha256(people).hexdigest()[:16]}"'
        return cls(finder, settings, queue or AdmissionQueue(settings.max_waiting, settings.threads), people, etag)

    def reopened(self) -> Service:
        """Over the gallery that is there now. Raises SetupError."""
        return Service.of(self.finder.reopened(), self.settings, self.queue)


# Dependencies are coroutines: FastAPI would run plain functions in a thread each.
async def _service(request: Request) -> Service:
    service: Service = request.app.state.service
    return service


async def _admitted(request: Request, service: Annotated[Service, Depends(_service)]) -> Upload:
    """The request's photos and parameters, read into memory. Raises what read_upload raises."""
    with service.queue.arriving():
        return await read_upload(request, service.settings.max_upload_bytes)


ServiceOfApp = Annotated[Service, Depends(_service)]
AdmittedUpload = Annotated[Upload, Depends(_admitted)]


def encoded(document: Any) -> bytes:
    """Compact JSON."""
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()


def _people(finder: Finder) -> schemas.People:
    people: list[schemas.GalleryPerson] = [
        {
            **person_json(person, person.photos[0].portrait),
            "photos": len(person.photos),
            "metadata": person.metadata,
        }
        for person in finder.gallery.people
    ]
    return {"gallery": _summary(finder), "people": people}


def _summary(finder: Finder) -> schemas.GallerySummary:
    gallery, scale = finder.gallery, finder.gallery.scale
    return {
        "model": finder.model,
        "fingerprint": gallery.fingerprint,
        "people": gallery.count,
        "photos": gallery.rows,
        "threshold": _percent(finder.embedder.entry.rule),
        "median_pair": _percent(scale.median_pair),
        "median_nearest": _percent(scale.median_nearest),
    }


def _percent(similarity: float | None) -> float | None:
    return None if similarity is None else round(percent(similarity), 2)
